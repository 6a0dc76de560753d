"""Fields as a story, a person and the settings show them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date

from django.db.models import Count, Q
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from threadline.accounts.models import Agent, Event
from threadline.accounts.rights import Right
from threadline.core.fields import NO, YES, Kind
from threadline.journeys.fields.changes import VERB
from threadline.journeys.fields.seen import told
from threadline.journeys.models import Field, Journey

INPUTS = {Kind.DATE: "date", Kind.LINK: "url"}


@dataclass(frozen=True, slots=True)
class Shown:
    """One field with what stands there; `address` takes another value, `choices` are value and words."""

    field: Field
    value: str
    address: str

    @property
    def words(self) -> str:
        return words_of(self.field.kind, self.value)

    @property
    def choices(self) -> list[tuple[str, str]]:
        return choices_of(self.field)

    @property
    def gone(self) -> bool:
        """It was a choice when it was chosen, and is none any more."""
        return self.field.kind == Kind.CHOICE and bool(self.value) and self.value not in self.field.choices

    @property
    def input(self) -> str:
        return INPUTS.get(Kind(self.field.kind), "text")


@dataclass(frozen=True, slots=True)
class Fields:
    """`brief` stand open, `more` behind a click; `hidden` are those that the reader may not see."""

    brief: list[Shown] = field(default_factory=list)
    more: list[Shown] = field(default_factory=list)
    hidden: int = 0

    @property
    def any(self) -> bool:
        return bool(self.brief or self.more or self.hidden)


def of_story(journey: Journey, agent: Agent) -> Fields:
    """Those of the story, then those of its person. Cost: as `told`."""
    found = told(agent=agent, journey=journey.pk, customer=journey.customer_id)
    return _parted([*found.story, *found.person], found.hidden, "story-field", journey.pk)


def of_person(customer: int, agent: Agent) -> Fields:
    found = told(agent=agent, customer=customer)
    return _parted(found.person, found.hidden, "person-field", customer)


def _parted(pairs: Iterable[tuple[Field, str]], hidden: int, address: str, number: int) -> Fields:
    shown = [Shown(each, value, reverse(address, args=[number, each.pk])) for each, value in pairs]
    return Fields(
        [one for one in shown if one.field.in_brief], [one for one in shown if not one.field.in_brief], hidden
    )


def for_reader(events: Sequence[Event], agent: Agent) -> list[Event]:
    """Without those that tell what stands in a field which the agent may not see. Cost: one query, none without any."""
    named = {event.facts["field"] for event in events if event.verb == VERB}
    seen = set(Field.objects.visible_to(agent).filter(pk__in=named).values_list("pk", flat=True)) if named else set()
    return [event for event in events if event.verb != VERB or event.facts["field"] in seen]


def words_of(kind: str, value: str) -> str:
    """A value as people read it."""
    if kind == Kind.YES_NO and value:
        return _("Yes") if value == YES else _("No")
    if kind == Kind.DATE and value:
        return date_format(date.fromisoformat(value), "j M Y")
    return value


def choices_of(each: Field) -> list[tuple[str, str]]:
    """Value and words of what can be chosen; none where it is typed."""
    if each.kind == Kind.YES_NO:
        return [(YES, _("Yes")), (NO, _("No"))]
    return [(choice, choice) for choice in each.choices]


# ---- the settings --------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Line:
    """A field in the settings: who sees it, in words, and of how many it is filled in."""

    field: Field
    seen_by: str
    filled: int
    first: bool


def lines(*, on: bool) -> list[tuple[str, list[Line]]]:
    """Those of a story, and those of a person, in their order. Cost: one query."""
    counts = Q(values__journey__isnull=False) | Q(values__customer__isnull=False)
    found = Field.objects.select_related("team").annotate(filled=Count("values", filter=counts & ~Q(values__value="")))
    listed = list(found.filter(off_at__isnull=on))
    groups = {Field.Of.STORY: _("Of a story"), Field.Of.PERSON: _("Of a person")}
    parts = [(title, [each for each in listed if each.of == of]) for of, title in groups.items()]
    return [
        (title, [Line(each, seen_by(each), each.filled, place == 0) for place, each in enumerate(part)])
        for title, part in parts
        if part
    ]


def seen_by(each: Field) -> str:
    if each.team is not None:
        return _("Only the team %(name)s") % {"name": each.team.name}
    if each.right:
        return _("Only who may: %(right)s") % {"right": Right(each.right).label}
    return _("Everybody")
