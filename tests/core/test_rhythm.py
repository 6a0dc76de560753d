"""A source is silent against its own rhythm, not against a number that somebody set."""

import itertools
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from threadline.core.rhythm import silent_since, usual_pause

NOON = datetime(2026, 3, 10, 12, tzinfo=UTC)
EVERY_MINUTE = [NOON - timedelta(minutes=number) for number in range(200)]


def test_a_busy_source_is_silent_after_half_an_hour():
    assert silent_since(EVERY_MINUTE, NOON + timedelta(minutes=29)) is None
    assert silent_since(EVERY_MINUTE, NOON + timedelta(minutes=31)) == NOON + timedelta(minutes=30)


def test_a_night_without_anything_is_no_silence_where_nights_are_like_that():
    days = [NOON - timedelta(days=day, hours=hour) for day in range(14) for hour in range(8)]

    assert silent_since(days, NOON + timedelta(hours=16)) is None
    assert silent_since(days, NOON + timedelta(hours=60)) is not None


def test_too_little_tells_nothing():
    assert usual_pause(EVERY_MINUTE[:5]) is None
    assert silent_since(EVERY_MINUTE[:5], NOON + timedelta(days=9)) is None


@given(st.lists(st.integers(0, 10_000), min_size=20, max_size=60), st.integers(0, 10_000))
def test_no_source_is_silent_while_it_pauses_as_it_did_before(minutes, since):
    moments = [NOON - timedelta(minutes=number) for number in minutes]
    ordered = sorted(moments)
    longest = max(later - earlier for earlier, later in itertools.pairwise(ordered))

    if timedelta(minutes=since) <= longest:
        assert silent_since(moments, ordered[-1] + timedelta(minutes=since)) is None
