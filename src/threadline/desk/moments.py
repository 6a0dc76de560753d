"""Moments and waits in words, in the zone of the agent. Durations come from `core.durations`."""

from datetime import datetime, timedelta, tzinfo
from functools import lru_cache

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from threadline.core.durations import spell

JUST_NOW = timedelta(minutes=1)
RECENT = timedelta(hours=3)


def exact(at: datetime) -> str:
    """`Thu 19 Nov 2026, 13:02`"""
    return _formatted(at, pgettext("date format", "D j M Y, H:i"))


def told(at: datetime, *, now: datetime) -> str:
    """As one tells it in flow: `1 h 18 m ago`, `today 10:08`, `yesterday 19:26`, `Tue 17 Nov`, `7 Nov 2025`."""
    passed = now - at
    if passed < timedelta():
        return planned(at, now=now)
    if passed < JUST_NOW:
        return _("just now")
    if passed < RECENT:
        return _("%(duration)s ago") % {"duration": spell(passed)}
    return _day(at, now=now)


def planned(at: datetime, *, now: datetime) -> str:
    """Promises and wake-ups are absolute: `today 16:00`, `tomorrow 09:00`, `Fri 27 Nov, 09:00`."""
    clock = _clock(at)
    match -_days_since(at, now=now):
        case 0:
            return _("today %(clock)s") % {"clock": clock}
        case 1:
            return _("tomorrow %(clock)s") % {"clock": clock}
        case _other:
            return f"{_date(at, now=now)}, {clock}"


def _day(at: datetime, *, now: datetime) -> str:
    match _days_since(at, now=now):
        case 0:
            return _("today %(clock)s") % {"clock": _clock(at)}
        case 1:
            return _("yesterday %(clock)s") % {"clock": _clock(at)}
        case _other:
            return _date(at, now=now)


def _days_since(at: datetime, *, now: datetime) -> int:
    """Nights that lie between the two, where the reader is."""
    zone = timezone.get_current_timezone()
    return (now.astimezone(zone).date() - at.astimezone(zone).date()).days


def _clock(at: datetime) -> str:
    return _formatted(at, pgettext("time format", "H:i"))


def _date(at: datetime, *, now: datetime) -> str:
    """The weekday helps for half a year; after that the year does."""
    near = abs(now - at) < timedelta(days=182)
    pattern = pgettext("date format", "D j M") if near else pgettext("date format", "j M Y")
    return _formatted(at, pattern)


def _formatted(at: datetime, pattern: str) -> str:
    return _written(at, timezone.get_current_timezone(), pattern, get_language())


@lru_cache(20_000)  # the same moments stand on page after page, and each costs a tenth of a millisecond
def _written(at: datetime, zone: tzinfo, pattern: str, _language: str | None) -> str:
    return date_format(timezone.localtime(at, zone), pattern)
