"""Channels of the browser tests' company at stand-ins of X and WhatsApp, made by a process of its own, and shut again.

python -m tests.browser.networks X_URL WHATSAPP_URL      prints the numbers of the two channels
python -m tests.browser.networks off                     pauses them
"""

import sys

import django

ACCOUNT = "@harbourhelp"
NUMBER = "+447700900077"


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
