"""The versions of what we promise: which was in force when. Books never change, so each is read once a process."""

from bisect import bisect_right
from collections.abc import Iterator
from datetime import datetime

from threadline.core import promises
from threadline.core.promises import Book
from threadline.journeys.models import PromiseBook

_read: dict[tuple[int, datetime], Book] = {}


class Versions:
    """Every version there is. Cost: one query, one more for a version that this process has not seen yet."""

    def __init__(self) -> None:
        self._known = list(PromiseBook.objects.order_by("since", "pk").values_list("since", "pk"))
        self._since = {number: since for since, number in self._known}

    def __bool__(self) -> bool:
        return bool(self._known)

    def at(self, moment: datetime) -> tuple[int, Book] | None:
        """The version in force at a moment; None before the first."""
        index = bisect_right(self._known, moment, key=lambda version: version[0]) - 1
        return None if index < 0 else (self._known[index][1], self.book(self._known[index][1]))

    def book(self, number: int) -> Book:
        key = number, self._since[number]
        if key not in _read:
            _read[key] = promises.read(PromiseBook.objects.values_list("book", flat=True).get(pk=number))
        return _read[key]

    def __iter__(self) -> Iterator[int]:
        return iter(self._since)


def in_force(now: datetime) -> Book:
    """What is promised now. Cost: one query."""
    found = Versions().at(now)
    return found[1] if found else Book()


def last_change() -> PromiseBook | None:
    """The newest change by a person that nobody took back: what an undo would take back."""
    return (
        PromiseBook.objects.filter(undoes=None, undone_by=None, agent__isnull=False).order_by("-since", "-pk").first()
    )
