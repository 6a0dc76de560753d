"""What became of a promise: warned, broken, told when closed."""

from datetime import datetime

from django.db.models import F, QuerySet

from threadline.accounts.models import Event
from threadline.journeys.changes.registry import changes
from threadline.journeys.clocks import up_to_date
from threadline.journeys.models import Clock


@changes("promise_warned")
def warned(event: Event) -> None:
    _clock(event).update(warned_at=event.at, next_at=F("due_at"))


@changes("promise_broken")
def broken(event: Event) -> None:
    _clock(event).update(broken_at=F("due_at"), next_at=None)


@changes("told_when_closed")
def told_when_closed(event: Event) -> None:
    _clock(event).update(told_at=event.at)


def _clock(event: Event) -> QuerySet[Clock]:
    """The clock that an event is about: a story may have been told anew since, and its clock with it."""
    assert event.journey_id is not None, "clocks are those of a journey"
    up_to_date(event.journey_id)
    started = datetime.fromisoformat(event.facts["started"])
    found = Clock.objects.filter(journey=event.journey_id, started_at=started, met_at=None)
    return found.filter(kind="resolution") if event.facts["kind"] == "resolution" else found.exclude(kind="resolution")
