"""Many touches: neighbours of one kind become one node with a count."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from threadline.core.picture.story import PictureTouch, Turn
from threadline.core.touch import Direction

ONE_BY_ONE = 60
TOO_MANY = 200
NEAR = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Group:
    """One node: one touch, or several in a row on one lane in one direction."""

    touches: tuple[PictureTouch, ...]

    @property
    def first(self) -> PictureTouch:
        return self.touches[0]

    @property
    def at(self) -> datetime:
        return self.touches[0].at

    @property
    def until(self) -> datetime:
        return self.touches[-1].at

    @property
    def turn(self) -> Turn:
        return self.touches[-1].turn

    @property
    def direction(self) -> Direction:
        return self.touches[0].direction

    @property
    def count(self) -> int:
        return len(self.touches)

    @property
    def sentence(self) -> str:
        if self.count == 1:
            return self.first.sentence
        return f"{self.count} touches in a row, the first: {self.first.sentence}"


def grouped(touches: Sequence[PictureTouch]) -> tuple[Group, ...]:
    """Every touch by itself up to sixty; above, runs of one lane and direction within ten minutes are joined."""
    if len(touches) <= ONE_BY_ONE:
        return tuple(Group((touch,)) for touch in touches)
    runs: list[list[PictureTouch]] = []
    for touch in touches:
        if runs and _goes_on(runs[-1], touch):
            runs[-1].append(touch)
        else:
            runs.append([touch])
    return tuple(Group(tuple(run)) for run in runs)


def _goes_on(run: list[PictureTouch], touch: PictureTouch) -> bool:
    first = run[0]
    same = (first.lane, first.public, first.direction) == (touch.lane, touch.public, touch.direction)
    return same and touch.at - first.at <= NEAR
