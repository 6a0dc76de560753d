"""How histories went on: what `expecting` counts."""

from collections.abc import Iterable, Iterator

from threadline.core.stitching.clues import clues_of
from threadline.core.stitching.expecting import Returned, situation
from threadline.core.stitching.features import hours
from threadline.core.stitching.shapes import Journey
from threadline.core.stitching.stories import grown, opened
from threadline.core.stitching.training.choices import Placed
from threadline.core.touch import Direction


def returns(history: Iterable[Placed]) -> Iterator[Returned]:
    """One for each touch: how long until the customer came back to the journey, until we spoke, or until the end."""
    standing: dict[str, Journey] = {}
    end = None
    for placed in history:
        touch, before = placed.touch, standing.get(placed.journey)
        clues = clues_of(touch, placed.understanding)
        if before is not None and touch.direction != Direction.EVENT:
            channel = touch.kind if touch.direction == Direction.IN else ""
            yield Returned(situation(before), hours(before.last_at, touch.at), channel)
        standing[placed.journey] = grown(before, clues) if before else opened(clues, placed.customer)
        end = touch.at
    for journey in standing.values():
        yield Returned(situation(journey), hours(journey.last_at, end or journey.last_at), "")
