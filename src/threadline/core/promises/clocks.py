"""The clocks of one journey as a pure function of what happened in it: they start, pause, go on and are met.

One response clock runs for each wait of the customer, over all channels: from the first touch that nobody answered to
our answer, or to the word of an agent that it is not our turn. The clock of the whole matter runs while it is our
turn, stands while we wait for the customer, and is met when the matter is over.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol

from threadline.core.calendars import Calendar, NeverOpen, add_working_time, next_opening, working_time_between
from threadline.core.promises.book import Book, Kind, Scope

WARN_AT = 0.75  # of the time that was promised


@dataclass(slots=True)
class Clock:
    """A promise being kept. `left` is the working time that was left when it was paused; `took` when it was met.

    `book` is the number of the version it was promised by: what was promised is not changed behind anybody's back.
    `next_at` is when there is something to do about it: to warn, then to say that it is broken.
    """

    kind: Kind
    promise: str
    book: int
    started_at: datetime
    due_at: datetime
    warn_at: datetime
    scope: Scope
    opens_at: datetime | None = None
    paused_at: datetime | None = None
    left: timedelta | None = None
    met_at: datetime | None = None
    took: timedelta | None = None
    warned_at: datetime | None = None
    broken_at: datetime | None = None
    told_at: datetime | None = None
    rested: bool = False

    @property
    def runs(self) -> bool:
        return self.met_at is None and self.paused_at is None

    @property
    def next_at(self) -> datetime | None:
        if not self.runs or self.broken_at is not None:
            return None
        return self.due_at if self.warned_at is not None else min(self.warn_at, self.due_at)

    @property
    def key(self) -> tuple[bool, datetime]:
        """The same clock after a story was folded anew: a first answer may turn out to be a further one."""
        return (self.kind == Kind.RESOLUTION, self.started_at)


class Rules(Protocol):
    """The versions of the book: which was in force when, and what each says."""

    def at(self, moment: datetime) -> tuple[int, Book] | None: ...

    def book(self, number: int) -> Book: ...


@dataclass(slots=True)
class History:
    """The clocks of one journey, and what they are judged by.

    `reuse` holds the clocks as they stood before a journey is told anew: what was said about one stays said.
    """

    rules: Rules
    clocks: list[Clock] = field(default_factory=list)
    reuse: Sequence[Clock] = ()

    def running(self) -> list[Clock]:
        return [clock for clock in self.clocks if clock.runs]

    @property
    def due_at(self) -> datetime | None:
        """The promise that falls due next, or is the longest overdue."""
        return min((clock.due_at for clock in self.running()), default=None)


def asked(history: History, at: datetime, *, first: bool, scope: Scope) -> None:
    """Our turn begins: nobody waited before."""
    if any(clock.kind != Kind.RESOLUTION for clock in history.running()):
        return
    _start(history, Kind.FIRST if first else Kind.NEXT, at, scope)
    matter = _matter(history)
    if matter is None:
        _start(history, Kind.RESOLUTION, at, scope)
    elif not matter.runs:
        _go_on(history, matter, at)


def answered(history: History, at: datetime) -> None:
    """We answered, or an agent said that it is their turn: the matter waits for the customer."""
    _meet_responses(history, at)
    matter = _matter(history)
    if matter is not None and matter.runs:
        _pause(history, matter, at)


def closed(history: History, at: datetime) -> None:
    """The matter is over."""
    _meet_responses(history, at)
    matter = _matter(history)
    if matter is None or matter.met_at is not None:
        return
    if matter.runs:
        _pause(history, matter, at)
    assert matter.left is not None, "it was paused"
    matter.met_at, matter.took = at, _target(history, matter) - matter.left


def _meet_responses(history: History, at: datetime) -> None:
    for clock in history.running():
        if clock.kind != Kind.RESOLUTION:
            clock.met_at = max(at, clock.started_at)
            clock.took = working_time_between(_calendar(history, clock), clock.started_at, clock.met_at)
            _judge(clock, clock.met_at)


def _matter(history: History) -> Clock | None:
    return next((clock for clock in history.clocks if clock.kind == Kind.RESOLUTION), None)


def handed_over(history: History, at: datetime, *, team: int | None) -> None:
    """Another team answers now: what still runs is judged by the promise of that team, from when it began.

    What is late stays as it was promised, and so does a matter that has rested already.
    """
    for clock in history.running():
        if at <= clock.due_at and not clock.rested:
            history.clocks.remove(clock)
            _start(history, clock.kind, clock.started_at, clock.scope._replace(team=team))


def _start(history: History, kind: Kind, at: datetime, scope: Scope) -> None:
    found = history.rules.at(at)
    promise = found[1].choose(scope) if found else None
    if found is None or promise is None:
        return
    number, book = found
    target = book.promises[promise].target(kind)
    if target is None:
        return
    try:
        due, warn, opens = _moments(book.calendar_of(promise), at, target)
    except NeverOpen:
        return
    clock = Clock(kind, promise, number, at, due, warn, scope, opens)
    _remember(clock, history.reuse)
    history.clocks.append(clock)


def _moments(calendar: Calendar, at: datetime, target: timedelta) -> tuple[datetime, datetime, datetime | None]:
    """When it is due, when to warn, and when we open, if we are closed."""
    opens = next_opening(calendar, at)
    due, warn = add_working_time(calendar, at, target), add_working_time(calendar, at, target * WARN_AT)
    return due, warn, opens if opens > at else None


def _remember(clock: Clock, reuse: Sequence[Clock]) -> None:
    """What was said about this clock before stays said, as long as it is due when it was."""
    before = next((old for old in reuse if old.key == clock.key), None)
    if before is None:
        return
    clock.told_at = before.told_at
    if before.due_at == clock.due_at:
        clock.warned_at, clock.broken_at = before.warned_at, before.broken_at


def _pause(history: History, matter: Clock, at: datetime) -> None:
    calendar = _calendar(history, matter)
    over = working_time_between(calendar, matter.due_at, at)
    matter.left = working_time_between(calendar, at, matter.due_at) - over
    matter.paused_at, matter.rested = at, True
    _judge(matter, at)


def _go_on(history: History, matter: Clock, at: datetime) -> None:
    """With what was left. A clock that was late stays broken; it is due when it was."""
    left, calendar = matter.left or timedelta(), _calendar(history, matter)
    matter.paused_at = matter.met_at = matter.took = matter.left = None
    if left > timedelta():
        reserve = _target(history, matter) * (1 - WARN_AT)
        matter.due_at = add_working_time(calendar, at, left)
        matter.warn_at = add_working_time(calendar, at, max(left - reserve, timedelta()))
        matter.warned_at = None
    _remember(matter, history.reuse)


def _judge(clock: Clock, at: datetime) -> None:
    """Broken when it went on beyond its due time, and kept when it turns out that it did not."""
    clock.broken_at = clock.due_at if at > clock.due_at else None


def _calendar(history: History, clock: Clock) -> Calendar:
    return history.rules.book(clock.book).calendar_of(clock.promise)


def _target(history: History, clock: Clock) -> timedelta:
    target = history.rules.book(clock.book).promises[clock.promise].target(clock.kind)
    assert target is not None, "a clock has a target"
    return target
