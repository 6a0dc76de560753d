"""Results as the screen shows them: a part for each kind of thing, and in each where the words stand."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.utils.functional import Promise
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _

from threadline.accounts.models import Agent
from threadline.customers.models import Customer, Identity
from threadline.desk.handles import written
from threadline.desk.queries.queue.rows import FIELDS, Row, people, rows
from threadline.desk.queries.search import hits
from threadline.desk.queries.search.asked import Asked
from threadline.desk.queries.search.hits import Hit
from threadline.desk.queries.search.snippets import Part, marked
from threadline.interactions.models import Interaction
from threadline.journeys.models import Journey, Note

TITLES: dict[str, str | Promise] = {
    "people": _("People"),
    "stories": _("Stories"),
    "touches": _("Touches"),
    "notes": _("Notes"),
    "files": _("Files"),
}
KINDS = tuple(TITLES)
FIRST = 5  # of each kind while all kinds are shown; of touches twice as many
SNIPPETS = 3
HANDLES = 4
OWN_STORIES = 3
LOOKED_AT = 200
REACHED = ("email", "tel", "x")


@dataclass(frozen=True, slots=True)
class Snippet:
    """Where the words stand: in a touch, in a note, or, with neither, in the story itself."""

    kind: str
    parts: list[Part]
    touch: Interaction | None = None
    note: Note | None = None

    @property
    def at(self) -> datetime | None:
        return self.touch.at if self.touch else self.note.at if self.note else None

    @property
    def anchor(self) -> str:
        return f"#touch-{self.touch.pk}" if self.touch else f"#note-{self.note.pk}" if self.note else ""


@dataclass(slots=True)
class Story:
    """`more` places in it say so besides those shown."""

    row: Row
    snippets: list[Snippet] = field(default_factory=list)
    more: int = 0

    @property
    def anchor(self) -> str:
        return self.snippets[0].anchor if self.snippets else ""


@dataclass(slots=True)
class Person:
    """`told`: what stands in a field, where they were found by it. `hidden`: they have stories of teams whose work the
    agent does not see, whatever was searched for.
    """

    customer: Customer
    name: str
    handles: list[str]
    stories: list[Story]
    told: str = ""
    hidden: bool = False


@dataclass(slots=True)
class Section:
    """What was found of one kind. `count` is how many there are, `30+` where there are more than were looked for.

    `before` is where older ones begin; 0 where these are all.
    """

    kind: str
    count: str
    before: int = 0
    people: list[Person] = field(default_factory=list)
    stories: list[Story] = field(default_factory=list)

    @property
    def title(self) -> str | Promise:
        return TITLES[self.kind]

    @property
    def query(self) -> str:
        """What leads to more of this kind, behind the words; those in another order begin anew."""
        asked: dict[str, str | int] = {"kind": self.kind}
        return urlencode(asked if self.before == hits.NEWER_THAN_ALL else {**asked, "before": self.before})


Results = list[Section]


def search(asked: Asked, *, agent: Agent, kind: str = "", before: int = 0) -> Results:
    """The first few of each kind, or, with `kind`, of that one as far back as there are any, from `before` on.

    Cost: at most 20 queries, however many results.
    """
    if not asked.says_something:
        return []
    kinds = [kind] if kind else [each for each in KINDS if each == "touches" or asked.words]
    found = {each: _found(each, asked, agent, before, alone=bool(kind)) for each in kinds}
    told = {each: found[each] for each in kinds if each != "people" and found[each].hits}
    stories = _stories([hit for part in told.values() for hit in part.hits], asked)
    sections = []
    if "people" in found and found["people"].people:
        sections.append(_people_section(found["people"], asked, agent))
    for each, part in told.items():
        listed = _told(part.hits, stories)
        sections.append(Section(each, part.count, part.before, stories=listed))
    return sections


# ---- what there is -------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Found:
    """Of one kind: the hits that are shown, or the people with what stands in a field of theirs."""

    count: str
    before: int = 0
    hits: Sequence[Hit] = ()
    people: Mapping[int, str] = field(default_factory=dict)


def _found(kind: str, asked: Asked, agent: Agent, before: int, *, alone: bool) -> Found:
    """One more than is shown is looked for, so as to know whether there are more."""
    most = hits.MESSAGES if kind == "touches" or alone else FIRST
    if kind == "people":
        return _found_people(asked, agent, before, most if alone else hits.PEOPLE, alone=alone)
    ask = {"touches": hits.messages, "stories": hits.about_stories, "notes": hits.notes, "files": hits.files}[kind]
    back = (before or hits.NEWER_THAN_ALL) if kind == "stories" and alone else before
    found = ask(asked, agent, before=back, limit=most + 1)
    numbered = [(hit.journey if kind == "stories" else hit.touch, hit) for hit in found]
    each = list(dict.fromkeys(number for number, _hit in numbered))
    shown = each[: min(most, 2 * FIRST) if kind == "touches" and not alone else most]
    more = len(each) > len(shown)
    count = f"{most}+" if len(each) > most else str(len(each))
    # Stories stand in the order of why they were found until they are shown alone: then from the newest on.
    last = (hits.NEWER_THAN_ALL if kind == "stories" and not alone else shown[-1]) if more else 0
    return Found(count, last, [hit for number, hit in numbered if number in shown])


def _found_people(asked: Asked, agent: Agent, before: int, most: int, *, alone: bool) -> Found:
    """With filters, people are whose stories fit, and those are found by their touches."""
    if asked.filtered or not asked.words:
        return Found("0")
    told = hits.fields_of_people(asked.words, agent, before=before, limit=most + 1)
    if alone:
        known = hits.more_people(asked.words, before=before, limit=most + 1)
        numbers = sorted({*known, *told}, reverse=True)
    else:
        numbers = list(dict.fromkeys([*hits.people(asked.words, limit=most + 1), *told]))
    if agent.is_partner:
        seen = set(Customer.objects.visible_to(agent).filter(pk__in=numbers).values_list("pk", flat=True))
        numbers = [number for number in numbers if number in seen]
    shown, more = numbers[:most], len(numbers) > most
    last = (shown[-1] if alone else hits.NEWER_THAN_ALL) if more else 0
    return Found(
        f"{most}+" if more else str(len(shown)), last, people={number: told.get(number, "") for number in shown}
    )


# ---- as it is shown ------------------------------------------------------------------------------------------------


def _people_section(found: Found, asked: Asked, agent: Agent) -> Section:
    """Each with their newest stories."""
    numbers = list(found.people)
    own = _own_stories(numbers, asked, agent)
    of_person: dict[int, list[Story]] = defaultdict(list)
    for row in _rows(own):
        of_person[row.journey.customer_id].append(Story(row))
    shown = _people(found.people, of_person, _with_hidden(numbers, agent))
    return Section("people", found.count, found.before, people=shown)


def _own_stories(customers: Collection[int], asked: Asked, agent: Agent) -> list[int]:
    """The newest few stories of people who were found by themselves. Cost: one query."""
    newest = hits.visible(asked, agent).filter(customer__in=customers).order_by("-last_at", "-pk")
    of_person: dict[int, list[int]] = defaultdict(list)
    for number, customer in newest.values_list("pk", "customer")[:LOOKED_AT]:
        of_person[customer].append(number)
    return [number for numbers in of_person.values() for number in numbers[:OWN_STORIES]]


def _rows(numbers: Sequence[int]) -> list[Row]:
    """In this order."""
    found = Journey.objects.filter(pk__in=set(numbers)).select_related("customer", "owner").only(*FIELDS)
    return rows(sorted(found, key=lambda journey: numbers.index(journey.pk)))


@dataclass(frozen=True, slots=True)
class Places:
    """What the hits of a page point to."""

    rows: Mapping[int, Row]
    touches: Mapping[int, Interaction]
    notes: Mapping[int, Note]
    lines: Mapping[int, str]

    def snippet(self, hit: Hit) -> Snippet:
        if hit.kind == "note":
            note = self.notes[hit.touch]
            return Snippet("note", marked(note.line), note=note)  # type: ignore[attr-defined]
        parts = marked(self.lines.get(hit.touch, "")) if hit.kind == "message" else [Part(hit.words, hit=True)]
        return Snippet(hit.kind, parts, self.touches.get(hit.touch))


def _stories(found: Sequence[Hit], asked: Asked) -> Places:
    """Cost: five queries, however many hits."""
    chosen = [hit for part in _by_story(found).values() for hit in part[:SNIPPETS]]
    light = Interaction.objects.select_related("author").only("at", "kind", "public", "direction", "author__name")
    numbers = list(dict.fromkeys(hit.journey for hit in found))
    return Places(
        {row.journey.pk: row for row in _rows(numbers)},
        light.in_bulk([hit.touch for hit in chosen if hit.touch and hit.kind != "note"]),
        hits.headlines_of_notes(chosen, asked),
        hits.headlines(chosen, asked),
    )


def _by_story(found: Iterable[Hit]) -> dict[tuple[int, str], list[Hit]]:
    """Story and kind to its hits, one for a touch; a field or a number that is told twice is told once."""
    parted: dict[tuple[int, str], dict[object, Hit]] = defaultdict(dict)
    for hit in found:
        parted[hit.journey, KIND_OF[hit.kind]].setdefault(hit.touch or hit.words, hit)
    return {each: list(part.values()) for each, part in parted.items()}


KIND_OF = {"message": "touches", "note": "notes", "file": "files"} | dict.fromkeys(
    ("number", "field", "story"), "stories"
)


def _told(found: Sequence[Hit], places: Places) -> list[Story]:
    """Each story where its best hit stands, with the best few places."""
    listed = []
    for (number, _kind), part in _by_story(found).items():
        snippets = [places.snippet(hit) for hit in part[:SNIPPETS]]
        listed.append(Story(places.rows[number], snippets, max(0, len(part) - SNIPPETS)))
    return listed


def _with_hidden(customers: Sequence[int], agent: Agent) -> set[int]:
    """Said of a person and never of a word: else searching would tell what hidden stories say. Cost: one query."""
    if agent.sees_every_team or not customers:
        return set()
    theirs = Journey.objects.standing().filter(customer__in=customers)
    hidden = theirs.exclude(pk__in=theirs.visible_to(agent).values("pk"))
    return set(hidden.values_list("customer_id", flat=True))


def _people(told: Mapping[int, str], stories: Mapping[int, list[Story]], hidden: Collection[int]) -> list[Person]:
    found = Customer.objects.only("name").in_bulk(list(told))
    names, handles = people(found.values()), _handles(list(told))
    return [
        Person(
            found[number], names[number], handles[number][:HANDLES], stories.get(number, []), words, number in hidden
        )
        for number, words in told.items()
        if number in found
    ]


def _handles(customers: Sequence[int]) -> dict[int, list[str]]:
    """The ways in which one would reach each of them, the newest first."""
    found: dict[int, list[str]] = defaultdict(list)
    spoken = Identity.objects.filter(customer__in=customers, scheme__in=REACHED).order_by("-last_seen_at", "pk")
    for customer, scheme, value in spoken.values_list("customer", "scheme", "value"):
        found[customer].append(written(scheme, value))
    return found
