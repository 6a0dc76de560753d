"""Whose turn it is: snoozed, woken, waiting for them, done, open again."""

from django.utils.dateparse import parse_datetime

from threadline.accounts.models import Event
from threadline.journeys.changes.registry import changes, locked, undoes
from threadline.journeys.models import Journey
from threadline.journeys.summary import members, spoken, turn, waits_again, waits_for_them

STATUS_MOMENTS = ("waiting_since", "wake_at", "closed_at", "ruled_at", "settled_at")


@changes("snoozed")
def snooze(event: Event) -> None:
    journey = locked(event)
    journey.status, journey.wake_at = Journey.Status.SNOOZED, parse_datetime(event.facts["until"])
    journey.save(update_fields=["status", "wake_at"])


@changes("woken")
def wake(event: Event) -> None:
    journey = locked(event)
    waits_again(journey, event.at)
    journey.save(update_fields=["status", "wake_at", "waiting_since"])


@changes("waited")
def wait(event: Event) -> None:
    journey = locked(event)
    _rule(journey, event, Journey.Status.WAITING)


@changes("done")
def finish(event: Event) -> None:
    journey = locked(event)
    journey.closed_at, journey.outcome = event.at, event.facts.get("outcome", "")[:120] or journey.outcome
    _rule(journey, event, Journey.Status.DONE)


@changes("reopened")
def reopen(event: Event) -> None:
    journey = locked(event)
    journey.status, journey.wake_at, journey.closed_at = Journey.Status.OPEN, None, None
    journey.waiting_since = event.at
    journey.save(update_fields=["status", "wake_at", "closed_at", "waiting_since"])


def _rule(journey: Journey, event: Event, status: str) -> None:
    waits_for_them(journey, event.at, status=status)
    journey.save(update_fields=["status", "waiting_since", "wake_at", "ruled_at", "settled_at", "closed_at", "outcome"])


@undoes("snoozed")
@undoes("waited")
@undoes("done")
@undoes("reopened")
def restore_status(event: Event) -> None:
    """Back to the status before, as the event remembers it; what was said since then counts on top."""
    journey, before = locked(event), event.facts["before"]
    for name in STATUS_MOMENTS:
        setattr(journey, name, parse_datetime(before[name]) if before[name] else None)
    journey.status, journey.outcome = before["status"], before.get("outcome", journey.outcome)
    done_at = Event.objects.get(pk=event.pk).at
    for touch in members([journey.pk])[journey.pk]:
        if touch.at > done_at:
            turn(journey, spoken(touch, first=False))
    journey.save(update_fields=["status", "outcome", *STATUS_MOMENTS])
