"""How long people really waited: measured, and never promised."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

from threadline.core.durations import spell

ENOUGH = 5
"""Fewer answers than this say nothing."""


@dataclass(frozen=True, slots=True)
class Measured:
    """Half of `answers` came within `median`, nine in ten within `most`."""

    answers: int
    median: timedelta
    most: timedelta

    @property
    def median_spelled(self) -> str:
        return spell(self.median)

    @property
    def most_spelled(self) -> str:
        return spell(self.most)


def measured(waits: Iterable[timedelta]) -> Measured | None:
    """The median and the 90th percentile (the smallest wait that at least so many did not exceed); None for too few."""
    ordered = sorted(waits)
    if len(ordered) < ENOUGH:
        return None
    return Measured(len(ordered), _share(ordered, 50), _share(ordered, 90))


def _share(ordered: list[timedelta], percent: int) -> timedelta:
    return ordered[-(-len(ordered) * percent // 100) - 1]
