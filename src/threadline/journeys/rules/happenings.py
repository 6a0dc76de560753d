"""What rules look at: events of the log as things that happened to stories, in their order and none left out."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils import timezone

from threadline.accounts.models import Event
from threadline.interactions.models import Interaction
from threadline.journeys.models import Journey, RulePlace

AT_ONCE = 500
HISTORY = timedelta(days=1)
UNSETTLED = timedelta(seconds=15)
VERBS = {
    "replied": "answered",
    "assigned": "assigned",
    "handed_over": "assigned",
    "routed": "assigned",
    "intent_set": "intent_set",
    "field_set": "field_set",
    "done": "done",
    "reopened": "reopened",
    "promise_warned": "promise_warned",
    "promise_broken": "promise_broken",
    "supervisor_demanded": "supervisor_demanded",
}


@dataclass(frozen=True, slots=True)
class Happening:
    """`on` is one of EVENTS or SPANS. `cause` names it for ever; `only` is the rule whose span is over."""

    on: str
    journey: int
    at: datetime
    cause: str
    touch: int = 0
    chain: tuple[str, ...] = ()
    only: str = ""


def next_events() -> list[Event]:
    """The next stretch of the log behind the place that rules have read to.

    A number that is missing may still be written by somebody: reading stops before it for a few seconds. Whoever
    writes an event is done within one, so after that it will never come.
    """
    place = RulePlace.objects.values_list("event_id", flat=True).first()
    if place is None:
        return []
    found = list(Event.objects.since(place).defer("agent")[:AT_ONCE])
    settled = timezone.now() - UNSETTLED
    for index, event in enumerate(found):
        if event.pk != (place if index == 0 else found[index - 1].pk) + 1 and event.recorded_at > settled:
            return found[:index]
    return found


def read_to(event: Event) -> None:
    RulePlace.objects.update(event_id=event.pk)


def told(events: Sequence[Event]) -> Iterator[Happening]:
    """What the events mean for stories, in order. Cost: two queries.

    What happened long before it came in is history: nobody expects rules to answer a mail of last year.
    """
    came = [event.interaction_id for event in events if event.verb == "received"]
    touches = Interaction.objects.only("direction", "at").in_bulk([pk for pk in came if pk])
    stands = standing_of(event.journey_id for event in events if event.journey_id)
    for event in events:
        journey = stands.get(event.journey_id or 0)
        if journey is None:
            continue
        chain = tuple((event.facts.get("by_rule") or {}).get("chain", ()))
        if event.verb in VERBS:
            yield Happening(VERBS[event.verb], journey, event.at, f"event {event.pk}", chain=chain)
        elif event.verb == "received":
            yield from _received(event, journey, touches.get(event.interaction_id or 0))


def _received(event: Event, journey: int, touch: Interaction | None) -> Iterator[Happening]:
    if touch is None or touch.direction != "in" or touch.at < event.at - HISTORY:
        return
    if event.journey_id == touch.pk:
        yield Happening("opened", journey, event.at, f"opened {event.pk}", touch.pk)
    yield Happening("received", journey, event.at, f"event {event.pk}", touch.pk)


def standing_of(numbers: Iterable[int]) -> dict[int, int]:
    """Each story to the one that it is part of by now. Cost: one query, one more for each join on the way."""
    into: dict[int, int | None] = {}
    asked = set(numbers)
    wanted = tuple(asked)
    while asked:
        into |= dict(Journey.objects.filter(pk__in=asked).values_list("pk", "joined_into"))
        asked = {to for to in into.values() if to is not None and to not in into}
    return {number: _end(number, into) for number in wanted if number in into}


def _end(number: int, into: dict[int, int | None]) -> int:
    for _ in range(len(into)):
        number = into.get(number) or number
    return number
