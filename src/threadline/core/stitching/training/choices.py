"""From a history to what is learned from it: at each touch, the journeys that it could have joined and the right one.

The history is told touch by touch as it came, and journeys grow by the truth, so that each choice is seen as the desk
would have seen it. Where customers turn out to be one, their journeys have a choice too: which of the other's they
belong together with.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from threadline.core.stitching.clues import clues_of
from threadline.core.stitching.features import Features, features
from threadline.core.stitching.shapes import Journey
from threadline.core.stitching.stories import Stories, combined, grown, opened, possible
from threadline.core.stitching.together import JOIN, join_features
from threadline.core.touch import Touch
from threadline.core.understanding import Understanding


@dataclass(frozen=True, slots=True)
class Placed:
    """A touch of which it is known whose it is and where it belongs.

    `merges`: pairs (loser, survivor) of customers that became one with this touch. `counts`: it may be learned from.
    """

    touch: Touch
    understanding: Understanding
    customer: int
    journey: str
    merges: tuple[tuple[int, int], ...] = ()
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
    told = Told()
    for placed in history:
        for loser, survivor in placed.merges:
            yield from told.merge(loser, survivor, counts=placed.counts)
        yield from told.place(placed, common)


class Told:
    """The journeys as they stand by the truth, each in parts as long as its customers are not known to be one."""

    def __init__(self) -> None:
        self.stories = Stories()
        self.truth: dict[int, str] = {}

    def place(self, placed: Placed, common: frozenset[str]) -> Iterator[Choice]:
        clues = clues_of(placed.touch, placed.understanding, common)
        options = [journey for journey in self.stories.of(placed.customer) if possible(clues, journey)]
        right = self.position(options, placed.journey)
        if placed.counts and options:
            found = tuple(features(clues, options))
            yield Choice(placed.touch.direction.value, placed.customer, found, right)
        if right is None:
            self.truth[placed.touch.id] = placed.journey
            self.stories.keep(opened(clues, placed.customer))
        else:
            self.stories.keep(grown(options[right], clues))

    def merge(self, loser: int, survivor: int, *, counts: bool) -> Iterator[Choice]:
        own = self.stories.of(survivor)
        for journey in sorted(self.stories.of(loser), key=lambda journey: journey.id):
            options = [other for other in own if other.brand == journey.brand is not None]
            right = self.position(options, self.truth[journey.id])
            if counts and options:
                yield Choice(JOIN, survivor, tuple(join_features(journey, options)), right)
            self.stories.move(journey.id, survivor)
            if right is not None:
                self.join(options[right], journey)
                own = [self.stories.journeys.get(other.id, other) for other in own]

    def join(self, one: Journey, other: Journey) -> None:
        self.stories.drop(other.id)
        self.stories.keep(replace(combined(one, other), id=one.id))

    def position(self, options: list[Journey], truth: str) -> int | None:
        return next((number for number, journey in enumerate(options) if self.truth[journey.id] == truth), None)
