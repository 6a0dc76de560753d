"""Watching whether everything comes in: silence against a source's own rhythm, and what a provider has that we lack."""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from threadline.accounts.events import record
from threadline.accounts.models import Agent, Event
from threadline.channels.adapters import served
from threadline.channels.contract import Adapter, Failure
from threadline.channels.models import Channel
from threadline.core.rhythm import silent_since
from threadline.interactions.actions.intake import wake
from threadline.interactions.actions.looking import compare, look, overdue
from threadline.interactions.models import IntakeEntry
from threadline.lib.errors import ThreadlineError
from threadline.lib.jobs import job, periodic

NEWEST = 500
WITHIN = timedelta(days=28)
DAY = timedelta(days=1)
AT_ONCE = 1000
NOT_BY_ITSELF = ("desk", "import", "backfill")


@periodic(cron="*/10 * * * *")
@job(queueing_lock="notice_silence")
def notice_silence(timestamp: int = 0, now: datetime | None = None) -> None:
    """Say of each source whether it fell silent. Cost: one indexed query a channel."""
    now = now or timezone.now()
    for channel in Channel.objects.active().order_by("pk"):
        note_silence(channel, silent_since(moments_of(channel, now), now), now)


def moments_of(channel: Channel, now: datetime) -> list[datetime]:
    """When the newest items came in by themselves. What one look brought came at one moment: its pauses say nothing."""
    came = IntakeEntry.objects.filter(channel=channel, received_at__gte=now - WITHIN).exclude(source__in=NOT_BY_ITSELF)
    moments = came.order_by("-received_at").values_list("received_at", flat=True)
    return list((moments.distinct() if is_looked_at(channel) else moments)[:NEWEST])


def is_looked_at(channel: Channel) -> bool:
    found = served(channel)
    return found is not None and found.polled_every > 0


def note_silence(channel: Channel, since: datetime | None, now: datetime) -> None:
    if (since is None) == (channel.silent_since is None):
        return
    with transaction.atomic():
        Channel.objects.filter(pk=channel.pk).update(silent_since=since)
        verb = "channel_silent" if since else "channel_speaks"
        record(verb, at=now, channel=channel.pk, kind=channel.kind, name=channel.address)


@periodic(cron="37 * * * *")
@job(queueing_lock="compare_with_providers")
def compare_with_providers(timestamp: int = 0, now: datetime | None = None) -> None:
    """Ask each provider that tells what it has of the last day, and keep how much of it never came in."""
    now = now or timezone.now()
    for channel in Channel.objects.active().filter(halted_at=None).order_by("pk"):
        if tells(channel):
            compare_one(channel, now)


def tells(channel: Channel) -> bool:
    """Whether the provider says what it has."""
    found = served(channel)
    return found is not None and found.history is not Adapter.history


def compare_one(channel: Channel, now: datetime) -> None:
    """A source that is looked at is looked at first: what it will bring by itself is not missing."""
    if is_looked_at(channel):
        look(channel)
    try:
        missing = overdue(channel, compare(channel, since=now - DAY).missing, now=now)
    except Failure:
        return
    if missing != channel.missing:
        with transaction.atomic():
            Channel.objects.filter(pk=channel.pk).update(missing=missing)
            if missing:
                name, kind = channel.address, channel.kind
                record("channel_gap", at=now, channel=channel.pk, kind=kind, name=name, missing=missing)


@transaction.atomic
def try_again(*, entries: list[int], by: Agent, now: datetime) -> Event:
    """Have what could not be read looked at again: after an update, or when what was missing is there.

    Raises:
        ThreadlineError: none of them is set aside any more.
    """
    aside = IntakeEntry.objects.select_for_update().filter(pk__in=entries, verdict="quarantined")
    numbers = list(aside.order_by("pk").values_list("pk", flat=True)[:AT_ONCE])
    if not numbers:
        raise ThreadlineError("It was looked at already. See what became of it in the list.")
    IntakeEntry.objects.filter(pk__in=numbers).update(verdict="pending", reason="", processed_at=None)
    wake()
    return record("entries_tried_again", at=now, by=by, entries=numbers)
