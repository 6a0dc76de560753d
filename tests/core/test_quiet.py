"""Quiet hours and the next time a clock shows an hour, against a look at every minute."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from threadline.core.quiet import Quiet, next_time

ZONES = ("Europe/London", "America/New_York", "Asia/Tokyo")
MINUTE = timedelta(minutes=1)
minutes = st.integers(0, 1439)
moments = st.datetimes(datetime(2020, 1, 1), datetime(2029, 12, 31)).map(lambda at: at.replace(second=0, microsecond=0))
nights = st.sampled_from(
    [datetime(2026, 3, 28, 20), datetime(2026, 10, 24, 20), datetime(2026, 3, 7, 20), datetime(2026, 10, 31, 20)]
)


def is_quiet(quiet: Quiet, at: datetime) -> bool:
    local = at.astimezone(ZoneInfo(quiet.zone))
    minute = local.hour * 60 + local.minute
    if local.weekday() in quiet.days:
        return True
    if quiet.since is None or quiet.until is None:
        return False
    if quiet.since < quiet.until:
        return quiet.since <= minute < quiet.until
    return minute >= quiet.since or minute < quiet.until


@settings(max_examples=60)
@given(st.sampled_from(ZONES), minutes, minutes, st.sets(st.integers(0, 6), max_size=3), moments | nights)
def test_quiet_ends_at_the_first_minute_that_is_not(zone: str, since: int, until: int, days: set[int], at: datetime):
    if since == until:
        return
    quiet, now = Quiet(zone, since, until, tuple(days)), at.replace(tzinfo=UTC)

    ends = quiet.ends(now)

    assert not is_quiet(quiet, ends)
    between = (now + MINUTE * step for step in range(int((ends - now) / MINUTE)))
    assert all(is_quiet(quiet, moment) for moment in between)


@settings(max_examples=100)
@given(st.sampled_from(ZONES), minutes, moments | nights)
def test_a_daily_time_comes_once_on_each_local_day(zone: str, minute: int, at: datetime):
    now, place = at.replace(tzinfo=UTC), ZoneInfo(zone)

    first = next_time(zone, minute, now)
    second = next_time(zone, minute, first)

    assert now < first <= now + timedelta(hours=25)
    assert (second.astimezone(place).date() - first.astimezone(place).date()).days == 1
    local = first.astimezone(place)
    assert (local.hour * 60 + local.minute - minute) % 1440 in (0, 60)


def test_quiet_over_midnight_ends_by_the_clock_also_when_an_hour_is_skipped():
    quiet = Quiet("Europe/London", 22 * 60, 7 * 60)

    assert quiet.ends(datetime(2026, 3, 28, 23, tzinfo=UTC)) == datetime(2026, 3, 29, 6, tzinfo=UTC)
    assert quiet.ends(datetime(2026, 3, 28, 21, tzinfo=UTC)) == datetime(2026, 3, 28, 21, tzinfo=UTC)


@pytest.mark.parametrize(
    ("values", "words"),
    [((60, None), "both"), ((60, 60), "none"), ((None, None, tuple(range(7))), "one day")],
    ids=["no end", "no span", "always"],
)
def test_what_is_no_quiet_is_refused(values: tuple[object, ...], words: str):
    with pytest.raises(ValueError, match=words):
        Quiet("Europe/London", *values)  # type: ignore[arg-type]
