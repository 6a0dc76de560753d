"""What admins send from the screens about calendars and promises. What may be, the core knows."""

import re
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _

from threadline.core.calendars import Calendar, Closed, Slot, minutes_of
from threadline.core.promises import Promise

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
SPAN = re.compile(r"\s*(?:(\d{1,4})\s*h(?:ours?)?)?\s*(?:(\d{1,5})\s*m(?:in(?:utes?)?)?)?\s*", re.IGNORECASE)


def slots_of(text: str) -> tuple[Slot, ...]:
    """`09:00–12:30, 13:30–17:30`; nothing is a day on which we are closed."""
    slots = []
    for part in re.split(r"[,;]", text):
        if not part.strip():
            continue
        opens, dash, closes = re.sub(r"\s*(?:–|—|-|to)\s*", "–", part.strip(), count=1).partition("–")
        if not dash:
            raise ValueError(_("“%s” has no end. Write it as 09:00–17:30.") % part.strip())
        slots.append(Slot(minutes_of(opens), minutes_of(closes)))
    return tuple(slots)


def span_of(text: str) -> timedelta | None:
    """`4 h`, `2 h 30 m`, `45 m`; nothing is no promise."""
    if not text.strip():
        return None
    found = SPAN.fullmatch(text)
    if found is None or not (found[1] or found[2]):
        raise ValueError(_("“%s” is no time. Write it as 4 h, 45 m or 2 h 30 m.") % text.strip())
    return timedelta(hours=int(found[1] or 0), minutes=int(found[2] or 0))


def day_of(line: str) -> Closed:
    """`2026-12-24 Christmas Eve`"""
    written, _space, name = line.strip().partition(" ")
    try:
        return Closed(date.fromisoformat(written), name.strip()[:80])
    except ValueError as error:
        raise ValueError(_("“%s” is no day. Write it as 2026-12-24, then a name.") % line.strip()) from error


class Tried(forms.Form):
    """What to try a calendar or promise with, before it is saved."""

    arrives = forms.DateTimeField(required=False)
    within = forms.CharField(required=False)
    seen = forms.IntegerField(required=False)

    def arrival(self, zone: Any, *, now: datetime) -> datetime:
        """As written, by the wall clock of the calendar; else next Friday, ten minutes to six."""
        written = self.cleaned_data.get("arrives")
        if written is not None:
            return timezone.make_naive(written).replace(tzinfo=zone)
        friday = now.astimezone(zone) + timedelta(days=(4 - now.astimezone(zone).weekday()) % 7)
        return friday.replace(hour=17, minute=50, second=0, microsecond=0)


class EditCalendar(Tried):
    name = forms.CharField(required=False, max_length=80)
    zone = forms.CharField(required=False, max_length=60)
    country = forms.CharField(required=False, max_length=2)
    region = forms.CharField(required=False, max_length=40)
    closed = forms.CharField(required=False)
    open_anyway = forms.CharField(required=False)

    def made(self) -> Calendar:
        """Raises ValueError with what to do."""
        given = self.cleaned_data
        lines = [line for line in given["closed"].splitlines() if line.strip()]
        anyway = [line for line in given["open_anyway"].splitlines() if line.strip()]
        return Calendar(
            zone=given["zone"].strip(),
            week=tuple(slots_of(str(self.data.get(day, ""))) for day in DAYS),
            country=given["country"],
            region=given["region"].strip(),
            closed=tuple(sorted(map(day_of, lines))),
            open_anyway=tuple(sorted(day_of(line).day for line in anyway)),
            name=given["name"].strip(),
        )


class EditPromise(Tried):
    name = forms.CharField(required=False, max_length=80)
    calendar = forms.CharField(required=False)
    first = forms.CharField(required=False)
    next = forms.CharField(required=False)
    resolution = forms.CharField(required=False)
    tells_when_closed = forms.BooleanField(required=False)

    def listed(self, name: str) -> set[str]:
        """What is ticked of one group."""
        return set(self.data.getlist(name)) if isinstance(self.data, QueryDict) else set()

    def made(self, choices: Mapping[str, set[str]]) -> Promise:
        """Args: choices: the channels, teams and brands that there are. Raises ValueError with what to do."""
        given = self.cleaned_data
        chosen = {name: self.listed(name) & known for name, known in choices.items()}
        return Promise(
            name=given["name"].strip(),
            calendar=given["calendar"],
            first=span_of(given["first"]),
            next=span_of(given["next"]),
            resolution=span_of(given["resolution"]),
            channels=frozenset(chosen["channels"]),
            teams=frozenset(map(int, chosen["teams"])),
            brands=frozenset(map(int, chosen["brands"])),
            tells_when_closed=given["tells_when_closed"],
        )
