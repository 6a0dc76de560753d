"""What we promised in a story: the clocks that run, those that are over, and why each is due when it is."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from zoneinfo import ZoneInfo

from django.db.models import QuerySet
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from threadline.core import picture
from threadline.core.calendars import Calendar, working_time_between
from threadline.core.durations import spell, spell_hours
from threadline.core.promises import Book, Kind
from threadline.desk.glyphs import glyph_of
from threadline.desk.moments import exact, planned, told
from threadline.journeys.book import Versions
from threadline.journeys.models import Clock, Journey
from threadline.lib.prepared import prepared

DRAWN = 8  # more flags than that would cover the picture
LEFT_OUT = 4


@dataclass(frozen=True)
class Promised:
    """One clock in words."""

    clock: Clock
    book: Book
    now: datetime

    @property
    def calendar(self) -> Calendar:
        return self.book.calendar_of(self.clock.promise)

    @property
    def runs(self) -> bool:
        return self.clock.met_at is None and self.clock.paused_at is None

    @property
    def ended_at(self) -> datetime | None:
        return self.clock.met_at or self.clock.paused_at

    @property
    def late(self) -> bool:
        return (self.ended_at or self.now) > self.clock.due_at

    @property
    def state(self) -> str:
        if self.late:
            return "broken"
        return "kept" if self.clock.met_at else "open"

    @property
    def what(self) -> str:
        return _("First answer") if self.clock.kind == Kind.FIRST else _("Answer")

    @property
    def head(self) -> str:
        """`First answer by today 16:00`, `First answer was due yesterday 16:00`."""
        if self.clock.kind == Kind.RESOLUTION:
            if self.late:
                return _("Was to be settled %(moment)s") % {"moment": told(self.clock.due_at, now=self.now)}
            return _("To be settled by %(moment)s") % {"moment": planned(self.clock.due_at, now=self.now)}
        if self.late:
            return _("%(what)s was due %(moment)s") % {
                "what": self.what,
                "moment": told(self.clock.due_at, now=self.now),
            }
        return _("%(what)s by %(moment)s") % {"what": self.what, "moment": planned(self.clock.due_at, now=self.now)}

    @property
    def left(self) -> str:
        """`1 h 40 m left`: of the time in which we work."""
        if self.late:
            return _("%(time)s late") % {"time": spell((self.ended_at or self.now) - self.clock.due_at)}
        rest = working_time_between(self.calendar, self.now, self.clock.due_at)
        return _("%(time)s of working time left") % {"time": spell_hours(rest)}

    @cached_property
    def why(self) -> list[str]:
        """Which promise, counted how, in which calendar, and what was left out."""
        promise, target = self.book.promises[self.clock.promise], self.target
        reasons = [
            _("“%(name)s” promises %(what)s within %(target)s of working time; they asked %(channel)s, %(moment)s.")
            % {
                "name": promise.name,
                "what": {
                    Kind.FIRST: _("the first answer"),
                    Kind.NEXT: _("an answer"),
                    Kind.RESOLUTION: _("that it is settled"),
                }[Kind(self.clock.kind)],
                "target": spell_hours(target),
                "channel": glyph_of(self.clock.channel or "email").spoken,
                "moment": exact(self.clock.started_at),
            }
        ]
        if self.clock.opens_at is not None:
            reasons.append(
                _("We were closed then; counting began %(moment)s.") % {"moment": exact(self.clock.opens_at)}
            )
        if days := list(self.left_out()):
            reasons.append(_("Not counted: %(days)s.") % {"days": ", ".join(days)})
        if self.clock.kind == Kind.RESOLUTION:
            reasons.append(_("It stands still while we wait for the customer."))
        return reasons

    @property
    def target(self) -> timedelta:
        target = self.book.promises[self.clock.promise].target(Kind(self.clock.kind))
        assert target is not None, "a clock has a target"
        return target

    def left_out(self) -> Iterator[str]:
        """The days on which we would have worked, and why we did not."""
        zone = ZoneInfo(self.calendar.zone)
        day, last = self.clock.started_at.astimezone(zone).date(), self.clock.due_at.astimezone(zone).date()
        found = 0
        while day <= last and found < LEFT_OUT:
            why = self.calendar.free(day) if self.calendar.week[day.weekday()] else None
            if why is not None:
                found += 1
                yield f"{date_format(day, 'D j M')} ({why})"
            day += timedelta(days=1)

    def drawn(self) -> picture.Promise:
        text = {
            Kind.FIRST: _("a first answer"),
            Kind.NEXT: _("an answer"),
            Kind.RESOLUTION: _("settled"),
        }[Kind(self.clock.kind)]
        return picture.Promise(self.clock.started_at, self.clock.due_at, self.clock.met_at, text)


@dataclass(frozen=True)
class Promises:
    """All of a story, oldest first."""

    all: Sequence[Promised]

    @property
    def running(self) -> list[Promised]:
        return sorted((one for one in self.all if one.runs), key=lambda one: one.clock.due_at)

    def drawn(self) -> tuple[picture.Promise, ...]:
        """Those of waits, and that of the matter while it runs: a clock that stands still is due at no moment."""
        shown = [one for one in self.all if one.clock.kind != Kind.RESOLUTION or one.runs or one.clock.met_at]
        return tuple(one.drawn() for one in shown[-DRAWN:])


def promises(journey: Journey, *, now: datetime) -> Promises:
    """Cost: one query, two where something was promised."""
    clocks = _clocks(journey.pk)
    if not clocks:
        return Promises([])
    versions = Versions()
    return Promises([Promised(clock, versions.book(clock.book_id), now) for clock in clocks])


@prepared
def _clocks(journey: int) -> QuerySet[Clock]:
    return Clock.objects.filter(journey=journey).order_by("started_at", "pk")
