"""The names of the days above the lanes, never on top of each other or of now."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo

from threadline.core.picture import calendar
from threadline.core.picture.axis import Axis
from threadline.core.picture.marks import text_width

BEFORE_STOP = 12.0  # the tick stands this far before the first touch of its day
NEAR = 92.0
NEAREST = 48.0
TAB = 82.0
TAB_OVERLAP = 8.0  # so much of now's tab stays left of its line


@dataclass(frozen=True, slots=True)
class DayMark:
    x: float
    name: str  # empty where two days are so near that only the tick fits


def days(axis: Axis, *, now: datetime, tz: tzinfo, width: float) -> tuple[DayMark, ...]:
    firsts = _first_touch_of_each_day(axis, tz)
    marks: list[DayMark] = []
    next_x, room = min(axis.now_x - TAB_OVERLAP, width - TAB), NEAREST + 8
    for x, at in reversed(firsts):
        name = _fitting(at, gap=next_x - x, least=room, now=now.astimezone(tz))
        marks.append(DayMark(x, name))
        if name:
            next_x, room = x, NEAREST
    return tuple(reversed(marks))


def tab_x(marks: Sequence[DayMark], *, now_x: float, width: float) -> float:
    """Left edge of the tab that names now: around its line, but clear of the last day's name."""
    last = next((mark for mark in reversed(marks) if mark.name), None)
    clear = last.x + 11 + text_width(last.name) * 1.08 if last else 0.0
    return min(max(now_x - TAB / 2, clear), now_x - TAB_OVERLAP, width - TAB)


def _first_touch_of_each_day(axis: Axis, tz: tzinfo) -> list[tuple[float, datetime]]:
    firsts: list[tuple[float, datetime]] = []
    for stop, x in zip(axis.stops, axis.xs, strict=True):
        if stop.group is None:
            continue
        at = stop.at.astimezone(tz)
        if not firsts or firsts[-1][1].date() != at.date():
            firsts.append((x - BEFORE_STOP, at))
    return firsts


def _fitting(at: datetime, *, gap: float, least: float, now: datetime) -> str:
    if gap >= NEAR:
        return calendar.day(at, now=now)
    if at.year != now.year:
        return f"{calendar.month(at)} {at.year}" if gap >= least + 12 else ""
    return calendar.short_day(at) if gap >= least else ""
