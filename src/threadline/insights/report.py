"""What a period looked like: how much came, how long people waited, and what was brought to an end.

Every number is a count or a spread over facts (`core.waiting.Facts`), so that a total, a point of a series and a line
of a table are the same arithmetic over different parts of the same facts.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import tzinfo
from functools import cached_property
from typing import Literal

import numpy as np
import numpy.typing as npt

from threadline.accounts.models import Agent
from threadline.core.periods import Period
from threadline.core.waiting import Facts, Spread
from threadline.insights.stories import AUTOMATIC, NOTHING, OUT, RULED, TAKEN, Asked, Material, material
from threadline.lib.columns import ticks

Numbers = npt.NDArray[np.int64]
By = Literal["channel", "intent", "team", "agent"]


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a report is asked for. Channels are numbers as `stories.channel_number` gives them; team 0 is no team.

    `intent` is a name; empty: the stories that have none.
    """

    period: Period
    channel: int | None = None
    intent: str | None = None
    team: int | None = None
    agent: int | None = None


@dataclass(frozen=True, slots=True)
class Figures:
    """The numbers of one part: a period, a point of a series, a line of a table."""

    touches: int
    people: int
    begun: int
    answers: int
    first: Spread
    later: Spread
    resolved: Spread
    unanswered: int

    @property
    def silent(self) -> bool:
        return not (self.touches or self.begun or self.answers or self.resolved.count or self.unanswered)


@dataclass(frozen=True)
class Counted:
    """The facts of a span, as far as the filters let them through."""

    touches: Facts  # what people said to us
    begun: Facts  # stories that people began
    said: Facts  # what we said
    first: Facts  # first responses, at the moment they were given
    later: Facts  # next responses
    unanswered: Facts  # waits that ended without an answer
    resolved: Facts  # stories that were done and stayed so

    def parts(self) -> tuple[Facts, ...]:
        return (self.touches, self.begun, self.said, self.first, self.later, self.unanswered, self.resolved)

    def within(self, start: int, end: int) -> "Counted":
        return Counted(*(part.within(start, end) for part in self.parts()))

    def where(self, **values: int | None) -> "Counted":
        return Counted(*(part.where(**values) for part in self.parts()))

    def by(self, name: By) -> dict[int, "Counted"]:
        nothing = [part.only(slice(0)) for part in self.parts()]
        groups = [part.by(name) for part in self.parts()]
        keys = sorted({key for group in groups for key in group})
        return {
            key: Counted(*(group.get(key, none) for group, none in zip(groups, nothing, strict=True))) for key in keys
        }

    def series(self, edges: Sequence[int]) -> "list[Counted]":
        return [Counted(*parts) for parts in zip(*(part.series(edges) for part in self.parts()), strict=True)]

    @cached_property
    def figures(self) -> Figures:
        return Figures(
            touches=self.touches.total,
            people=self.touches.people,
            begun=self.begun.total,
            answers=self.said.total,
            first=self.first.spread,
            later=self.later.spread,
            resolved=self.resolved.spread,
            unanswered=self.unanswered.total,
        )


@dataclass(frozen=True)
class Report:
    """A period and the one before it."""

    wanted: Wanted
    zone: tzinfo
    material: Material
    counted: Counted
    before: Counted

    @property
    def series(self) -> list[Figures]:
        edges = [ticks(edge) for edge in self.wanted.period.edges(self.zone)]
        return [part.figures for part in self.counted.series(edges)]


def report(wanted: Wanted, *, agent: Agent, zone: tzinfo) -> Report:
    """Cost: two queries, one more to filter by intent. 0.3 s for 150,000 touches."""
    start = wanted.period.before().bounds(zone)[0]
    middle, end = wanted.period.bounds(zone)
    found = material(Asked(agent, start, end))
    counted = counted_in(found).where(
        channel=wanted.channel, team=wanted.team, agent=wanted.agent, intent=_number_of(wanted.intent, found)
    )
    return Report(
        wanted,
        zone,
        found,
        counted.within(ticks(middle), ticks(end)),
        counted.within(ticks(start), ticks(middle)),
    )


