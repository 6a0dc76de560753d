"""Days and times in the words of the picture, the same under every locale: Sat 7 Nov, 14:20."""

from datetime import datetime

DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def clock(at: datetime) -> str:
    return f"{at.hour:02}:{at.minute:02}"


def month(at: datetime) -> str:
    return MONTHS[at.month - 1]


def short_day(at: datetime) -> str:
    return f"{DAYS[at.weekday()]} {at.day}"


def day(at: datetime, *, now: datetime) -> str:
    """`Sat 7 Nov`; in another year than now's, `7 Nov 2024`."""
    if at.year != now.year:
        return f"{at.day} {month(at)} {at.year}"
    return f"{short_day(at)} {month(at)}"


def moment(at: datetime, *, now: datetime) -> str:
    """As short as it may be beside a flag: `16:00` today, `Fri 10:00` within a week, else `20 Nov`."""
    if at.date() == now.date():
        return clock(at)
    if abs((at.date() - now.date()).days) < 7:
        return f"{DAYS[at.weekday()]} {clock(at)}"
    return f"{at.day} {month(at)}"
