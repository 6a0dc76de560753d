"""The plan of channels in force, its versions, and changing it. No version changes: each is read once a process."""

from collections.abc import Callable
from datetime import datetime

from django.db import connection, transaction
from django.db.models import QuerySet

from threadline.accounts.events import record
from threadline.accounts.models import Agent
from threadline.accounts.rights import Right
from threadline.core.fitness import Plan, read, written
from threadline.journeys.models import ChannelPlan
from threadline.lib.errors import ThreadlineError
from threadline.lib.prepared import prepared

SHOWN = 10
Edit = Callable[[Plan], Plan]
_read: dict[tuple[int, datetime], Plan] = {}


def in_force() -> Plan:
    """What holds now; the usual, before anybody has said anything. Cost: one query."""
    row = newest()
    return plan_of(row) if row else Plan()


def plan_of(row: ChannelPlan) -> Plan:
    key = row.pk, row.since
    if key not in _read:
        _read[key] = read(row.plan)
    return _read[key]


def last_change() -> ChannelPlan | None:
    """The newest change that nobody took back: what an undo would take back."""
    return ChannelPlan.objects.filter(undoes=None, undone_by=None).order_by("-since", "-pk").first()


def changes() -> list[ChannelPlan]:
    """The newest versions, newest first."""
    return list(ChannelPlan.objects.select_related("agent").order_by("-since", "-pk")[:SHOWN])


@transaction.atomic
def change(edit: Edit, *, words: str, by: Agent, now: datetime, seen: int = 0) -> ChannelPlan | None:
    """From now on this holds. None when nothing is different.

    Args:
        words: what was changed, for the list and the undo.
        seen: the version that the change was made from; 0 does not ask.
    Raises:
        ThreadlineError: somebody else has changed it since, the change can not be, or the role does not allow it.
    """
    _may(by)
    _lock()
    row = newest()
    if row is not None and seen and row.pk != seen:
        raise ThreadlineError(f"Somebody has changed this since you opened it ({row.words}). Look again, then save.")
    before = plan_of(row) if row else Plan()
    try:
        plan = edit(before)
    except (ValueError, KeyError, TypeError) as error:
        raise ThreadlineError(str(error)) from error
    return None if plan == before else _write(plan, words, by, max(now, row.since) if row else now)


@transaction.atomic
def undo(*, by: Agent, now: datetime) -> ChannelPlan:
    """What held before the newest change holds again. That change stays in the list, with what took it back."""
    _may(by)
    _lock()
    last = last_change()
    if last is None:
        raise ThreadlineError("There is no change to take back.")
    before = ChannelPlan.objects.filter(since__lte=last.since, pk__lt=last.pk).order_by("-since", "-pk").first()
    plan = plan_of(before) if before else Plan()
    return _write(plan, f"Taken back: {last.words}", by, max(now, last.since), undoes=last)


def newest() -> ChannelPlan | None:
    """The version in force; None before anybody has said anything."""
    return next(iter(_newest()), None)


@prepared
def _newest() -> QuerySet[ChannelPlan]:
    return ChannelPlan.objects.order_by("-since", "-pk")[:1]


def _write(plan: Plan, words: str, by: Agent, since: datetime, *, undoes: ChannelPlan | None = None) -> ChannelPlan:
    row = ChannelPlan.objects.create(since=since, plan=written(plan), agent=by, words=words[:200], undoes=undoes)
    record("channel_plan_set", at=since, by=by, version=row.pk, words=row.words)
    return row


def _may(agent: Agent) -> None:
    if not agent.may(Right.WORK):
        raise ThreadlineError("Your role does not say which channel is for what. An admin can change that.")


def _lock() -> None:
    """One change after another. Held until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(hashtext('threadline channel plan'))")
