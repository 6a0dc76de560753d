"""What the API says about journeys: where a touch went, and which story to open for a call that rings."""

from typing import Annotated, Literal

from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from fastapi import Path
from pydantic import BaseModel, ConfigDict, Field

from threadline.accounts.events import record
from threadline.channels.models import Channel
from threadline.core.understanding.contacts import e164
from threadline.customers.models import Identity
from threadline.interactions.api import Calling, Reading, api, in_thread, refuse
from threadline.interactions.api.shapes import Trouble
from threadline.interactions.models import IntakeEntry, Interaction
from threadline.journeys.fields import calls
from threadline.journeys.models import Journey, Membership

__all__ = ["api", "calls"]


# ---- where a touch went ----------------------------------------------------------------------------------------


class Standing(BaseModel):
    """What became of one entry of the ledger. `pending` ones are processed within about a second."""

    entry: int
    id: str
    verdict: str = Field(description=f"one of {', '.join(IntakeEntry.Verdict.values)}")
    reason: str
    duplicate_of: int | None
    journey: int | None = Field(description="empty for noise, and until it was processed")
    customer: int | None


@api.get(
    "/interactions/{entry}",
    responses={
        404: {"model": Trouble, "description": "There is no such entry"},
        422: {"model": Trouble, "description": "That is no number of an entry"},
    },
)
async def standing_of(entry: Annotated[int, Path(ge=1, lt=2**63)], key: Reading) -> Standing:
    """Where an interaction stands: its verdict, journey and customer."""
    return await in_thread(look, entry)


def look(entry: int) -> Standing:
    row = IntakeEntry.objects.filter(pk=entry).defer("payload", "raw").first()
    if row is None:
        refuse(
            404, f"There is no entry {entry} in the ledger. Entries are numbered in the answer to POST interactions."
        )
    touch = row.duplicate_of_id or row.pk
    return Standing(
        entry=row.pk,
        id=row.external_id,
        verdict=row.verdict,
        reason=row.reason,
        duplicate_of=row.duplicate_of_id,
        journey=Membership.objects.filter(interaction=touch, superseded_at=None)
        .values_list("journey", flat=True)
        .first(),
        customer=Interaction.objects.filter(pk=touch).values_list("identity__customer", flat=True).first(),
    )


# ---- a call that rings -----------------------------------------------------------------------------------------


class Call(BaseModel):
    """A call that comes in now, as the telephone system reports it."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"number": "+447700900142", "channel": "+447700900000"}]})

    number: str | None = Field(None, max_length=80, description="the caller's; empty when withheld")
    channel: str = Field("", max_length=255, description="our number; may be left out where there is only one")


class Ringing(BaseModel):
    known: Literal["known", "maybe", "unknown"] = Field(description="maybe: a shared number, or one only claimed")
    customer: int | None
    journey: int | None
    open: str = Field(description="the address of the page to open at the desk")
    event: int


@api.post("/calls/ringing", responses={422: {"model": Trouble, "description": "No such channel or number"}})
async def ring(call: Call, key: Calling) -> Ringing:
    """Report an inbound call: desks show whose it is while it rings, and you learn which page to open."""
    return await in_thread(announce, call)


@transaction.atomic
def announce(call: Call) -> Ringing:
    """Record the event that every desk listens for."""
    channel = phone(call.channel)
    number = normal(call.number or "", channel)
    known, customer = caller(number)
    journey = under_way(customer) if customer else None
    event = record(
        "ringing",
        at=timezone.now(),
        customer_id=customer,
        journey_id=journey.pk if journey else None,
        team_id=journey.team_id if journey and journey.team and journey.team.restricted else None,
        number=number,
        channel=channel.pk,
        known=known,
    )
    page = address_of(customer, journey, number, channel)
    return Ringing(known=known, customer=customer, journey=event.journey_id, open=page, event=event.pk)


def phone(address: str) -> Channel:
    """Our channel that rings. A number may be written in any way."""
    phones = list(Channel.objects.active().filter(kind="phone"))
    wanted = digits(address)
    fitting = [channel for channel in phones if not address or digits(channel.address) == wanted]
    if len(fitting) != 1:
        ours = ", ".join(channel.address for channel in phones) or "none yet"
        refuse(422, f"“channel” is {address[:80]!r}, and that is no one of our numbers ({ours}). Send one of them.")
    return fitting[0]


def digits(address: str) -> str:
    return "".join(filter(str.isdigit, address)) or address.strip().lower()


def normal(number: str, channel: Channel) -> str:
    """In E.164; empty for a withheld one."""
    if not any(map(str.isdigit, number)):
        return ""
    written = e164(number, str(channel.settings.get("region") or "GB"))
    return written or refuse(422, f"“number” is {number!r}, which is no telephone number. Send it as +44…, or empty.")


def caller(number: str) -> tuple[Literal["known", "maybe", "unknown"], int | None]:
    """Known: one person's proven number. Maybe: shared, or nobody ever called from it. Cost: one query."""
    rows = Identity.objects.filter(scheme="tel", value=number, customer__merged_into=None) if number else ()
    ranked = sorted(rows, key=lambda row: (row.level == "claimed", row.shared, -row.last_seen_at.timestamp()))
    if not ranked:
        return "unknown", None
    first = ranked[0]
    proven = first.level != "claimed" and not any(row.shared for row in ranked)
    return "known" if proven else "maybe", first.customer_id


def under_way(customer: int) -> Journey | None:
    """The story a call is most likely about: one that waits for us, else the latest that is not done."""
    stories = Journey.objects.standing().filter(customer=customer).exclude(status=Journey.Status.DONE)
    newest = list(stories.select_related("team").order_by("-last_at", "-pk")[:8])
    return next((story for story in newest if story.status == Journey.Status.OPEN), newest[0] if newest else None)


def address_of(customer: int | None, journey: Journey | None, number: str, channel: Channel) -> str:
    if journey:
        return reverse("story", args=[journey.pk])
    if customer:
        return reverse("person", args=[customer])
    return f"{reverse('call-new')}?{urlencode([('number', number), ('channel', str(channel.pk))])}"
