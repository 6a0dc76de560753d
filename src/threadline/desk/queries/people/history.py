"""What was decided about who somebody is, in words, newest first, with who and when."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from threadline.accounts.models import Agent, Event
from threadline.customers.models import Customer
from threadline.desk.queries.fields import for_reader, words_of
from threadline.journeys.changes import UNDOES
from threadline.journeys.fields.changes import VERB as FIELD_SET

SHOWN = 40
ABOUT_PEOPLE = ("customers_merged", "kept_apart", "undone")
ABOUT_STORIES = ("joined", "moved", "split")


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that happened. `other` is the second person it concerns; `undo` says that it can be taken back."""

    event: Event
    words: str
    other: Customer | None
    undo: bool


def history(customer: Customer, *, related: Iterable[int], agent: Agent) -> list[Line]:
    """Events of this person, and those recorded at others that name them. Cost: four queries at most."""
    near = {customer.pk, *related, *customer.absorbed.values_list("pk", flat=True)}
    verbs = [*ABOUT_PEOPLE, *ABOUT_STORIES, FIELD_SET]
    events = Event.objects.visible_to(agent).filter(customer_id__in=near, verb__in=verbs).select_related("agent")
    found = for_reader([event for event in events.order_by("-pk")[: 5 * SHOWN] if not _of_a_story(event)], agent)
    ours = [event for event in found if _concerns(event, customer.pk, found)][:SHOWN]
    undone = {event.facts.get("event") for event in found if event.verb == "undone"}
    people = Customer.objects.in_bulk({number for event in ours for number in _two(event)})
    ours.sort(key=lambda event: (event.at, event.pk), reverse=True)
    return [_line(event, customer, people, undone) for event in ours]


def _of_a_story(event: Event) -> bool:
    """What stands in the fields of a story is told there."""
    return event.verb == FIELD_SET and event.journey_id is not None


def _two(event: Event) -> tuple[int, ...]:
    return tuple(event.facts[name] for name in ("from", "into") if event.verb in ABOUT_PEOPLE and name in event.facts)


def _concerns(event: Event, customer: int, found: list[Event]) -> bool:
    if event.customer_id == customer:
        return event.verb != "undone" or event.facts.get("of") in UNDOES
    if event.verb == "undone":
        first = next((each for each in found if each.pk == event.facts.get("event")), None)
        return first is not None and customer in _two(first)
    return customer in _two(event)


def _line(event: Event, customer: Customer, people: dict[int, Customer], undone: set[int]) -> Line:
    other = next((people[number] for number in _two(event) if number != customer.pk and number in people), None)
    can_undo = event.verb in (*ABOUT_PEOPLE, FIELD_SET) and event.verb in UNDOES and event.pk not in undone
    return Line(event, _words(event), other, can_undo)


def _words(event: Event) -> str:
    if event.verb == "undone":
        return {
            "customers_merged": _("Taken apart again"),
            "kept_apart": _("No longer kept apart for good"),
            FIELD_SET: _("Took back what stood in a field"),
        }.get(event.facts.get("of", ""), _("Undid a step in a story"))
    if event.verb == FIELD_SET:
        return filled_in(event)
    return {
        "customers_merged": _("Joined with"),
        "kept_apart": _("Kept apart from"),
        "joined": _("Two stories became one"),
        "moved": _("A touch was put into another story"),
        "split": _("A story was split"),
    }[event.verb]


def filled_in(event: Event) -> str:
    """`Contract: Gold`"""
    value = words_of(event.facts["kind"], event.facts["value"])
    return _("%(name)s: %(value)s") % {"name": event.facts["name"], "value": value or _("nothing any more")}
