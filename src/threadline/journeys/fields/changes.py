"""Filling in a field, as a function of the recorded Event alone; a replay does the same."""

from typing import Any

from django.db.models import QuerySet

from threadline.accounts.models import Event
from threadline.core.fields import Kind, number_of
from threadline.journeys.changes.registry import changes, undoes
from threadline.journeys.fields.models import FieldValue
from threadline.journeys.fields.settling import settle_people, settle_stories

VERB = "field_set"


@changes(VERB)
def fill_in(event: Event) -> None:
    values = {**_written(event.facts, event.facts["value"]), "event_id": event.pk, "at": event.at}
    FieldValue.objects.update_or_create(field_id=event.facts["field"], **where(event), defaults=values)
    _settle(event)


@undoes(VERB)
def put_back(event: Event) -> None:
    """What stood there before; where nothing was said here, what another part of it says counts again."""
    before = event.facts["before"]
    if before is None:
        said_here(event).delete()
    else:
        said_here(event).update(**_written(event.facts, before["value"]), event_id=before["event"], at=before["at"])
    _settle(event)


def where(event: Event) -> dict[str, Any]:
    """The person or the story of which it was said."""
    of_story = event.journey_id is not None
    return {
        "on_journey_id": event.journey_id,
        "on_customer_id": None if of_story else event.customer_id,
    }


def said_here(event: Event) -> "QuerySet[FieldValue]":
    return FieldValue.objects.filter(field=event.facts["field"], **where(event))


def _written(facts: dict[str, Any], value: str) -> dict[str, object]:
    return {"value": value, "number": number_of(value) if facts["kind"] == Kind.NUMBER and value else None}


def _settle(event: Event) -> None:
    if event.journey_id is not None:
        settle_stories([event.journey_id])
    elif event.customer_id is not None:
        settle_people([event.customer_id])
