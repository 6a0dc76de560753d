"""Where time lies on x: stops, the advance between them, folds, and how the whole is stretched into its room."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import accumulate, pairwise
from math import log2

from threadline.core.picture.crowd import Group
from threadline.core.picture.form import Form
from threadline.core.picture.story import Promise

FOLDED = timedelta(hours=6)
QUARTER = timedelta(minutes=15)
AFTER_PUBLIC = 18.0
# Beside folds nothing is stretched further than this: a minute must not look longer than a folded week.
MOST_BESIDE_FOLDS = 4.0


@dataclass(frozen=True, slots=True)
class Stop:
    """A group of touches, a due time (`group` is None), or now, which is the last stop."""

    at: datetime
    until: datetime
    group: Group | None = None


@dataclass(frozen=True, slots=True)
class Fold:
    """Six hours or more in 64 px; `x` is the middle of its cut strip."""

    x: float
    lasted: timedelta


@dataclass(frozen=True, slots=True)
class Axis:
    stops: tuple[Stop, ...]
    xs: tuple[float, ...]
    folds: tuple[Fold, ...]

    @property
    def now_x(self) -> float:
        return self.xs[-1]

    def at_or_before(self, moment: datetime) -> float:
        return next(
            (x for stop, x in zip(self.stops[::-1], self.xs[::-1], strict=True) if stop.at <= moment), self.xs[0]
        )

    def at_or_after(self, moment: datetime) -> float:
        return next((x for stop, x in zip(self.stops, self.xs, strict=True) if stop.until >= moment), self.now_x)


def stops(groups: Sequence[Group], *, promises: Sequence[Promise], now: datetime) -> tuple[Stop, ...]:
    """Touches, the due times that passed without a touch at that moment, and now, in order of time."""
    taken = {group.at for group in groups}
    dues = {promise.due_at for promise in promises if groups[0].at < promise.due_at < now} - taken
    between = [*(Stop(group.at, group.until, group) for group in groups), *(Stop(due, due) for due in dues)]
    return (*sorted(between, key=lambda stop: stop.at), Stop(now, now))


def axis(of: Sequence[Stop], *, start: float, room: float, form: Form) -> Axis:
    """`room` is the span from the first stop to now that is to be filled; it may come out wider, never narrower."""
    gaps = [max(timedelta(), after.at - before.until) for before, after in pairwise(of)]
    free = [0.0 if gap > FOLDED else _advance(gap, before) for gap, before in zip(gaps, of, strict=False)]
    stretch, fold = _fill(sum(free), folds=free.count(0.0), room=room, form=form)
    widths = (width * stretch or fold for width in free)
    xs = tuple(round(x * 2) / 2 for x in accumulate(widths, initial=start))
    folds = (Fold((a + b) / 2, gap) for (a, b), gap in zip(pairwise(xs), gaps, strict=True) if gap > FOLDED)
    return Axis(tuple(of), xs, tuple(folds))


def stretch_of(of: Sequence[Stop], *, room: float, form: Form) -> float:
    """By how much everything but folds would have to be stretched: below 1 it is squeezed."""
    gaps = [max(timedelta(), after.at - before.until) for before, after in pairwise(of)]
    free = [_advance(gap, before) for gap, before in zip(gaps, of, strict=False) if gap <= FOLDED]
    return (room - form.fold * (len(gaps) - len(free))) / (sum(free) or 1.0)


def _advance(gap: timedelta, before: Stop) -> float:
    public = before.group is not None and before.group.first.public
    crowd = 8.0 * (len(str(before.group.count)) + 1) if before.group is not None and before.group.count > 1 else 0.0
    return 30.0 + 15.0 * log2(1 + gap / QUARTER) + (AFTER_PUBLIC if public else 0.0) + crowd


def _fill(free: float, *, folds: int, room: float, form: Form) -> tuple[float, float]:
    """The stretch of what is free and the width of a fold. Folds only grow when little else is there."""
    stretch = max(form.least_stretch, (room - folds * form.fold) / free) if free else 1.0
    if not folds or (free and stretch <= MOST_BESIDE_FOLDS):
        return stretch, form.fold
    stretch = min(stretch, MOST_BESIDE_FOLDS)
    return stretch, max(form.fold, (room - free * stretch) / folds)
