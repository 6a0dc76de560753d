"""Was it as sure as it was right? Said confidence against what turned out, one dot for each bin."""

from collections.abc import Sequence
from dataclasses import dataclass

from threadline.core.picture.marks import number, safe, text

SIZE, LEFT, TOP, FOOT = 300, 44, 12, 40
LEAST, MOST = 3.5, 11.0  # radius of a dot
ROUND = 5  # bins


@dataclass(frozen=True, slots=True)
class Bin:
    """Decisions that were about as sure. `said`: their mean confidence; `right`: the share that stood."""

    said: float
    right: float
    count: int


def bins(decisions: Sequence[tuple[float, bool]], *, cuts: int = 10) -> list[Bin]:
    """(confidence in 0..1, stood) in bins of equal width, empty ones left out."""
    found: dict[int, list[tuple[float, bool]]] = {}
    for confidence, stood in decisions:
        found.setdefault(min(cuts - 1, max(0, int(confidence * cuts))), []).append((confidence, stood))
    return [
        Bin(sum(one for one, _ in rows) / len(rows), sum(stood for _, stood in rows) / len(rows), len(rows))
        for _, rows in sorted(found.items())
    ]


def off_by(found: Sequence[Bin]) -> float:
    """How far said and right lie apart on average, each decision counting once: the expected calibration error."""
    total = sum(each.count for each in found)
    return sum(each.count * abs(each.said - each.right) for each in found) / total if total else 0.0


def calibration(found: Sequence[Bin], *, words: str) -> str:
    """An SVG, square. On the line: as sure as it was right; below it: too sure.

    Args:
        words: what the picture shows, for those who hear it.
    """
    width, height = LEFT + SIZE + 20, TOP + SIZE + FOOT
    most = max((each.count for each in found), default=1)
    inner = [
        *_grid(),
        f'<path class="even" d="M{LEFT} {TOP + SIZE}L{LEFT + SIZE} {TOP}"/>',
        *(_dot(each, most) for each in found),
        text("said", kind="axis", x=LEFT + SIZE / 2, y=TOP + SIZE + 36, anchor="middle"),
        f'<text class="axis" transform="translate(11 {TOP + SIZE / 2}) rotate(-90)" text-anchor="middle">stood</text>',
    ]
    size = f'viewBox="0 0 {width} {height}" width="{width}" height="{height}"'
    return "\n".join([f'<svg {size} role="img" aria-label="{safe(words)}">', *inner, "</svg>"])


def _grid() -> list[str]:
    drawn = []
    for step in range(ROUND + 1):
        share = step / ROUND
        x, y = LEFT + SIZE * share, TOP + SIZE * (1 - share)
        drawn.append(f'<path class="tick" d="M{LEFT} {number(y)}H{LEFT + SIZE}M{number(x)} {TOP}V{TOP + SIZE}"/>')
        drawn.append(text(f"{share:.0%}", kind="tick-name", x=x, y=TOP + SIZE + 17, anchor="middle"))
        drawn.append(text(f"{share:.0%}", kind="tick-name", x=LEFT - 6, y=y + 4, anchor="end"))
    return drawn


def _dot(each: Bin, most: int) -> str:
    radius = LEAST + (MOST - LEAST) * (each.count / most) ** 0.5
    x, y = LEFT + SIZE * each.said, TOP + SIZE * (1 - each.right)
    told = f"said {each.said:.0%}, stood {each.right:.0%}, {each.count} decisions"
    return f'<circle class="dot" cx="{number(x)}" cy="{number(y)}" r="{number(radius)}"><title>{told}</title></circle>'
