"""More than two hundred touches, counted: whole months, or weeks, or days, and the last eight by themselves."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby

from threadline.core.picture import calendar
from threadline.core.picture.story import PictureTouch, Story
from threadline.core.picture.waits import share_owed, waits

ALONE = 8

LaneKey = tuple[str, bool]


@dataclass(frozen=True, slots=True)
class Column:
    """`counts` per lane; `owed` is the part of its time in which the person waited for us; `first` one touch a lane."""

    name: str
    counts: dict[LaneKey, int]
    first: dict[LaneKey, PictureTouch]
    owed: float

    @property
    def total(self) -> int:
        return sum(self.counts.values())

    @property
    def fullest(self) -> LaneKey:
        return max(self.counts, key=lambda key: self.counts[key])


@dataclass(frozen=True, slots=True)
class Columns:
    columns: tuple[Column, ...]
    alone: tuple[PictureTouch, ...]


def columns(story: Story) -> Columns:
    touches = story.in_order()
    older, alone = touches[:-ALONE], touches[-ALONE:]
    start_of = _span([touch.at.astimezone(story.tz) for touch in older])
    its_waits = waits(touches, until=story.until())
    runs = [(start, tuple(run)) for start, run in groupby(older, key=lambda t: start_of(t.at.astimezone(story.tz)))]
    ends = [*(start for start, _ in runs[1:]), alone[0].at]
    now = story.now.astimezone(story.tz)
    return Columns(
        tuple(
            _column(run, _name(start, start_of, now), share_owed(its_waits, since=max(start, run[0].at), until=end))
            for (start, run), end in zip(runs, ends, strict=True)
        ),
        alone,
    )


def month_start(at: datetime) -> datetime:
    return _midnight(at).replace(day=1)


def week_start(at: datetime) -> datetime:
    return _midnight(at) - timedelta(days=at.weekday())


def _midnight(at: datetime) -> datetime:
    return at.replace(hour=0, minute=0, second=0, microsecond=0, fold=0)


def _span(moments: Sequence[datetime]) -> Callable[[datetime], datetime]:
    """Months if there are three or more of them, else weeks, else days."""
    for start_of in (month_start, week_start):
        if len({start_of(at) for at in moments}) >= 3:
            return start_of
    return _midnight


def _name(start: datetime, start_of: Callable[[datetime], datetime], now: datetime) -> str:
    if start_of is not month_start:
        return calendar.day(start, now=now) if start_of is _midnight else f"from {start.day} {calendar.month(start)}"
    year = f" {start.year}" if start.year != now.year else ""
    return f"{calendar.month(start)}{year}"


def _column(run: Sequence[PictureTouch], name: str, owed: float) -> Column:
    counts = Counter((touch.lane, touch.public) for touch in run)
    first: dict[LaneKey, PictureTouch] = {}
    for touch in run:
        first.setdefault((touch.lane, touch.public), touch)
    return Column(name, dict(counts), first, owed)
