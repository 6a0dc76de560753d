"""Things that happened at a moment, each with what one may count it by."""

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from threadline.core.waiting.spread import Spread, spread

Column = npt.NDArray[Any]


class Facts(NamedTuple):
    """One row each: when, of whom, in which story, and under what it counts. `seconds` is 0 where nothing lasts.

    Moments are microseconds; every column but `seconds` holds whole numbers.

    `number` is the touch that it is known by: what was said, or what ended a wait.
    """

    number: Column
    at: Column
    seconds: Column
    story: Column
    person: Column
    channel: Column
    intent: Column
    team: Column
    agent: Column

    @property
    def total(self) -> int:
        return len(self.at)

    @property
    def people(self) -> int:
        """How many different persons."""
        return len(np.unique(self.person))

    @property
    def spread(self) -> Spread:
        return spread(self.seconds)

    def only(self, chosen: Column | slice) -> "Facts":
        return Facts(*(column[chosen] for column in self))

    def within(self, start: int, end: int) -> "Facts":
        return self.only((self.at >= start) & (self.at < end))

    def where(self, **values: int | None) -> "Facts":
        """Those with these values; None asks for nothing."""
        found = self
        for name, value in values.items():
            if value is not None:
                found = found.only(getattr(found, name) == value)
        return found

    def by(self, name: str) -> dict[int, "Facts"]:
        """Grouped by one of the columns."""
        if not self.total:
            return {}
        column: Column = getattr(self, name)
        order = np.argsort(column, kind="stable")
        values, starts = np.unique(column[order], return_index=True)
        parts = np.split(order, starts[1:])
        return {int(value): self.only(part) for value, part in zip(values, parts, strict=True)}

    def series(self, edges: Sequence[int]) -> Iterator["Facts"]:
        """One part for each span between two edges."""
        order = np.argsort(self.at, kind="stable")
        places = np.searchsorted(self.at[order], np.asarray(edges, np.int64))
        for start, end in pairwise(places):
            yield self.only(order[start:end])
