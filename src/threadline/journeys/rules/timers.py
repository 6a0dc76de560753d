"""The spans of time rules: one row for each rule and story, due at a moment, behind a partial index."""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime

from threadline.core.rules import Rule, Standing, begins, read_book
from threadline.journeys.models import Journey, RuleBook, RuleTimer
from threadline.lib.jobs import job

AT_ONCE = 2_000
STATUSES = {"unanswered": Journey.Status.OPEN, "silent": Journey.Status.WAITING}


def standing_of(row: Journey) -> Standing:
    return Standing(str(row.status), row.waiting_since, max(row.last_at, row.settled_at or row.last_at))


def arm(rows: Sequence[Journey], rules: Sequence[Rule], *, after: Callable[[Journey], datetime]) -> None:
    """Bring the spans of these stories up to date: begun, begun anew, or over.

    A span that would have been over before `after` is left alone: history that comes in late, and what waited long
    before the rule was switched on. Cost: one query, and up to three statements.
    """
    if not rows or not rules:
        return
    held = {(timer.journey_id, timer.rule): timer for timer in _of(rows, rules)}
    new, moved, ended = [], [], []
    for row in rows:
        for rule in rules:
            timer, span = held.get((row.pk, rule.key)), _span(row, rule)
            if span is None:
                ended += [timer.pk] if timer else []
            elif timer is None:
                late = span[1] <= after(row)
                new += [] if late else [RuleTimer(rule=rule.key, journey_id=row.pk, since=span[0], due_at=span[1])]
            elif _moved(timer, span, after(row)):
                moved.append(timer)
    RuleTimer.objects.filter(pk__in=ended).delete()
    RuleTimer.objects.bulk_update(moved, ["since", "due_at", "fired_at"], batch_size=500)
    RuleTimer.objects.bulk_create(new, batch_size=500, ignore_conflicts=True)


def begun(row: Journey, rule: Rule) -> datetime | None:
    """Since when the span of this rule runs in this story; None while it does not."""
    return begins(rule, standing_of(row)) if row.joined_into_id is None else None


def _span(row: Journey, rule: Rule) -> tuple[datetime, datetime] | None:
    since = begun(row, rule)
    return (since, since + rule.after) if since is not None and rule.after is not None else None


def _moved(timer: RuleTimer, span: tuple[datetime, datetime], after: datetime) -> bool:
    """Take the span over; whether anything of it changed."""
    since, due_at = span
    if (timer.since, timer.due_at) == span:
        return False
    fired = timer.fired_at if timer.since == since else None
    timer.since, timer.due_at, timer.fired_at = since, due_at, fired or (after if due_at <= after else None)
    return True


def _of(rows: Iterable[Journey], rules: Iterable[Rule]) -> Iterable[RuleTimer]:
    return RuleTimer.objects.filter(journey_id__in=[row.pk for row in rows], rule__in=[rule.key for rule in rules])


@job(queueing_lock="arm_rules")
def arm_all(book: int, above: int = 0) -> None:
    """The spans of a version that was put to use, over all stories that it concerns. Safe to run twice or late."""
    kept = RuleBook.objects.standing().first()
    if kept is None or kept.pk != book or kept.used_at is None:
        return
    rules, used_at = read_book(kept.document).timed, kept.used_at
    RuleTimer.objects.exclude(rule__in=[rule.key for rule in rules]).delete()
    statuses = {STATUSES[rule.on] for rule in rules}
    while statuses:
        found = Journey.objects.standing().filter(status__in=statuses, pk__gt=above).order_by("pk")
        rows = list(found.defer("memory")[:AT_ONCE])
        arm(rows, rules, after=lambda _: used_at)
        if len(rows) < AT_ONCE:
            return
        above = rows[-1].pk


def due(now: datetime, limit: int) -> list[RuleTimer]:
    """Those whose time has come, the longest overdue first, locked."""
    found = RuleTimer.objects.select_for_update(skip_locked=True).filter(due_at__lte=now, fired_at=None)
    return list(found.order_by("due_at", "pk")[:limit])


def over(timers: Sequence[RuleTimer], *, now: datetime) -> None:
    """The rule has looked; it looks again when a new span begins."""
    RuleTimer.objects.filter(pk__in=[timer.pk for timer in timers]).update(fired_at=now)
