"""The moment as a whole: who waits for us now, since when, where and about what, and how long answers took today."""

from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo

import numpy as np
import numpy.typing as npt

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
# The channel of a story that waits is where something was said last.
WAITING = """
    select j.id, j.customer_id, j.waiting_since, coalesce(j.owner_id, 0), hashtextextended(j.intent, 0),
        coalesce(array_position(%s::text[], j.channels[cardinality(j.channels)]::text), 0)
    from ({stories}) story join journeys_journey j on j.id = story.id
"""
CHANNELS = [f"{kind}{side}" for kind in KINDS for side in ("", "+public")]


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

    @property
    def people(self) -> int:
        return len(np.unique(self.person))

    @property
    def longest(self) -> datetime | None:
        return moment(self.since[0]) if self.stories else None

    def only(self, chosen: npt.NDArray[np.bool_] | Numbers) -> "Waiting":
        return Waiting(*(getattr(self, name)[chosen] for name in FIELDS))

    def by(self, name: str) -> "dict[int, Waiting]":
        """In parts by one of the columns, each with the longest wait first."""
        column: Numbers = getattr(self, name)
        order = np.argsort(column, kind="stable")
        values, starts = np.unique(column[order], return_index=True)
        parts = np.split(order, starts[1:]) if len(order) else []
        return {int(value): self.only(part) for value, part in zip(values, parts, strict=True)}

    @property
    def public(self) -> "Waiting":
        return self.only((self.channel % 2 == 1) & (self.channel > 1))

    @property
    def nobodys(self) -> "Waiting":
        return self.only(self.owner == 0)


FIELDS: dict[str, columns.Kind] = {
    "story": "number",
    "person": "number",
    "since": "moment",
    "owner": "number",
    "intent": "number",
    "channel": "number",
}


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
    """Cost: one query over the stories that wait."""
    found = Journey.objects.visible_to(agent).standing().filter(status=Journey.Status.OPEN)
    text, values = columns.statement_of(found.order_by().values("id"))
    rows = columns.read(WAITING.format(stories=text), [CHANNELS, *values], FIELDS)
    # Places in the list of channels, from 1, become the numbers that `channel_name` knows.
    rows["channel"] += (rows["channel"] > 0).astype(np.int64)
    order = np.lexsort((rows["story"], rows["since"]))
    return Waiting(**{name: rows[name][order] for name in FIELDS})


def longest_waits(of: Waiting, most: int) -> list[LongestWait]:
    people, firsts, counts = np.unique(of.person, return_index=True, return_counts=True)
    order = np.argsort(firsts)[:most]
    return [
        LongestWait(int(people[row]), int(of.story[firsts[row]]), moment(of.since[firsts[row]]), int(counts[row]))
        for row in order
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
