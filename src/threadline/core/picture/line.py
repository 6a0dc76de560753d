"""The line from touch to touch: along the lane, then a curve to the next; taut lines are pleated at folds."""

from bisect import bisect
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from threadline.core.picture.axis import Fold
from threadline.core.picture.lanes import Lane
from threadline.core.picture.marks import number
from threadline.core.picture.story import Turn

PLEAT = "h6l3-5 4 10 4-10 4 10 3-5h6"
HALF_PLEAT = 15.0
MARGIN = 15.0
NODE = 8.0
CURVE = 44.0
# The curve seen as x over y, both 0 to 1: it tells where on x the line crosses a lane.
CURVE_YS = tuple(3 * t * t - 2 * t**3 for t in (step / 24 for step in range(25)))
CURVE_XS = tuple(3 * (1 - t) ** 2 * t * 0.55 + 3 * (1 - t) * t * t * 0.45 + t**3 for t in (s / 24 for s in range(25)))


@dataclass(frozen=True, slots=True)
class Segment:
    turn: Turn
    x0: float
    x1: float
    before: Lane
    after: Lane
    curve: float  # how much of x the curve takes; none where the lane stays the same
    pleats: tuple[float, ...]  # the middles

    @property
    def straight_until(self) -> float:
        return self.x1 - self.curve

    def crossing(self, upper: float, lower: float) -> tuple[float, float]:
        """Where on x the curve is between two heights."""
        start, rise = self.before.y, self.after.y - self.before.y
        a, b = (upper - start) / rise, (lower - start) / rise
        first, last = (a, b) if a < b else (b, a)
        x = self.x1 - self.curve
        return x + self.curve * _curve_x(first), x + self.curve * _curve_x(last)


def segment(turn: Turn, *, x0: float, x1: float, before: Lane, after: Lane, folds: Sequence[Fold]) -> Segment:
    curve = 0.0 if before is after else min(CURVE, 0.75 * (x1 - x0))
    straight_until = x1 - curve - (0 if curve else NODE)
    room = (x0 + NODE + MARGIN, straight_until - MARGIN)
    pleats = () if turn is Turn.NOBODY else tuple(fold.x for fold in folds if room[0] <= fold.x <= room[1])
    return Segment(turn, x0, x1, before, after, curve, pleats)


@lru_cache(maxsize=1024)
def _curve_x(share: float) -> float:
    return CURVE_XS[min(bisect(CURVE_YS, share), 24)]


def path(of: Segment) -> str:
    return f'<path class="line" data-turn="{of.turn.value}" d="{_along(of)}"/>'


def _along(of: Segment) -> str:
    y, end = number(of.before.y), number(of.straight_until)
    pleats = "".join(f"H{number(middle - HALF_PLEAT)}{PLEAT}" for middle in of.pleats)
    drawn = f"M{number(of.x0)} {y}{pleats}H{end}"
    if not of.curve:
        return drawn
    c, y1 = of.curve, number(of.after.y)
    turn1, turn2 = number(of.straight_until + 0.55 * c), number(of.straight_until + 0.45 * c)
    return f"{drawn}C{turn1} {y} {turn2} {y1} {number(of.x1)} {y1}"
