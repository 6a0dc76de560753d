"""Calendars and promises as the settings show them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property
from itertools import groupby
from zoneinfo import ZoneInfo, available_timezones

from django.utils.dates import WEEKDAYS, WEEKDAYS_ABBR
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from threadline.accounts.models import Team
from threadline.channels.kinds import label
from threadline.channels.models import Brand
from threadline.core import promises
from threadline.core.calendars import Calendar, NeverOpen, add_working_time, is_open, next_opening
from threadline.core.calendars.calendar import clock
from threadline.core.calendars.holidays import supported
from threadline.core.durations import spell_hours
from threadline.core.promises import Book, Promise
from threadline.journeys.book import last_change
from threadline.journeys.models import PromiseBook

SHOWN_CHANGES = 10
SHOWN_HOLIDAYS = 12
ANSWERED = ("email", "chat", "sms", "whatsapp", "facebook", "x", "phone", "review", "community", "store", "app")


@dataclass(frozen=True)
class Settings:
    """The newest version, and the changes that led there."""

    book: Book
    seen: int
    changes: list[PromiseBook]
    undoable: PromiseBook | None
    now: datetime

    @cached_property
    def teams(self) -> dict[int, str]:
        return dict(Team.objects.order_by("name").values_list("pk", "name"))

    @cached_property
    def brands(self) -> dict[int, str]:
        return dict(Brand.objects.order_by("pk").values_list("pk", "name"))

    @property
    def calendars(self) -> list["Hours"]:
        return [Hours(key, one, self.now) for key, one in self.book.calendars.items()]

    @property
    def promises(self) -> list["Line"]:
        return [Line(key, one, self) for key, one in self.book.promises.items()]

    @property
    def choices(self) -> dict[str, set[str]]:
        return {
            "channels": set(ANSWERED),
            "teams": {str(number) for number in self.teams},
            "brands": {str(number) for number in self.brands},
        }


@dataclass(frozen=True)
class Hours:
    """A calendar in words."""

    key: str
    calendar: Calendar
    now: datetime

    @property
    def week(self) -> list[tuple[str, str]]:
        """`Mon–Fri`, `09:00–12:30, 13:30–17:30`: days alike stand together."""
        found = []
        days = enumerate(self.calendar.week)
        for slots, group in groupby(days, key=lambda pair: pair[1]):
            numbers = [number for number, _slots in group]
            first, last = str(WEEKDAYS_ABBR[numbers[0]]), str(WEEKDAYS_ABBR[numbers[-1]])
            name = first if first == last else f"{first}–{last}"
            found.append((name, slots_in_words(slots) or _("closed")))
        return found

    @property
    def state(self) -> str:
        try:
            opens = next_opening(self.calendar, self.now)
        except NeverOpen:
            return _("never open")
        if is_open(self.calendar, self.now):
            return _("open now")
        local = opens.astimezone(ZoneInfo(self.calendar.zone))
        return _("closed now, opens %(moment)s") % {"moment": date_format(local, "D j M, H:i")}

    @property
    def holidays_of(self) -> str:
        if not self.calendar.country:
            return _("no public holidays")
        country = supported()[self.calendar.country]
        region = country.regions.get(self.calendar.region, "") if self.calendar.region else ""
        return _("holidays of %(place)s") % {"place": f"{region}, {country.name}" if region else country.name}

    def closed_days(self) -> Iterator[tuple[date, str]]:
        """The days of the year to come on which nobody works though it is a working day."""
        day, found = self.now.astimezone(ZoneInfo(self.calendar.zone)).date(), 0
        for _day in range(366):
            why = self.calendar.free(day) if self.calendar.week[day.weekday()] else None
            if why is not None and found < SHOWN_HOLIDAYS:
                found += 1
                yield day, why
            day += timedelta(days=1)


@dataclass(frozen=True)
class Line:
    """A promise in words."""

    key: str
    promise: Promise
    settings: Settings

    @property
    def targets(self) -> list[str]:
        promise = self.promise
        return [spell_hours(each) if each else "" for each in (promise.first, promise.next, promise.resolution)]

    @property
    def where(self) -> str:
        """`Email, X; Stories of Payments`, or everywhere."""
        channels = ", ".join(channel_name(kind) for kind in ANSWERED if kind in self.promise.channels)
        teams = ", ".join(name for number, name in self.settings.teams.items() if number in self.promise.teams)
        brands = ", ".join(name for number, name in self.settings.brands.items() if number in self.promise.brands)
        team = _("Stories of %(teams)s") % {"teams": teams} if teams else ""
        return "; ".join(part for part in (channels, team, brands) if part) or _("everywhere")

    @property
    def calendar(self) -> Calendar:
        return self.settings.book.calendars[self.promise.calendar]


@dataclass(frozen=True)
class Due:
    """What comes of it: a message that arrives then is due then, both by the wall clock of the calendar."""

    arrives: datetime
    within: timedelta
    due: datetime | None

    @property
    def target(self) -> str:
        return spell_hours(self.within)


def settings(*, now: datetime) -> Settings:
    """Cost: three queries."""
    changes = list(PromiseBook.objects.select_related("agent", "undoes").order_by("-since", "-pk")[:SHOWN_CHANGES])
    book = promises.read(changes[0].book) if changes else Book()
    return Settings(book, changes[0].pk if changes else 0, changes, last_change(), now)


def due(calendar: Calendar, arrives: datetime, within: timedelta) -> Due:
    zone = ZoneInfo(calendar.zone)
    try:
        found = add_working_time(calendar, arrives, within).astimezone(zone).replace(tzinfo=None)
    except NeverOpen:
        found = None
    return Due(arrives.replace(tzinfo=None), within, found)


def slots_in_words(slots: tuple[tuple[int, int], ...]) -> str:
    return ", ".join(f"{clock(opens)}–{clock(closes)}" for opens, closes in slots)


def channel_name(kind: str) -> str:
    return label(kind)


def channels() -> list[tuple[str, str]]:
    return [(kind, channel_name(kind)) for kind in ANSWERED]


def weekdays() -> list[str]:
    return [str(WEEKDAYS[number]) for number in range(7)]


def zones() -> list[str]:
    return sorted(zone for zone in available_timezones() if "/" in zone and not zone.startswith(("Etc/", "posix/")))


def countries() -> list[tuple[str, str]]:
    return [(code, country.name) for code, country in supported().items()]


def regions(country: str) -> Mapping[str, str]:
    return supported()[country].regions if country in supported() else {}
