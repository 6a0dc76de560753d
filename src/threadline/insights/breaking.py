"""Promises about to break: what falls due within the next half hour, and what is broken already."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from threadline.accounts.models import Agent
from threadline.journeys.models import Journey

SOON = timedelta(minutes=30)
MOST = 500  # of what falls due soon, this much is looked at; beyond it the number is "at least"


@dataclass(frozen=True, slots=True)
class Due:
    """A story whose promise falls due at `at`."""

    story: int
    person: int
    owner: int
    about: str
    channel: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Breaking:
    """`people`: whose promise breaks within the half hour unless somebody answers; the nearest first. `more` than so
    many were looked at. `broken`: stories that wait although their promise is broken."""

    soon: list[Due]
    people: int
    more: bool
    broken: int

    @property
    def nearest(self) -> Due | None:
        return self.soon[0] if self.soon else None


def breaking(agent: Agent, *, now: datetime) -> Breaking:
    """Cost: two queries that read the index of what is due."""
    waiting = Journey.objects.visible_to(agent).standing().filter(status=Journey.Status.OPEN)
    coming = waiting.filter(due_at__gt=now, due_at__lte=now + SOON).order_by("due_at", "id")
    rows = list(coming.only("customer", "owner", "intent", "title", "channels", "due_at")[: MOST + 1])
    soon = [_due(row, row.due_at) for row in rows[:MOST] if row.due_at is not None]
    broken = waiting.filter(due_at__lte=now).count()
    return Breaking(soon, len({due.person for due in soon}), len(rows) > MOST, broken)


def _due(row: Journey, at: datetime) -> Due:
    channel = str(row.channels[-1]) if row.channels else ""
    return Due(row.pk, row.customer_id, row.owner_id or 0, row.intent or row.title, channel, at)
