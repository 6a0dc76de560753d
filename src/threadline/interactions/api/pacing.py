"""How fast a key may ask, and how often somebody may guess one. Counted in each process, which needs no database.

A key has a store of requests that fills again every second; who empties it waits a moment and is told how long.
"""

import math
import time
from dataclasses import dataclass, field

from django.conf import settings

from threadline.interactions.api.answering import refuse

SECONDS_STORED = 10  # a pause of so long earns a burst of as much
GUESSES = 30
GUESSES_WITHIN = 60.0
MOST_SOURCES = 10_000


@dataclass(slots=True)
class Pace:
    """`stored` requests may come at once; `at` is when it was last counted."""

    stored: float = 0.0
    at: float = field(default_factory=time.monotonic)

    def wait(self, *, rate: float, now: float) -> float:
        """Take one. 0 when it may come now, else the seconds until it may."""
        self.stored = min(self.stored + (now - self.at) * rate, rate * SECONDS_STORED)
        self.at = now
        if self.stored < 1:
            return (1 - self.stored) / rate
        self.stored -= 1
        return 0.0


def fresh() -> Pace:
    return Pace(stored=settings.API_RATE * SECONDS_STORED)


def refuse_hasty(pace: Pace, name: str) -> None:
    """429 for a key that asks faster than API_RATE requests a second, on the whole."""
    if not settings.API_RATE:
        return
    wait = pace.wait(rate=settings.API_RATE, now=time.monotonic())
    if wait:
        words = (
            f"The key “{name}” asks more than {settings.API_RATE:g} times a second. Nothing was taken: send it again "
            "after a second, and hand more interactions in with each request."
        )
        refuse(429, words, Retry_After=str(math.ceil(wait)))


_guesses: dict[str, Pace] = {}


def wrong_key(source: str) -> None:
    """Somebody sent a key that does not work. A good key from the same place is slowed down only by many of these."""
    if len(_guesses) >= MOST_SOURCES:
        _guesses.clear()
    pace = _guesses.setdefault(source, Pace(stored=float(GUESSES)))
    pace.stored = min(float(GUESSES), pace.stored + (time.monotonic() - pace.at) * GUESSES / GUESSES_WITHIN) - 1
    pace.at = time.monotonic()


def refuse_guesser(source: str) -> None:
    """429 for a place from which thirty wrong keys came within a minute, until it is calm again."""
    pace = _guesses.get(source)
    if pace is None:
        return
    missing = 1 - (pace.stored + (time.monotonic() - pace.at) * GUESSES / GUESSES_WITHIN)
    if missing > 0:
        seconds = math.ceil(missing * GUESSES_WITHIN / GUESSES)
        refuse(429, f"Too many wrong keys came from {source}. Wait {seconds} s.", Retry_After=str(seconds))


def forget() -> None:
    """As after a start."""
    _guesses.clear()
