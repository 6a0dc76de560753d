"""A small cast for tests: Ana (customer), Bo (agent), Cy (agent of another team), Di (admin); and what they receive.

Everything comes in through the ledger and the pipeline, as it does in production.
"""

import itertools
from datetime import UTC, datetime, timedelta
from typing import Any

from threadline.accounts.models import Agent, Team
from threadline.channels.models import Brand, Channel
from threadline.core.calendars import Calendar, Slot
from threadline.core.promises import Book, Promise
from threadline.interactions.actions.intake import Item, receive
from threadline.interactions.models import IntakeEntry, Interaction
from threadline.journeys import pipeline
from threadline.journeys.actions.promises import use_book
from threadline.journeys.models import Journey, Membership, PromiseBook

NOW = datetime(2026, 3, 10, 9, 0, tzinfo=UTC)
PASSWORD = "a-long-test-password"
_numbers = itertools.count(1)

ADDRESSES = {
    "email": "hello@harbourpine.example",
    "phone": "+447700900000",
    "sms": "+447700900001",
    "whatsapp": "+447700900002",
    "x": "@harbourpine",
    "chat": "www.harbourpine.example",
    "web": "www.harbourpine.example",
    "store": "store-12",
    "purchase": "shop.harbourpine.example",
    "review": "reviews/harbourpine",
    "community": "community.harbourpine.example",
    "facebook": "fb.com/harbourpine",
    "app": "app/harbourpine",
    "survey": "survey/harbourpine",
    "signal": "signal/deliveries",
}
SENDER_FIELDS = {
    "email": "email",
    "phone": "number",
    "sms": "number",
    "whatsapp": "number",
    "x": "handle",
    "chat": "visitor_id",
    "web": "visitor_id",
    "store": "loyalty_card",
    "purchase": "email",
    "review": "nickname",
    "community": "username",
    "facebook": "psid",
    "app": "account_id",
    "survey": "email",
    "signal": "email",
}


def brand(name: str = "Harbour & Pine") -> Brand:
    return Brand.objects.get_or_create(name=name)[0]


def channel(kind: str = "email", address: str = "", **values: Any) -> Channel:
    return Channel.objects.get_or_create(
        kind=kind, address=address or ADDRESSES[kind], defaults={"name": "Harbour & Pine", "brand": brand(), **values}
    )[0]


def team(name: str = "Kitchen", *, restricted: bool = False) -> Team:
    return Team.objects.get_or_create(name=name, defaults={"restricted": restricted})[0]


def agent(name: str = "Bo Lindqvist", *teams: Team, is_admin: bool = False) -> Agent:
    handle = name.split()[0].lower()
    found = Agent.objects.filter(handle=handle).first()
    if found is None:
        found = Agent.objects.create_user(f"{handle}@harbourpine.example", name, PASSWORD, is_admin=is_admin)
        found.handle = handle
        found.save(update_fields=["handle"])
    found.teams.add(*teams)
    return found


def payload(
    sender: str | dict[str, Any] = "ana@example.com",
    text: str = "The kettle I bought leaks. Order HP-4711.",
    *,
    kind: str = "",
    at: datetime | None = None,
    name: str = "",
    **more: Any,
) -> dict[str, Any]:
    """One item in the object form. The kind follows from the sender: an address, a number, an @handle."""
    number = next(_numbers)
    kind = kind or guess_kind(sender)
    fields = dict(sender) if isinstance(sender, dict) else {SENDER_FIELDS[kind]: sender}
    if name:
        fields["display_name"] = name
    return {
        "id": f"item-{number}",
        "at": (at or NOW + timedelta(minutes=number)).isoformat(),
        "channel": kind,
        "direction": "in",
        "endpoint": ADDRESSES[kind],
        "sender": fields,
        "thread": default_thread(kind, number),
        "text": text,
        **more,
    }


def guess_kind(sender: str | dict[str, Any]) -> str:
    if not isinstance(sender, str):
        return "email"
    if sender.startswith("@"):
        return "x"
    return "phone" if sender.startswith("+") else "email"


def default_thread(kind: str, number: int) -> dict[str, Any]:
    return {
        "email": {"message_id": f"mail-{number}@example.com"},
        "x": {"tweet_id": f"post-{number}"},
        "phone": {"call_id": f"call-{number}"},
        "chat": {"session": f"session-{number}"},
        "review": {"review_id": f"review-{number}"},
        "community": {"topic_id": f"topic-{number}"},
        "facebook": {"post_id": f"post-{number}"},
    }.get(kind, {})


def entry(item: dict[str, Any], *, source: str = "api") -> IntakeEntry:
    """Into the ledger, not yet processed."""
    where = channel(item["channel"], item.get("endpoint", ""))
    (number,) = receive([Item(payload=item, external_id=str(item["id"]))], source=source, channel=where)
    return IntakeEntry.objects.get(pk=number)


def mail_entry(raw: bytes, *, address: str = "") -> IntakeEntry:
    (number,) = receive([Item(raw=raw)], source="smtp", channel=channel("email", address))
    return IntakeEntry.objects.get(pk=number)


def received(*arguments: Any, **more: Any) -> Interaction:
    """One item through ledger and pipeline."""
    kept = entry(payload(*arguments, **more))
    process()
    return Interaction.objects.get(pk=kept.pk)


def process() -> None:
    while pipeline.process_pending():
        continue


def promised(*, since: datetime = NOW - timedelta(days=400), by: Agent | None = None, **targets: Any) -> PromiseBook:
    """Office hours with a lunch, Monday to Friday in London, and one promise for everybody."""
    office = (Slot(9 * 60, 12 * 60 + 30), Slot(13 * 60 + 30, 18 * 60))
    hours = Calendar("Europe/London", (office,) * 5 + ((), ()), "GB", "ENG", name="Office")
    given = targets or {"first": timedelta(hours=2), "next": timedelta(hours=4), "resolution": timedelta(hours=20)}
    book = Book({"office": hours}, {"all": Promise("Everybody", "office", **given)})
    return use_book(book=book, words="What we promise", by=by, now=since)


def journey_of(touch: Interaction) -> Journey:
    return Membership.objects.get(interaction=touch, superseded_at=None).journey


def why(touch: Interaction) -> str:
    return Membership.objects.get(interaction=touch, superseded_at=None).decision.reason


def customer_of(touch: Interaction) -> int:
    assert touch.identity is not None, "a person spoke"
    return touch.identity.customer_id
