"""Rebuilding everything behind the ledger: the same entries and the same decisions of people give the same result.

What people did stands in the event log with the ledger entry that was newest at the time, and is applied again at the
same place. The log itself, deliveries and everything that is configured stay as they are.
"""

from collections.abc import Callable, Iterator

from django.conf import settings
from django.db import connection, transaction
from django.db.models import F, QuerySet

from threadline.accounts.models import Event
from threadline.interactions.models import IntakeEntry
from threadline.journeys import pipeline
from threadline.journeys.changes import CHANGES, apply
from threadline.journeys.clocks import told_together
from threadline.journeys.lock import hold_pipeline

REBUILT = (
    "journeys_fieldvalue",
    "journeys_clock",
    "journeys_mention",
    "journeys_note",
    "journeys_meaning",
    "journeys_membership",
    "journeys_journey",
    "interactions_fact",
    "interactions_attachment",
    "interactions_delivery",
    "interactions_interaction",
    "interactions_thread",
    "interactions_product",
    "customers_identitylink",
    "customers_identity",
    "customers_customer",
)
KEEP_DELIVERIES = "create temporary table kept_delivery on commit drop as select * from interactions_delivery"
RESTORE_DELIVERIES = """
    insert into interactions_delivery select kept.* from kept_delivery kept
    join interactions_interaction touch on touch.id = kept.interaction_id
"""
Say = Callable[[str], None]


@transaction.atomic
def replay(*, say: Say = lambda line: None) -> str:
    """Rebuild in one transaction: if anything fails, everything stays as it was.

    The tables are locked meanwhile, so pages of the desk wait: replay when nobody works. Decisions that nothing
    refers to any more stay: they are append-only.
    """
    hold_pipeline()
    with connection.cursor() as cursor:
        cursor.execute("set local statement_timeout = 0")
        cursor.execute(KEEP_DELIVERIES)
        cursor.execute(f"truncate {', '.join(REBUILT)}")
    total, done = IntakeEntry.objects.exclude(verdict="pending").count(), 0
    for entries, events in stretches():
        for start in range(0, len(entries), settings.BATCH):
            pipeline.process(entries[start : start + settings.BATCH], quiet=True)
        done += len(entries)
        with told_together():
            for event in events:
                apply(event)
        say(f"{done} of {total} entries")
    with connection.cursor() as cursor:
        cursor.execute(RESTORE_DELIVERIES)
    return f"{done} entries and {human_events().count()} decisions of people were replayed."


def human_events() -> QuerySet[Event]:
    """What people and timers did, and the merges and joins that rules made are not among them: rules conclude anew."""
    return Event.objects.filter(verb__in=list(CHANGES)).exclude(agent=None, verb__in=["customers_merged", "joined"])


def stretches() -> Iterator[tuple[list[IntakeEntry], list[Event]]]:
    """Entries in ledger order, each stretch with the events that followed it before the next entry was processed."""
    events = list(human_events().order_by("pk"))
    waiting = iter(ledger())
    pending: list[IntakeEntry] = []
    position = 0
    for entry in waiting:
        due = []
        while position < len(events) and (events[position].ledger_mark or 0) < entry.pk:
            due.append(events[position])
            position += 1
        if due:
            yield pending, due
            pending = []
        pending.append(entry)
        if len(pending) >= settings.BATCH * 4:
            yield pending, []
            pending = []
    yield pending, events[position:]


def ledger() -> Iterator[IntakeEntry]:
    """Every entry that had its verdict from the pipeline, oldest first. What a source itself refused stays refused."""
    return (
        IntakeEntry.objects.exclude(verdict="pending")
        .exclude(verdict="refused", processed_at=F("received_at"))
        .select_related("channel")
        .order_by("pk")
        .iterator(chunk_size=500)
    )
