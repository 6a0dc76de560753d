"""Filling in a field of a story or a person: by an agent, a rule or a program, each with its Event and its undo."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from threadline.accounts.models import Agent, Event
from threadline.accounts.rights import Right
from threadline.core import fields as core
from threadline.customers.models import Customer
from threadline.journeys.actions.ruling import By, rule, standing_journey
from threadline.journeys.fields.changes import VERB
from threadline.journeys.fields.models import Field, FieldValue
from threadline.journeys.models import Journey
from threadline.lib.errors import ThreadlineError


@transaction.atomic
def set_field(
    *, field: Field, value: str, by: By, now: datetime, journey: Journey | None = None, customer: Customer | None = None
) -> Event | None:
    """Write it into the story, or of the person. None where it stands there already.

    Raises:
        ThreadlineError: the value is none of its kind, the field is switched off or not theirs, in words.
    """
    _may(field, by)
    subject = _subject(field, journey, customer)
    said = read(field, value)
    known = FieldValue.objects.filter(field=field)
    counts = known.filter(journey=journey) if journey else known.filter(customer=customer)
    was = counts.values_list("value", flat=True).first() or ""
    if said == was:
        return None
    facts = {"field": field.pk, "name": field.name, "kind": field.kind, "value": said, "was": was}
    facts["before"] = _said_here(known.filter(on_journey=journey, on_customer=None if journey else customer).first())
    return rule(VERB, facts, journey=journey, by=by, now=now, customer_id=subject)


def set_field_at(field: Field, value: str, *, journey: Journey, by: By, now: datetime) -> Event | None:
    """As above, from a story: into the story, or of its person, as the field is."""
    if field.of == Field.Of.STORY:
        return set_field(field=field, value=value, journey=journey, by=by, now=now)
    person = Customer.objects.get(pk=journey.customer_id)
    return set_field(field=field, value=value, customer=person, by=by, now=now)


def read(field: Field, value: str) -> str:
    """In its one spelling. Raises ThreadlineError in words."""
    try:
        return core.read(field.kind, value, field.choices)
    except ValueError as error:
        raise ThreadlineError(f"{field.name}: {error}") from error


def _may(field: Field, by: By) -> None:
    if field.off_at is not None:
        raise ThreadlineError(
            _("“%(name)s” is switched off. Whoever sets up the work can switch it on.") % {"name": field}
        )
    if isinstance(by, Agent) and not by.may(Right.ANSWER):
        raise ThreadlineError(_("Your role fills in no fields. An admin can change that."))
    if isinstance(by, Agent) and not Field.objects.visible_to(by).filter(pk=field.pk).exists():
        raise ThreadlineError(_("There is no such field for you. Load the page again."))


def _subject(field: Field, journey: Journey | None, customer: Customer | None) -> int:
    """The customer concerned; stories and people that became part of another are named."""
    if (journey is None) == (customer is None) or (field.of == Field.Of.STORY) != (journey is not None):
        raise ThreadlineError(f"“{field}” is a field of {field.get_of_display()}. Choose another one.")
    if journey is not None:
        return standing_journey(journey).customer_id
    assert customer is not None, "one of the two was given"
    customer.refresh_from_db()
    if customer.merged_into_id is not None:
        raise ThreadlineError(f"{customer} was merged into person {customer.merged_into_id} before. Open that one.")
    return customer.pk


def _said_here(row: FieldValue | None) -> dict[str, object] | None:
    return {"value": row.value, "event": row.event_id, "at": row.at.isoformat()} if row else None
