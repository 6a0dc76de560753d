"""Handing a story over with a brief, and the way to a supervisor, which nobody may block."""

from datetime import datetime

from django.db import transaction
from django.db.models import Count, Q, QuerySet

from threadline.accounts.models import Agent, Event, Team
from threadline.core.routing import Policy
from threadline.journeys.actions.ruling import rule, standing_journey
from threadline.journeys.models import SUPERVISOR, Journey
from threadline.journeys.routing import in_use
from threadline.lib.errors import ThreadlineError

MOST_WORDS = 4_000
PRESENT_FIRST = ("available", "busy", "away")


@transaction.atomic
def hand_over(
    *,
    journey: Journey,
    owner: Agent | None,
    team: Team | None,
    asked: str,
    tried: str,
    promised: str,
    by: Agent,
    now: datetime,
) -> Event:
    """Give the story to somebody, or to whoever of a team is free, with what they need to go on.

    Raises:
        ThreadlineError: nobody named, somebody who left, it is theirs already, or words without end.
    """
    standing_journey(journey)
    if owner is None and team is None:
        raise ThreadlineError("Choose a colleague or a team to hand it over to.")
    if owner is not None and not owner.is_active:
        raise ThreadlineError(f"{owner} no longer works here. Choose somebody else.")
    to = {"owner": owner.pk if owner else None, "team": team.pk if team else journey.team_id}
    before = {"owner": journey.owner_id, "team": journey.team_id}
    if to == before:
        raise ThreadlineError(f"It is with {owner or team} already. Choose somebody else.")
    brief = {"asked": asked.strip(), "tried": tried.strip(), "promised": promised.strip()}
    if any(len(words) > MOST_WORDS for words in brief.values()):
        raise ThreadlineError(f"Keep each part of the brief under {MOST_WORDS:,} characters.")
    return rule("handed_over", {**to, "before": before, "brief": brief}, journey=journey, by=by, now=now)


@transaction.atomic
def demand_supervisor(*, journey: Journey, words: str, by: Agent, now: datetime) -> Event:
    """They ask for somebody who may decide more. Recorded as an outcome; a supervisor gets it, away or not.

    Raises:
        ThreadlineError: it was recorded before.
    """
    standing_journey(journey)
    if journey.outcome == SUPERVISOR:
        raise ThreadlineError("They asked for a supervisor before; it is recorded.")
    decider = supervisor_for(journey, by=by)
    facts = {
        "owner": decider.pk if decider else journey.owner_id,
        "team": journey.team_id,
        "before": {"owner": journey.owner_id, "team": journey.team_id, "outcome": journey.outcome},
        "words": words.strip()[:MOST_WORDS],
    }
    return rule("supervisor_demanded", facts, journey=journey, by=by, now=now)


def supervisor_for(journey: Journey, *, by: Agent | None) -> Agent | None:
    """Whoever may decide: one who is here before one who is not, then who has least to do."""
    if by is not None and any(one.pk == by.pk for one in supervisors()):
        return by
    waiting = Count("journeys", filter=Q(journeys__status=Journey.Status.OPEN, journeys__joined_into=None))
    found = list(supervisors().annotate(waiting=waiting))
    return min(found, key=lambda one: (PRESENT_FIRST.index(one.presence), one.waiting, one.pk), default=None)


def supervisors() -> QuerySet[Agent]:
    """Those named in the routing rules; without any, the admins."""
    named = (in_use() or Policy()).supervisors
    active = Agent.objects.filter(is_active=True)
    return (
        active.filter(pk__in=named) if named and active.filter(pk__in=named).exists() else active.filter(is_admin=True)
    )
