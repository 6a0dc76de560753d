"""Time in calls of one colleague: an aid for a talk between two people, never a yardstick between colleagues."""

from dataclasses import dataclass

import numpy as np

from threadline.core.waiting import NONE, Spread, spread
from threadline.insights.report import Report
from threadline.insights.stories import KINDS, TAKEN
from threadline.interactions.models import Interaction
from threadline.lib.columns import ticks

MOST = 20_000  # calls in a period; nobody has more


@dataclass(frozen=True, slots=True)
class CallTime:
    """`calls` were taken or made; of some of them it is known how long they lasted."""

    calls: int
    lasted: Spread


def time_in_calls(report: Report, *, agent: int) -> CallTime:
    """Cost: one query."""
    said = report.material.said
    start, end = (ticks(edge) for edge in report.wanted.period.bounds(report.zone))
    phone = KINDS.index("phone") + 1
    spoke = (said["marks"] & TAKEN > 0) | (said["marks"] & 1 > 0)
    mine = (said["kind"] == phone) & (said["author"] == agent) & (said["at"] >= start) & (said["at"] < end) & spoke
    numbers = said["id"][mine].tolist()[:MOST]
    if not numbers:
        return CallTime(0, NONE)
    told = Interaction.objects.filter(pk__in=numbers)
    lasted: dict[int, float] = {}
    for thread, seconds, length in told.values_list("thread", "attributes__seconds", "attributes__duration_s"):
        known = seconds or length
        lasted[thread] = max(lasted.get(thread, 0), known if isinstance(known, int | float) else 0)
    return CallTime(len(lasted), spread(np.asarray([known for known in lasted.values() if known], np.float64)))
