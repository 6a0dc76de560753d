"""The numbers of the upright picture: lanes are columns, private left, public right; a row for each touch."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise

from threadline.core.picture.axis import FOLDED
from threadline.core.picture.columns import Column, LaneKey, columns
from threadline.core.picture.crowd import TOO_MANY, Group, grouped
from threadline.core.picture.story import PictureTouch, Story, Turn

LANE = 24.0
COUNTED_LANE = 30.0  # numbers stand in it
FIRST = 66.0
ROW, FOLD_ROW, TO_NOW = 38.0, 52.0, 44.0
LABEL_ROOM = 160.0


@dataclass(frozen=True, slots=True)
class Row:
    """One group, or one column of counted touches; `folded` when six hours or more follow."""

    y: float
    lane: LaneKey
    turn: Turn
    content: Group | Column
    folded: bool


@dataclass(frozen=True, slots=True)
class Tall:
    width: float
    xs: dict[LaneKey, float]
    channels: dict[LaneKey, str]
    step: float
    rows: tuple[Row, ...]
    now_y: float

    @property
    def height(self) -> float:
        return self.now_y + 14

    @property
    def waterline(self) -> float:
        return 4 + self.step * sum(not public for _, public in self.xs)

    @property
    def lanes_end(self) -> float:
        return 4 + self.step * len(self.xs)


def tall_layout(story: Story, *, width: float) -> Tall:
    touches = story.in_order()
    channels = _channels(touches)
    lane = COUNTED_LANE if len(touches) > TOO_MANY else LANE
    step = min(lane, (width - LABEL_ROOM) / len(channels))
    xs = {key: 4 + step * (index + 0.5) for index, key in enumerate(channels)}
    contents = _contents(story, touches)
    folded = [*(_folds(a, b) for a, b in pairwise(contents)), _folded_now(contents[-1], story)]
    ys = accumulate((FOLD_ROW if fold else ROW for fold in folded[:-1]), initial=FIRST)
    rows = tuple(
        Row(y, _lane(content), _turn(content), content, fold)
        for y, content, fold in zip(ys, contents, folded, strict=True)
    )
    return Tall(width, xs, channels, step, rows, rows[-1].y + TO_NOW)


def _contents(story: Story, touches: Sequence[PictureTouch]) -> list[Group | Column]:
    if len(touches) <= TOO_MANY:
        return [*grouped(touches)]
    counted = columns(story)
    return [*counted.columns, *(Group((touch,)) for touch in counted.alone)]


def _channels(touches: Sequence[PictureTouch]) -> dict[LaneKey, str]:
    first: dict[LaneKey, str] = {}
    for touch in touches:
        first.setdefault((touch.lane, touch.public), touch.channel)
    return dict(sorted(first.items(), key=lambda item: item[0][1]))


def _folded_now(last: Group | Column, story: Story) -> bool:
    return isinstance(last, Group) and story.until() - last.until > FOLDED


def _folds(before: Group | Column, after: Group | Column) -> bool:
    return isinstance(before, Group) and isinstance(after, Group) and after.at - before.until > FOLDED


def _lane(content: Group | Column) -> LaneKey:
    return content.fullest if isinstance(content, Column) else (content.first.lane, content.first.public)


def _turn(content: Group | Column) -> Turn:
    return Turn.THEIRS if isinstance(content, Column) else content.turn
