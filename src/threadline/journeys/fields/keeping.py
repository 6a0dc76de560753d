"""Defining fields: written, put in order, switched off and on. None is ever deleted, so no value is lost."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Max

from threadline.accounts.events import record
from threadline.accounts.models import Agent
from threadline.accounts.rights import Right
from threadline.core.fields import Kind, key_of
from threadline.journeys.fields.models import Field
from threadline.lib.errors import ThreadlineError

MOST = 60
MOST_CHOICES = 60
FIXED = ("of", "kind")
CHANGEABLE = ("name", "help", "choices", "in_brief", "right", "team_id")


@transaction.atomic
def write_field(*, values: Mapping[str, Any], by: Agent, now: datetime, field: Field | None = None) -> Field:
    """Make a field, or change one; `of` and `kind` count for a new one only. Raises ThreadlineError in words."""
    _may(by)
    before = _facts(field) if field else None
    field = field or _new(values)
    for name in CHANGEABLE:
        setattr(field, name, values[name])
    field.name = " ".join(field.name.split())
    _check(field)
    try:
        with transaction.atomic():
            field.save()
    except IntegrityError as error:
        raise ThreadlineError(
            f"There is a field “{field}” already. Choose another name, or change that one."
        ) from error
    record("field_written", at=now, by=by, field=field.pk, name=field.name, before=before, after=_facts(field))
    return field


def _new(values: Mapping[str, Any]) -> Field:
    of = values["of"]
    known = Field.objects.filter(of=of)
    if known.standing().count() >= MOST:
        raise ThreadlineError(f"There are {MOST} fields already; nobody fills in more. Switch one off first.")
    last = known.aggregate(last=Max("place"))["last"] or 0
    return Field(of=of, kind=values["kind"], key=_free(of, str(values["name"])), place=last + 1)


def _free(of: str, name: str) -> str:
    """A key that no other field has, also none that is switched off: rules and programs go on meaning the same."""
    taken = set(Field.objects.filter(of=of).values_list("key", flat=True))
    key, number = key_of(name), 2
    while key in taken:
        key, number = f"{key_of(name)[:36]}_{number}", number + 1
    return key


@transaction.atomic
def switch_field(*, field: Field, on: bool, by: Agent, now: datetime) -> None:
    """Nobody sees it or fills it in any more, and its values are kept; or it is back with all of them."""
    _may(by)
    field.off_at = None if on else now
    try:
        with transaction.atomic():
            field.save(update_fields=["off_at"])
    except IntegrityError as error:
        raise ThreadlineError(f"There is another field “{field}” by now. Rename that one first.") from error
    record("field_on" if on else "field_off", at=now, by=by, field=field.pk, name=field.name)


@transaction.atomic
def move_up(*, field: Field, by: Agent, now: datetime) -> None:
    """One place earlier, for everybody."""
    _may(by)
    listed = list(Field.objects.filter(of=field.of).standing().select_for_update())
    at = listed.index(field)
    if at:
        listed[at - 1], listed[at] = listed[at], listed[at - 1]
        for place, each in enumerate(listed, 1):
            each.place = place
        Field.objects.bulk_update(listed, ["place"])
        record("field_moved", at=now, by=by, field=field.pk, name=field.name)


def _may(agent: Agent) -> None:
    if not agent.may(Right.WORK):
        raise ThreadlineError("Your role defines no fields. An admin can change that.")


def _check(field: Field) -> None:
    if not field.name:
        raise ThreadlineError("The field has no name. Name it as a colleague would look for it.")
    if field.kind not in set(Kind) or field.of not in Field.Of.values:
        raise ThreadlineError("Choose of what it is a field, and which kind of value stands in it.")
    field.choices = list(field.choices) if field.kind == Kind.CHOICE else []
    if field.kind == Kind.CHOICE and not field.choices:
        raise ThreadlineError("Write at least one choice, each on a line of its own.")
    if len(field.choices) > MOST_CHOICES:
        raise ThreadlineError(
            f"{len(field.choices)} choices are more than anybody reads. Leave {MOST_CHOICES} at most."
        )
    if any(len(choice) > 80 for choice in field.choices):
        raise ThreadlineError("A choice has more than 80 characters. Write it shorter.")
    if field.right and field.right not in Right.values:
        raise ThreadlineError("Choose who may see it.")


def _facts(field: Field) -> dict[str, object]:
    return {name: getattr(field, name) for name in (*FIXED, "key", *CHANGEABLE)}
