"""How a number of durations lie: the one in the middle, and the one that nine in ten stay below."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt


@dataclass(frozen=True, slots=True)
class Spread:
    """Seconds; None where nothing was measured."""

    count: int
    median: float | None
    ninth: float | None


NONE = Spread(0, None, None)


def spread(seconds: npt.NDArray[np.float64]) -> Spread:
    """Between two measured durations it is interpolated, so that the median of two is their mean."""
    if not len(seconds):
        return NONE
    median, ninth = np.percentile(seconds, [50, 90])
    return Spread(len(seconds), float(median), float(ninth))
