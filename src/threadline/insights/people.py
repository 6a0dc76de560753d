"""How often people had to come back: what was noticed when their touches found their stories, counted by person.

What was noticed stands in the event of each touch (`core.stitching.noticing`). It was noticed about the story as it
was then, so it counts as long as the touch is still in that story, or in the one that story became part of.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from threadline.core.stitching.noticing import ESCAPED, REPEATED, SWITCHED
from threadline.core.waiting import Facts
from threadline.insights.report import Report
from threadline.journeys.models import Journey
from threadline.lib import columns

Numbers = npt.NDArray[np.int64]
NOTICES = (REPEATED, SWITCHED, ESCAPED)
NOTICED = """
    select interaction_id, coalesce(journey_id, 0), ((case when facts -> 'noticed' ? %s then 1 else 0 end)
        + (case when facts -> 'noticed' ? %s then 2 else 0 end)
        + (case when facts -> 'noticed' ? %s then 4 else 0 end))
    from accounts_event
    where verb = 'received' and facts ? 'noticed' and interaction_id between %s and %s
    order by id
"""


@dataclass(frozen=True, slots=True)
class Person:
    """One who said something in the period."""

    id: int
    touches: int
    stories: int
    channels: int
    again: int
    switched: int
    escaped: int


@dataclass(frozen=True)
class Counted:
    """What people said to us, and which of it was noticed as what."""

    touches: Facts
    noticed: Mapping[str, Facts]

    def within(self, start: int, end: int) -> "Counted":
        noticed = {name: facts.within(start, end) for name, facts in self.noticed.items()}
        return Counted(self.touches.within(start, end), noticed)

    @property
    def people(self) -> int:
        return self.touches.people

    @property
    def again(self) -> int:
        return self.noticed[REPEATED].people

    @property
    def switched(self) -> int:
        return self.noticed[SWITCHED].people

    @property
    def escaped(self) -> int:
        return self.noticed[ESCAPED].people

    def series(self, edges: list[int]) -> "list[Counted]":
        """One part for each span between two edges."""
        parts = {name: list(facts.series(edges)) for name, facts in self.noticed.items()}
        touches = self.touches.series(edges)
        return [
            Counted(each, {name: found[number] for name, found in parts.items()}) for number, each in enumerate(touches)
        ]


@dataclass(frozen=True)
class Comebacks:
    counted: Counted
    before: Counted


def comebacks(report: Report) -> Comebacks:
    """Cost: one query, one more where stories were joined or touches moved."""
    both = _joined(report.counted.touches, report.before.touches)
    bounds = [columns.ticks(edge) for edge in report.wanted.period.bounds(report.zone)]
    earlier = columns.ticks(report.wanted.period.before().bounds(report.zone)[0])
    counted = Counted(both, _noticed(both, report))
    return Comebacks(counted.within(*bounds), counted.within(earlier, bounds[0]))


def persons(counted: Counted, most: int | None = None) -> list[Person]:
    """Who came back most first, then who said most; all of them, or so many."""
    touches = counted.touches
    people, row, count = np.unique(touches.person, return_inverse=True, return_counts=True)
    noticed = [_times(people, counted.noticed[name]) for name in NOTICES]
    stories, channels = (_different(row, column, len(people)) for column in (touches.story, touches.channel))
    came_back = np.sum(noticed, axis=0)
    order = np.lexsort((people, -count, -came_back))[:most]
    told = (column[order].tolist() for column in (people, count, stories, channels, *noticed))
    return [Person(*values) for values in zip(*told, strict=True)]


def _different(row: Numbers, values: Numbers, many: int) -> Numbers:
    """How many different values each row has."""
    different, code = np.unique(values, return_inverse=True)
    pairs = np.unique(row * len(different) + code)
    return np.bincount(pairs // max(len(different), 1), minlength=many)


def _times(people: Numbers, facts: Facts) -> Numbers:
    """How many of the facts are of each of the people."""
    return np.bincount(np.searchsorted(people, facts.person), minlength=len(people))


def _joined(one: Facts, other: Facts) -> Facts:
    return Facts(*(np.concatenate(pair) for pair in zip(one, other, strict=True)))


def _noticed(touches: Facts, report: Report) -> dict[str, Facts]:
    marks = _marks(touches, report)
    return {name: touches.only(marks & (1 << number) > 0) for number, name in enumerate(NOTICES)}


def _marks(touches: Facts, report: Report) -> Numbers:
    """For each touch, what was noticed about it, one bit each."""
    marks = np.zeros(touches.total, np.int64)
    if not touches.total:
        return marks
    numbers = touches.number
    values = [*NOTICES, int(numbers.min()), int(numbers.max())]
    found = columns.read(NOTICED, values, {"touch": "number", "story": "number", "marks": "number"})
    order = np.argsort(numbers)
    place = np.minimum(np.searchsorted(numbers[order], found["touch"]), touches.total - 1)
    rows = order[place]
    known = numbers[rows] == found["touch"]
    rows, stories, noticed = rows[known], found["story"][known], found["marks"][known]
    still = _today(stories, touches.story[rows]) == touches.story[rows]
    marks[rows] = np.where(still, noticed, 0)
    return marks


def _today(stories: Numbers, expected: Numbers) -> Numbers:
    """What each of these stories became part of, asked only for those that are not as expected."""
    gone = np.unique(stories[stories != expected])
    became = dict(Journey.objects.filter(pk__in=gone.tolist()).values_list("pk", "joined_into")) if len(gone) else {}
    while left := {into for into in became.values() if into and into not in became}:
        became.update(Journey.objects.filter(pk__in=left).values_list("pk", "joined_into"))
    return np.asarray([_end_of(story, became) for story in stories.tolist()], np.int64)


def _end_of(story: int, became: Mapping[int, int | None]) -> int:
    while into := became.get(story):
        story = into
    return story
