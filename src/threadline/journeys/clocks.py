"""Keeping the clocks of journeys: one touch after the other in the pipeline, or told anew from all that happened.

Both ways give the same, whatever the order of arrival: a touch that comes in late has its journey told anew.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from threadline.accounts.models import Event
from threadline.core.promises import Clock as Ticking
from threadline.core.promises import History, Kind, Scope, answered, asked, closed, handed_over
from threadline.interactions.models import Interaction
from threadline.journeys.book import Versions
from threadline.journeys.models import Clock, Journey
from threadline.journeys.summary import Spoken, add, members, spoken, waits_again, waits_for_them
from threadline.lib.bulk import insert, update

_together: ContextVar[set[int] | None] = ContextVar("told_together", default=None)
TURNING = ("waited", "done", "reopened", "woken")
FIELDS = (
    "promise",
    "started_at",
    "due_at",
    "warn_at",
    "opens_at",
    "paused_at",
    "left",
    "met_at",
    "took",
    "warned_at",
    "broken_at",
    "told_at",
)
WRITTEN = ["kind", *(name for name in FIELDS if name != "started_at"), "next_at"]


@dataclass(slots=True)
class Keeping:
    """The clocks of the journeys that a batch of touches reaches. Cost: three queries, and two statements to write."""

    rules: Versions
    histories: dict[int, History] = field(default_factory=dict)
    rows: dict[int, list[Clock]] = field(default_factory=dict)
    late: set[int] = field(default_factory=set)

    @classmethod
    def load(cls, journeys: Iterable[int]) -> "Keeping":
        keeping = cls(Versions())
        if keeping.rules:
            for clock in Clock.objects.filter(journey__in=set(journeys)).order_by("started_at", "pk"):
                keeping.rows.setdefault(clock.journey_id, []).append(clock)
        return keeping

    def add(self, row: Journey, said: Spoken) -> None:
        """One more touch of a journey: its columns, and its clocks."""
        waited, first, late = row.waiting_since, row.settled_at is None, came_late(row, said)
        add(row, said)
        if not self.rules:
            return
        if late:
            self.late.add(row.pk)
            return
        history = self.history(row.pk)
        turned(history, row, waited, said.at, first=first, channel=said.kind)
        row.due_at = history.due_at

    def history(self, journey: int) -> History:
        if journey not in self.histories:
            known = [ticking(clock) for clock in self.rows.get(journey, ())]
            self.histories[journey] = History(self.rules, known)
        return self.histories[journey]

    def write(self) -> None:
        """After the journeys are written: their new clocks, those that moved, and the stories that are told anew."""
        known, new = [], []
        for journey, history in self.histories.items():
            if journey in self.late:
                continue
            rows = self.rows.get(journey, [])
            for row, clock in zip(rows, history.clocks, strict=False):
                if put(row, clock):
                    known.append(row)
            new += [row_of(journey, clock) for clock in history.clocks[len(rows) :]]
        update(known, WRITTEN)
        insert(new)
        tell_clocks(self.late)


def came_late(row: Journey, said: Spoken) -> bool:
    """It happened before something that is known already."""
    return row.touches > 0 and said.at < max(
        row.last_at, row.settled_at or row.last_at, row.waiting_since or row.last_at
    )


def turned(history: History, row: Journey, waited: datetime | None, at: datetime, *, first: bool, channel: str) -> None:
    """The clocks follow whose turn it is."""
    if row.waiting_since is not None and waited is None:
        asked(history, at, first=first, scope=Scope(channel, row.team_id, row.brand_id))
    elif row.waiting_since is None and waited is not None:
        answered(history, at)


# ---- told anew -------------------------------------------------------------------------------------------------


def tell_clocks(journeys: Iterable[int]) -> None:
    """The clocks of these journeys from all that happened in them.

    Cost: five queries and three statements, however many journeys there are.
    """
    if (waiting := _together.get()) is not None:
        waiting.update(journeys)
        return
    numbers = sorted(set(journeys))
    rules = Versions() if numbers else None
    if not rules:
        return
    before = list(Clock.objects.filter(journey__in=numbers).order_by("started_at", "pk"))
    kept = [ticking(row) for row in before]
    touches, words = members(numbers), said_by_people(numbers)
    rows, new = list(Journey.objects.filter(pk__in=numbers).order_by("pk")), []
    for row in rows:
        history = told(row, touches[row.pk], words.get(row.pk, ()), rules, kept)
        row.due_at = history.due_at
        new += [row_of(row.pk, clock) for clock in history.clocks]
    Clock.objects.filter(pk__in=[row.pk for row in before]).delete()
    insert(new)
    update(rows, ["due_at"])


@contextmanager
def told_together() -> Iterator[None]:
    """What is told anew meanwhile is told once, at the end: for many decisions of people at a stretch."""
    waiting: set[int] = set()
    outer = _together.set(waiting)
    try:
        yield
    finally:
        _together.reset(outer)
    tell_clocks(waiting)


def up_to_date(journey: int) -> None:
    """Nothing of this journey waits to be told anew."""
    waiting = _together.get()
    if waiting is None or journey not in waiting:
        return
    waiting.discard(journey)
    outer = _together.set(None)
    try:
        tell_clocks([journey])
    finally:
        _together.reset(outer)


def said_by_people(numbers: Sequence[int]) -> dict[int, list[Event]]:
    """What people and alarms said about whose turn it is and who answers, and did not take back. Cost: one query."""
    found: dict[int, list[Event]] = {}
    events = Event.objects.filter(journey_id__in=numbers, verb__in=[*TURNING, "assigned", "undone"]).order_by(
        "at", "pk"
    )
    undone = {event.facts["event"] for event in events if event.verb == "undone"}
    for event in events:
        if event.verb != "undone" and event.pk not in undone and event.journey_id is not None:
            found.setdefault(event.journey_id, []).append(event)
    return found


def told(
    row: Journey, touches: Sequence[Interaction], words: Sequence[Event], rules: Versions, reuse: Sequence[Ticking]
) -> History:
    """The clocks of one journey, in the order in which things happened."""
    history, shadow, channel = History(rules, reuse=reuse), shadow_of(row, words), ""
    moments: list[tuple[datetime, int, int, Interaction | Event]] = [
        *((touch.at, 0, touch.pk, touch) for touch in touches),
        *((event.at, 1, event.pk, event) for event in words),
    ]
    for at, _, _, moment in sorted(moments, key=lambda each: each[:3]):
        waited, first, team = shadow.waiting_since, shadow.settled_at is None, shadow.team_id
        if isinstance(moment, Interaction):
            channel = moment.kind if moment.direction == "in" else channel
            add(shadow, spoken(moment, first=shadow.touches == 0))
        else:
            obey(shadow, moment)
        turned(history, shadow, waited, at, first=first, channel=channel)
        if isinstance(moment, Event) and moment.verb == "done":
            closed(history, at)
        if shadow.team_id != team:
            handed_over(history, at, team=shadow.team_id)
    return history


def shadow_of(row: Journey, words: Sequence[Event]) -> Journey:
    """The journey as it was before anything happened."""
    given = next((event for event in words if event.verb == "assigned"), None)
    return Journey(
        pk=row.pk,
        team_id=given.facts["before"]["team"] if given else row.team_id,
        brand_id=row.brand_id,
        status=Journey.Status.WAITING,
        opened_at=row.opened_at,
        last_at=row.opened_at,
    )


def obey(journey: Journey, event: Event) -> None:
    if event.verb in ("waited", "done"):
        waits_for_them(journey, event.at, status="done" if event.verb == "done" else "waiting")
    elif event.verb == "assigned":
        journey.team_id = event.facts["team"]
    else:
        waits_again(journey, event.at)


# ---- rows ------------------------------------------------------------------------------------------------------


def ticking(row: Clock) -> Ticking:
    values = {name: getattr(row, name) for name in FIELDS}
    scope = Scope(row.channel, row.team_id, row.brand_id)
    return Ticking(kind=Kind(row.kind), book=row.book_id, scope=scope, **values)


def row_of(journey: int, clock: Ticking) -> Clock:
    row = Clock(
        journey_id=journey,
        book_id=clock.book,
        channel=clock.scope.channel,
        team_id=clock.scope.team,
        brand_id=clock.scope.brand,
    )
    put(row, clock)
    return row


def put(row: Clock, clock: Ticking) -> bool:
    """Bring a row up to date; whether anything of it changed."""
    now: Mapping[str, Any] = {
        **{name: getattr(clock, name) for name in FIELDS},
        "kind": str(clock.kind),
        "next_at": clock.next_at,
    }
    changed = any(getattr(row, name) != value for name, value in now.items())
    for name, value in now.items():
        setattr(row, name, value)
    return changed
