"""When we work: business calendars with several slots a day, holidays, time zones and the nights when clocks change."""

from threadline.core.calendars.arithmetic import (
    NeverOpen,
    add_working_time,
    is_open,
    next_opening,
    working_time_between,
)
from threadline.core.calendars.calendar import ALWAYS, Calendar, Closed, Slot, minutes_of, read, written

__all__ = [
    "ALWAYS",
    "Calendar",
    "Closed",
    "NeverOpen",
    "Slot",
    "add_working_time",
    "is_open",
    "minutes_of",
    "next_opening",
    "read",
    "working_time_between",
    "written",
]
