"""Which adapter serves which channel: every class of the files beside this one that has a kind of its own.

A file that is put here is a channel that can be added; one that is taken away is a channel that can not, and what
came in over it stays readable.
"""

import importlib
import inspect
import pkgutil
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Protocol

from threadline.channels.adapters.object import ObjectAdapter
from threadline.channels.contract import Abilities, Adapter, Broken, Endpoint, Limits, Raw
from threadline.channels.house import HOUSE
from threadline.lib.errors import ThreadlineError


class Served(Protocol):
    """A channel, as far as it says which adapter serves it."""

    @property
    def kind(self) -> str: ...

    @property
    def provider(self) -> str: ...


@cache
def adapters() -> dict[str, type[Adapter]]:
    """Every adapter by its name (`telegram`, `sms.twilio`)."""
    return {found.name(): found for found in sorted(_found(), key=lambda each: each.name())}


def _found() -> Iterator[type[Adapter]]:
    for module in pkgutil.iter_modules(__path__):
        yield from _of(importlib.import_module(f"{__name__}.{module.name}"))


def _of(module: object) -> Iterator[type[Adapter]]:
    name = getattr(module, "__name__", "")
    for each in vars(module).values():
        if inspect.isclass(each) and issubclass(each, Adapter) and each.__module__.startswith(name) and ready(each):
            yield each


def ready(found: type[Adapter]) -> bool:
    """No base that several share, and not the reader of objects, which serves whatever kind has no connector."""
    return hasattr(found, "kind") and not inspect.isabstract(found) and found is not ObjectAdapter


def named(name: str) -> type[Adapter]:
    """The adapter of that name. Kinds of the house without a connector of their own listen to the API and imports."""
    if name in adapters():
        return adapters()[name]
    if name in HOUSE:
        return ObjectAdapter
    raise ThreadlineError(f"There is no channel kind “{name}”. Choose one of {', '.join([*HOUSE, *adapters()])}.")


def key_of(channel: Served) -> str:
    return f"{channel.kind}.{channel.provider}" if channel.provider else channel.kind


def served(channel: Served) -> type[Adapter] | None:
    """The adapter of a channel; None when its file was taken away."""
    try:
        return named(key_of(channel))
    except ThreadlineError:
        return None


def adapter(endpoint: Endpoint) -> Adapter:
    """Raises ThreadlineError for a channel whose adapter was taken away."""
    return named(key_of(endpoint))(endpoint)


def reader(endpoint: Endpoint, raw: Raw) -> Adapter:
    """Who can read this item: objects have one shape whatever their kind, bytes have that of their channel."""
    if raw.payload is not None:
        return ObjectAdapter(endpoint)
    found = served(endpoint)
    if found is None:
        raise Broken(f"The connector “{key_of(endpoint)}” is not installed any more, so that this can not be read.")
    return found(endpoint)


def can_send(channel: Served) -> bool:
    found = served(channel)
    return found is not None and found.sends()


def limits_of(channel: Served) -> Limits:
    """What a message on this channel may be."""
    found = served(channel)
    return found.limits if found else Limits()


def hours_to_answer(channel: Served, settings: Mapping[str, object]) -> int | None:
    """For how long after the customer's last word its provider lets us answer in private; None: at any time."""
    found = served(channel)
    return found.hours_to_answer(settings) if found else None


def abilities_of(channel: Served) -> Abilities:
    found = served(channel)
    return found.can if found else Abilities()


def scheme_of(channel: Served) -> str:
    """The scheme of the handles that this channel writes to."""
    found = served(channel)
    scheme = found.scheme if found else ""
    return scheme or (HOUSE[channel.kind].scheme if channel.kind in HOUSE else channel.kind)
