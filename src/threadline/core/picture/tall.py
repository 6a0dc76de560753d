"""The upright picture as SVG, for phones: the whole row is the link; label and time stand to the right."""

from collections.abc import Mapping
from datetime import date
from itertools import pairwise

from threadline.core.picture import calendar, canvas
from threadline.core.picture.columns import Column
from threadline.core.picture.crowd import Group
from threadline.core.picture.days import TAB
from threadline.core.picture.labels import LONG_WAIT, wait_words
from threadline.core.picture.marks import (
    counted,
    glyph,
    half_width,
    link,
    number,
    plain,
    ring,
    safe,
    shape,
    shorten,
    text,
    text_width,
)
from threadline.core.picture.rows import Row, Tall, tall_layout
from threadline.core.picture.story import Story, Turn
from threadline.core.picture.waits import waits
from threadline.core.picture.words import touches_on

WIDTH = 328.0
HEAD = 36.0
CURVE = 26.0
PLEAT = "l-4 2 8 3-8 3 8 3-4 2"
PLEAT_HEIGHT = 13.0


def tall(story: Story, *, width: float = WIDTH) -> str:
    if not story.touches:
        return ""
    of = tall_layout(story, width=width)
    waiting = _waiting(story, room=width - of.lanes_end - 10)
    rows = [_row(row, of, waiting=waiting, time=time) for row, time in zip(of.rows, _times(of, story), strict=True)]
    lines = [_line(before, after, of) for before, after in pairwise((*of.rows, None)) if before is not None]
    inner = [*_ground(of, story), *lines, *rows, _now(of, story)]
    return canvas.svg(story, width=of.width, height=of.height, now=of.now_y, inner=inner, form="tall")


def _waiting(story: Story, *, room: float) -> dict[int, str]:
    """What is written at the touch that began a wait of an hour or more."""
    long = (wait for wait in waits(story.in_order(), until=story.until()) if wait.lasted.total_seconds() >= LONG_WAIT)
    return {wait.touch.id: _fitting(wait_words(wait), room=room) for wait in long}


def _fitting(forms: tuple[str, str], *, room: float) -> str:
    return forms[0] if text_width(forms[0], character=7.3) <= room else forms[1]


def _times(of: Tall, story: Story) -> list[str]:
    """The day where a new one begins, else the time; the name of the month for what was counted."""
    times: list[str] = []
    last: date | None = None
    now = story.now.astimezone(story.tz)
    for row in of.rows:
        if isinstance(row.content, Column):
            times.append(row.content.name)
            continue
        at = row.content.at.astimezone(story.tz)
        times.append(calendar.clock(at) if at.date() == last else calendar.day(at, now=now))
        last = at.date()
    return times


def _ground(of: Tall, story: Story) -> list[str]:
    water, air, height = number(of.waterline), number(of.lanes_end - of.waterline), number(of.height)
    private, public = of.waterline > 4, of.lanes_end > of.waterline
    start = water if private else "0"
    drawn = [f'<rect class="water" x="0" y="0" width="{water}" height="{height}"/>'] if private else []
    if public:
        air = number(of.lanes_end - (of.waterline if private else 0))
        drawn.append(f'<rect class="air" x="{start}" y="0" width="{air}" height="{height}"/>')
    if private and public:
        drawn.append(f'<path class="waterline" d="M{water} 0V{height}"/>')
    for index, (key, x) in enumerate(of.xs.items()):
        lane = f'<path class="lane" d="M{number(x)} {number(HEAD)}V{height}"/>'
        name = f"{key[0]}, public" if key[1] else key[0]
        use = glyph(of.channels[key], x=x - 8, y=_head_y(index, of.step), icons=story.icons)
        drawn.append(f"<g><title>{safe(name)}</title>{use}{lane}</g>")
    return drawn


def _head_y(index: int, step: float) -> float:
    """Where lanes are narrower than their signs, the signs take turns in two rows."""
    return 12 if step >= 18 else (2, 19)[index % 2]


def _line(before: Row, after: Row | None, of: Tall) -> str:
    x, y = of.xs[before.lane], before.y
    x1, y1 = (of.xs[after.lane], after.y) if after is not None else (x, of.now_y)
    straight = y1 if x == x1 else y1 - CURVE
    path = f"M{number(x)} {number(y)}{_pleat(before, y, straight)}V{number(straight)}"
    if x != x1:
        a, b = number(straight + 0.6 * CURVE), number(straight + 0.4 * CURVE)
        path += f"C{number(x)} {a} {number(x1)} {b} {number(x1)} {number(y1)}"
    return f'<path class="line" data-turn="{before.turn.value}" d="{path}"/>'


