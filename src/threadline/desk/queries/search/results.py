"""Results as the screen shows them: people, their stories, and in each story where the words stand."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from threadline.accounts.models import Agent
from threadline.customers.models import Customer, Identity
from threadline.desk.handles import written
from threadline.desk.queries.queue.rows import FIELDS, Row, people, rows
from threadline.desk.queries.search import hits
from threadline.desk.queries.search.asked import Asked
from threadline.desk.queries.search.hits import Hit
from threadline.desk.queries.search.snippets import Part, marked
from threadline.interactions.models import Interaction
from threadline.journeys.models import Journey

SNIPPETS = 3
HANDLES = 4
OWN_STORIES = 3
LOOKED_AT = 200
REACHED = ("email", "tel", "x")


@dataclass(frozen=True, slots=True)
class Snippet:
    touch: Interaction
    kind: str
    parts: list[Part]


@dataclass(slots=True)
class Story:
    """`more` touches of it say so besides those shown."""

    row: Row
    snippets: list[Snippet] = field(default_factory=list)
    more: int = 0


@dataclass(slots=True)
class Person:
    """`hidden`: they have stories of teams whose work the agent does not see, whatever was searched for."""

    customer: Customer
    name: str
    handles: list[str]
    stories: list[Story]
    hidden: bool = False


@dataclass(frozen=True, slots=True)
class Results:
    """`before` is where older messages begin; 0 when there are none."""

    people: list[Person]
    before: int


def search(asked: Asked, *, agent: Agent, before: int = 0) -> Results:
    """People and numbers stand on the first page only; messages go on as far back as there are any.

    Cost: at most 15 queries, however many results.
    """
    if not asked.says_something:
        return Results([], 0)
    said = hits.messages(asked, agent, before=before)
    older = said[hits.MESSAGES - 1].touch if len(said) > hits.MESSAGES else 0
    said = said[: hits.MESSAGES]
    if before:
        return Results(_grouped([], said, asked, agent), older)
    told = [*hits.numbers(asked, agent), *said, *hits.files(asked, agent)] if asked.words else said
    known = hits.people(asked.words) if asked.words and not asked.filtered else []
    if agent.is_partner:
        known = [*Customer.objects.visible_to(agent).filter(pk__in=known).values_list("pk", flat=True)]
    return Results(_grouped(known, told, asked, agent), older)


def _grouped(known: Sequence[int], found: Sequence[Hit], asked: Asked, agent: Agent) -> list[Person]:
    """Those found by name or handle first, then the others, each where their best hit stands."""
    customers = list(dict.fromkeys([*known, *(hit.customer for hit in found)]))
    own = _own_stories(set(known) - {hit.customer for hit in found}, asked, agent)
    journeys = {row.journey.pk: row for row in _rows([*own, *(hit.journey for hit in found)])}
    stories: dict[int, Story] = {number: Story(row) for number, row in journeys.items()}
    _tell(stories, found, asked)
    of_person: dict[int, list[Story]] = defaultdict(list)
    for number in dict.fromkeys([*own, *(hit.journey for hit in found)]):
        of_person[journeys[number].journey.customer_id].append(stories[number])
    return _people(customers, of_person, _with_hidden(customers, agent))


def _own_stories(customers: Collection[int], asked: Asked, agent: Agent) -> list[int]:
    """The newest few stories of people who were found by themselves. Cost: one query."""
    newest = hits.visible(asked, agent).filter(customer__in=customers).order_by("-last_at", "-pk")
    of_person: dict[int, list[int]] = defaultdict(list)
    for number, customer in newest.values_list("pk", "customer")[:LOOKED_AT]:
        of_person[customer].append(number)
    return [number for numbers in of_person.values() for number in numbers[:OWN_STORIES]]


def _rows(numbers: Sequence[int]) -> list[Row]:
    found = Journey.objects.filter(pk__in=set(numbers)).select_related("customer", "owner").only(*FIELDS)
    return rows(list(found))


def _tell(stories: Mapping[int, Story], found: Sequence[Hit], asked: Asked) -> None:
    """Give each story its snippets: the best few, one for a touch."""
    of_story: dict[int, dict[int, Hit]] = defaultdict(dict)
    for hit in found:
        of_story[hit.journey].setdefault(hit.touch, hit)
    chosen = [hit for its_hits in of_story.values() for hit in list(its_hits.values())[:SNIPPETS]]
    lines = hits.headlines(chosen, asked)
    light = Interaction.objects.select_related("author").only("at", "kind", "public", "direction", "author__name")
    touches = light.in_bulk([hit.touch for hit in chosen])
    for hit in chosen:
        parts = marked(lines.get(hit.touch, "")) if hit.kind == "message" else [Part(hit.words, hit=True)]
        stories[hit.journey].snippets.append(Snippet(touches[hit.touch], hit.kind, parts))
    for number, its_hits in of_story.items():
        stories[number].more = max(0, len(its_hits) - SNIPPETS)


def _with_hidden(customers: Sequence[int], agent: Agent) -> set[int]:
    """Said of a person and never of a word: else searching would tell what hidden stories say. Cost: one query."""
    if agent.sees_every_team or not customers:
        return set()
    theirs = Journey.objects.standing().filter(customer__in=customers)
    hidden = theirs.exclude(pk__in=theirs.visible_to(agent).values("pk"))
    return set(hidden.values_list("customer_id", flat=True))


def _people(numbers: Sequence[int], stories: Mapping[int, list[Story]], hidden: Collection[int]) -> list[Person]:
    found = Customer.objects.only("name").in_bulk(numbers)
    names, handles = people(found.values()), _handles(numbers)
    return [
        Person(found[number], names[number], handles[number][:HANDLES], stories.get(number, []), number in hidden)
        for number in numbers
        if number in found
    ]


def _handles(customers: Sequence[int]) -> dict[int, list[str]]:
    """The ways in which one would reach each of them, the newest first."""
    found: dict[int, list[str]] = defaultdict(list)
    spoken = Identity.objects.filter(customer__in=customers, scheme__in=REACHED).order_by("-last_seen_at", "pk")
    for customer, scheme, value in spoken.values_list("customer", "scheme", "value"):
        found[customer].append(written(scheme, value))
    return found
