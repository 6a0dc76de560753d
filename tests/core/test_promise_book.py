"""The book of promises: which one holds where, and how it is written down."""

from datetime import UTC, datetime, timedelta

import pytest

from threadline.core.calendars import ALWAYS
from threadline.core.promises import Book, Clock, History, Kind, Promise, Scope, answered, asked, closed, read, written

HOUR = timedelta(hours=1)
NOON = datetime(2026, 3, 10, 12, tzinfo=UTC)
BOOK = Book(
    {"always": ALWAYS},
    {
        "all": Promise("Everybody", "always", 8 * HOUR, 8 * HOUR, 24 * HOUR),
        "mail": Promise("Mail", "always", 4 * HOUR, channels=frozenset({"email"})),
        "payments": Promise("Payments", "always", 2 * HOUR, channels=frozenset({"email"}), teams=frozenset({3})),
    },
)


class One:
    """A book that was always in force."""

    def at(self, moment: datetime) -> tuple[int, Book]:
        return 1, BOOK

    def book(self, number: int) -> Book:
        return BOOK


def test_of_the_promises_that_fit_the_one_that_names_most_holds():
    assert BOOK.choose(Scope("phone")) == "all"
    assert BOOK.choose(Scope("email", team=5)) == "mail"
    assert BOOK.choose(Scope("email", team=3)) == "payments"


def test_a_book_that_was_written_down_reads_the_same():
    assert read(written(BOOK)) == BOOK


def test_the_clock_of_the_matter_counts_only_the_time_that_is_ours():
    history = History(One())
    asked(history, NOON, first=True, scope=Scope("phone"))
    answered(history, NOON + HOUR)
    asked(history, NOON + 30 * HOUR, first=False, scope=Scope("phone"))
    closed(history, NOON + 32 * HOUR)

    matter = next(clock for clock in history.clocks if clock.kind == Kind.RESOLUTION)
    assert (matter.took, matter.broken_at) == (3 * HOUR, None)
    assert [clock.took for clock in history.clocks if clock.kind != Kind.RESOLUTION] == [HOUR, 2 * HOUR]


def test_what_came_too_late_is_broken_when_it_was_due():
    history = History(One())
    asked(history, NOON, first=True, scope=Scope("email"))
    answered(history, NOON + 5 * HOUR)

    first: Clock = history.clocks[0]
    assert (first.broken_at, first.took) == (NOON + 4 * HOUR, 5 * HOUR)


@pytest.mark.parametrize("wrong", [{}, {"first": timedelta()}, {"next": timedelta(days=400)}])
def test_a_promise_without_a_time_that_can_be_kept_is_refused(wrong: dict[str, timedelta]):
    with pytest.raises(ValueError, match="promise"):
        Promise("Nothing", "always", **wrong)
