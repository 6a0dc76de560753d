"""One lane per channel used: public ones on top, then the waterline, then private, each in order of first use."""

from collections.abc import Sequence
from dataclasses import dataclass

from threadline.core.picture.form import TOP, Form
from threadline.core.picture.marks import plain, shorten, text_width
from threadline.core.picture.story import PictureTouch

NAME_AT = 32.0
SIDE = 36.5  # the word "public" and the air around it


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
    name = plain(lane.name)
    return name if _needed(lane, form) <= gutter + 0.5 else shorten(name, room=(gutter - _beside(lane, form)) * 0.8)


def _gutter(placed: Sequence[Lane], form: Form) -> float:
    """Wide enough for every name, within reason; longer names are cut."""
    needed = max((_needed(lane, form) for lane in placed), default=0.0)
    return float(round(min(max(form.gutter, needed), form.widest_gutter)))


def _needed(lane: Lane, form: Form) -> float:
    """Names are set larger than labels, and in wide fonts they run wider; a space takes half."""
    name = plain(lane.name)
    cells = text_width(name, character=1) - 0.5 * name.count(" ")
    return cells * (9 if _names_its_side(lane, form) else 7) + _beside(lane, form)


def _beside(lane: Lane, form: Form) -> float:
    """The glyph before the name, and the word "public" or only air after it."""
    return NAME_AT + (SIDE if _names_its_side(lane, form) else 8.0)


def _names_its_side(lane: Lane, form: Form) -> bool:
    return lane.public and form.whole
