"""What the wallboard shows, in the words and order of the screen."""

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
from threadline.desk.queries.queue.rows import people
from threadline.insights import crew as crews
from threadline.insights import wall
from threadline.insights.crew import Colleague
from threadline.insights.stories import channel_name, names_of_intents
from threadline.journeys.models import Journey

LONGEST, INTENTS, CHANNELS, NAMES = 4, 3, 6, 8
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
    """People who wait on one channel, or about one thing. Places are where on the scale its true times lie."""

    name: str
    people: int
    longest: str
    waits: Spread
    half: float = 0
    ninth: float = 0


@dataclass(frozen=True, slots=True)
class Busy:
    colleague: Colleague
    people: int


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
    busy: list[Busy]
    more_busy: int
    earlier: int
    answered: int
    ended: int
    waits: Spread
    curve: SafeString


def page(agent: Agent, *, now: datetime) -> WallPage:
    """Cost: ten queries, whatever waits."""
    waiting = wall.waiting(agent)
    day = wall.today(agent, now=now, zone=timezone.get_current_timezone())
    colleagues = crews.crew()
    busy = [each for each in colleagues if each.lately(now)]
    channels, public = _channels(waiting, day, now), waiting.public
    return WallPage(
        now=now,
        house=_house(),
        waiting=waiting,
        nobodys=waiting.people_where(waiting.owner == 0),
        public=public.people if public else 0,
        longest=_longest(waiting, {each.agent.pk: each.agent.first_name for each in colleagues}, now),
        channels=channels[:CHANNELS],
        further=len(channels[CHANNELS:]),
        intents=_intents(waiting, now),
        busy=[Busy(each, waiting.people_where(waiting.owner == each.agent.pk)) for each in busy[:NAMES]],
        more_busy=len(busy[NAMES:]),
        earlier=sum(_was_here(each, now) for each in colleagues) - len(busy),
        answered=day.answered.people,
        ended=day.counted.resolved.total,
        waits=day.waits(),
        curve=_curve(waiting, day, now),
    )


def _house() -> str:
    """The brand, where there is one only."""
    names = list(Brand.objects.values_list("name", flat=True)[:2])
    return names[0] if len(names) == 1 else ""


def _was_here(colleague: Colleague, now: datetime) -> bool:
    return colleague.last is not None and timezone.localdate(colleague.last) == timezone.localdate(now)


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
    here, answered = waiting.by("channel"), day.answered.by("channel")
    parts = []
    for number in {*here, *answered}:
        waits = day.waits(number)
        group = here.get(number)
        name = channel_name(number) if number else ""
        half, ninth = place(waits.median), place(waits.ninth)
        waiting_here, longest = (group.people, lasted(group.since, now)) if group else (0, "")
        parts.append(Part(name, waiting_here, longest, waits, half, ninth))
    return sorted((part for part in parts if part.name), key=lambda part: (-part.people, -part.waits.count, part.name))


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
