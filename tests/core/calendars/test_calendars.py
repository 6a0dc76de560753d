"""Working time, held against somebody who looks at the wall clock once a minute."""

from datetime import UTC, date, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from threadline.core.calendars import (
    ALWAYS,
    Calendar,
    Closed,
    NeverOpen,
    Slot,
    add_working_time,
    is_open,
    next_opening,
    read,
    working_time_between,
    written,
)

MINUTE = timedelta(minutes=1)
ZONES = {"Europe/London": ("GB", "ENG"), "America/New_York": ("US", "NY"), "Australia/Lord_Howe": ("AU", "NSW")}
OFFICE = (Slot(9 * 60, 12 * 60 + 30), Slot(13 * 60 + 30, 18 * 60))
SHOP = Calendar("Europe/London", (OFFICE,) * 5 + ((), ()), "GB", "ENG", (Closed(date(2026, 12, 24), "Christmas Eve"),))


def nights_when_clocks_change(zone: str) -> list[datetime]:
    """Over ten years, found by looking at every hour."""
    at, found = datetime(2020, 1, 1, tzinfo=UTC), []
    offset = at.astimezone(ZoneInfo(zone)).utcoffset()
    while at.year < 2030:
        at += timedelta(hours=1)
        now = at.astimezone(ZoneInfo(zone)).utcoffset()
        if now != offset:
            found.append(at)
        offset = now
    return found


NIGHTS = {zone: nights_when_clocks_change(zone) for zone in ZONES}
HOLIDAYS = [(12, 25), (1, 1), (4, 3), (7, 4), (1, 26)]


@st.composite
def slots(draw: st.DrawFn) -> tuple[Slot, ...]:
    """None to three slots of a day, in steps of five minutes, often in the small hours."""
    edges = draw(st.lists(st.integers(0, 288), unique=True, max_size=6).map(sorted))
    pairs = zip(edges[::2], edges[1::2], strict=False)
    return tuple(Slot(opens * 5, closes * 5) for opens, closes in pairs)


@st.composite
def calendars(draw: st.DrawFn) -> Calendar:
    zone = draw(st.sampled_from(list(ZONES)))
    week = draw(st.lists(slots(), min_size=7, max_size=7).filter(any))
    country, region = draw(st.sampled_from([ZONES[zone], ("", "")]))
    return Calendar(zone, tuple(week), country, region)


@st.composite
def cases(draw: st.DrawFn) -> tuple[Calendar, datetime, datetime]:
    """A calendar and up to a day of it: around a change of clocks, a holiday, or anywhere in ten years."""
    calendar = draw(calendars())
    year = draw(st.integers(2020, 2029))
    month, day = draw(st.sampled_from(HOLIDAYS))
    anywhere = datetime(2020, 1, 1, tzinfo=UTC) + MINUTE * draw(st.integers(0, 10 * 365 * 1440))
    near = draw(st.sampled_from([*NIGHTS[calendar.zone], datetime(year, month, day, tzinfo=UTC), anywhere]))
    start = near - MINUTE * draw(st.integers(0, 1440))
    return calendar, start, start + MINUTE * draw(st.integers(0, 1440))


def works(calendar: Calendar, at: datetime) -> bool:
    return bool(counted(calendar, at, at + MINUTE))


def counted(calendar: Calendar, start: datetime, end: datetime) -> int:
    """Minute by minute, what the wall clock shows."""
    zone, open_on, worked = ZoneInfo(calendar.zone), cache(calendar.slots), 0
    while start < end:
        local = start.astimezone(zone)
        minute = local.hour * 60 + local.minute
        worked += any(opens <= minute < closes for opens, closes in open_on(local.date()))
        start += MINUTE
    return worked


@settings(max_examples=120, deadline=None)
@given(cases())
def test_working_time_is_what_a_minute_counter_finds(case: tuple[Calendar, datetime, datetime]):
    calendar, start, end = case

    found = working_time_between(calendar, start, end)

    assert found == MINUTE * counted(calendar, start, end)


@settings(max_examples=60, deadline=None)
@given(cases(), st.integers(1, 40 * 60))
def test_what_was_added_is_what_lies_between_and_ends_while_we_work(
    case: tuple[Calendar, datetime, datetime], minutes: int
):
    calendar, start, _ = case

    due = add_working_time(calendar, start, MINUTE * minutes)

    assert working_time_between(calendar, start, due) == MINUTE * minutes
    assert works(calendar, due - MINUTE)


@settings(max_examples=60, deadline=None)
@given(cases())
def test_we_open_at_the_first_minute_that_is_worked(case: tuple[Calendar, datetime, datetime]):
    calendar, start, end = case

    opening = next_opening(calendar, start)

    assert works(calendar, opening)
    assert not counted(calendar, start, min(opening, end))
    assert is_open(calendar, start) == works(calendar, start)


def test_a_mail_ten_minutes_before_the_weekend_is_due_on_monday():
    friday = datetime(2026, 11, 20, 17, 50, tzinfo=ZoneInfo("Europe/London"))

    due = add_working_time(SHOP, friday, timedelta(hours=1))

    assert due == datetime(2026, 11, 23, 9, 50, tzinfo=ZoneInfo("Europe/London"))


def test_lunch_christmas_and_days_of_ones_own_are_not_worked():
    before = datetime(2026, 12, 23, 17, 0, tzinfo=UTC)

    due = add_working_time(SHOP, before, timedelta(hours=5))

    assert due == datetime(2026, 12, 29, 14, 0, tzinfo=UTC)  # 28 December stands in for Boxing Day


def test_around_the_clock_is_plain_time_also_when_clocks_change():
    start = datetime(2026, 3, 28, 12, 0, tzinfo=ZoneInfo("Europe/London"))

    assert add_working_time(ALWAYS, start, timedelta(hours=24)) == datetime(2026, 3, 29, 12, 0, tzinfo=UTC)


def test_a_slot_in_an_hour_that_comes_twice_is_worked_twice_and_one_that_is_skipped_never():
    nights = Calendar("Europe/London", ((Slot(60, 120),),) * 7)
    autumn, spring = datetime(2026, 10, 25, tzinfo=UTC), datetime(2026, 3, 29, tzinfo=UTC)

    assert working_time_between(nights, autumn - timedelta(hours=1), autumn + timedelta(hours=6)) == timedelta(hours=2)
    assert working_time_between(nights, spring, spring + timedelta(hours=12)) == timedelta(0)


def test_a_calendar_that_never_opens_again_says_so():
    only_christmas = Calendar("Europe/London", SHOP.week, closed=())

    with pytest.raises(NeverOpen, match="less than"):
        add_working_time(only_christmas, datetime(2026, 1, 1, tzinfo=UTC), timedelta(days=40_000))


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"zone": "Europe/Atlantis"}, "no time zone"),
        ({"week": [[["18:00", "09:00"]], [], [], [], [], [], []]}, "End after the start"),
        ({"week": [[["09:00", "12:00"], ["11:00", "17:00"]], [], [], [], [], [], []]}, "Keep slots apart"),
        ({"week": [[], [], [], [], [], [], []]}, "no working hours"),
        ({"week": [[["25:00", "26:00"]], [], [], [], [], [], []]}, "no time of a day"),
        ({"country": "XX"}, "not known"),
        ({"region": "Mars"}, "no region"),
    ],
)
def test_what_can_not_be_a_calendar_is_refused_with_what_to_do(wrong: dict[str, object], says: str):
    with pytest.raises(ValueError, match=says):
        read({**written(SHOP), **wrong})


def test_a_calendar_that_was_written_down_reads_the_same():
    assert read(written(SHOP)) == SHOP
