"""Which stand-in belongs to which adapter: every class of the files beside this one that names its adapter."""

import importlib
import inspect
import pkgutil
from functools import cache

from tests import providers
from tests.providers.kit import Fake

# Adapters that talk to no provider over HTTP: their own tests stand elsewhere.
BY_THEMSELVES = {
    "email": "tests/channels/adapters/test_email.py",
    "chat": "tests/portal/test_chat.py",
}


@cache
def fakes() -> dict[str, type[Fake]]:
    found = {}
    for module in pkgutil.iter_modules(providers.__path__):
        for each in vars(importlib.import_module(f"tests.providers.{module.name}")).values():
            if inspect.isclass(each) and issubclass(each, Fake) and hasattr(each, "adapter"):
                found[each.adapter.name()] = each
    return found
