"""Waits and what ended them: a story by hand, the same by a slow and plain count, and how durations lie."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from threadline.core.periods import Period
from threadline.core.picture.day import day_curve
from threadline.core.waiting import Facts, Touches, answers, spread

KINDS = ("in", "out", "ruled", "thanks", "auto-in", "auto-out", "call")


@dataclass(frozen=True)
class Said:
    story: int
    at: int
    kind: str


def touches(said: list[Said]) -> Touches:
    def column(values: list[int]) -> np.ndarray:
        return np.asarray(values, np.int64)

    def marks(*kinds: str) -> np.ndarray:
        return np.asarray([one.kind in kinds for one in said], np.bool_)

    return Touches(
        story=column([one.story for one in said]),
        id=column(list(range(len(said)))),
        at=column([one.at for one in said]),
        ours=marks("out", "auto-out"),
        ruled=marks("ruled"),
        automatic=marks("auto-in", "auto-out"),
        thanks=marks("thanks"),
        taken=marks("call"),
    )


def told(said: list[Said]) -> list[tuple[int, int, bool, bool]]:
    """(row that asked, row that ended it, first, answered), in order of the rows."""
    found = answers(touches(said))
    rows = zip(found.asked.tolist(), found.by.tolist(), found.first.tolist(), found.answered.tolist(), strict=True)
    return sorted(rows)


def counted_slowly(said: list[Said]) -> list[tuple[int, int, bool, bool]]:
    """One story after the other, one touch after the other."""
    found = []
    for story in {one.story for one in said}:
        rows = [row for row, one in enumerate(said) if one.story == story and not one.kind.startswith("auto")]
        asked: tuple[int, bool] | None = None
        for place, row in enumerate(sorted(rows, key=lambda row: (said[row].at, row))):
            kind = said[row].kind
            if asked is None and (kind in ("in", "call") or (kind == "thanks" and place == 0)):
                asked = (row, place == 0)
            if asked is not None and kind in ("out", "ruled", "call"):
                found.append((asked[0], row, asked[1], kind != "ruled"))
                asked = None
    return sorted(found)


def story(*kinds: str) -> list[Said]:
    return [Said(1, at, kind) for at, kind in enumerate(kinds)]


def test_the_first_of_several_messages_starts_the_wait_and_our_answer_ends_it():
    assert told(story("in", "in", "out", "in", "out")) == [(0, 2, True, True), (3, 4, False, True)]


def test_what_nobody_has_answered_is_no_answer_yet():
    assert told(story("in")) == []


def test_machines_neither_ask_nor_answer_and_thanks_ask_nothing():
    assert told(story("auto-in", "in", "auto-out", "out", "thanks", "out")) == [(1, 3, True, True)]


def test_a_story_that_we_began_has_no_first_response():
    assert told(story("out", "in", "out")) == [(1, 2, False, True)]


def test_an_agents_word_ends_a_wait_without_an_answer():
    assert told(story("in", "out", "in", "ruled", "in", "out")) == [
        (0, 1, True, True),
        (2, 3, False, False),
        (4, 5, False, True),
    ]


def test_a_call_that_was_taken_ends_the_wait_that_began_by_mail():
    assert told(story("in", "call", "out")) == [(0, 1, True, True)]


@given(st.lists(st.builds(Said, st.integers(1, 3), st.integers(0, 20), st.sampled_from(KINDS)), max_size=40))
def test_any_stories_are_counted_as_by_hand(said: list[Said]):
    assert told(said) == counted_slowly(said)


def test_the_median_and_what_nine_of_ten_stay_below():
    assert spread(np.asarray([10.0, 20.0])).median == 15
    assert spread(np.arange(1.0, 12.0)).ninth == pytest.approx(10)
    assert spread(np.asarray([])).median is None


def test_facts_are_counted_by_person_and_grouped():
    numbers = np.asarray([1, 2, 3], np.int64)
    people = np.asarray([7, 7, 8], np.int64)
    facts = Facts(numbers, numbers, numbers * 1.0, numbers, people, people, people, people, people)

    assert (facts.total, facts.people) == (3, 2)
    assert {key: part.total for key, part in facts.by("channel").items()} == {7: 2, 8: 1}
    assert [part.total for part in facts.series([1, 3, 4])] == [2, 1]


def test_a_day_on_which_the_clocks_change_is_one_day():
    london = ZoneInfo("Europe/London")

    start, end = Period(date(2026, 3, 29), date(2026, 3, 29)).bounds(london)

    assert (start, end) == (datetime(2026, 3, 29, tzinfo=UTC), datetime(2026, 3, 29, 23, tzinfo=UTC))


@given(st.dates(date(2020, 1, 1), date(2030, 1, 1)), st.integers(0, 365))
def test_the_period_before_is_as_long_and_ends_the_day_before(first: date, more: int):
    period = Period(first, first + timedelta(more))

    before = period.before()

    assert before.days == period.days
    assert before.last + timedelta(1) == period.first
    assert before.bounds(UTC)[1] == period.bounds(UTC)[0]
    assert len(period.edges(UTC)) == len(period.starts()) + 1


@given(st.lists(st.integers(0, 5000), min_size=1, max_size=48), st.integers(0, 23))
def test_the_curve_of_a_day_can_be_drawn_at_any_hour(counts: list[int], hour: int):
    now = datetime(2026, 3, 10, hour, 17, tzinfo=UTC)
    points = [(now - timedelta(minutes=20 * back), count) for back, count in enumerate(reversed(counts))][::-1]

    drawn = day_curve([point for point in points if point[0].date() == now.date()], tz=UTC, words="waits & <so>")

    assert "nan" not in drawn
    assert "waits &amp; &lt;so&gt;" in drawn
