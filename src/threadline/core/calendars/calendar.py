"""A business calendar, and how it is written down and checked."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from threadline.core.calendars import holidays

DAY = 24 * 60
CLOCK = re.compile(r"([01]?\d|2[0-4])[:.h]([0-5]\d)")


class Slot(NamedTuple):
    """From one minute of the local day until before another: (540, 1020) is 09:00 to 17:00, 1440 is midnight."""

    opens: int
    closes: int


class Closed(NamedTuple):
    """A day on which nobody works, beside the public holidays."""

    day: date
    name: str = ""


@dataclass(frozen=True, slots=True)
class Calendar:
    """When we work. Immutable and hashable, so that what was worked out for it is kept.

    `week` holds the slots of Monday to Sunday, in order and apart from each other. `country` and `region` are codes
    of the `holidays` package; an empty country has no holidays. `open_anyway` are holidays on which we work.
    """

    zone: str
    week: tuple[tuple[Slot, ...], ...]
    country: str = ""
    region: str = ""
    closed: tuple[Closed, ...] = ()
    open_anyway: tuple[date, ...] = ()
    name: str = ""
    number: int = field(init=False, repr=False, compare=False, default=0)  # its hash: looked up with every use

    def __post_init__(self) -> None:
        values = (self.zone, self.week, self.country, self.region, self.closed, self.open_anyway, self.name)
        object.__setattr__(self, "number", hash(values))
        check_zone(self.zone)
        holidays.check(self.country, self.region)
        if len(self.week) != 7:
            raise ValueError(f"A week has seven days; this one has {len(self.week)}.")
        for slots in self.week:
            check_slots(slots)
        if not any(self.week):
            raise ValueError("The week has no working hours. Give at least one day some.")

    def __hash__(self) -> int:
        return self.number

    def free(self, day: date) -> str | None:
        """Why nobody works on this day, whatever the week says; None on other days."""
        for closed in self.closed:
            if closed.day == day:
                return closed.name or "closed"
        if not self.country or day in self.open_anyway:
            return None
        return holidays.of_year(self.country, self.region, day.year).get(day)

    def slots(self, day: date) -> tuple[Slot, ...]:
        """The slots of one day, in local minutes."""
        return () if self.free(day) is not None else self.week[day.weekday()]


def check_zone(zone: str) -> None:
    try:
        ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise ValueError(f"“{zone}” is no time zone. Write it as Europe/London or America/New_York.") from error


def check_slots(slots: Sequence[Slot]) -> None:
    before = -1
    for slot in slots:
        if not 0 <= slot.opens < slot.closes <= DAY:
            raise ValueError(f"{clock(slot.opens)} to {clock(slot.closes)} is no time of a day. End after the start.")
        if slot.opens <= before:
            raise ValueError(f"{clock(slot.opens)} begins before the slot ahead of it has ended. Keep slots apart.")
        before = slot.closes


def clock(minute: int) -> str:
    """540 is `09:00`."""
    return f"{minute // 60:02}:{minute % 60:02}"


def minutes_of(text: str) -> int:
    """`9:00`, `09.00` or `24:00` in minutes of the day."""
    found = CLOCK.fullmatch(text.strip())
    minutes = int(found[1]) * 60 + int(found[2]) if found else DAY + 1
    if minutes > DAY:
        raise ValueError(f"“{text}” is no time of a day. Write it as 09:00.")
    return minutes


def written(calendar: Calendar) -> dict[str, Any]:
    """As JSON holds it."""
    return {
        "name": calendar.name,
        "zone": calendar.zone,
        "week": [[[clock(slot.opens), clock(slot.closes)] for slot in slots] for slots in calendar.week],
        "country": calendar.country,
        "region": calendar.region,
        "closed": [[one.day.isoformat(), one.name] for one in calendar.closed],
        "open_anyway": [day.isoformat() for day in calendar.open_anyway],
    }


def read(plain: Mapping[str, Any]) -> Calendar:
    """The calendar that was `written`."""
    return Calendar(
        zone=plain["zone"],
        week=tuple(
            tuple(Slot(minutes_of(opens), minutes_of(closes)) for opens, closes in slots) for slots in plain["week"]
        ),
        country=plain.get("country", ""),
        region=plain.get("region", ""),
        closed=tuple(Closed(date.fromisoformat(day), name) for day, name in plain.get("closed", ())),
        open_anyway=tuple(date.fromisoformat(day) for day in plain.get("open_anyway", ())),
        name=plain.get("name", ""),
    )


ALWAYS = Calendar("UTC", ((Slot(0, DAY),),) * 7, name="Around the clock")
