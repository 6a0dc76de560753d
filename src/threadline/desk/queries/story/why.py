"""Why a touch stands where it stands, what else was possible, and what we think it says and who we think said it."""

from collections.abc import Sequence
from dataclasses import dataclass

from threadline.accounts.models import Agent, Decision
from threadline.interactions.models import Fact, Interaction, Told
from threadline.journeys.models import Journey, Membership
from threadline.journeys.told import proof_of


@dataclass(frozen=True, slots=True)
class Alternative:
    journey: Journey
    confidence: float
    reason: str


@dataclass(frozen=True, slots=True)
class Why:
    touch: Interaction
    journey: Journey
    membership: Membership
    earlier: Sequence[Membership]
    alternatives: Sequence[Alternative]
    stories: Sequence[Journey]
    facts: Sequence[Fact]
    told: Sequence[Told] = ()


def why(membership: Membership, *, agent: Agent) -> Why:
    """Cost: four queries, and one for a message of ours."""
    touch, journey = membership.interaction, membership.journey
    stories = list(
        Journey.objects.visible_to(agent)
        .standing()
        .filter(customer=journey.customer_id)
        .exclude(pk=journey.pk)
        .order_by("-last_at")[:30]
    )
    earlier = (
        Membership.objects.filter(interaction=touch)
        .exclude(pk=membership.pk)
        .select_related("decision__agent", "journey")
        .order_by("-pk")[:5]
    )
    facts = Fact.objects.filter(interaction=touch).order_by("pk")[:20]
    alternatives = _alternatives(membership.decision, agent, not_in=journey)
    told = proof_of(touch) if touch.direction == "out" else []
    return Why(touch, journey, membership, list(earlier), alternatives, stories, list(facts), told)


def _alternatives(decision: Decision, agent: Agent, *, not_in: Journey) -> list[Alternative]:
    """The stories the rules weighed, as far as the agent may see them. Those joined since lead on."""
    weighed = decision.evidence.get("alternatives") if isinstance(decision.evidence, dict) else None
    if not weighed:
        return []
    numbers = [number for number, _confidence, _reason in weighed if number != not_in.pk]
    seen = Journey.objects.visible_to(agent).standing().in_bulk(numbers)
    return [Alternative(seen[number], sure, reason) for number, sure, reason in weighed if number in seen]
