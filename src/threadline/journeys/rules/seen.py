"""Stories as conditions see them: every name of `core.rules.names`, now, or as they were."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Count

from threadline.accounts.models import Agent, Team
from threadline.channels.models import Brand
from threadline.core.rules import Seen, moment
from threadline.customers.models import Customer
from threadline.interactions.models import Interaction
from threadline.journeys.fields.seen import In, filled_in
from threadline.journeys.models import Journey, Membership
from threadline.journeys.routing.seen import groups

HOUR = timedelta(hours=1)
READ = 20_000
WANTED = ("kind", "direction", "public", "at", "text", "subject", "language", "triage", "automatic")


@dataclass(frozen=True, slots=True)
class House:
    """The names of what stories point to."""

    agents: Mapping[int, str]
    teams: Mapping[int, str]
    brands: Mapping[int, str]
    groups: Mapping[str, str]
    zone: ZoneInfo

    @classmethod
    def load(cls) -> "House":
        """Cost: four queries."""
        return cls(
            dict(Agent.objects.values_list("pk", "name")),
            dict(Team.objects.values_list("pk", "name")),
            dict(Brand.objects.values_list("pk", "name")),
            groups(),
            ZoneInfo(settings.TIME_ZONE),
        )


@dataclass(frozen=True, slots=True)
class Person:
    """The customer of a story: `stories` is how many they have had."""

    name: str
    stories: int


@dataclass(frozen=True, slots=True)
class Filled:
    """What stands in the fields of a story and of its person."""

    story: In
    person: In


def seen(
    row: Journey,
    touch: Interaction | None,
    *,
    answered: bool,
    person: Person,
    filled: Filled,
    house: House,
    at: datetime,
) -> Seen:
    """One story at one moment. `touch` is what they said last; `row` may be a shadow of what it was."""
    waits = row.status == Journey.Status.OPEN and row.waiting_since is not None
    kinds = list(dict.fromkeys(str(bead).removesuffix("+public") for bead in row.channels))
    return {
        "story": {
            "intent": row.intent,
            "group": house.groups.get(row.intent, ""),
            "status": str(row.status),
            "waited": _hours(at - row.waiting_since) if waits and row.waiting_since else 0.0,
            "age": _hours(at - row.opened_at),
            "touches": row.touches,
            "channels": kinds,
            "public": any(str(bead).endswith("+public") for bead in row.channels),
            "complained": row.complained,
            "answered": answered,
            "owner": house.agents.get(row.owner_id or 0, ""),
            "team": house.teams.get(row.team_id or 0, ""),
            "brand": house.brands.get(row.brand_id or 0, ""),
            "outcome": row.outcome,
            "fields": filled.story,
        },
        "touch": _said(touch),
        "customer": {"name": person.name, "stories": person.stories, "fields": filled.person},
        "moment": moment(at.astimezone(house.zone)),
    }


def _said(touch: Interaction | None) -> dict[str, object]:
    if touch is None:
        return {
            "text": "", "subject": "", "channel": "", "language": "", "says": "", "public": False, "automatic": False
        }  # fmt: skip
    return {
        "text": touch.text[:READ],
        "subject": touch.subject,
        "channel": touch.kind,
        "language": touch.language,
        "says": touch.triage,
        "public": touch.public,
        "automatic": bool(touch.automatic),
    }


def _hours(span: timedelta) -> float:
    return max(span / HOUR, 0.0)


def seen_now(
    rows: Sequence[Journey], *, house: House, at: datetime, touches: Mapping[int, int] | None = None
) -> dict[int, Seen]:
    """Stories as they are. Cost: seven queries, however many they are.

    Args:
        touches: story to the touch that it is about, where that is not the last they said.
    """
    numbers = [row.pk for row in rows]
    last = last_said(numbers)
    named = Interaction.objects.only(*WANTED).in_bulk([pk for pk in (touches or {}).values() if pk])
    answered, people, filled = answered_ones(numbers), people_of(rows), filled_of(rows)
    found = {}
    for row in rows:
        touch = named.get((touches or {}).get(row.pk, 0)) or last.get(row.pk)
        person = people[row.customer_id]
        found[row.pk] = seen(
            row, touch, answered=row.pk in answered, person=person, filled=filled[row.pk], house=house, at=at
        )
    return found


def last_said(numbers: Sequence[int]) -> dict[int, Interaction]:
    """The last that they said in each story."""
    found = (
        Membership.objects.filter(journey__in=numbers, superseded_at=None, interaction__direction="in")
        .order_by("journey", "-interaction__at", "-interaction")
        .distinct("journey")
    )
    pairs = dict(found.values_list("interaction", "journey"))
    return {pairs[touch.pk]: touch for touch in Interaction.objects.only(*WANTED).filter(pk__in=list(pairs))}


def answered_ones(numbers: Sequence[int]) -> set[int]:
    """Stories in which one of us has answered."""
    said = Membership.objects.filter(journey__in=numbers, superseded_at=None, interaction__direction="out")
    return set(said.filter(interaction__automatic="").values_list("journey", flat=True))


def filled_of(rows: Sequence[Journey]) -> dict[int, Filled]:
    """Story to what stands in its fields and those of its person. Cost: two queries."""
    stories, people = filled_in([row.pk for row in rows], {row.customer_id for row in rows})
    return {row.pk: Filled(stories[row.pk], people[row.customer_id]) for row in rows}


def people_of(rows: Iterable[Journey]) -> dict[int, Person]:
    """Customers by number."""
    numbers = {row.customer_id for row in rows}
    names = Customer.objects.filter(pk__in=numbers).values_list("pk", "name")
    counted = Journey.objects.standing().filter(customer__in=numbers).values("customer").annotate(n=Count("pk"))
    stories = dict(counted.values_list("customer", "n"))
    return {pk: Person(name, stories.get(pk, 0)) for pk, name in names}
