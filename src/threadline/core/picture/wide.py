"""The lying picture as SVG: `wide` heads a story, `small` previews one in the queue."""

from collections.abc import Callable
from datetime import timedelta
from typing import NamedTuple

from threadline.core.durations import spell, spell_short
from threadline.core.picture import calendar, canvas, flags, line, months
from threadline.core.picture.crowd import TOO_MANY
from threadline.core.picture.form import TOP
from threadline.core.picture.labels import Label, labels
from threadline.core.picture.layout import Layout, small_layout, wide_layout
from threadline.core.picture.marks import number, safe, shape, text
from threadline.core.picture.story import Story

CUT = 14.0
NEXT = 58.0


class Preview(NamedTuple):
    """`words` say what the small picture leaves out; empty when it is whole."""

    svg: str
    words: str


def wide(story: Story, *, room: float) -> str:
    """The picture for `room` px; wider where the story needs it, and then it scrolls. `data-now` is now's x."""
    if not story.touches:
        return ""
    if len(story.touches) > TOO_MANY:
        return months.wide_months(story, room=room)
    layout = wide_layout(story, room=room)
    its_flags = flags.flags(layout)
    row = flags.drawn(its_flags, bottom=layout.bottom, icons=story.icons)
    inner = [*_behind(layout, say=spell), *_likely_line(layout), *row, *_front(layout), *_likely_node(layout)]
    height = layout.bottom + flags.height(its_flags)
    return canvas.svg(story, width=layout.width, height=height, now=layout.now_x, inner=inner)


def small(story: Story, *, room: float) -> Preview:
    """The preview: no promises row, and of a long story only what is legible."""
    if not story.touches:
        return Preview("", "")
    layout = small_layout(story, room=room)
    inner = [*_behind(layout, say=spell_short), *_front(layout)]
    drawn = canvas.svg(story, width=layout.width, height=layout.bottom + 20, now=layout.now_x, inner=inner)
    return Preview(drawn, _left_out(story, layout))


def _left_out(story: Story, layout: Layout) -> str:
    older = len(story.touches) - len(layout.story.touches)
    if not older:
        return ""
    first, now = layout.story.in_order()[0].at.astimezone(story.tz), story.now.astimezone(story.tz)
    return f"Since {calendar.day(first, now=now)}. {'1 touch' if older == 1 else f'{older} touches'} before that."


def _behind(layout: Layout, *, say: Callable[[timedelta], str]) -> list[str]:
    return [
        *canvas.ground(layout.lanes, width=layout.width, now_x=layout.now_x),
        *canvas.day_names(layout.days, bottom=layout.bottom),
        *canvas.heads(layout.lanes, form=layout.form, icons=layout.story.icons),
        *(_crease(fold.x, say(fold.lasted), bottom=layout.bottom) for fold in layout.axis.folds),
        *(line.path(segment) for segment in layout.segments),
    ]


def _crease(x: float, lasted: str, *, bottom: float) -> str:
    left, right, top, low = number(x - CUT / 2), number(x + CUT / 2), number(TOP - 2), number(bottom)
    return (
        f'<path class="crease" d="M{left} {top}H{right}V{low}H{left}z"/>'
        f'<path class="pleat" d="M{left} {top}V{low}M{right} {top}V{low}"/>'
        + text(lasted, kind="folded", x=x, y=bottom + 14)
    )


def _front(layout: Layout) -> list[str]:
    now = canvas.now_mark(layout.story, layout.days, now_x=layout.now_x, width=layout.width, bottom=layout.bottom)
    written = [_written(label) for label in labels(layout)]
    return [now, '<g aria-hidden="true">', *written, "</g>", *(canvas.node_link(node) for node in layout.nodes)]


def _written(label: Label) -> str:
    drawn = text(label.words, kind=label.kind, x=label.x, y=label.y, anchor=label.anchor)
    return f'<g class="public">{drawn}</g>' if label.public else drawn


def _likely_y(layout: Layout) -> float:
    likely = layout.story.likely
    named = (lane.y for lane in layout.lanes.lanes if likely is not None and lane.name == likely.lane)
    return next(named, layout.nodes[-1].lane.y)


def _likely_line(layout: Layout) -> list[str]:
    if layout.story.likely is None:
        return []
    x, y, to = layout.now_x, layout.nodes[-1].lane.y, _likely_y(layout)
    if y == to:
        return [f'<path class="next" d="M{number(x)} {number(y)}H{number(x + NEXT)}"/>']
    half = f"{number(x + NEXT * 0.55)} {number(y)} {number(x + NEXT * 0.45)} {number(to)}"
    return [f'<path class="next" d="M{number(x)} {number(y)}C{half} {number(x + NEXT)} {number(to)}"/>']


def _likely_node(layout: Layout) -> list[str]:
    likely = layout.story.likely
    if likely is None:
        return []
    x, y = layout.now_x + NEXT, _likely_y(layout)
    drawn = shape(likely.direction.value, x=x, y=y)
    title = f"<title>Likely next: {safe(likely.sentence)}</title>"
    ghost = f'<g class="ghost {likely.direction.value}">{title}{drawn}</g>'
    return [ghost, text("next?", kind="day", x=x - 8, y=max(y - 12, TOP + 8))]