def _pleat(row: Row, y: float, straight: float) -> str:
    if not row.folded or row.turn is Turn.NOBODY:
        return ""
    return f"V{number((y + straight - PLEAT_HEIGHT) / 2 + 0.5)}{PLEAT}"


def _row(row: Row, of: Tall, *, waiting: Mapping[int, str], time: str) -> str:
    content = row.content
    if isinstance(content, Column):
        return _counted_row(row, content, of, time)
    label = _shown(plain(content.touches[-1].label), of, time)
    wait = next((waiting[touch.id] for touch in content.touches if touch.id in waiting), "")
    drawn = _node(content, x=of.xs[row.lane], y=row.y) + _words(of, row.y, label, wait, time)
    name = " ".join(part for part in (f"{content.sentence}.", label, wait, time) if part)
    return _link(content.direction.value, content.first.href, name, row.y, of.width, drawn)


def _counted_row(row: Row, column: Column, of: Tall, time: str) -> str:
    total = touches_on(column.total)
    owed = f"we owed {column.owed:.0%}" if column.owed >= 0.01 else ""
    pills = "".join(_pill(count, of.xs[key], row.y, of.step) for key, count in column.counts.items())
    spread = ", ".join(f"{lane} {count}" for (lane, _), count in column.counts.items())
    drawn = pills + _words(of, row.y, _shown(total, of, time), owed, time)
    name = " ".join(part for part in (f"{time}: {spread}.", _shown(total, of, time), owed, time) if part)
    return _link("pills", column.first[row.lane].href, name, row.y, of.width, drawn)


def _link(kind: str, href: str, name: str, y: float, width: float, drawn: str) -> str:
    halo = f'<rect class="halo" x="0" y="{number(y - 15)}" width="{number(width)}" height="30" rx="4"/>'
    return f'<a class="{kind}" href="{link(href)}" aria-label="{safe(name)}">{halo}{drawn}</a>'


def _node(group: Group, *, x: float, y: float) -> str:
    if group.count > 1:
        at = max(x, half_width(group.count) + 2)
        drawn = counted(group.direction.value, group.count, x=at, y=y)
    else:
        at, drawn = x, shape(group.direction.value, x=x, y=y)
    return drawn + (ring(group.count, x=at, y=y) if group.first.public else "")


def _pill(count: int, x: float, y: float, step: float) -> str:
    wide = min(step - 2, max(18.0, len(str(count)) * 7.5 + 6))
    box = (
        f'<rect class="pill" x="{number(x - wide / 2)}" y="{number(y - 9)}" width="{number(wide)}" height="18" rx="9"/>'
    )
    shown = str(count) if count < 1000 else f"{count // 1000}k"
    return box + text(shown if len(shown) * 7.2 <= wide else "", kind="pill-n", x=x, y=y + 4.5, anchor="middle")


def _shown(label: str, of: Tall, time: str) -> str:
    """As much of the label as fits beside the time. The link's name says it in these very words too (WCAG 2.5.3)."""
    return shorten(label, room=of.width - of.lanes_end - 10 - text_width(time) * 1.1 - 8) if label else ""


def _words(of: Tall, y: float, label: str, wait: str, time: str) -> str:
    x = of.lanes_end + 10
    drawn = [text(label, kind="label on-paper", x=x, y=y + 4)] if label else []
    if wait:
        drawn.append(text(wait, kind="wait on-paper", x=x, y=y + (19 if label else 4)))
    return " ".join((*drawn, text(time, kind="day", x=of.width, y=y + 4, anchor="end")))


def _now(of: Tall, story: Story) -> str:
    y, x = of.now_y, of.width - TAB
    name = f"now {calendar.clock(story.now.astimezone(story.tz))}"
    return (
        f'<path class="now" d="M0 {number(y)}H{number(of.width)}"/>'
        f'<rect class="now-tab" x="{number(x)}" y="{number(y - 9)}" width="{number(TAB)}" height="18" rx="3"/>'
        + text(name, kind="now-name", x=x + TAB / 2, y=y + 4, anchor="middle")
    )
