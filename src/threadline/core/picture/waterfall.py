"""How evidence adds up: one bar for each clue, from where the sum stood before it to where it stands after."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate

from threadline.core.picture.marks import number, safe, shorten, text

NAMES, ROW, TOP, BAR, FOOT = 272, 30, 34, 16, 30
ROOM = 760
BESIDE = 44  # for the number that stands beside a bar
LEAST_SPAN = 12.0  # bits, so that little evidence does not look like much


@dataclass(frozen=True, slots=True)
class Clue:
    """One thing that speaks for or against, in words, with its weight in bits. Each bit doubles the odds."""

    words: str
    bits: float


@dataclass(frozen=True, slots=True)
class Scale:
    """From bits to a place on the picture."""

    low: float
    high: float

    def x(self, bits: float) -> float:
        return NAMES + BESIDE + (bits - self.low) / (self.high - self.low) * (ROOM - NAMES - 2 * BESIDE)


def waterfall(clues: Sequence[Clue], *, start: Clue, asks: float, joins: float, words: str) -> str:
    """An SVG, 760 px wide.

    Args:
        start: where the sum stands before any clue.
        asks, joins: the sums from which a human is asked, and from which two are one.
        words: what the picture shows, for those who hear it.
    """
    sums = list(accumulate((clue.bits for clue in clues), initial=start.bits))
    scale = _scale(sums, asks, joins)
    bottom = TOP + ROW * (len(clues) + 2)
    inner = [
        *_bands(scale, asks, joins, bottom),
        _bar(start, 0.0, start.bits, 0, scale, kind="start"),
        *(
            _bar(clue, before, before + clue.bits, place, scale, kind="for" if clue.bits >= 0 else "against")
            for place, (clue, before) in enumerate(zip(clues, sums, strict=False), start=1)
        ),
        _sum(sums[-1], len(clues) + 1, scale),
        *_axis(scale, bottom),
    ]
    size = f'viewBox="0 0 {ROOM} {bottom + FOOT}" width="{ROOM}" height="{bottom + FOOT}"'
    return "\n".join([f'<svg {size} role="img" aria-label="{safe(words)}">', *inner, "</svg>"])


def _scale(sums: Sequence[float], asks: float, joins: float) -> Scale:
    low, high = min(0.0, asks, *sums), max(0.0, joins, *sums)
    spare = max(0.0, LEAST_SPAN - (high - low)) / 2
    return Scale(low - spare, high + spare)


def _bands(scale: Scale, asks: float, joins: float, bottom: float) -> list[str]:
    """What each sum leads to: stays apart, a human looks, joins."""
    left, right, zero = scale.x(asks), scale.x(joins), scale.x(0.0)
    height = number(bottom - TOP)
    return [
        f'<rect class="band" x="{number(left)}" y="{TOP}" width="{number(right - left)}" height="{height}"/>',
        f'<path class="zero" d="M{number(zero)} {TOP}V{number(bottom)}"/>',
        *(f'<path class="mark" d="M{number(x)} {TOP}V{number(bottom)}"/>' for x in (left, right)),
        text("stays apart", kind="band-name", x=left - 8, y=TOP - 10, anchor="end"),
        text("a human looks", kind="band-name", x=(left + right) / 2, y=TOP - 10, anchor="middle")
        if right - left > 84
        else "",
        text("joins", kind="band-name", x=right + 8, y=TOP - 10),
    ]


def _bar(clue: Clue, before: float, after: float, place: int, scale: Scale, *, kind: str) -> str:
    left, right = sorted((scale.x(before), scale.x(after)))
    y = TOP + ROW * place + (ROW - BAR) / 2
    base = y + BAR - 3.5
    size = f'width="{number(max(2.0, right - left))}" height="{BAR}"'
    hang = f'<path class="hang" d="M{number(scale.x(after))} {number(y + BAR)}v{ROW - BAR}"/>'
    beside = (
        text(signed(clue.bits), kind="bits", x=right + 6, y=base)
        if clue.bits >= 0
        else text(
            signed(clue.bits), kind="bits minus" if kind == "against" else "bits", x=left - 6, y=base, anchor="end"
        )
    )
    name = text(shorten(clue.words, room=NAMES - 8), kind="name", x=0, y=base)
    return (
        f"<g><title>{safe(clue.words)}: {signed(clue.bits)}</title>{name}{hang}"
        f'<rect class="{kind}" x="{number(left)}" y="{number(y)}" {size} rx="2"/>{beside}</g>'
    )


def _sum(bits: float, place: int, scale: Scale) -> str:
    y = TOP + ROW * place + ROW / 2
    return (
        text("In all", kind="name total", x=0, y=y + 4.5)
        + f'<circle class="sum" cx="{number(scale.x(bits))}" cy="{number(y)}" r="7"/>'
        + text(signed(bits), kind="bits", x=scale.x(bits) + 13, y=y + 4.5)
    )


def _axis(scale: Scale, bottom: float) -> list[str]:
    first, last = int(scale.low // 5) + 1, int(scale.high // 5)
    return [
        text(signed(place * 5.0, digits=0) if place else "0", kind="tick-name", x=scale.x(place * 5.0), y=bottom + 20,
             anchor="middle")
        for place in range(first, last + 1)
    ]  # fmt: skip


def signed(bits: float, *, digits: int = 1) -> str:
    """`+3.7`, `−2.4`: with a true minus sign."""
    rounded = round(bits, digits)
    return f"{'−' if rounded < 0 else '+'}{abs(rounded):.{digits}f}"
