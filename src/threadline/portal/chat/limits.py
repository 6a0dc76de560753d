"""How much one visitor, or one address, may do: buckets that fill again with time. Kept in each process."""

import time
from collections import OrderedDict
from dataclasses import dataclass, field

MOST_KEYS = 20_000


@dataclass(slots=True)
class Limit:
    """`burst` at once, then `a_minute`. Cost: one look-up; the keys unused for longest are forgotten."""

    burst: int
    a_minute: float
    known: "OrderedDict[str, tuple[float, float]]" = field(default_factory=OrderedDict)

    def allows(self, key: str) -> bool:
        now = time.monotonic()
        left, at = self.known.pop(key, (float(self.burst), now))
        left = min(self.burst, left + (now - at) * self.a_minute / 60)
        allowed = left >= 1
        self.known[key] = (left - 1 if allowed else left, now)
        if len(self.known) > MOST_KEYS:
            self.known.popitem(last=False)
        return allowed


messages = Limit(burst=12, a_minute=30)  # of one session
signals = Limit(burst=10, a_minute=60)  # typing and read marks of one session
files = Limit(burst=5, a_minute=6)
views = Limit(burst=20, a_minute=40)
beginnings = Limit(
    burst=3000, a_minute=600
)  # windows opened from one address: offices and telephone networks share one
