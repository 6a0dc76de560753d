"""The picture as numbers: lanes, axis, nodes and segments of one story in one lying form."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from threadline.core.picture.axis import FOLDED, Axis, Stop, axis, stops, stretch_of
from threadline.core.picture.crowd import Group, grouped
from threadline.core.picture.days import DayMark, days
from threadline.core.picture.form import SMALL, WIDE, Form
from threadline.core.picture.lanes import Lane, Lanes, lanes
from threadline.core.picture.line import Segment, segment
from threadline.core.picture.story import PictureTouch, Story
from threadline.core.picture.waits import Wait, waits

LEGIBLE = 0.8
NEWEST = 12


@dataclass(frozen=True, slots=True)
class Node:
    group: Group
    lane: Lane
    x: float


@dataclass(frozen=True, slots=True)
class Layout:
    """`story` holds only the touches that are shown; `waits` are those of the whole story."""

    story: Story
    form: Form
    width: float
    lanes: Lanes
    axis: Axis
    nodes: tuple[Node, ...]
    segments: tuple[Segment, ...]
    days: tuple[DayMark, ...]
    waits: tuple[Wait, ...]

    @property
    def now_x(self) -> float:
        return self.axis.now_x

    @property
    def bottom(self) -> float:
        return self.lanes.bottom


def wide_layout(story: Story, *, room: float) -> Layout:
    return _layout(story, room=room, form=WIDE)


def small_layout(story: Story, *, room: float) -> Layout:
    """As many of the newest touches as stay legible in little room, beginning after a fold where there is one."""
    return _layout(replace(story, touches=_newest(story, room=room)), room=room, form=SMALL, all_of=story)


def _layout(story: Story, *, room: float, form: Form, all_of: Story | None = None) -> Layout:
    touches, now = story.in_order(), story.until()
    groups, its_lanes = grouped(touches), lanes(touches, form=form)
    start = its_lanes.gutter + form.lead
    its_stops = stops(groups, promises=story.promises, now=now)
    its_axis = axis(its_stops, start=start, room=room - start - form.after_now, form=form)
    nodes, width = place(its_axis, its_lanes), max(room, its_axis.now_x + form.after_now)
    return Layout(
        story=story,
        form=form,
        width=width,
        lanes=its_lanes,
        axis=its_axis,
        nodes=nodes,
        segments=segments(nodes, its_axis),
        days=days(its_axis, now=now, tz=story.tz, width=width),
        waits=tuple(waits((all_of or story).in_order(), until=now)),
    )


def place(on: Axis, its_lanes: Lanes) -> tuple[Node, ...]:
    by_key = its_lanes.by_key()
    return tuple(
        Node(stop.group, by_key[stop.group.first.lane, stop.group.first.public], x)
        for stop, x in zip(on.stops, on.xs, strict=True)
        if stop.group is not None
    )


def segments(nodes: Sequence[Node], on: Axis) -> tuple[Segment, ...]:
    """From node to node, and from the last one to now."""
    between = [
        segment(a.group.turn, x0=a.x, x1=b.x, before=a.lane, after=b.lane, folds=on.folds) for a, b in pairwise(nodes)
    ]
    last = nodes[-1]
    to_now = segment(last.group.turn, x0=last.x, x1=on.now_x, before=last.lane, after=last.lane, folds=on.folds)
    return (*between, to_now)


def _newest(story: Story, *, room: float) -> tuple[PictureTouch, ...]:
    """Everything if it fits; else from the first fold on after which it does; else the newest twelve."""
    touches = story.in_order()
    for begin in _beginnings(touches):
        if _fits(replace(story, touches=touches[begin:]), room=room):
            return touches[begin:]
    return touches[-NEWEST:]


def _beginnings(touches: Sequence[PictureTouch]) -> list[int]:
    after_folds = [index for index, (a, b) in enumerate(pairwise(touches), 1) if b.at - a.at > FOLDED]
    return [0, *(index for index in after_folds if len(touches) - index >= 3)]


def _fits(story: Story, *, room: float) -> bool:
    touches = story.in_order()
    span = room - lanes(touches, form=SMALL).gutter - SMALL.lead - SMALL.after_now
    its_stops: Sequence[Stop] = stops(grouped(touches), promises=story.promises, now=story.until())
    return stretch_of(its_stops, room=span, form=SMALL) >= LEGIBLE
