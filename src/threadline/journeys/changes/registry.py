"""Which verb changes what, and how it is undone: every room of stories registers its own changes here."""

from collections.abc import Callable

from threadline.accounts.models import Event
from threadline.journeys.clocks import tell_clocks
from threadline.journeys.fields.settling import settle_after
from threadline.journeys.models import Journey, JourneyQuerySet

Change = Callable[[Event], None]
CHANGES: dict[str, Change] = {}
UNDOES: dict[str, Change] = {}
STATUS_VERBS = ("snoozed", "waited", "done", "reopened")
MOVES_CLOCKS = {*STATUS_VERBS, "woken", "assigned"}


def apply(event: Event) -> None:
    """Carry out one recorded event. Verbs that only tell what happened change nothing here."""
    change = CHANGES.get(event.verb)
    if change:
        change(event)
        settle_after(event)
    if event.journey_id is not None and {event.verb, event.facts.get("of")} & MOVES_CLOCKS:
        tell_clocks([event.journey_id])


def changes(verb: str) -> Callable[[Change], Change]:
    def register(function: Change) -> Change:
        CHANGES[verb] = function
        return function

    return register


def undoes(verb: str) -> Callable[[Change], Change]:
    def register(function: Change) -> Change:
        UNDOES[verb] = function
        return function

    return register


def concerned(event: Event) -> JourneyQuerySet:
    """The journey that the event is about, as a query."""
    assert event.journey_id is not None, "these events are about a journey"
    return Journey.objects.filter(pk=event.journey_id)


def locked(event: Event) -> Journey:
    return concerned(event).select_for_update().get()
