"""What an agent, a rule and a program see of the fields."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from django.db.models import Q, QuerySet

from threadline.accounts.models import Agent
from threadline.core.fields import as_seen
from threadline.core.rules.names import NUMBER, TEXT, YES
from threadline.journeys.fields.models import Field, FieldValue
from threadline.lib.prepared import prepared

SORTS = {Field.Kind.NUMBER: NUMBER, Field.Kind.YES_NO: YES}
AREAS = {Field.Of.STORY: "story", Field.Of.PERSON: "customer"}
In = dict[str, str | float | bool]
"""Key of a field to what stands in it."""


@dataclass(frozen=True, slots=True)
class Told:
    """The fields of a story and of its person that an agent may see, each with what stands there; how many are not."""

    story: list[tuple[Field, str]] = field(default_factory=list)
    person: list[tuple[Field, str]] = field(default_factory=list)
    hidden: int = 0


def told(*, agent: Agent, journey: int | None = None, customer: int | None = None) -> Told:
    """Cost: one query where a house has no fields, else two; one more where a field is for a team."""
    asked = [of for of, number in ((Field.Of.STORY, journey), (Field.Of.PERSON, customer)) if number is not None]
    known = _standing(asked)
    open_ones = visible(known, agent)
    if not known:
        return Told()
    whose = Q(journey=journey) if journey is not None else Q()
    whose |= Q(customer=customer) if customer is not None else Q()
    values = dict(FieldValue.objects.filter(whose, field__in=open_ones).values_list("field", "value"))
    pairs = [(each, values.get(each.pk, "")) for each in open_ones]
    return Told(
        [pair for pair in pairs if pair[0].of == Field.Of.STORY],
        [pair for pair in pairs if pair[0].of == Field.Of.PERSON],
        len(known) - len(open_ones),
    )


@prepared
def _standing(of: Sequence[str]) -> QuerySet[Field]:
    return Field.objects.standing().filter(of__any=of)


def visible(known: Iterable[Field], agent: Agent) -> list[Field]:
    """As `Field.objects.visible_to`, of those that were read already."""
    listed = list(known)
    teams, rights = agent.running_teams, agent.rights

    def may_see(each: Field) -> bool:
        of_team = each.team_id is None or agent.sees_every_team or each.team_id in teams
        return of_team and (not each.right or each.right in rights)

    return [each for each in listed if may_see(each)]


# ---- rules ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Name:
    """A field as a name in conditions, as those of `core.rules.names`."""

    path: str
    sort: str
    words: str
    example: str


def names() -> list[Name]:
    """All fields as names of conditions, those that are switched off too. Cost: one query."""
    return [_name(each) for each in Field.objects.all()]


def sorts() -> dict[str, str]:
    """Path to sort, as `core.rules.check` takes them. Cost: one query."""
    return {name.path: name.sort for name in names()}


def _name(each: Field) -> Name:
    path, sort = f"{AREAS[Field.Of(each.of)]}.fields.{each.key}", SORTS.get(Field.Kind(each.kind), TEXT)
    first = each.choices[0] if each.choices else "2026-03-31" if each.kind == Field.Kind.DATE else "…"
    examples = {NUMBER: f"{path} > 100.0", YES: path}
    return Name(path, sort, each.help or each.name, examples.get(sort, f'{path} == "{first}"'))


def filled_in(journeys: Iterable[int], customers: Iterable[int]) -> tuple[Mapping[int, In], Mapping[int, In]]:
    """Story to its fields by key, and person to theirs, with all keys, for conditions. Cost: two queries at most."""
    stories, people = list(journeys), list(customers)
    known = {each.pk: each for each in Field.objects.all()}
    of_stories = {number: _empty(known, Field.Of.STORY) for number in stories}
    of_people = {number: _empty(known, Field.Of.PERSON) for number in people}
    found = FieldValue.objects.filter(Q(journey__in=stories) | Q(customer__in=people)) if known else ()
    for row in found:
        each = known[row.field_id]
        whose = of_stories[row.journey_id] if row.journey_id else of_people[row.customer_id or 0]
        whose[each.key] = as_seen(each.kind, row.value)
    return of_stories, of_people


def _empty(known: Mapping[int, Field], of: str) -> In:
    return {each.key: as_seen(each.kind, "") for each in known.values() if each.of == of}
