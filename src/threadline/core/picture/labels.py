"""Words beside the line, only where neither the line, nor a node, nor other words are."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Literal

from threadline.core.durations import spell
from threadline.core.picture.layout import Layout, Node
from threadline.core.picture.line import Segment
from threadline.core.picture.marks import BOLD_CHARACTER, CHARACTER, half_width, plain, shorten, text_width
from threadline.core.picture.waits import Wait

Side = Literal["above", "below"]
Span = tuple[float, float]
SIDES: tuple[Side, Side] = ("above", "below")
BESIDE_NODE = 10.0
BESIDE_RING = 15.0
BEFORE_NOW = 7.0
BEFORE_NODE = 45.0  # how far a lasting wait may begin before its node
AIR = 5.0
CLEAR = 6.0  # between a lane and the words beside it
WORTH_CUTTING = 0.75
LONG_WAIT = 3600.0
LONGEST = 180.0


@dataclass(frozen=True, slots=True)
class Label:
    words: str
    kind: Literal["label", "wait"]
    x: float
    y: float
    public: bool
    anchor: str = ""


@dataclass
class Shelf:
    """Which stretches of x are taken: a lane by nodes, by those that are taller than a dot, a gap by line or words.

    A gap has the index of the lane below it.
    """

    nodes: defaultdict[int, list[Span]] = field(default_factory=lambda: defaultdict(list))
    tall: defaultdict[int, list[Span]] = field(default_factory=lambda: defaultdict(list))
    gaps: defaultdict[int, list[Span]] = field(default_factory=lambda: defaultdict(list))


def _room(x: float, *, edge: float, taken: Iterable[Span]) -> float:
    """How far words may run to the right from x."""
    free = edge
    for start, end in taken:
        if end > x and start < free:
            free = start
    return max(0.0, free - x)


def labels(layout: Layout) -> list[Label]:
    """Waits first, since they matter more; then the touches, the newest first."""
    shelf = _shelf(layout.nodes, layout.segments)
    placed = [*_wait_labels(layout, shelf)]
    for node in reversed(layout.nodes):
        label = _touch_label(node, layout, shelf)
        if label is not None:
            placed.append(label)
    return placed


def wait_words(wait: Wait) -> tuple[str, str]:
    """Long and short."""
    lasted = spell(wait.lasted)
    return (f"waited {lasted} for us", lasted) if wait.over else (f"waiting {lasted}", lasted)


def _shelf(nodes: Sequence[Node], segments: Sequence[Segment]) -> Shelf:
    shelf = Shelf()
    for node in nodes:
        half = half_width(node.group.count) + (7 if node.group.first.public else 3)
        shelf.nodes[node.lane.index].append((node.x - half, node.x + half))
        if node.group.first.public or node.group.count > 1:
            shelf.tall[node.lane.index].append((node.x - half, node.x + half))
    for segment in segments:
        if segment.curve:
            _take_curve(shelf, segment)
    return shelf


def _take_curve(shelf: Shelf, segment: Segment) -> None:
    """The curve takes the gaps between lanes that it passes, where words could be."""
    upper, lower = sorted((segment.before, segment.after), key=lambda lane: lane.index)
    height = (lower.y - upper.y) / (lower.index - upper.index)
    for gap in range(upper.index + 1, lower.index + 1):
        top = upper.y + (gap - upper.index - 1) * height
        start, end = segment.crossing(top + CLEAR, top + height - CLEAR)
        shelf.gaps[gap].append((start - AIR, end + AIR))


def _wait_labels(layout: Layout, shelf: Shelf) -> list[Label]:
    nodes = {touch.id: node for node in layout.nodes for touch in node.group.touches}
    written = (wait for wait in layout.waits if wait.touch.id in nodes and wait.lasted.total_seconds() >= LONG_WAIT)
    placed = (
        _wait_label(wait, nodes[wait.touch.id], layout, shelf)
        for wait in sorted(written, key=lambda wait: (wait.over, -wait.lasted))
    )
    return [label for label in placed if label is not None]


def _wait_label(wait: Wait, node: Node, layout: Layout, shelf: Shelf) -> Label | None:
    """Under the line; the duration alone where no more fits. One that lasts stands beside now, if need be above."""
    for words in wait_words(wait):
        width = text_width(words, character=BOLD_CHARACTER)
        label = _past_wait(words, width, wait, node, layout, shelf)
        if not wait.over and node is layout.nodes[-1]:
            label = _lasting_wait(words, width, node, layout, shelf)
        if label is not None:
            return label
    return None


def _past_wait(words: str, width: float, wait: Wait, node: Node, layout: Layout, shelf: Shelf) -> Label | None:
    """It must end where the wait ended."""
    x, end = _beside(node), layout.axis.at_or_after(wait.until) + AIR
    if x + width > min(end, _edge(layout)) or not _free("below", node, x, width, layout, shelf):
        return None
    _occupy(shelf, "below", node, x, width)
    return Label(words, "wait", x, _wait_y("below", node, layout), node.lane.public)


def _lasting_wait(words: str, width: float, node: Node, layout: Layout, shelf: Shelf) -> Label | None:
    end = layout.now_x - BEFORE_NOW
    x = end - width
    if x < node.x - BEFORE_NODE:
        return None
    for side in ("below", "above"):
        if _free(side, node, x, width, layout, shelf):
            _occupy(shelf, side, node, x, width)
            return Label(words, "wait", end, _wait_y(side, node, layout), node.lane.public, "end")
    return None


def _free(side: Side, node: Node, x: float, width: float, layout: Layout, shelf: Shelf) -> bool:
    """Waits stand far enough from the lane to pass by a simple node."""
    taken = (*shelf.tall[node.lane.index], *shelf.gaps[_gap(side, node)])
    return _room(x, edge=_edge(layout), taken=taken) >= width


def _wait_y(side: Side, node: Node, layout: Layout) -> float:
    """A little nearer where the waterline or the end of the lanes is near."""
    by_waterline = abs(node.lane.y - layout.lanes.waterline) < layout.form.lane
    if side == "above":
        return node.lane.y - (7 if by_waterline and not node.lane.public else 9)
    return _under(node, layout, 18)


def _under(node: Node, layout: Layout, baseline: float) -> float:
    """The baseline below a lane."""
    floor = layout.lanes.waterline if node.lane.public else layout.bottom
    return min(node.lane.y + baseline, floor - (2 if node.lane.public else 1))


def _touch_label(node: Node, layout: Layout, shelf: Shelf) -> Label | None:
    """Above, else below; cut where three quarters fit; the last touch may also speak to its left."""
    words, x = plain(node.group.touches[-1].label), _beside(node)
    if not words:
        return None
    width = min(text_width(words), LONGEST)
    above, below = (_label_room(side, node, x, _edge(layout), shelf) for side in ("above", "below"))
    side: Side = "above" if above >= width or above >= below else "below"
    if max(above, below) >= max(width * WORTH_CUTTING, 3 * CHARACTER):
        words = shorten(words, room=min(LONGEST, above if side == "above" else below))
        return _put(side, node, words, x, layout, shelf)
    return _label_to_the_left(node, words, layout, shelf) if node is layout.nodes[-1] else None


def _label_to_the_left(node: Node, words: str, layout: Layout, shelf: Shelf) -> Label | None:
    end, words = 2 * node.x - _beside(node), shorten(words, room=LONGEST)
    x = end - text_width(words)
    if x < layout.lanes.gutter:
        return None
    free = (side for side in SIDES if _label_room(side, node, x, end, shelf) >= end - x)
    side = next(free, None)
    return _put(side, node, words, x, layout, shelf, end=end) if side else None


def _put(
    side: Side, node: Node, words: str, x: float, layout: Layout, shelf: Shelf, *, end: float | None = None
) -> Label:
    width = text_width(words)
    _occupy(shelf, side, node, x, width)
    y = _over(node, layout, x, x + width) if side == "above" else _under(node, layout, 16)
    return Label(words, "label", x if end is None else end, y, node.lane.public, "" if end is None else "end")


def _label_room(side: Side, node: Node, x: float, edge: float, shelf: Shelf) -> float:
    return _room(x, edge=edge, taken=(*shelf.nodes[node.lane.index], *shelf.gaps[_gap(side, node)]))


def _occupy(shelf: Shelf, side: Side, node: Node, x: float, width: float) -> None:
    shelf.gaps[_gap(side, node)].append((x - AIR, x + width + AIR))


def _over(node: Node, layout: Layout, start: float, end: float) -> float:
    """The baseline above a lane: higher over a pleat."""
    pleats = (middle for line in layout.segments if line.pleats and line.before is node.lane for middle in line.pleats)
    return node.lane.y - (10 if any(middle - 10 < end and start < middle + 10 for middle in pleats) else 6)


def _beside(node: Node) -> float:
    return node.x + half_width(node.group.count) - 6.5 + (BESIDE_RING if node.group.first.public else BESIDE_NODE)


def _edge(layout: Layout) -> float:
    return layout.now_x - BEFORE_NOW


def _gap(side: Side, node: Node) -> int:
    return node.lane.index if side == "above" else node.lane.index + 1
