"""The lying picture of more than two hundred touches."""

from dataclasses import dataclass
from itertools import pairwise

from threadline.core.picture import canvas, line
from threadline.core.picture.axis import Axis, Stop
from threadline.core.picture.columns import Column, LaneKey, columns
from threadline.core.picture.crowd import Group
from threadline.core.picture.days import DayMark
from threadline.core.picture.form import WIDE
from threadline.core.picture.lanes import Lane, Lanes, lanes
from threadline.core.picture.layout import Node, place, segments
from threadline.core.picture.marks import link, number, rect, safe, text
from threadline.core.picture.story import Story
from threadline.core.picture.words import touches_on

LANE = 30.0
COLUMN = 92.0
FIRST_ALONE = 36.0
STEP = 38.0


@dataclass(frozen=True, slots=True)
class Months:
    """The numbers: columns begin at the gutter, the last touches and now stand on the axis."""

    columns: tuple[Column, ...]
    lanes: Lanes
    axis: Axis
    nodes: tuple[Node, ...]
    width: float

    def middle(self, index: int) -> float:
        return self.lanes.gutter + COLUMN * (index + 0.5)

    @property
    def end(self) -> float:
        return self.lanes.gutter + COLUMN * len(self.columns)


def wide_months(story: Story, *, room: float) -> str:
    of = months_layout(story, room=room)
    marks = (DayMark(of.end, "one by one"),)
    inner = [
        *canvas.ground(of.lanes, width=of.width, now_x=of.axis.now_x),
        *canvas.heads(of.lanes, form=WIDE, icons=story.icons),
        *_names(of),
        *canvas.day_names(marks, bottom=of.lanes.bottom),
        *_owed(of),
        *_line(of),
        canvas.now_mark(story, marks, now_x=of.axis.now_x, width=of.width, bottom=of.lanes.bottom),
        *_pills(of),
        *(canvas.node_link(node) for node in of.nodes),
    ]
    return canvas.svg(story, width=of.width, height=of.lanes.bottom + 26, now=of.axis.now_x, inner=inner)


def months_layout(story: Story, *, room: float) -> Months:
    counted, its_lanes = columns(story), lanes(story.in_order(), form=WIDE, height=LANE)
    start = its_lanes.gutter + COLUMN * len(counted.columns) + FIRST_ALONE
    step = max(STEP, (room - WIDE.after_now - start) / len(counted.alone))
    stops = (*(Stop(t.at, t.at, Group((t,))) for t in counted.alone), Stop(story.until(), story.until()))
    axis = Axis(stops, tuple(round((start + step * index) * 2) / 2 for index in range(len(stops))), ())
    width = max(room, axis.now_x + WIDE.after_now)
    return Months(counted.columns, its_lanes, axis, place(axis, its_lanes), width)


def _names(of: Months) -> list[str]:
    bottom = number(of.lanes.bottom)
    return [
        text(column.name, kind="day", x=of.middle(index), y=19, anchor="middle")
        + f'<path class="tick" d="M{number(of.middle(index) - COLUMN / 2)} 30V{bottom}"/>'
        for index, column in enumerate(of.columns)
    ]


def _owed(of: Months) -> list[str]:
    """The bar below a column: the share of its time in which the person waited for us."""
    y, name = number(of.lanes.bottom + 12), text("time we owed", kind="lane-name", x=8, y=of.lanes.bottom + 16)
    return [name, *(_owed_bar(column, of.middle(index) - 38, y) for index, column in enumerate(of.columns))]


def _owed_bar(column: Column, x: float, y: str) -> str:
    track = f'<path class="tick" stroke-width="4" d="M{number(x)} {y}h76"/>'
    if column.owed <= 0:
        return track
    share = f"{column.owed:.0%}"
    bar = f'<path class="line" data-turn="ours" d="M{number(x + 2)} {y}h{number(max(1.0, 72 * column.owed))}"/>'
    return f"<g><title>{safe(column.name)}: {share} of the time we owed an answer</title>{track}{bar}</g>"


def _line(of: Months) -> list[str]:
    by_key = of.lanes.by_key()
    points = [(of.middle(index), by_key[column.fullest]) for index, column in enumerate(of.columns)]
    bends = "".join(_bend(a, b) for a, b in pairwise([*points, (of.nodes[0].x, of.nodes[0].lane)]))
    start = f"M{number(points[0][0])} {number(points[0][1].y)}"
    along = f'<path class="line" data-turn="theirs" d="{start}{bends}"/>'
    return [along, *(line.path(segment) for segment in segments(of.nodes, of.axis))]


def _bend(a: tuple[float, Lane], b: tuple[float, Lane]) -> str:
    (x0, before), (x1, after) = a, b
    y0, y1 = number(before.y), number(after.y)
    return f"C{number(x0 + 40)} {y0} {number(x1 - 40)} {y1} {number(x1)} {y1}"


def _pills(of: Months) -> list[str]:
    by_key = of.lanes.by_key()
    return [
        _pill(column, key, x=of.middle(index), lane=by_key[key])
        for index, column in enumerate(of.columns)
        for key in sorted(column.counts, key=lambda key: by_key[key].index)
    ]


def _pill(column: Column, key: LaneKey, *, x: float, lane: Lane) -> str:
    count = column.counts[key]
    wide = max(len(str(count)) * 7.5 + 10, min(50.0, 18 + 1.6 * count))
    name = safe(f"{column.name}: {touches_on(count)} on {lane.name}")
    pill = rect("pill", x=x - wide / 2, y=lane.y - 9, width=wide, height=18, corner=9)
    label = text(str(count), kind="pill-n", x=x, y=lane.y + 4.5, anchor="middle")
    halo = f'<circle class="halo" cx="{number(x)}" cy="{number(lane.y)}" r="14"/>'
    href = link(column.first[key].href)
    return f'<a class="pills" href="{href}" aria-label="{name}"><title>{name}</title>{halo}{pill}{label}</a>'
