"""What the wallboard shows, in the words and order of the screen."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import log1p

from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from threadline.accounts.models import Agent
from threadline.channels.models import Brand
from threadline.core.durations import spell, spell_short
from threadline.core.picture.day import day_curve
from threadline.core.waiting import NONE, Spread
from threadline.customers.models import Customer
from threadline.desk.queries.phone import Promised, promised_calls
from threadline.desk.queries.queue.rows import people
from threadline.insights import wall
from threadline.insights.breaking import Breaking, breaking
from threadline.insights.crew import Colleague, Crew, crew
from threadline.insights.stories import channel_name, names_of_intents
from threadline.journeys.models import Journey
from threadline.portal.queries.times import Line, published

LONGEST, INTENTS, CHANNELS = 3, 3, 6
SHOWN = {"available": 8, "busy": 4, "away": 0}  # names
BEGIN, END = 4.0, 196.0  # of the scale behind a channel, in its own units
SCALE = 7 * 24 * 3600.0  # seconds at its end
UNIT = 60.0  # seconds that count as the first step of it
LONG = timedelta(days=10)  # a longer wait is told in days alone


@dataclass(frozen=True, slots=True)
class Person:
    name: str
    about: str
    owner: str
    lasted: str
    stories: int


@dataclass(frozen=True, slots=True)
class Part:
    """People who wait on one channel, or about one thing. Places are where on the scale its true times lie.

    `promise` is what is published about the channel, and what is true of it; `target` is its place.
    """

    name: str
    people: int
    longest: str
    waits: Spread
    half: float = 0
    ninth: float = 0
    promise: Line | None = None
    target: float = 0


@dataclass(frozen=True, slots=True)
class Soon:
    """Whose promise breaks next, about what, and in how many minutes."""

    name: str
    about: str
    owner: str
    minutes: int


@dataclass(frozen=True, slots=True)
class State:
    """Colleagues who are available, busy or away: how many, some of them by name, and what is said beside them."""

    key: str
    name: str
    count: int
    beside: str
    shown: Sequence[Colleague]

    @property
    def more(self) -> int:
        return self.count - len(self.shown) if self.shown else 0


@dataclass(frozen=True, slots=True)
class WallPage:
    now: datetime
    house: str
    waiting: wall.Waiting
    nobodys: int
    public: int
    longest: list[Person]
    channels: list[Part]
    further: int
    intents: list[Part]
    breaking: Breaking
    next: Soon | None
    calls: Promised
    states: list[State]
    answered: int
    ended: int
    waits: Spread
    curve: SafeString


def page(agent: Agent, *, now: datetime) -> WallPage:
    """Cost: eleven queries, whatever waits."""
    waiting = wall.waiting(agent)
    day = wall.today(agent, now=now, zone=timezone.get_current_timezone())
    colleagues, coming = crew(waiting, now=now), breaking(agent, now=now)
    owners = {one.agent.pk: one.agent.first_name for state in colleagues.states.values() for one in state}
    channels, public = _channels(waiting, day, now), waiting.public
    return WallPage(
        now=now,
        house=_house(),
        waiting=waiting,
        nobodys=waiting.people_where(waiting.owner == 0),
        public=public.people if public else 0,
        longest=_longest(waiting, owners, now),
        channels=channels[:CHANNELS],
        further=len(channels[CHANNELS:]),
        intents=_intents(waiting, now),
        breaking=coming,
        next=_next(coming, owners, now),
        calls=promised_calls(agent, now=now),
        states=_states(colleagues),
        answered=day.answered.people,
        ended=day.counted.resolved.total,
        waits=day.waits(),
        curve=_curve(waiting, day, now),
    )


def _house() -> str:
    """The brand, where there is one only."""
    names = list(Brand.objects.values_list("name", flat=True)[:2])
    return names[0] if len(names) == 1 else ""


def _next(coming: Breaking, owners: dict[int, str], now: datetime) -> Soon | None:
    if (due := coming.nearest) is None:
        return None
    names = people(Customer.objects.filter(pk=due.person).only("name"))
    minutes = max(1, int((due.at - now).total_seconds() // 60))
    return Soon(names[due.person], due.about, owners.get(due.owner, ""), minutes)


def _states(of: Crew) -> list[State]:
    """Those who are there by name, with how much they have in hand; who is away is a number."""
    room = _("%(used)s of %(capacity)s in hand") % {"used": of.used, "capacity": of.capacity} if of.capacity else ""
    words = {"available": (_("available"), room), "busy": (_("busy"), ""), "away": (_("away"), "")}
    return [
        State(state, *words[state][:1], len(who), words[state][1], who[: SHOWN[state]])
        for state, who in of.states.items()
    ]


def _longest(waiting: wall.Waiting, owners: dict[int, str], now: datetime) -> list[Person]:
    waits = wall.longest_waits(waiting, LONGEST)
    stories = Journey.objects.in_bulk([wait.story for wait in waits])
    names = people(Customer.objects.filter(pk__in=[wait.person for wait in waits]).only("name"))
    return [
        Person(
            name=names[wait.person],
            about=stories[wait.story].intent or stories[wait.story].title,
            owner=owners.get(stories[wait.story].owner_id or 0, ""),
            lasted=lasted(wait.since, now),
            stories=wait.stories,
        )
        for wait in waits
    ]


def lasted(since: datetime | None, now: datetime) -> str:
    """As it is read from afar: `3 h 12 m`, `360 d`."""
    if since is None:
        return ""
    return spell(now - since) if now - since < LONG else spell_short(now - since)


def _channels(waiting: wall.Waiting, day: wall.Today, now: datetime) -> list[Part]:
    """Where people wait, the fullest first; then where somebody was answered today."""
    here, answered, promises = waiting.by("channel"), day.answered.by("channel"), _promises(now)
    parts = []
    for number in {*here, *answered}:
        waits = day.waits(number)
        group = here.get(number)
        name = channel_name(number) if number else ""
        half, ninth = place(waits.median), place(waits.ninth)
        waiting_here, longest = (group.people, lasted(group.since, now)) if group else (0, "")
        promise = promises.get(name)
        target = place(promise.within.total_seconds()) if promise else 0
        parts.append(Part(name, waiting_here, longest, waits, half, ninth, promise, target))
    return sorted((part for part in parts if part.name), key=lambda part: (-part.people, -part.waits.count, part.name))


def _promises(now: datetime) -> dict[str, Line]:
    """What is published for each channel; where brands promise different things, the one that is kept worst."""
    found: dict[str, Line] = {}
    for line in (line for brand in published(now=now) for line in brand.lines):
        known = found.get(line.kind)
        if known is None or (line.kept, line.within) < (known.kept, known.within):
            found[line.kind] = line
    return found


def place(seconds: float | None) -> float:
    """Where a duration lies on the scale: minutes far apart, days close together."""
    share = log1p(min(seconds or 0, SCALE) / UNIT) / log1p(SCALE / UNIT)
    return round(BEGIN + (END - BEGIN) * share, 1)


def _intents(waiting: wall.Waiting, now: datetime) -> list[Part]:
    """What most people wait about; what nobody has understood yet comes last."""
    fullest = sorted(waiting.by("intent").items(), key=lambda one: (-one[1].people, one[1].since))[: INTENTS + 1]
    names = names_of_intents({number: group.story for number, group in fullest})
    told = sorted(((names[number], group) for number, group in fullest), key=lambda one: not one[0])
    return [Part(name or _("not clear yet"), group.people, lasted(group.since, now), NONE) for name, group in told]


def _curve(waiting: wall.Waiting, day: wall.Today, now: datetime) -> SafeString:
    zone = timezone.get_current_timezone()
    points = wall.curve(waiting, day, now=now, zone=zone)
    words = _("Stories that wait for us: %(now)s now, %(most)s at most today.") % {
        "now": points[-1][1],
        "most": max(count for _at, count in points),
    }
    return mark_safe(day_curve(points, tz=zone, words=words))
