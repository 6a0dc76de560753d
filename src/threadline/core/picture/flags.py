"""The promises row: from where a promise was made to where it was kept, broken, or still flies."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal

from threadline.core.durations import spell
from threadline.core.picture import calendar
from threadline.core.picture.layout import Layout
from threadline.core.picture.marks import BOLD_CHARACTER, glyph, number, safe, text, text_width
from threadline.core.picture.story import Promise, Story

PITCH = 34.0
FIRST_ROW = 40.0  # from the bottom of the lanes to the bar
FLAG = 17.0


@dataclass(frozen=True, slots=True)
class Flag:
    """A promise on x. `end` is where its flag stands; `late_until` where a broken one was met, or now."""

    state: Literal["kept", "broken", "open"]
    start: float
    end: float
    late_until: float
    note: str
    sentence: str
    row: int = 0

    @property
    def right(self) -> float:
        beside = text_width(self.note, character=BOLD_CHARACTER)
        return max(self.end + FLAG + (beside if self.state == "open" else 0), self.late_until, self.end + 6 + beside)


def flags(layout: Layout) -> tuple[Flag, ...]:
    """In order of making; a promise that would lie on another one goes a row lower, or begins after its flag."""
    shown = [p for p in layout.story.promises if p.made_at <= layout.story.until()]
    rows: list[float] = []
    placed: list[Flag] = []
    for promise in sorted(shown, key=lambda p: (p.made_at, p.due_at)):
        flag = _in_a_row(_flag(promise, layout), rows)
        placed.append(flag)
        rows[flag.row : flag.row + 1] = [flag.right]
    return tuple(placed)


def height(of: tuple[Flag, ...]) -> float:
    return 28 + PITCH * (1 + max(flag.row for flag in of)) if of else 20.0


def drawn(of: tuple[Flag, ...], *, bottom: float, icons: str) -> list[str]:
    if not of:
        return []
    y = bottom + FIRST_ROW
    head = text("Promises", kind="lane-name", x=32, y=y + 4.5)
    use = glyph("promise", x=8, y=y - 8, icons=icons)
    return [head, use, *(_one(flag, y + PITCH * flag.row) for flag in of)]


def _in_a_row(flag: Flag, rows: list[float]) -> Flag:
    for row, taken_until in enumerate(rows):
        if taken_until + 4 <= flag.start:
            return replace(flag, row=row)
        if taken_until + 4 <= flag.start + FLAG + 6 and taken_until + 14 < flag.end:
            return replace(flag, row=row, start=taken_until + 1)
    return replace(flag, row=len(rows))


def _flag(promise: Promise, layout: Layout) -> Flag:
    now, axis = layout.story.until(), layout.axis
    start = axis.at_or_before(promise.made_at)
    if promise.kept_at is not None and promise.kept_at <= min(promise.due_at, now):
        end = max(axis.at_or_after(promise.kept_at), start)
        return Flag("kept", start, end, end, "", f"Kept: {promise.text}; {_when(promise.kept_at, layout.story)}")
    if promise.due_at < now:
        return _broken(promise, layout, start)
    local = layout.story.now.astimezone(layout.story.tz)
    note = calendar.moment(promise.due_at.astimezone(layout.story.tz), now=local)
    room = max(58.0, FLAG + text_width(note, character=7.4) + 4)
    end = max(layout.now_x + 4, layout.width - room)
    return Flag("open", start, end, end, note, f"Open: {promise.text} by {_when(promise.due_at, layout.story)}")


def _broken(promise: Promise, layout: Layout, start: float) -> Flag:
    story, met = layout.story, promise.kept_at
    due, until = promise.due_at, min(met or story.until(), story.until())
    end = max(layout.axis.at_or_before(due), start)
    came = f"came {_when(met, story)}" if met else "not met yet"
    return Flag(
        "broken",
        start,
        end,
        max(layout.axis.at_or_after(until), end),
        f"{spell(until - due)} late",
        f"Broken: {promise.text} by {_when(due, story)}; {came}",
    )


def _when(at: datetime, story: Story) -> str:
    local, now = at.astimezone(story.tz), story.now.astimezone(story.tz)
    if local.date() == now.date():
        return calendar.clock(local)
    return f"{calendar.day(local, now=now)} {calendar.clock(local)}"


def _one(flag: Flag, y: float) -> str:
    return f"<g><title>{safe(flag.sentence)}</title>{_bar(flag, y)}{_cloth(flag, y)}{_note(flag, y)}</g>"


def _bar(flag: Flag, y: float) -> str:
    a, b, m, top = number(flag.start), number(flag.end), number(y), number(y - 6)
    if flag.state == "open":
        return f'<path class="held" data-state="open" d="M{a} {m}H{b}"/>'
    held = f'<path class="held" d="M{a} {top}v6H{b}"/>'
    if flag.state == "kept":
        return held
    return f'{held}<path class="held" data-state="late" d="M{b} {m}H{number(flag.late_until)}v-6"/>'


def _cloth(flag: Flag, y: float) -> str:
    x, low, high = flag.end, number(y + 8), number(y - 8)
    at = number(x)
    if flag.state == "broken":
        torn = f"M{at} {low}V{high}h5l2 3-2 2 2 3H{at}M{number(x + 10)} {high}h3l-2 3 2 2-2 3h-2"
        return f'<path class="flag" data-state="broken" d="{torn}"/>'
    return f'<path class="flag" data-state="{flag.state}" d="M{at} {low}V{high}h11l-3 4 3 4H{at}"/>'


def _note(flag: Flag, y: float) -> str:
    if flag.state == "open":
        return text(flag.note, kind="wait on-paper", x=flag.end + FLAG, y=y + 4.5)
    return text(flag.note, kind="wait on-paper", x=flag.end + 6, y=y + 19) if flag.note else ""
