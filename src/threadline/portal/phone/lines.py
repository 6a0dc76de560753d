"""How a channel answers calls, when it is open, and how long people really wait there."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from zoneinfo import ZoneInfo

from django.utils import timezone

from threadline.channels.models import Channel
from threadline.core.calendars import Calendar, NeverOpen, add_working_time, is_open, next_opening
from threadline.core.phone import Line, read
from threadline.core.routing import Measured, measured
from threadline.journeys.book import in_force
from threadline.portal.models import PhoneCall

SETTING = "line"
LOOK_BACK = timedelta(days=14)
NEWEST = 50


@dataclass
class Answering:
    """A line of ours at one moment. What costs a query is asked for late, and once."""

    channel: Channel
    now: datetime
    tried: Line | None = None  # one that is not kept yet

    @cached_property
    def line(self) -> Line:
        return self.tried or line_of(self.channel)

    @cached_property
    def calendar(self) -> Calendar | None:
        """None: always open. A calendar that was removed since then closes nobody out."""
        return in_force(self.now).calendars.get(self.line.calendar) if self.line.calendar else None

    @property
    def is_open(self) -> bool:
        return self.calendar is None or is_open(self.calendar, self.now)

    @property
    def opens_at(self) -> datetime | None:
        try:
            return next_opening(self.calendar, self.now) if self.calendar else None
        except NeverOpen:
            return None

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.calendar.zone if self.calendar else timezone.get_default_timezone_name())

    def callback_due(self) -> datetime:
        """By when we call back: so much working time from now."""
        span = timedelta(minutes=self.line.callback_minutes)
        if self.calendar is None:
            return self.now + span
        try:
            return add_working_time(self.calendar, self.now, span)
        except NeverOpen:
            return self.now + span

    @property
    def house(self) -> str:
        return self.channel.brand.name if self.channel.brand else self.channel.name


def line_of(channel: Channel) -> Line:
    """What was kept by a newer or older release and can not be read is the usual line: somebody answers in any case."""
    try:
        return read((channel.settings or {}).get(SETTING))
    except (ValueError, TypeError, KeyError):
        return Line()


@dataclass(frozen=True, slots=True)
class Wait:
    """`before` wait longer; `taken` is how long the last callers waited until one of us spoke, where enough did."""

    before: int
    taken: Measured | None


def wait_of(call: PhoneCall | None, channel: Channel, *, now: datetime) -> Wait:
    """The true wait of a caller, or of one who would begin to wait now. Cost: two queries."""
    waiting = PhoneCall.objects.waiting().filter(channel=channel, agent=None)
    if call is not None and call.waits_since is not None:
        waiting = waiting.filter(waits_since__lt=call.waits_since).exclude(pk=call.pk)
        waiting = waiting.filter(team=call.team) if call.team_id else waiting
    return Wait(waiting.count(), true_wait(channel, now=now))


def true_wait(channel: Channel, *, now: datetime) -> Measured | None:
    """Measured from the newest 50 calls of two weeks, and from who gave up: to leave them out would flatter us."""
    calls = PhoneCall.objects.filter(channel=channel, from_us=False, rang_at__gt=now - LOOK_BACK, rang_at__lte=now)
    waits = calls.filter(waited__gt=timedelta(), ended_at__isnull=False).order_by("-rang_at")
    return measured(waits.values_list("waited", flat=True)[:NEWEST])


def lines(kinds: Collection[str] = ("phone",)) -> list[Channel]:
    """Every line that a provider carries."""
    return list(Channel.objects.active().filter(kind__in=kinds, provider="twilio").select_related("brand"))
