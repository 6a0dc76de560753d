"""What was said in the stories that a span of time concerns, as columns of numbers.

Two queries, whatever is asked later: the stories that this agent may see, and everything said in them by people, also
before the span, because a wait may have begun then. Stories are followed as they stand today: moved touches count where
they are now, and stories that became one are one.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

import numpy as np
import numpy.typing as npt
from django.db.models import Q

from threadline.accounts.models import Agent
from threadline.channels.kinds import known
from threadline.core.waiting import Answers, Touches, answers
from threadline.journeys.models import Journey, JourneyQuerySet
from threadline.lib import columns

Numbers = npt.NDArray[np.int64]
KINDS: Sequence[str] = [*sorted(known()), "other"]  # the last: kinds whose adapter was taken away
CHANNEL_NUMBERS = (len(KINDS) + 1) * 2
IN, OUT, RULED = 0, 1, 2
PUBLIC, THANKS, AUTOMATIC, TAKEN = 4, 8, 16, 32
NOTHING = int(np.iinfo(np.int64).min)
# Intents are texts: each is told by a number of 64 bits that follows from it. `-infinity` is `NOTHING`.
STORIES = """
    select j.id, j.customer_id, coalesce(j.team_id, 0), coalesce(j.owner_id, 0), hashtextextended(j.intent, 0),
        case when j.status = 'done' and j.closed_at is not null then j.closed_at else '-infinity' end
    from ({stories}) story join journeys_journey j on j.id = story.id
"""
STORY: dict[str, columns.Kind] = {
    "id": "number",
    "person": "number",
    "team": "number",
    "owner": "number",
    "intent": "number",
    "finished": "moment",
}
SAID = """
    select m.journey_id, i.id, i.at, coalesce(i.author_id, case when i.kind = 'phone' and i.direction = 'in' then
        (select a.id from accounts_agent a where a.handle = i.attributes ->> 'taken_by') end, 0),
        coalesce(array_position(%s::text[], i.kind::text), {other}),
        (case i.direction when 'out' then 1 else 0 end + case when i.public then 4 else 0 end
        + case when i.triage = 'praise' then 8 else 0 end + case when i.automatic <> '' then 16 else 0 end
        + case when i.direction = 'in' and (i.author_id is not null or i.kind = 'phone' and i.attributes ? 'taken_by')
            then 32 else 0 end)
    from ({stories}) story
    join journeys_membership m on m.journey_id = story.id and m.superseded_at is null
    join interactions_interaction i on i.id = m.interaction_id and i.direction <> 'event'
    where i.at < %s
    union all
    select e.journey_id, e.id, e.at, coalesce(e.agent_id, 0), 0, 2
    from ({stories}) story
    join accounts_event e on e.journey_id = story.id and e.verb in ('waited', 'done') and e.at < %s
    where not exists (select from accounts_event u where u.journey_id = e.journey_id and u.verb = 'undone'
        and u.facts ->> 'event' = e.id::text)
"""


@dataclass(frozen=True, slots=True)
class Asked:
    """The stories of a span, as this agent may see them."""

    agent: Agent
    start: datetime
    end: datetime


def stories_of(asked: Asked) -> JourneyQuerySet:
    """The standing stories in which something was said or that were finished since the start of the span."""
    lively = Q(last_at__gte=asked.start) | Q(closed_at__gte=asked.start, status=Journey.Status.DONE)
    return Journey.objects.visible_to(asked.agent).standing().filter(lively, opened_at__lt=asked.end)


@dataclass(frozen=True)
class Material:
    """Columns of the stories (`story`), in order of their number, and of what was said in them (`said`)."""

    story: Mapping[str, Numbers]
    said: Mapping[str, Numbers]

    @cached_property
    def place(self) -> Numbers:
        """For each thing said, the row of its story."""
        return np.searchsorted(self.story["id"], self.said["story"])

    @cached_property
    def intents(self) -> dict[int, str]:
        """The names of all intents that its stories have. Cost: one query."""
        numbers, rows = np.unique(self.story["intent"], return_index=True)
        stories = self.story["id"][rows]
        return names_of_intents(dict(zip(numbers.tolist(), stories.tolist(), strict=True)))

    @cached_property
    def theirs(self) -> npt.NDArray[np.bool_]:
        """What people said to us themselves, not their machines."""
        return (self.said["marks"] & (OUT | RULED | AUTOMATIC)) == IN

    @cached_property
    def channel(self) -> Numbers:
        """Kind and side of each thing said, as one number; `channel_name` tells its name."""
        return self.said["kind"] * 2 + (self.said["marks"] & PUBLIC > 0)

    @cached_property
    def opening(self) -> Numbers:
        """For each story, the row of the first thing a person said to us in it; -1 where nobody did."""
        first = np.full(len(self.story["id"]), -1, np.int64)
        rows = np.flatnonzero(self.theirs)
        rows = rows[np.lexsort((self.said["id"][rows], self.said["at"][rows]))][::-1]
        first[self.place[rows]] = rows  # the earliest is written last
        return first

    @cached_property
    def answers(self) -> Answers:
        marks = self.said["marks"]
        return answers(
            Touches(
                story=self.said["story"],
                id=self.said["id"],
                at=self.said["at"],
                ours=marks & OUT > 0,
                ruled=marks & RULED > 0,
                automatic=marks & AUTOMATIC > 0,
                thanks=marks & THANKS > 0,
                taken=marks & TAKEN > 0,
            )
        )


def channel_name(number: int) -> str:
    """`email`, `x+public`: as the stories' lists of channels write it."""
    kind, public = divmod(number, 2)
    return f"{KINDS[kind - 1]}{'+public' if public else ''}"


def channel_number(name: str) -> int | None:
    kind, _plus, side = name.partition("+")
    return (KINDS.index(kind) + 1) * 2 + (side == "public") if kind in KINDS else None


def names_of_intents(story_of: Mapping[int, int]) -> dict[int, str]:
    """What the numbers of intents stand for, told by a story of each. Cost: one query."""
    named = dict(Journey.objects.filter(pk__in=list(story_of.values())).values_list("pk", "intent"))
    return {number: named.get(story, "") for number, story in story_of.items()}


def material(asked: Asked) -> Material:
    """Cost: two queries; 0.1 s for 50,000 touches."""
    found = stories_of(asked)
    return Material(_stories(found), _said(found, asked))


def _stories(found: JourneyQuerySet) -> columns.Columns:
    text, values = columns.statement_of(found.order_by().values("id"))
    rows = columns.read(STORIES.format(stories=text), values, STORY)
    order = np.argsort(rows["id"])
    return {name: column[order] for name, column in rows.items()}


def _said(found: JourneyQuerySet, asked: Asked) -> columns.Columns:
    text, values = columns.statement_of(found.order_by().values("id"))
    statement = SAID.format(stories=text, other=len(KINDS))
    return columns.read(
        statement,
        [KINDS, *values, asked.end, *values, asked.end],
        {"story": "number", "id": "number", "at": "moment", "author": "number", "kind": "number", "marks": "number"},
    )
