"""One lane per channel used: public ones on top, then the waterline, then private, each in order of first use."""

from collections.abc import Sequence
from dataclasses import dataclass

from threadline.core.picture.form import TOP, Form
from threadline.core.picture.marks import plain, shorten, text_width
from threadline.core.picture.story import PictureTouch

NAME_AT = 32.0
SIDE = 50.0  # the word "public" and the air around it


@dataclass(frozen=True, slots=True)
class Lane:
    index: int
    name: str
    channel: str
    public: bool
    y: float


@dataclass(frozen=True, slots=True)
class Lanes:
    lanes: tuple[Lane, ...]
    gutter: float
    waterline: float  # y where public ends
    bottom: float

    def of(self, touch: PictureTouch) -> Lane:
        return next(lane for lane in self.lanes if lane.name == touch.lane and lane.public == touch.public)

    def by_key(self) -> dict[tuple[str, bool], Lane]:
        return {(lane.name, lane.public): lane for lane in self.lanes}


def lanes(touches: Sequence[PictureTouch], *, form: Form, height: float = 0.0) -> Lanes:
    """`height` replaces the lane height of the form."""
    tall = height or form.lane
    first: dict[tuple[str, bool], PictureTouch] = {}
    for touch in touches:
        first.setdefault((touch.lane, touch.public), touch)
    used = sorted(first.values(), key=lambda touch: not touch.public)
    placed = tuple(
        Lane(index, touch.lane, touch.channel, touch.public, TOP + tall * (index + 0.5))
        for index, touch in enumerate(used)
    )
    public = sum(lane.public for lane in placed)
    return Lanes(placed, _gutter(placed, form), TOP + tall * public, TOP + tall * len(placed))


def shown_name(lane: Lane, *, gutter: float, form: Form) -> str:
    name, room = plain(lane.name), gutter - NAME_AT - _side(lane, form)
    return name if text_width(name) <= room else shorten(name, room=room - 10)


def _gutter(placed: Sequence[Lane], form: Form) -> float:
    """Wide enough for every name, within reason; longer names are cut."""
    needed = max((NAME_AT + text_width(plain(lane.name)) * 1.05 + _side(lane, form) for lane in placed), default=0.0)
    return float(round(min(max(form.gutter, needed), form.widest_gutter)))


def _side(lane: Lane, form: Form) -> float:
    return SIDE if lane.public and form.whole else 8.0
