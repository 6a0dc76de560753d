"""Durations in the words of the screens."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from threadline.core.durations import spell, spell_short


@pytest.mark.parametrize(
    ("lasted", "said"),
    [
        (timedelta(), "0 s"),
        (timedelta(seconds=-5), "0 s"),
        (timedelta(seconds=40), "40 s"),
        (timedelta(minutes=2, seconds=40), "2 m 40 s"),
        (timedelta(minutes=9, seconds=59), "9 m 59 s"),
        (timedelta(minutes=10, seconds=59), "10 m"),
        (timedelta(hours=1), "1 h"),
        (timedelta(hours=3, minutes=12, seconds=59), "3 h 12 m"),
        (timedelta(days=1, hours=11, minutes=59), "1 d 11 h"),
        (timedelta(days=214), "214 d"),
    ],
)
def test_two_units_at_most_and_no_seconds_above_ten_minutes(lasted, said):
    assert spell(lasted) == said


def test_the_short_form_keeps_the_larger_unit():
    assert spell_short(timedelta(hours=13, minutes=22)) == "13 h"


@given(st.timedeltas(min_value=timedelta(), max_value=timedelta(days=9999)))
def test_a_spelled_duration_has_one_or_two_units(lasted):
    assert len(spell(lasted).split(" ")) in (2, 4)
