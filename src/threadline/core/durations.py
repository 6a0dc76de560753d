"""Durations as a screen says them: two units at most, floored, no seconds above ten minutes."""

from datetime import timedelta
from itertools import pairwise

MINUTE, HOUR, DAY = 60, 3600, 86400
UNITS = ((DAY, "d"), (HOUR, "h"), (MINUTE, "m"), (1, "s"))


def spell(lasted: timedelta) -> str:
    """`3 h 12 m`, `1 d 11 h`, `2 m 40 s`. Less than a second, or a negative duration, is `0 s`."""
    seconds = max(0, int(lasted.total_seconds()))
    if seconds >= 10 * MINUTE:
        seconds -= seconds % MINUTE
    return _two_units(seconds)


def spell_hours(lasted: timedelta) -> str:
    """Working time: `40 h`, `2 h 30 m`, `45 m`. A working day is no day of 24 hours, so there are no days."""
    minutes = max(0, int(lasted.total_seconds()) // MINUTE)
    hours, rest = divmod(minutes, 60)
    return " ".join(part for part in (f"{hours} h" if hours else "", f"{rest} m" if rest or not hours else "") if part)


def spell_short(lasted: timedelta) -> str:
    """The largest unit alone: `13 h`, `9 d`."""
    return " ".join(spell(lasted).split(" ")[:2])


def _two_units(seconds: int) -> str:
    for (size, name), (smaller, its_name) in pairwise(UNITS):
        if seconds >= size:
            rest = seconds % size // smaller
            return f"{seconds // size} {name}" + (f" {rest} {its_name}" if rest else "")
    return f"{seconds} s"
