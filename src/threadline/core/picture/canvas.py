"""What every lying picture is drawn on: ground, lanes, the waterline, now, and the nodes as links."""

from collections.abc import Sequence

from threadline.core.picture import calendar
from threadline.core.picture.days import TAB, DayMark, tab_x
from threadline.core.picture.form import TOP, Form
from threadline.core.picture.lanes import NAME_AT, Lane, Lanes, shown_name
from threadline.core.picture.layout import Node
from threadline.core.picture.marks import counted, glyph, half_width, link, number, ring, safe, shape, text
from threadline.core.picture.story import Story
from threadline.core.picture.words import words

AIR_TOP = TOP - 2


def svg(story: Story, *, width: float, height: float, now: float, inner: Sequence[str], form: str = "wide") -> str:
    """`now` is where now lies on the long axis; the page scrolls there."""
    name = f'aria-labelledby="{safe(story.named_by)}"' if story.named_by else f'aria-label="{safe(words(story))}"'
    size = f'viewBox="0 0 {number(width)} {number(height)}" width="{number(width)}" height="{number(height)}"'
    head = f'<svg {size} role="group" {name} data-form="{form}" data-now="{number(now)}">'
    return "\n".join([head, *inner, "</svg>"])


def ground(of: Lanes, *, width: float, now_x: float) -> list[str]:
    """Warm above the waterline, cool below, paler after now."""
    wide, future, top, water = number(width), number(width - now_x), of.waterline, number(of.waterline)
    drawn = []
    if top > TOP:
        drawn.append(f'<rect class="air" x="0" y="{number(AIR_TOP)}" width="{wide}" height="{number(top - AIR_TOP)}"/>')
    if of.bottom > top:
        start = top if top > TOP else AIR_TOP
        drawn.append(
            f'<rect class="water" x="0" y="{number(start)}" width="{wide}" height="{number(of.bottom - start)}"/>'
        )
    after = f'width="{future}" height="{number(of.bottom - AIR_TOP)}"'
    drawn.append(f'<rect class="future" x="{number(now_x)}" y="{number(AIR_TOP)}" {after}/>')
    drawn.extend(f'<path class="lane" d="M{number(of.gutter)} {number(lane.y)}H{wide}"/>' for lane in of.lanes)
    if top > TOP:
        drawn.append(f'<path class="waterline" d="M0 {water}H{wide}"/>')
    return drawn


def heads(of: Lanes, *, form: Form, icons: str) -> list[str]:
    return [_head(lane, gutter=of.gutter, form=form, icons=icons) for lane in of.lanes]


def _head(lane: Lane, *, gutter: float, form: Form, icons: str) -> str:
    shown = shown_name(lane, gutter=gutter, form=form)
    name = text(shown, kind="lane-name", x=NAME_AT, y=lane.y + 4.5)
    if shown.endswith("…"):
        name = f"<g><title>{safe(lane.name)}</title>{name}</g>"
    side = text("public", kind="side", x=gutter - 6, y=lane.y + 4.5, anchor="end") if lane.public and form.whole else ""
    return glyph(lane.channel, x=8, y=lane.y - 8, icons=icons) + name + side


def day_names(marks: Sequence[DayMark], *, bottom: float) -> list[str]:
    return [
        f'<path class="tick" d="M{number(mark.x)} 12V{number(bottom)}"/>'
        + (text(mark.name, kind="day", x=mark.x + 5, y=19) if mark.name else "")
        for mark in marks
    ]


def now_mark(story: Story, marks: Sequence[DayMark], *, now_x: float, width: float, bottom: float) -> str:
    x = tab_x(marks, now_x=now_x, width=width)
    name = f"now {calendar.clock(story.now.astimezone(story.tz))}"
    return (
        f'<path class="now" d="M{number(now_x)} 22V{number(bottom)}"/>'
        f'<rect class="now-tab" x="{number(x)}" y="5" width="{number(TAB)}" height="18" rx="3"/>'
        + text(name, kind="now-name", x=x + TAB / 2, y=18, anchor="middle")
    )


def node_link(node: Node) -> str:
    """The node as a link with its full sentence for a name, easy to hit."""
    group, x, y = node.group, node.x, node.lane.y
    sentence = safe(group.sentence)
    reach = max(14.0, half_width(group.count) + 4)
    halo = f'<circle class="halo" cx="{number(x)}" cy="{number(y)}" r="{number(reach)}"/>'
    direction = group.direction.value
    drawn = counted(direction, group.count, x=x, y=y) if group.count > 1 else shape(direction, x=x, y=y)
    circle = ring(group.count, x=x, y=y) if group.first.public else ""
    kind = f"{direction} public" if group.first.public else direction
    href = link(group.first.href)
    return f'<a class="{kind}" href="{href}" aria-label="{sentence}"><title>{sentence}</title>{halo}{drawn}{circle}</a>'
