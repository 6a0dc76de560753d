"""The moment as a whole: who waits for us now, since when, where and about what, and how long answers took today."""

from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from functools import cached_property, lru_cache

import numpy as np
import numpy.typing as npt
from django.db import connection

from threadline.accounts.models import Agent
from threadline.core.periods import midnight
from threadline.core.waiting import NONE, Facts, Spread
from threadline.insights.report import Counted, counted_in
from threadline.insights.stories import KINDS, Asked, material
from threadline.journeys.models import Journey
from threadline.lib import columns
from threadline.lib.columns import moment, ticks

Numbers = npt.NDArray[np.int64]
STEP = timedelta(minutes=30)
# The channel of a story that waits is where something was said last. Intent and channel are told by one number of 32
# bits each, packed into one column: looking names up in a list took the database as long as all the rest.
WAITING = """
    select id, customer_id, waiting_since, coalesce(owner_id, 0),
        (hashtext(intent)::bigint << 32) | (coalesce(hashtext(channels[cardinality(channels)]), 0)::bigint & 4294967295)
    from ({stories}) story (id, customer_id, waiting_since, owner_id, intent, channels)
"""
READ = ("id", "customer", "waiting_since", "owner", "intent", "channels")  # all of it stands in the queue's index
CHANNELS = [f"{kind}{side}" for kind in KINDS for side in ("", "+public")]
FIELDS: dict[str, columns.Kind] = {
    "story": "number",
    "person": "number",
    "since": "moment",
    "owner": "number",
    "packed": "number",
}


@dataclass(frozen=True, slots=True)
class Part:
    """Those who wait under one value: how many people, since when the first of them, and that one's story."""

    people: int
    since: datetime
    story: int


@dataclass(frozen=True)
class Waiting:
    """The stories that wait for us, longest wait first."""

    story: Numbers
    person: Numbers
    since: Numbers
    owner: Numbers
    intent: Numbers
    channel: Numbers

    @property
    def stories(self) -> int:
        return len(self.story)

    @cached_property
    def persons(self) -> tuple[Numbers, Numbers]:
        """Each person's first row, and for each row which of the persons it is of."""
        _values, first, row = np.unique(self.person, return_index=True, return_inverse=True)
        return first, row

    @cached_property
    def again(self) -> Numbers:
        """The rows of persons who wait in several stories: only they may be counted twice."""
        return np.flatnonzero(np.bincount(self.persons[1], minlength=1)[self.persons[1]] > 1)

    @property
    def people(self) -> int:
        return len(self.persons[0])

    def people_where(self, chosen: npt.NDArray[np.bool_]) -> int:
        twice = self.again[chosen[self.again]]
        return int(np.count_nonzero(chosen)) - len(twice) + len(np.unique(self.persons[1][twice]))

    def by(self, name: str) -> dict[int, Part]:
        """In parts by one of the columns."""
        values, row = np.unique(getattr(self, name), return_inverse=True)
        first = np.zeros(len(values), np.int64)
        first[row[::-1]] = np.arange(self.stories)[::-1]  # the earliest is written last
        counts = np.bincount(row, minlength=len(values)) - self._twice(row, len(values))
        return {
            int(value): Part(int(count), moment(self.since[at]), int(self.story[at]))
            for value, count, at in zip(values, counts, first, strict=True)
        }

    def _twice(self, row: Numbers, groups: int) -> Numbers:
        """For each group, how many rows are of persons who stand in it already."""
        rows = self.again
        pairs = row[rows] * max(self.people, 1) + self.persons[1][rows]
        different = np.unique(pairs) // max(self.people, 1)
        return np.bincount(row[rows], minlength=groups) - np.bincount(different, minlength=groups)

    @cached_property
    def owners(self) -> dict[int, Part]:
        return self.by("owner")

    @property
    def public(self) -> Part | None:
        rows = np.flatnonzero((self.channel % 2 == 1) & (self.channel > 1))
        if not len(rows):
            return None
        people = len(np.unique(self.person[rows]))
        return Part(people, moment(self.since[rows[0]]), int(self.story[rows[0]]))


