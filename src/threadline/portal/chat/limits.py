"""How much one visitor, or one place, may do.

Whatever leaves something in the database counts for all processes together. What only passes by is counted in each,
which needs no database.
"""

import time
from collections import OrderedDict
from dataclasses import dataclass, field

from threadline.accounts.allowances import Limit

MOST_KEYS = 20_000


@dataclass(slots=True)
class Passing:
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


signals = Passing(burst=10, a_minute=60)  # typing and read marks of one session: nothing is stored of them
calls = Passing(burst=60, a_minute=240)  # what one side of a call says: bounded in number there, and gone afterwards

messages = Limit("chat message", burst=12, a_minute=30)  # of one session
files = Limit("chat file", burst=5, a_minute=6)
rings = Limit("chat call", burst=3, a_minute=4)
films = Limit("video page", burst=20, a_minute=30)  # what may be done on the page of one video
views = Limit("chat view", burst=20, a_minute=40)
addresses = Limit("chat address", burst=5, a_minute=2)
# Of one place, whatever sessions it makes up: offices and telephone networks share one.
beginnings = Limit("chat window", burst=3000, a_minute=600)
all_messages = Limit("chat messages", burst=3000, a_minute=600)
newcomers = Limit("chat newcomer", burst=300, a_minute=120)  # pages looked at by who brings no token
