"""How often, how long, and to what end a person waited for us in one story."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from threadline.core.picture.story import PictureTouch, Turn
from threadline.core.touch import Direction


@dataclass(frozen=True, slots=True)
class Wait:
    """From the touch that gave us the turn to the one that took it away. `over` is False while it lasts."""

    touch: PictureTouch
    since: datetime
    until: datetime
    over: bool
    meanwhile: tuple[PictureTouch, ...] = ()  # what the person did while we were silent

    @property
    def lasted(self) -> timedelta:
        return self.until - self.since

    def led_to(self) -> PictureTouch | None:
        """The loudest thing the person did meanwhile: in public, else on another channel, else once more."""
        asked = [touch for touch in self.meanwhile if touch.direction is Direction.IN]
        louder = [touch for touch in asked if touch.public and not self.touch.public]
        elsewhere = [touch for touch in asked if touch.lane != self.touch.lane]
        return next(iter(louder or elsewhere or asked), None)


def waits(touches: Sequence[PictureTouch], *, until: datetime) -> list[Wait]:
    """All waits for us, in order of time; a run of touches that leave us the turn is one wait."""
    found: list[Wait] = []
    run: list[PictureTouch] = []
    for touch in touches:
        if touch.turn is Turn.OURS:
            run.append(touch)
        elif run:
            found.append(_wait(run, until=touch.at, over=True))
            run = []
    return [*found, _wait(run, until=until, over=False)] if run else found


def longest(of: Iterable[Wait]) -> Wait | None:
    return max(of, key=lambda wait: wait.lasted, default=None)


def share_owed(of: Iterable[Wait], *, since: datetime, until: datetime) -> float:
    """The part of a span in which a person waited for us, 0 to 1."""
    owed = sum((max(timedelta(), min(w.until, until) - max(w.since, since)) for w in of), timedelta())
    return owed / (until - since) if until > since else 0.0


def _wait(run: list[PictureTouch], *, until: datetime, over: bool) -> Wait:
    return Wait(run[0], run[0].at, until, over, tuple(run[1:]))