@dataclass(frozen=True, slots=True)
class LongestWait:
    """One person, whose wait over all channels and stories began at `since`; `story` is the one it began in."""

    person: int
    story: int
    since: datetime
    stories: int


@dataclass(frozen=True)
class Today:
    """What was done since midnight. `answered` holds every wait that ended with an answer."""

    counted: Counted
    answered: Facts

    def waits(self, channel: int | None = None) -> Spread:
        facts = self.answered.where(channel=channel)
        return facts.spread if facts.total else NONE


def waiting(agent: Agent) -> Waiting:
    """Cost: one query over the stories that wait, which reads nothing but the queue's index."""
    found = Journey.objects.visible_to(agent).standing().filter(status=Journey.Status.OPEN)
    text, values = columns.statement_of(found.order_by().values_list(*READ))
    rows = columns.read(WAITING.format(stories=text), values, FIELDS)
    order = np.lexsort((rows["story"], rows["since"]))
    story, person, since, owner, packed = (rows[name][order] for name in FIELDS)
    return Waiting(story, person, since, owner, packed >> 32, _channels(packed & 0xFFFFFFFF))


def _channels(hashed: Numbers) -> Numbers:
    """The numbers that `channel_name` knows; 0 where nothing was said."""
    known, numbers = _hashes()
    place = np.minimum(np.searchsorted(known, hashed), len(known) - 1)
    return np.where(known[place] == hashed, numbers[place], 0)


@lru_cache(1)
def _hashes() -> tuple[Numbers, Numbers]:
    """What the database makes of the name of each channel, in order, and its number. Cost: one query a process."""
    with connection.cursor() as cursor:
        cursor.execute("select hashtext(name)::bigint & 4294967295 from unnest(%s::text[]) name", [CHANNELS])
        hashed = np.asarray([number for (number,) in cursor.fetchall()], np.int64)
    order = np.argsort(hashed)
    return hashed[order], order + 2


def longest_waits(of: Waiting, most: int) -> list[LongestWait]:
    firsts, person = of.persons
    counts = np.bincount(person, minlength=1)
    return [
        LongestWait(int(of.person[row]), int(of.story[row]), moment(of.since[row]), int(counts[person[row]]))
        for row in np.sort(firsts)[:most]
    ]


def today(agent: Agent, *, now: datetime, zone: tzinfo) -> Today:
    """Cost: two queries over the stories in which something was said today."""
    start = midnight(now.astimezone(zone).date(), zone)
    found = counted_in(material(Asked(agent, start, now + timedelta(seconds=1))))
    counted = found.within(ticks(start), ticks(now) + 1_000_000)
    answered = Facts(*(np.concatenate(pair) for pair in zip(counted.first, counted.later, strict=True)))
    return Today(counted, answered)


def curve(of: Waiting, day: Today, *, now: datetime, zone: tzinfo) -> list[tuple[datetime, int]]:
    """How many stories waited at every half hour since midnight, and now."""
    start = midnight(now.astimezone(zone).date(), zone)
    over = (day.answered, day.counted.unanswered)
    ends = np.sort(np.concatenate([facts.at for facts in over]))
    begins = [facts.at - (facts.seconds * 1_000_000).astype(np.int64) for facts in over]
    starts = np.sort(np.concatenate([*begins, of.since]))
    moments = [start + STEP * number for number in range(int((now - start) / STEP) + 1)]
    points = np.asarray([ticks(at) for at in [*moments, now]], np.int64)
    counts = np.searchsorted(starts, points, "right") - np.searchsorted(ends, points, "right")
    counts[-1] = of.stories
    return [(at, int(count)) for at, count in zip([*moments, now], counts, strict=True)]
