"""Putting touches into journeys on somebody's word, and folding anew the journeys that they left and reached."""

from collections.abc import Iterable

from threadline.accounts.models import Decision, Event
from threadline.interactions.models import Interaction
from threadline.journeys.clocks import tell_clocks
from threadline.journeys.memory import tell_anew
from threadline.journeys.models import Journey, Membership
from threadline.journeys.summary import members, summarise


def place(interactions: Iterable[int], journey: int, event: Event, reason: str) -> None:
    """Supersede where these interactions are and put them into `journey`, on an agent's word."""
    numbers = list(interactions)
    Membership.objects.filter(interaction__in=numbers, superseded_at=None).update(superseded_at=event.at)
    decision = Decision.objects.create(
        kind="move", reason=reason, confidence=1, by="agent", agent_id=event.agent_id, at=event.at
    )
    Membership.objects.bulk_create(
        Membership(interaction_id=number, journey_id=journey, decision=decision, at=event.at) for number in numbers
    )


def new_journey(number: int, model: int, interactions: list[int]) -> None:
    old = Journey.objects.get(pk=model)
    first = Interaction.objects.select_related("identity").filter(pk__in=interactions).order_by("at", "pk")[0]
    assert first.identity is not None, "touches in a journey have an owner"
    Journey.objects.create(
        pk=number,
        customer_id=first.identity.customer_id,
        brand_id=old.brand_id,
        status=Journey.Status.WAITING,
        owner_id=old.owner_id,
        team_id=old.team_id,
        opened_at=first.at,
        last_at=first.at,
        last_direction=first.direction,
    )


def refresh(journeys: list[int]) -> None:
    """Fold these journeys anew. One whose last touch left keeps what it showed and is no longer listed."""
    touches = members(journeys)
    for journey in Journey.objects.select_for_update().filter(pk__in=journeys).order_by("pk"):
        if touches[journey.pk]:
            tell_anew(journey, touches[journey.pk])
            summarise(journey, touches[journey.pk])
    for number in journeys:
        _retire_if_empty(number, journeys, touches)
    tell_clocks(journeys)


def _retire_if_empty(number: int, journeys: list[int], touches: dict[int, list[Interaction]]) -> None:
    if touches[number]:
        return
    other = next((candidate for candidate in journeys if candidate != number), None)
    Journey.objects.filter(pk=number, joined_into=None).update(joined_into=other)
