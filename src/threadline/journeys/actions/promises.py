"""What we promise, as admins change it, and the timers that watch over it."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from threadline.accounts.events import record, record_many
from threadline.accounts.models import Agent, Event, Team
from threadline.core import promises
from threadline.core.promises import Book
from threadline.journeys.actions.ruling import ledger_mark
from threadline.journeys.book import last_change
from threadline.journeys.changes import apply
from threadline.journeys.lock import hold_pipeline
from threadline.journeys.models import Clock, PromiseBook
from threadline.lib.errors import ThreadlineError
from threadline.lib.jobs import job, periodic

AT_ONCE = 500


@transaction.atomic
def use_book(*, book: Book, words: str, by: Agent | None, now: datetime, seen: int = 0) -> PromiseBook:
    """Promise this from now on. Clocks that run already keep what was promised when they started.

    Args:
        words: what was changed, for the log and the undo.
        seen: the version that the change was made from; 0 does not ask.
    Raises:
        ThreadlineError: somebody else has changed it since.
    """
    hold_pipeline()
    newest = PromiseBook.objects.order_by("-since", "-pk").first()
    if newest is not None and seen and newest.pk != seen:
        raise ThreadlineError(f"Somebody has changed this since you opened it ({newest.words}). Look again, then save.")
    return _write(book, words, by, max(now, newest.since) if newest else now)


@transaction.atomic
def undo_book(*, by: Agent, now: datetime) -> PromiseBook:
    """Promise again what held before the newest change. That change stays in the list, with what took it back."""
    hold_pipeline()
    last = last_change()
    if last is None:
        raise ThreadlineError("There is no change to take back.")
    before = PromiseBook.objects.filter(since__lte=last.since, pk__lt=last.pk).order_by("-since", "-pk").first()
    book = promises.read(before.book) if before else Book()
    return _write(book, f"Taken back: {last.words}"[:200], by, max(now, last.since), undoes=last)


def _write(
    book: Book, words: str, by: Agent | None, since: datetime, *, undoes: PromiseBook | None = None
) -> PromiseBook:
    row = PromiseBook.objects.create(
        since=since, book=promises.written(book), agent=by, words=words[:200], undoes=undoes
    )
    record("promises_set", at=since, by=by, version=row.pk, words=row.words)
    return row


# ---- timers ----------------------------------------------------------------------------------------------------


@periodic(cron="* * * * * */5")
@job(queueing_lock="watch_promises")
def watch_promises(timestamp: int = 0) -> None:
    """Warn before a promise is broken, and say when it is. Safe to run twice or late."""
    while watch(now=timezone.now()) == AT_ONCE:
        continue


@transaction.atomic
def watch(*, now: datetime) -> int:
    """Look after the clocks whose time has come, the longest overdue first. Returns how many there were.

    The pipeline waits meanwhile: a replay finds these events at the same place among what came in.
    """
    if not Clock.objects.filter(next_at__lte=now).exists():
        return 0
    hold_pipeline()
    due = Clock.objects.filter(next_at__lte=now, journey__joined_into=None).select_related("journey")
    clocks = list(due.select_for_update(skip_locked=True, of=("self",)).order_by("next_at")[:AT_ONCE])
    events = events_about(clocks, now)
    record_many(events)
    for event in events:
        apply(event)
    return len(clocks)


def events_about(clocks: Sequence[Clock], now: datetime) -> list[Event]:
    restricted = set(Team.objects.filter(restricted=True).values_list("pk", flat=True)) if clocks else set()
    mark = ledger_mark() if clocks else 0
    return [
        Event(
            verb="promise_broken" if clock.due_at <= now else "promise_warned",
            at=now,
            journey_id=clock.journey_id,
            customer_id=clock.journey.customer_id,
            team_id=clock.journey.team_id if clock.journey.team_id in restricted else None,
            ledger_mark=mark,
            facts=facts_of(clock),
        )
        for clock in clocks
    ]


def facts_of(clock: Clock) -> dict[str, str]:
    """Which clock an event is about, in a way that outlives its row."""
    return {"kind": clock.kind, "started": clock.started_at.isoformat(), "due": clock.due_at.isoformat()}
