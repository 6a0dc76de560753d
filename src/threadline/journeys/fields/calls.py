"""What programs read and fill in: the fields of a story or a person, each by its key."""

from typing import Annotated, Any

from django.db import transaction
from django.utils import timezone
from fastapi import Path
from pydantic import BaseModel, ConfigDict, Field

from threadline.accounts.models import ApiKey
from threadline.core.fields import Kind, as_seen
from threadline.customers.models import Customer
from threadline.customers.queries import standing
from threadline.interactions.api import ReadingFields, WritingFields, api, in_thread, refuse
from threadline.interactions.api.shapes import Trouble
from threadline.journeys import models
from threadline.journeys.actions.fields import set_field
from threadline.journeys.actions.ruling import ByKey
from threadline.journeys.models import FieldValue, Journey
from threadline.lib.errors import ThreadlineError

MOST = 60
Value = str | float | bool | None
Number = Annotated[int, Path(ge=1, lt=2**63)]
ANSWERS: dict[int | str, dict[str, Any]] = {
    404: {"model": Trouble, "description": "There is no such story or person"},
    422: {"model": Trouble, "description": "There is no such field, or the value is none for it"},
}


class Fields(BaseModel):
    """What stands in the fields of a story or a person. `null` is: not filled in."""

    number: int = Field(description="of the story or person that stands by now: what was joined leads there")
    fields: dict[str, Value] = Field(description="by key, as Settings, Fields says; only those that are switched on")


class Filling(BaseModel):
    """What shall stand in some fields; the others stay as they are."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"fields": {"contract": "Gold", "warranty_until": "2027-03-31"}}]}
    )

    fields: dict[str, Value] = Field(
        max_length=MOST,
        description="by key; dates as 2027-03-31, choices in their own words, yes or no as true or false, null empties",
    )


@api.get("/stories/{story}/fields", responses=ANSWERS)
async def fields_of_story(story: Number, key: ReadingFields) -> Fields:
    """What stands in the fields of a story."""
    return await in_thread(lambda: of_story(the_story(story)))


@api.put("/stories/{story}/fields", responses=ANSWERS)
async def fill_in_story(story: Number, filling: Filling, key: WritingFields) -> Fields:
    """Fill in fields of a story: all of them or, where one can not be, none. Each is an event that can be undone."""
    return await in_thread(fill_story, story, filling, key)


@api.get("/people/{person}/fields", responses=ANSWERS)
async def fields_of_person(person: Number, key: ReadingFields) -> Fields:
    """What stands in the fields of a person."""
    return await in_thread(lambda: of_person(the_person(person)))


@api.put("/people/{person}/fields", responses=ANSWERS)
async def fill_in_person(person: Number, filling: Filling, key: WritingFields) -> Fields:
    """Fill in fields of a person: all of them or, where one can not be, none. Each is an event that can be undone."""
    return await in_thread(fill_person, person, filling, key)


def the_story(number: int) -> Journey:
    """The one that stands by now."""
    found = Journey.objects.filter(pk=number).first()
    while found is not None and found.joined_into is not None:
        found = found.joined_into
    return found or refuse(404, f"There is no story {number}. Its number stands in its address at the desk.")


def the_person(number: int) -> Customer:
    try:
        return standing(number)
    except Customer.DoesNotExist:
        refuse(404, f"There is no person {number}. The number stands in the address of their page at the desk.")


def of_story(story: Journey) -> Fields:
    return Fields(number=story.pk, fields=_told("story", dict(_values(journey=story))))


def of_person(person: Customer) -> Fields:
    return Fields(number=person.pk, fields=_told("person", dict(_values(customer=person))))


def _values(**whose: object) -> list[tuple[int, str]]:
    return list(FieldValue.objects.filter(**whose).values_list("field", "value"))


def _told(of: str, values: dict[int, str]) -> dict[str, Value]:
    known = models.Field.objects.standing().filter(of=of)
    return {each.key: as_seen(each.kind, said) if (said := values.get(each.pk, "")) else None for each in known}


@transaction.atomic
def fill_story(number: int, filling: Filling, key: int) -> Fields:
    story = the_story(number)
    _fill("story", filling, key, journey=story)
    return of_story(story)


@transaction.atomic
def fill_person(number: int, filling: Filling, key: int) -> Fields:
    person = the_person(number)
    _fill("person", filling, key, customer=person)
    return of_person(person)


def _fill(of: str, filling: Filling, key: int, **subject: Any) -> None:
    known = {each.key: each for each in models.Field.objects.standing().filter(of=of)}
    by = ByKey(key, ApiKey.objects.values_list("name", flat=True).get(pk=key))
    for name, value in filling.fields.items():
        if name not in known:
            listed = ", ".join(known) or "none yet"
            refuse(422, f"There is no field “{name[:60]}” of a {of}. There are: {listed}. Settings, Fields, makes one.")
        try:
            set_field(field=known[name], value=_written(value, known[name].kind), by=by, now=timezone.now(), **subject)
        except ThreadlineError as error:
            refuse(422, f"“{name}”: {error}")


def _written(value: Value, kind: str) -> str:
    """A JSON value as it would be typed."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return f"{value:.6f}" if kind == Kind.NUMBER else f"{value:g}"
    return value
