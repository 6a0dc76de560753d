"""Some providers name nobody in what they send: they are asked once who it was, and what they tell is an event.

It passes through the ledger like anything else that a provider says, so that a replay knows the same names.
"""

from collections.abc import Iterable, Sequence
from datetime import timedelta

from django.utils import timezone

from threadline.channels import log
from threadline.channels.adapters import adapter, adapters, served
from threadline.channels.contract import Failure, Unavailable
from threadline.channels.models import Channel
from threadline.core.touch import Direction
from threadline.customers.models import Identity
from threadline.interactions.actions.intake import Item, receive
from threadline.interactions.models import IntakeEntry
from threadline.interactions.reading import Reading, endpoint_with_secrets
from threadline.lib.jobs import enqueue, job, periodic

AT_ONCE = 50
ASKED_FOR = timedelta(days=2)


def announce(readings: Iterable[Reading]) -> None:
    """Have the provider asked, if somebody spoke whom it did not name."""
    for reading in readings:
        channel, item = reading.entry.channel, reading.item
        found = served(channel) if channel is not None and not item.name else None
        if found is not None and found.introduces and item.handles and item.direction is Direction.IN:
            enqueue(introduce)
            return


@periodic(cron="*/15 * * * *")
@job(queueing_lock="introduce")
def introduce(timestamp: int = 0) -> None:
    """Ask for the names of those who came lately. Safe to run twice: the second answer is a duplicate."""
    kinds = [found.kind for found in adapters().values() if found.introduces]
    for channel in Channel.objects.active().filter(kind__in=kinds, halted_at=None).order_by("pk"):
        found = served(channel)
        if found is not None and found.introduces:
            told = ask(channel, nameless(channel, found.scheme))
            if told:
                receive(told, source="poll", channel=channel)


def nameless(channel: Channel, scheme: str) -> list[str]:
    """Who wrote to this channel of late, has no name with it, and was not asked for."""
    since = timezone.now() - ASKED_FOR
    theirs = Identity.objects.filter(scheme=scheme, name="", first_seen_at__gte=since, interactions__channel=channel)
    values = list(theirs.order_by("pk").values_list("value", flat=True).distinct()[: 10 * AT_ONCE])
    entries = IntakeEntry.objects.filter(channel=channel, received_at__gte=since)
    asked = set(entries.filter(external_id__in=map(name_of, values)).values_list("external_id", flat=True))
    return [value for value in values if name_of(value) not in asked][:AT_ONCE]


def ask(channel: Channel, people: Sequence[str]) -> list[Item]:
    """What the provider tells of each. What it will never tell is noted, so that it is not asked for again."""
    connector, found = adapter(endpoint_with_secrets(channel)), []
    for who in people:
        try:
            piece = connector.profile(who)
        except Unavailable:
            break
        except Failure as error:
            log.note(channel, str(error), ok=False)
            found.append(Item(raw=b"{}", external_id=name_of(who), refused=str(error)))
        else:
            found.append(Item(raw=piece.body, external_id=name_of(who)))
    return found


def name_of(who: str) -> str:
    return f"profile:{who}"
