"""Channels of the browser tests' company at stand-ins of X and WhatsApp, made by a process of its own, and shut again.

python -m tests.browser.networks X_URL WHATSAPP_URL      prints the numbers of the two channels
python -m tests.browser.networks off                     pauses them
"""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import django

from tests.browser.product import ROOT, Product

ACCOUNT = "@harbourhelp"
NUMBER = "+447700900077"


@contextmanager
def networks(product: Product, *urls: str) -> Iterator[list[int]]:
    """The numbers of the channels, as long as they are open."""
    try:
        yield [int(number) for number in _run(product, *urls).split()]
    finally:
        _run(product, "off")


def _run(product: Product, *arguments: str) -> str:
    environment = {**os.environ, **product.surroundings, "DJANGO_SETTINGS_MODULE": "threadline.config.settings"}
    command = [sys.executable, "-m", "tests.browser.networks", *arguments]
    done = subprocess.run(command, env=environment, cwd=ROOT, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    return done.stdout


def opened(x_url: str, whatsapp_url: str) -> list[int]:
    from tests.make import brand
    from tests.providers.whatsapp_cloud import FakeWhatsappCloud
    from tests.providers.x import FakeX
    from threadline.channels.models import Channel

    found = []
    for fake, address, url in ((FakeX, ACCOUNT, x_url), (FakeWhatsappCloud, NUMBER, whatsapp_url)):
        settings = {**fake.settings, fake.api_url: url}
        values = {"settings": settings, "secrets": dict(fake.secrets), "name": "Harbour & Pine", "brand": brand()}
        kind, provider = fake.adapter.kind, fake.adapter.provider
        found.append(Channel.objects.create(kind=kind, provider=provider, address=address, **values).pk)
    return found


def shut() -> None:
    from threadline.channels.models import Channel

    Channel.objects.filter(address__in=[ACCOUNT, NUMBER]).update(active=False)


if __name__ == "__main__":
    django.setup()
    if sys.argv[1:] == ["off"]:
        shut()
    else:
        sys.stdout.write(" ".join(map(str, opened(*sys.argv[1:]))))
