"""Reads that a screen asks for: where the rules were not sure, and what they expect next."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

from threadline.accounts.models import Agent, Decision
from threadline.core.stitching.expecting import Expected, expected
from threadline.interactions.models import Interaction
from threadline.journeys.memory import recall
from threadline.journeys.models import Journey, Membership
from threadline.lib.prepared import prepared

SURE = 0.8  # below this a touch's place is asked about
WORTH_ASKING = 0.15  # the least likely story that is offered instead


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """Another story that a touch may belong to: how probable it is, and the weightiest clue for it."""

    journey: Journey
    confidence: float
    reason: str


@dataclass(frozen=True, slots=True)
class OpenSuggestion:
    """A touch whose place was not sure. Accept it with `actions.accept_suggestion`, else `actions.keep_here`."""

    interaction: Interaction
    confidence: float
    reason: str
    elsewhere: tuple[Elsewhere, ...]


def open_suggestions(journey: Journey, *, agent: Agent) -> list[OpenSuggestion]:
    """The touches of a story that may belong elsewhere, oldest first; only stories that the agent may see are named.

    Cost: two queries, four where there is something to ask.
    """
    members = _unsure(journey.pk)
    if not members:
        return []
    standing = standing_of({number for member in members for number, _, _ in offered(member)}, agent)
    found = [suggestion_of(member, standing) for member in members]
    return [suggestion for suggestion in found if suggestion.elsewhere]


@prepared
def _unsure(journey: int) -> QuerySet[Membership]:
    rules = Membership.objects.filter(journey=journey, superseded_at=None, decision__by=Decision.By.RULE)
    unsure = rules.filter(decision__confidence__lt=SURE, decision__evidence__has_key="alternatives")
    return unsure.select_related("interaction", "decision").order_by("interaction__at", "interaction")


def offered(member: Membership) -> list[tuple[int, float, str]]:
    """The stories that came second and third, as the decision remembers them."""
    alternatives = member.decision.evidence.get("alternatives", [])
    return [(number, sure, reason) for number, sure, reason in alternatives if sure >= WORTH_ASKING]


def standing_of(numbers: set[int], agent: Agent) -> dict[int, Journey]:
    """Number to the story that it leads to by now."""
    leads = {number: number for number in numbers}
    while moved := joined(set(leads.values())):
        leads = {number: moved.get(end, end) for number, end in leads.items()}
    rows = Journey.objects.visible_to(agent).in_bulk(set(leads.values()))
    return {number: rows[end] for number, end in leads.items() if end in rows}


def parts_of(number: int) -> set[int]:
    """The story itself and those that became part of it, also by way of others. Cost: one query, one more a step."""
    found = fresh = {number}
    while fresh := set(_joined_into(list(fresh))) - found:
        found = found | fresh
    return found


@prepared
def _joined_into(numbers: Sequence[int]) -> QuerySet[Journey, int]:
    return Journey.objects.filter(joined_into__any=numbers).values_list("pk", flat=True)


def joined(numbers: set[int]) -> dict[int, int]:
    """Those that were joined, and into which."""
    rows = Journey.objects.filter(pk__in=numbers).values_list("pk", "joined_into")
    return {number: into for number, into in rows if into is not None}


def suggestion_of(member: Membership, standing: dict[int, Journey]) -> OpenSuggestion:
    elsewhere = {
        standing[number].pk: Elsewhere(standing[number], sure, reason)
        for number, sure, reason in reversed(offered(member))
        if number in standing and standing[number].pk != member.journey_id
    }
    best_first = sorted(elsewhere.values(), key=lambda other: -other.confidence)
    return OpenSuggestion(member.interaction, member.decision.confidence, member.decision.reason, tuple(best_first))


def likely_next(journeys: Sequence[Journey], *, now: datetime) -> dict[int, Expected]:
    """For each story the customer's likely next touch if we do nothing. No query."""
    found = {journey.pk: expected(recall(journey), now) for journey in journeys if journey.memory}
    return {number: each for number, each in found.items() if each is not None}
