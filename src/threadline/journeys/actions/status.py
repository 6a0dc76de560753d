"""Whose turn it is and who works on it."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from threadline.accounts.events import record
from threadline.accounts.models import Agent, Event, Team
from threadline.journeys.actions.ruling import By, ledger_mark, restricted_team, rule, standing_journey, status_of
from threadline.journeys.changes import apply
from threadline.journeys.models import Journey
from threadline.lib.errors import ThreadlineError
from threadline.lib.jobs import job, periodic

WAKE_AT_ONCE = 500


@transaction.atomic
def assign(*, journey: Journey, owner: Agent | None, team: Team | None, by: By, now: datetime) -> Event:
    """Give the journey to an agent, a team, both or nobody."""
    standing_journey(journey)
    if owner is not None and not owner.is_active:
        raise ThreadlineError(f"{owner} no longer works here. Choose somebody else.")
    before = {"owner": journey.owner_id, "team": journey.team_id}
    after = {"owner": owner.pk if owner else None, "team": team.pk if team else None}
    return rule("assigned", {**after, "before": before}, journey=journey, by=by, now=now)


@transaction.atomic
def snooze(*, journey: Journey, until: datetime, by: By, now: datetime) -> Event:
    """Put the journey away until a moment in the future; any touch by the customer wakes it earlier."""
    standing_journey(journey)
    if until <= now:
        raise ThreadlineError(f"Snooze until {until:%d %b %H:%M} lies in the past. Choose a later time.")
    facts = {"until": until.isoformat(), "before": status_of(journey)}
    return rule("snoozed", facts, journey=journey, by=by, now=now)


@transaction.atomic
def wait(*, journey: Journey, by: By, now: datetime) -> Event:
    """It is the customer's turn."""
    standing_journey(journey)
    return rule("waited", {"before": status_of(journey)}, journey=journey, by=by, now=now)


@transaction.atomic
def finish(*, journey: Journey, by: By, now: datetime, outcome: str = "") -> Event:
    """The experience is over; a touch about it within two weeks opens it again."""
    standing_journey(journey)
    return rule("done", {"outcome": outcome, "before": status_of(journey)}, journey=journey, by=by, now=now)


@transaction.atomic
def reopen(*, journey: Journey, by: By, now: datetime) -> Event:
    """It is our turn again, from now."""
    standing_journey(journey)
    if journey.status == Journey.Status.OPEN:
        raise ThreadlineError("This story is already open.")
    return rule("reopened", {"before": status_of(journey)}, journey=journey, by=by, now=now)


@transaction.atomic
def set_intent(*, journey: Journey, intent: str, by: By, now: datetime) -> Event:
    """Say what the journey is about."""
    standing_journey(journey)
    facts = {"intent": intent.strip(), "before": journey.intent}
    return rule("intent_set", facts, journey=journey, by=by, now=now)


@periodic(cron="* * * * * */5")
@job(queueing_lock="wake_snoozed")
def wake_snoozed(timestamp: int) -> None:
    """Reopen snoozed journeys whose time has come. Safe to run twice or late."""
    now = timezone.now()
    with transaction.atomic():
        due = Journey.objects.due_to_wake(now).select_for_update(skip_locked=True).order_by("wake_at")
        for journey in due[:WAKE_AT_ONCE]:
            event = record(
                "woken",
                at=now,
                journey_id=journey.pk,
                customer_id=journey.customer_id,
                team_id=restricted_team(journey),
                ledger_mark=ledger_mark(),
            )
            apply(event)
