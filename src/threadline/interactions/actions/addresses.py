"""Addresses that we leave alone: who asked for it, and those that nobody reads."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import BigIntegerField, F, Q, QuerySet, TextField, Value

from threadline.accounts.actions.undo import reverses
from threadline.accounts.events import record
from threadline.accounts.models import Agent, Event
from threadline.channels.models import Channel
from threadline.interactions.models import BadAddress, IntakeEntry, OptOut, Thread
from threadline.lib.errors import ThreadlineError

BARS = 2  # so many messages that came back: one may be a server that is being repaired
FORGOTTEN = timedelta(days=90)
KEPT = 20
SILENT = ("where", "what", "address", "since", "why", "comes_back")


def silence(
    channel: Channel,
    address: str,
    *,
    at: datetime,
    entry: IntakeEntry | None = None,
    only_automatic: bool = False,
    thread: int | None = None,
) -> bool:
    """They do not want to be written to here, or not by machines, perhaps in one thread alone. Whether that is new."""
    known = {"at": at, "entry": entry, "only_automatic": only_automatic}
    found, made = OptOut.objects.get_or_create(channel=channel, address=address, thread=thread, defaults=known)
    if made or only_automatic or not found.only_automatic:
        return made
    OptOut.objects.filter(pk=found.pk).update(**known)
    return True


def unwanted(channel: Channel, thread: Thread, *, automatic: bool) -> str:
    """Why nothing is sent to a thread now, in words; empty if it is. Cost: one query, two for mail."""
    address = thread.reply_address
    asked = stops(channel, address, thread.pk).values_list("only_automatic", flat=True)
    if False in asked:
        return "They asked not to be written to here any more. Reply another way."
    if asked and automatic:
        return "They want no automatic messages here any more."
    barred = BadAddress.objects.filter(address=address, barred_at__isnull=False) if channel.kind == "email" else None
    reason = barred.values_list("reason", flat=True).first() if barred is not None else None
    return f"Nothing is sent to {address} any more. {reason}" if reason else ""


def stops(channel: Channel, address: str, thread: int | None) -> QuerySet[OptOut]:
    """What they asked for that holds in a thread: in this one, or in all."""
    return OptOut.objects.filter(Q(thread=None) | Q(thread=thread), channel=channel, address=address)


def left_alone(
    channels: Sequence[int], addresses: Sequence[str]
) -> QuerySet[Any, tuple[int, str, str, datetime, str, bool]]:
    """Of these channels and addresses, those that a person can not be written to.

    Rows: channel, its kind, address, since, why, whether mail comes back from there. Channel 0 stands for all
    mailboxes. More rows of that shape can be joined to it.
    """
    asked = OptOut.objects.filter(channel__any=channels, address__any=addresses, only_automatic=False)
    barred = BadAddress.objects.filter(address__any=addresses, barred_at__isnull=False)
    nothing, everywhere = Value("", output_field=TextField()), Value(0, output_field=BigIntegerField())
    mail = Value("email", output_field=TextField())
    rows = asked.annotate(
        where=F("channel"), what=F("channel__kind"), since=F("at"), why=nothing, comes_back=Value(False)
    )
    more = barred.annotate(where=everywhere, what=mail, since=F("barred_at"), why=F("reason"), comes_back=Value(True))
    return rows.values_list(*SILENT).union(more.values_list(*SILENT), all=True)


@transaction.atomic
def came_back(*, address: str, message: int, reason: str, at: datetime) -> BadAddress:
    """Nobody reads that address, a mail system says. From the second message on it is barred, which is an event."""
    known, _made = BadAddress.objects.select_for_update().get_or_create(
        address=address[:320], defaults={"reason": reason, "at": at}
    )
    lately = known.bounced if at - known.at < FORGOTTEN else []
    known.bounced = [*dict.fromkeys((*lately, message))][-KEPT:]
    known.reason, known.at = reason, max(at, known.at)
    bars = known.barred_at is None and len(known.bounced) >= BARS
    known.barred_at = at if bars else known.barred_at
    known.save()
    if bars:
        record("address_barred", at=at, name=known.address, reason=reason, interaction_id=message)
    return known


@transaction.atomic
def use_again(*, address: str, by: Agent, now: datetime) -> Event:
    """Somebody knows that it works. Raises ThreadlineError: it is in use."""
    known = BadAddress.objects.select_for_update().filter(address=address, barred_at__isnull=False).first()
    if known is None:
        raise ThreadlineError(f"{address} is in use already.")
    known.bounced, known.barred_at = [], None
    known.save(update_fields=["bounced", "barred_at"])
    return record("address_used_again", at=now, by=by, name=address, reason=known.reason)


@transaction.atomic
def bar(*, address: str, by: Agent, now: datetime) -> Event:
    """Send nothing there: what `use_again` said is taken back. Raises ThreadlineError: it is barred."""
    known = BadAddress.objects.select_for_update().filter(address=address, barred_at=None).first()
    if known is None:
        raise ThreadlineError(f"Nothing is sent to {address} already.")
    known.barred_at = now
    known.save(update_fields=["barred_at"])
    return record("address_barred", at=now, by=by, name=address, reason=known.reason)


@reverses("address_barred")
def _use_it_again(event: Event, by: Agent, now: datetime) -> Event:
    return use_again(address=event.facts["name"], by=by, now=now)


@reverses("address_used_again")
def _bar_it_again(event: Event, by: Agent, now: datetime) -> Event:
    return bar(address=event.facts["name"], by=by, now=now)
