"""What comes next: on which channel the customer is likely to be heard again, when, and how sure that is.

Counted, not modelled: how often, how soon and where customers came back after journeys stood as this one does. The
counts of a rare situation are mixed with those of the wider one that it belongs to.
"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path

from threadline.core.stitching.features import hours, turn_of
from threadline.core.stitching.shapes import Journey

SHIPPED = Path(__file__).parent / "expected.json"
EDGES = (0.25, 1.0, 4.0, 12.0, 24.0, 48.0, 96.0, 168.0, 336.0)
"""Hours after the last touch; what comes later than the last counts as never."""
WIDER = 20.0  # situations that the wider one counts for
Counts = Mapping[str, Sequence[float]]
"""Channel to how often somebody came back on it in each stretch of time; "" holds how often nobody had come yet when
the stretch began."""
AT_RISK = ""


@dataclass(frozen=True, slots=True)
class Expected:
    """`probability`: that it comes within two weeks of the last touch, given that it has not come yet."""

    channel: str
    at: datetime
    probability: float
    reason: str


@dataclass(frozen=True, slots=True)
class Returned:
    """How one situation went on: the customer came back after so many hours on `channel`; or, where that is empty,
    they had not by then, and we do not know more: we spoke, or the history ends."""

    situation: tuple[str, ...]
    hours: float
    channel: str


def situation(journey: Journey) -> tuple[str, ...]:
    """From the widest to the narrowest: whose turn, on which channel they last spoke, about what kind of matter."""
    return (turn_of(journey), journey.heard_on or journey.began, journey.triage)


def counted(returns: Iterable[Returned]) -> dict[str, dict[str, list[float]]]:
    """A table as `expected` reads it."""
    table: dict[str, dict[str, list[float]]] = {}
    for each in returns:
        last = sum(edge <= each.hours for edge in EDGES)  # the stretch in which it ended; len(EDGES): after all
        for key in keys(each.situation):
            row = table.setdefault(key, {AT_RISK: [0.0] * len(EDGES)})
            for place in range(min(last + bool(each.channel), len(EDGES))):
                row[AT_RISK][place] += 1
            if each.channel and last < len(EDGES):
                row.setdefault(each.channel, [0.0] * len(EDGES))[last] += 1
    return table


def keys(of: tuple[str, ...]) -> Iterator[str]:
    for depth in range(len(of) + 1):
        yield "|".join(of[:depth])


@cache
def shipped() -> dict[str, dict[str, list[float]]]:
    """The table that comes with Threadline."""
    table: dict[str, dict[str, list[float]]] = json.loads(SHIPPED.read_text(encoding="utf-8"))
    return table


def expected(journey: Journey, now: datetime, table: Mapping[str, Counts] | None = None) -> Expected | None:
    """The customer's likely next touch, if we do nothing; None where too little is known or their time is over."""
    rates = mixed(situation(journey), table or shipped())
    begun = hours(journey.last_at, now)
    coming = ahead(rates, begun)
    sums = [sum(row[place] for row in coming.values()) for place in range(len(EDGES))]
    probability = sum(sums)
    if probability <= 0:
        return None
    channel = max(coming, key=lambda each: (sum(coming[each]), each))
    at = journey.last_at + timedelta(hours=middle(sums, begun))
    return Expected(channel, max(at, now), round(probability, 2), told(journey, channel, probability))


def mixed(of: tuple[str, ...], table: Mapping[str, Counts]) -> dict[str, list[float]]:
    """How likely each channel is in each stretch if nothing came before, the narrowest situation with those around."""
    rates: dict[str, list[float]] = {}
    for key in keys(of):
        row = table.get(key, {AT_RISK: [0.0] * len(EDGES)})
        for channel in {*rates, *row} - {AT_RISK}:
            wider, came = rates.get(channel, [0.0] * len(EDGES)), row.get(channel, [0.0] * len(EDGES))
            rates[channel] = [
                (n + WIDER * rate) / (seen + WIDER) for n, seen, rate in zip(came, row[AT_RISK], wider, strict=True)
            ]
    return rates


def ahead(rates: Mapping[str, Sequence[float]], begun: float) -> dict[str, list[float]]:
    """The probability of each channel in each stretch, given that nothing has come in the hours that have begun."""
    coming: dict[str, list[float]] = {channel: [] for channel in sorted(rates)}
    waiting, lower = 1.0, 0.0
    for place, edge in enumerate(EDGES):
        left = min(max(edge - begun, 0.0) / (edge - lower), 1.0)
        for channel, found in coming.items():
            found.append(waiting * left * rates[channel][place])
        waiting -= sum(found[place] for found in coming.values())
        lower = edge
    return coming


def middle(sums: Sequence[float], begun: float) -> float:
    """The hour by which it will have come in half of the cases in which it comes."""
    half, lower = sum(sums) / 2, 0.0
    for rate, edge in zip(sums, EDGES, strict=True):
        start = max(lower, begun)
        if rate >= half and rate > 0:
            return start + (edge - start) * half / rate
        half -= rate
        lower = edge
    return EDGES[-1]


TURNS = {"open": "while they wait for us", "waiting": "after our answer", "waiting asked": "after we asked something"}


def told(journey: Journey, channel: str, probability: float) -> str:
    where = f" by {channel}" if channel else ""
    turn = TURNS.get(turn_of(journey), "as this story stands")
    return f"Of 100 customers {round(100 * probability)} come back {turn}, most often{where}."
