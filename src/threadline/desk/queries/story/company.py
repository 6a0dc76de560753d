"""Who else is at a story: who looks, who writes, and what they have begun."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

from threadline.accounts.models import Agent
from threadline.accounts.rights import Right
from threadline.journeys.actions.onlookers import HERE, WRITING
from threadline.journeys.models import Draft, Journey, Onlooker
from threadline.journeys.summary import shorten
from threadline.lib.prepared import prepared

MOST = 20
WORDS = 160


@dataclass(frozen=True, slots=True)
class Colleague:
    """`draft` is what they have begun; `here` and `writing` are about this moment."""

    agent: Agent
    here: bool
    writing: bool
    draft: Draft | None = None

    @property
    def words(self) -> str:
        return shorten(self.draft.text, WORDS) if self.draft else ""


@dataclass(frozen=True, slots=True)
class Company:
    """The reader's own draft, and everybody else who is here or has begun something; who writes comes first."""

    own: Draft | None
    others: list[Colleague]


def company(journey: Journey, agent: Agent, *, now: datetime) -> Company:
    """Cost: two queries."""
    begun = _begun(journey.pk)
    notes = agent.may(Right.NOTES)
    drafts = {draft.agent_id: draft for draft in begun if notes or draft.way != "note"}
    seen: dict[int, Onlooker] = {each.agent_id: each for each in _present(journey.pk, now - HERE, agent.pk)}
    own = drafts.pop(agent.pk, None)
    people = {pk: each.agent for pk, each in seen.items()} | {pk: each.agent for pk, each in drafts.items()}
    others = [_colleague(each, seen.get(pk), drafts.get(pk), now) for pk, each in people.items() if each.is_active]
    return Company(own, sorted(others, key=lambda each: (not each.writing, each.draft is None, each.agent.name)))


@prepared
def _begun(journey: int) -> QuerySet[Draft]:
    return Draft.objects.filter(journey_id=journey).select_related("agent").order_by("begun_at")[:MOST]


@prepared
def _present(journey: int, since: datetime, reader: int) -> QuerySet[Onlooker]:
    present = Onlooker.objects.filter(journey_id=journey, seen_at__gte=since).exclude(agent=reader)
    return present.select_related("agent").order_by("pk")[:MOST]


def _colleague(agent: Agent, onlooker: Onlooker | None, draft: Draft | None, now: datetime) -> Colleague:
    writing = bool(onlooker and onlooker.wrote_at and onlooker.wrote_at >= now - WRITING)
    return Colleague(agent, onlooker is not None, writing, draft if draft and draft.text.strip() else None)
