"""The measures of the two lying forms, in px. The upright one has its own in `tall`."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Form:
    lane: float
    fold: float
    gutter: float
    widest_gutter: float
    after_now: float
    least_stretch: float
    whole: bool  # with promises, the next touch, the word "public", durations in two units

    @property
    def lead(self) -> float:
        """From the gutter to the first stop."""
        return 26.0


TOP = 30.0
WIDE = Form(lane=34, fold=64, gutter=118, widest_gutter=190, after_now=96, least_stretch=0.8, whole=True)
SMALL = Form(lane=32, fold=48, gutter=104, widest_gutter=150, after_now=42, least_stretch=0.4, whole=False)
