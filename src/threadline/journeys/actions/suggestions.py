"""Answering what the rules asked: this touch belongs to the other story, or it is where it should be."""

from datetime import datetime

from django.db import transaction

from threadline.accounts.models import Agent, Event
from threadline.interactions.models import Interaction
from threadline.journeys.actions.ruling import rule, standing_journey
from threadline.journeys.actions.structure import home_of, join, move
from threadline.journeys.lock import hold_pipeline
from threadline.journeys.models import Journey, Membership


@transaction.atomic
def accept_suggestion(*, interaction: Interaction, to: Journey, by: Agent, now: datetime) -> Event:
    """The touch belongs to the suggested story. If it began the story it is in, that whole story does."""
    hold_pipeline()
    home = home_of(interaction)
    if home.pk != to.pk and began(home, interaction):
        return join(journey=home, into=to, by=by, now=now)
    return move(interaction=interaction, to=to, by=by, now=now)


@transaction.atomic
def keep_here(*, interaction: Interaction, by: Agent, now: datetime) -> Event:
    """The touch is where it belongs: nobody is asked again, and learning takes the agent's word for it."""
    hold_pipeline()
    home = standing_journey(home_of(interaction))
    facts = {"interactions": [interaction.pk], "reason": f"{by} says that it belongs here."}
    return rule("kept_here", facts, journey=home, by=by, now=now)


def began(journey: Journey, interaction: Interaction) -> bool:
    first = (
        Membership.objects.filter(journey=journey, superseded_at=None)
        .order_by("interaction__at", "interaction")
        .values_list("interaction", flat=True)
        .first()
    )
    return first == interaction.pk
