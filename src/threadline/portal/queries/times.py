"""Published response times: the promise on each channel, and the median and 90th percentile of the last weeks.

Counted are first answers in working time, also where nobody has answered yet and the promise is broken: such a wait
counts as longer than any that is over, so that leaving people without an answer can not make the numbers better.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from django.db import connection
from django.utils import timezone
from django.utils.dates import WEEKDAYS_ABBR
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from threadline.channels.kinds import label
from threadline.channels.models import Brand, Channel
from threadline.core.calendars import Calendar, NeverOpen, is_open, next_opening
from threadline.core.calendars.calendar import clock
from threadline.core.durations import spell_hours
from threadline.core.promises import Book, Scope
from threadline.journeys.book import in_force

WEEKS = 8
FRESH = 300  # seconds that a page may be old
FEWEST = 10  # answers below which a number says nothing about the next one
LASTED = """
    select brand_id, channel, count(*),
        percentile_disc(0.5) within group (order by lasted), percentile_disc(0.9) within group (order by lasted)
    from (
        select brand_id, channel,
            case when met_at is null then 'infinity'::float8 else extract(epoch from took)::float8 end as lasted
        from journeys_clock where kind = 'first' and started_at >= %s and (met_at is not null or broken_at is not null)
    ) as waits group by brand_id, channel
"""


@dataclass(frozen=True)
class Measured:
    """`median` and `most` in words: half, and nine of ten, had an answer within that; `seconds` is `most`."""

    count: int
    median: str
    most: str
    seconds: float


Lasted = dict[tuple[int | None, str], Measured | None]


@dataclass(frozen=True)
class Line:
    """One channel. `measured` is None where there were too few."""

    kind: str
    name: str
    within: timedelta
    calendar: Calendar
    measured: Measured | None
    now: datetime

    @property
    def target(self) -> str:
        return spell_hours(self.within)

    @property
    def kept(self) -> bool:
        """Nine of ten had their answer within what is promised."""
        return self.measured is None or self.measured.seconds <= self.within.total_seconds()

    @property
    def hours(self) -> list[str]:
        """`Mon–Fri 09:00–19:00`"""
        week = self.calendar.week
        starts = [day for day in range(7) if day == 0 or week[day] != week[day - 1]]
        spans = zip(starts, [*starts[1:], 7], strict=True)
        return [f"{_days(first, after - 1)} {_slots(week[first])}" for first, after in spans if week[first]]

    @property
    def state(self) -> str:
        """`open now`, or when that is next."""
        if is_open(self.calendar, self.now):
            return _("open now")
        local = next_opening(self.calendar, self.now).astimezone(ZoneInfo(self.calendar.zone))
        return _("opens %(moment)s") % {"moment": date_format(local, "D j M, H:i")}


@dataclass(frozen=True)
class Published:
    brand: str
    lines: list[Line]

    @property
    def same_hours(self) -> Line | None:
        """Any line, where all are answered in the same hours: then they are told once."""
        return self.lines[0] if len({line.calendar for line in self.lines}) == 1 else None


def published(*, now: datetime) -> list[Published]:
    """What is published now; worked out anew every five minutes. Cost then: four queries, the dearest reads 8 weeks."""
    return _published(int(now.timestamp()) // FRESH, connection.settings_dict["NAME"])


@lru_cache(4)
def _published(bucket: int, _database: str) -> list[Published]:
    now = datetime.fromtimestamp((bucket + 1) * FRESH, timezone.get_current_timezone())
    book, measured = in_force(now), lasted(now)
    kinds = _kinds()
    found = [
        Published(brand.name, list(_lines(book, brand, kinds.get(brand.pk, []), measured, now)))
        for brand in Brand.objects.order_by("pk")
    ]
    return [one for one in found if one.lines]


def _kinds() -> dict[int, list[str]]:
    """The kinds of channels on which each brand can be reached."""
    found: dict[int, list[str]] = {}
    reachable = Channel.objects.filter(active=True).order_by("pk").values_list("brand", "kind")
    for brand, kind in reachable:
        if kind not in found.setdefault(brand, []):
            found[brand].append(kind)
    return found


def _lines(book: Book, brand: Brand, kinds: list[str], measured: Lasted, now: datetime) -> Iterator[Line]:
    for kind in kinds:
        promise = book.choose(Scope(kind, None, brand.pk))
        if promise is None or (target := book.promises[promise].first) is None:
            continue
        if not book.promises[promise].channels and (brand.pk, kind) not in measured:
            continue  # a promise for everything says nothing about a channel on which nobody asks
        calendar, name = book.calendar_of(promise), label(kind)
        try:
            next_opening(calendar, now)
        except NeverOpen:
            continue
        yield Line(kind, name, target, calendar, measured.get((brand.pk, kind)), now)


def lasted(now: datetime) -> Lasted:
    """By brand and kind of channel; None where there were too few."""
    with connection.cursor() as cursor:
        cursor.execute(LASTED, [now - timedelta(weeks=WEEKS)])
        rows = cursor.fetchall()
    return {
        (brand, channel): Measured(count, _spelled(median), _spelled(most), most) if count >= FEWEST else None
        for brand, channel, count, median, most in rows
    }


def _spelled(seconds: float) -> str:
    if seconds == float("inf"):
        return _("some still wait")
    return spell_hours(timedelta(seconds=seconds)) if seconds >= 60 else _("under a minute")


def _days(first: int, last: int) -> str:
    one, other = str(WEEKDAYS_ABBR[first]), str(WEEKDAYS_ABBR[last])
    return one if first == last else f"{one}–{other}"


def _slots(slots: tuple[tuple[int, int], ...]) -> str:
    return ", ".join(f"{clock(opens)}–{clock(closes)}" for opens, closes in slots)