def _number_of(intent: str | None, found: Material) -> int | None:
    """The number of a name; one that nothing has where no story has that name."""
    if intent is None:
        return None
    return next((number for number, name in found.intents.items() if name == intent), NOTHING)


def counted_in(found: Material) -> Counted:
    """All facts of the stories, also those outside the span."""
    waits = found.answers
    rang = waits.asked != waits.by  # a call that began and ended a wait: how long it rang is not known
    answered, first = waits.answered & rang, waits.first
    theirs, ours = np.flatnonzero(found.theirs), np.flatnonzero(_by_us(found))
    return Counted(
        touches=_said(found, theirs),
        begun=_begun(found),
        said=_said(found, ours, by=found.said["author"][ours]),
        first=_waits(found, answered & first),
        later=_waits(found, answered & ~first),
        unanswered=_waits(found, ~waits.answered),
        resolved=_resolved(found),
    )


def _by_us(found: Material) -> npt.NDArray[np.bool_]:
    """What one of us said: messages out that no machine wrote, and calls that one of us took."""
    marks = found.said["marks"]
    return ((marks & OUT > 0) & (marks & AUTOMATIC == 0)) | ((marks & TAKEN > 0) & found.theirs)


def _said(found: Material, rows: Numbers, *, by: Numbers | None = None) -> Facts:
    at, stories = found.said["at"][rows], found.place[rows]
    agent = found.story["owner"][stories] if by is None else by
    return _facts(found, rows, at, np.zeros(len(rows)), stories, found.channel[rows], agent)


def _begun(found: Material) -> Facts:
    """Counted at the first thing that was said, where that was said by the person."""
    stories = np.flatnonzero(found.opening >= 0)
    rows = found.opening[stories]
    spoken = np.flatnonzero(found.said["marks"] & (AUTOMATIC | RULED) == 0)
    earliest = np.full(len(found.story["id"]), np.iinfo(np.int64).max, np.int64)
    np.minimum.at(earliest, found.place[spoken], found.said["at"][spoken])
    own = found.said["at"][rows] == earliest[stories]
    rows, stories = rows[own], stories[own]
    owners = found.story["owner"][stories]
    return _facts(found, rows, found.said["at"][rows], np.zeros(len(rows)), stories, found.channel[rows], owners)


def _waits(found: Material, chosen: npt.NDArray[np.bool_]) -> Facts:
    """Counted when the wait ended, for the channel on which the person asked and the one of us who answered."""
    asked, by = found.answers.asked[chosen], found.answers.by[chosen]
    at = found.said["at"][by]
    seconds = (at - found.said["at"][asked]) / 1_000_000
    return _facts(found, by, at, seconds, found.place[asked], found.channel[asked], found.said["author"][by])


def _resolved(found: Material) -> Facts:
    """From the first thing that the person said until the story was done, for the channel on which it began."""
    stories = np.flatnonzero((found.story["finished"] != NOTHING) & (found.opening >= 0))
    rows = found.opening[stories]
    at = found.story["finished"][stories]
    seconds = np.maximum(at - found.said["at"][rows], 0) / 1_000_000
    return _facts(found, rows, at, seconds, stories, found.channel[rows], found.story["owner"][stories])


def _facts(
    found: Material,
    rows: Numbers,
    at: Numbers,
    seconds: npt.NDArray[np.float64],
    stories: Numbers,
    channel: Numbers,
    agent: Numbers,
) -> Facts:
    story = found.story
    return Facts(
        number=found.said["id"][rows],
        at=at,
        seconds=seconds.astype(np.float64),
        story=story["id"][stories],
        person=story["person"][stories],
        channel=channel,
        intent=story["intent"][stories],
        team=story["team"][stories],
        agent=agent,
    )
