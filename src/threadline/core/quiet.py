"""Hours in which somebody is not to be disturbed, and the next time a clock shows an hour: right through DST nights."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from threadline.core.calendars import Calendar, Slot, next_opening
from threadline.core.calendars.calendar import DAY

WEEK = range(7)


@dataclass(frozen=True, slots=True)
class Quiet:
    """`since` and `until` are minutes of the local day, both or none; 22:00 to 07:00 goes over midnight.

    `days` are quiet all day, Monday is 0. Somebody who is never to be told is refused.
    """

    zone: str
    since: int | None = None
    until: int | None = None
    days: tuple[int, ...] = ()

    def __post_init__(self) -> None:
        if (self.since is None) != (self.until is None):
            raise ValueError("Say both when the quiet hours begin and when they end.")
        if self.since is not None and self.since == self.until:
            raise ValueError("Quiet hours that end when they begin are none. Choose another end.")
        if set(WEEK) <= set(self.days):
            raise ValueError("Leave one day on which you may be told.")

    def ends(self, now: datetime) -> datetime:
        """`now` itself when it is not quiet, else when it is over."""
        if self.since is None and not self.days:
            return now
        return next_opening(loud(self.zone, self.since, self.until, self.days), now)


def loud(zone: str, since: int | None, until: int | None, days: Sequence[int]) -> Calendar:
    """When somebody may be disturbed, as a calendar: what is left of each day."""
    slots = left_of_a_day(since, until)
    return Calendar(zone, tuple(() if day in days else slots for day in WEEK))


def left_of_a_day(since: int | None, until: int | None) -> tuple[Slot, ...]:
    if since is None or until is None:
        return (Slot(0, DAY),)
    pieces = ((until, since),) if since > until else ((0, since), (until, DAY))
    return tuple(Slot(opens, closes) for opens, closes in pieces if opens < closes)


def next_time(zone: str, minute: int, after: datetime) -> datetime:
    """When a local clock next shows this minute of the day, later than `after`: once a day, in UTC.

    An hour that comes twice counts the first time, one that is skipped an hour later.

    Raises:
        ValueError: no minute of a day.
    """
    if not 0 <= minute < DAY:
        raise ValueError(f"{minute} is no minute of a day.")
    place = ZoneInfo(zone)
    day = after.astimezone(place).date()
    while True:
        local = datetime(day.year, day.month, day.day, minute // 60, minute % 60, tzinfo=place)
        if local.astimezone(UTC) > after:
            return local.astimezone(UTC)
        day += timedelta(days=1)
