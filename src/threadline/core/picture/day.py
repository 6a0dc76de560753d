"""How many waited in the course of a day: one line, the ground under it, and where it was highest."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta, tzinfo

from threadline.core.picture.marks import number, safe, text

WIDTH, HEIGHT, LEFT, TOP, FOOT = 820, 214, 34, 34, 32
FLOOR = HEIGHT - FOOT
HOURS = (6, 22)  # shown at least
ROUND = (1, 2, 5)
Point = tuple[datetime, int]


def day_curve(points: Sequence[Point], *, tz: tzinfo, words: str) -> str:
    """An SVG.

    Args:
        points: moments of one day with their counts, in order; the last one is now.
        words: what the picture shows, for those who hear it.
    """
    start, end = span(points[-1][0], tz)
    shown = [point for point in points if point[0] >= start] or [points[-1]]
    step = step_of(max(count for _, count in shown))
    most = step * max(1, -(-max(count for _, count in shown) // step))

    def x(at: datetime) -> float:
        return LEFT + (WIDTH - LEFT) * ((at - start) / (end - start))

    def y(count: float) -> float:
        return FLOOR - (FLOOR - TOP) * count / most

    line = "L".join(f"{number(x(at))} {number(y(count))}" for at, count in shown)
    first, last = number(x(shown[0][0])), number(x(shown[-1][0]))
    inner = [
        *(_rule(y(count), count) for count in range(0, most + 1, step)),
        *(text(f"{at:%H}:00", kind="hour", x=x(at), y=HEIGHT - 8, anchor="middle") for at in _hours(start, end)),
        f'<path class="area" d="M{line}L{last} {FLOOR}L{first} {FLOOR}Z"/>',
        f'<path class="real" d="M{line}"/>',
        f'<circle class="pt" cx="{last}" cy="{number(y(shown[-1][1]))}" r="7"/>',
        _peak(shown, x=x, y=y),
    ]
    return "\n".join([f'<svg viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-label="{safe(words)}">', *inner, "</svg>"])


def span(now: datetime, tz: tzinfo) -> tuple[datetime, datetime]:
    """From 6 to 22 o'clock, or more of the day where now lies outside."""
    local = now.astimezone(tz)
    midnight = local.replace(hour=0, minute=0, second=0, microsecond=0)
    first = HOURS[0] if local.hour >= HOURS[0] + 1 else 0
    last = HOURS[1] if local.hour < HOURS[1] else 24
    return midnight + timedelta(hours=first), midnight + timedelta(hours=last)


def step_of(most: int) -> int:
    """A round distance between the rules, so that there are two to four."""
    size = 1
    while True:
        for factor in ROUND:
            if most <= 4 * factor * size:
                return factor * size
        size *= 10


def _hours(start: datetime, end: datetime) -> list[datetime]:
    count = int((end - start) / timedelta(hours=1))
    return [start + timedelta(hours=hour) for hour in range(2, count, 2 if count <= 16 else 4)]


def _rule(y: float, count: int) -> str:
    drawn = f'<path class="rule" d="M{LEFT} {number(y)}H{WIDTH}"/>'
    return drawn + text(f"{count:,}", kind="count", x=LEFT - 8, y=y + 6, anchor="end")


def _peak(shown: Sequence[Point], *, x: Callable[[datetime], float], y: Callable[[float], float]) -> str:
    at, count = max(shown, key=lambda point: point[1])
    if count == shown[-1][1]:
        return ""
    anchor = "start" if x(at) < 80 else "middle"
    return text(f"{count:,}", kind="peak", x=x(at), y=y(count) - 12, anchor=anchor)
