"""From a history to what is learned from it: at each touch, the journeys that it could have joined and the right one.

The history is told touch by touch as it came, and journeys grow by the truth, so that each choice is seen as the desk
would have seen it.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from threadline.core.stitching.clues import clues_of
from threadline.core.stitching.features import Features, features
from threadline.core.stitching.shapes import Journey
from threadline.core.stitching.stories import Stories, grown, opened, possible
from threadline.core.touch import Touch
from threadline.core.understanding import Understanding


@dataclass(frozen=True, slots=True)
class Placed:
    """A touch of which it is known whose it is and where it belongs. `counts`: it may be learned from."""

    touch: Touch
    understanding: Understanding
    customer: int
    journey: str
    counts: bool = True


@dataclass(frozen=True, slots=True)
class Choice:
    """What a touch had in common with each journey, and which was right; None for a new one."""

    direction: str
    customer: int
    options: tuple[Features, ...]
    right: int | None


def choices(history: Iterable[Placed], common: frozenset[str] = frozenset()) -> Iterator[Choice]:
    """Every choice in a history that is in the order of arrival."""
    stories, names = Stories(), dict[str, int]()
    for placed in history:
        clues = clues_of(placed.touch, placed.understanding, common)
        home = names.get(placed.journey)
        options = [journey for journey in stories.of(placed.customer) if possible(clues, journey)]
        if placed.counts and options:
            yield Choice(
                placed.touch.direction.value,
                placed.customer,
                tuple(features(clues, options)),
                position(options, home),
            )
        if home is None:
            names[placed.journey] = placed.touch.id
            stories.keep(opened(clues, placed.customer))
        else:
            stories.keep(grown(stories.journeys[home], clues))


def position(options: list[Journey], home: int | None) -> int | None:
    return next((number for number, journey in enumerate(options) if journey.id == home), None)
