"""Whether a source that says nothing is silent against its own rhythm."""

import itertools
from collections.abc import Sequence
from datetime import datetime, timedelta

FEWEST = 20
LEAST = timedelta(minutes=30)
TIMES = 3
SHARE = 0.95


def usual_pause(moments: Sequence[datetime]) -> timedelta | None:
    """The pause that all but one in twenty stay under; None where there is too little to tell.

    Args:
        moments: when something came, in any order.
    """
    if len(moments) < FEWEST:
        return None
    ordered = sorted(moments)
    pauses = sorted(later - earlier for earlier, later in itertools.pairwise(ordered))
    return pauses[int(len(pauses) * SHARE)] if int(len(pauses) * SHARE) < len(pauses) else pauses[-1]


def silent_since(moments: Sequence[datetime], now: datetime) -> datetime | None:
    """When something should have come by; None while all is as usual.

    A source is silent after three times the pause it seldom exceeds and longer than it ever paused, but not before half
    an hour: a shop that is closed at night pauses as long every night.
    """
    usual = usual_pause(moments)
    if usual is None:
        return None
    ordered = sorted(moments)
    longest = max(later - earlier for earlier, later in itertools.pairwise(ordered))
    due = ordered[-1] + max(usual * TIMES, longest, LEAST)
    return due if now > due else None
