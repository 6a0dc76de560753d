"""The company that the browser tests work for, written into the product's database by a process of its own.

    python -m tests.browser.company IMAP_PORT SMTP_PORT

Prints the API key. It is a process because the test run's own Django looks at another database.
"""

import sys
from typing import TYPE_CHECKING, Any

import django

if TYPE_CHECKING:
    from threadline.accounts.models import Agent

BO, CY, DI, FAY = "bo", "cy", "di", "fay"
NAMES = {BO: "Bo Lindqvist", CY: "Cy Moran", DI: "Di Moreau", FAY: "Fay Okafor"}
HELLO = "hello@harbourpine.example"
KINDS = ("phone", "x", "chat", "review")


def found(*, imap_port: int, smtp_port: int) -> str:
    """Brand, channels, agents and teams; returns an API key. Fay has nothing to do; Cy works in another team."""
    from tests import make
    from threadline.accounts.actions import create_api_key

    for kind in KINDS:
        make.channel(kind)
    make.channel("email", HELLO, settings=mailbox(imap_port=imap_port, smtp_port=smtp_port))
    kitchen, trust = make.team("Kitchen"), make.team("Trust", restricted=True)
    make.agent(NAMES[BO], kitchen)
    make.agent(NAMES[CY], make.team("Garden"))
    di = make.agent(NAMES[DI], kitchen, trust, is_admin=True)
    make.agent(NAMES[FAY])
    furnish(di)
    return create_api_key(name="browser tests")[1]


def furnish(di: "Agent") -> None:
    """Something to see on each page of the settings. None of it changes where anything goes or when it is due."""
    from django.utils import timezone

    from threadline.accounts.models import Provider
    from threadline.core.calendars import Calendar, Slot
    from threadline.journeys import actions
    from threadline.journeys.actions import promising
    from threadline.journeys.fields import keeping

    by_di: dict[str, Any] = {"by": di, "now": timezone.now()}
    long = "The shop in the glasshouse, its café and the farm"
    week = ((Slot(9 * 60, 18 * 60),),) * 5 + ((), ())
    promising.save_calendar(key="", calendar=Calendar("Europe/London", week, "GB", "ENG", name=long), seen=0, **by_di)
    actions.write_macro(name="Kiln is hot", text="Dear {first name}, the kiln cools until Monday.", actions={}, **by_di)
    refund = {"name": "Kiln refunds", "standing": "wont", "phrases": "kiln", "reason": "Each is made to order."}
    actions.write_policy(values=refund, **by_di)
    for of, name, kind in (("story", "Shelf", "text"), ("person", "Kiln licence", "yes_no")):
        values = {"of": of, "name": name, "kind": kind, "help": "As on the label.", "choices": [], "right": ""}
        keeping.write_field(values={**values, "in_brief": True, "team_id": None}, **by_di)
    Provider.objects.create(slug="works", name="Harbour works", issuer="https://id.example.com", client_id="threadline")


def mailbox(*, imap_port: int, smtp_port: int) -> dict[str, object]:
    """How the channel reaches the mail server."""
    from tests.mail_server import PASSWORD

    reading = {"host": "127.0.0.1", "port": imap_port, "user": HELLO, "password": PASSWORD, "security": "none"}
    sending = {"host": "127.0.0.1", "port": smtp_port, "security": "none"}
    return {f"imap_{name}": value for name, value in reading.items()} | {
        f"smtp_{name}": value for name, value in sending.items()
    }


if __name__ == "__main__":
    django.setup()
    imap_port, smtp_port = map(int, sys.argv[1:])
    sys.stdout.write(found(imap_port=imap_port, smtp_port=smtp_port))
