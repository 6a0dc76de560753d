"""The working set of stitching: the journeys of the customers that a batch of touches may concern."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from typing import Any

from threadline.core.stitching.clues import Clues
from threadline.core.stitching.cues import ASKS, SETTLED_BY_US
from threadline.core.stitching.shapes import WORDS_KEPT, Journey, Stitch
from threadline.core.stitching.turn import turn_after
from threadline.core.stitching.vectors import mean_of, mean_with, packed
from threadline.core.touch import Direction

KEPT = 60  # The journeys of one customer that are considered: the latest ones.


class Stories:
    """Holds all journeys of each customer it knows; a batch needs those of the customers in its recognitions."""

    def __init__(self, journeys: Iterable[Journey] = ()) -> None:
        self.journeys: dict[int, Journey] = {}
        self.by_customer: dict[int, list[int]] = {}
        self.joined: dict[int, int] = {}
        for journey in journeys:
            self.keep(journey)

    def keep(self, journey: Journey) -> None:
        if journey.id not in self.journeys:
            self.by_customer.setdefault(journey.customer, []).append(journey.id)
        self.journeys[journey.id] = journey

    def standing(self, journey: int) -> int:
        while journey in self.joined:
            journey = self.joined[journey]
        return journey

    def of(self, customer: int) -> list[Journey]:
        """The customer's latest journeys, the latest first."""
        found = [self.journeys[id] for id in self.by_customer.get(customer, ())]
        return sorted(found, key=lambda journey: (journey.last_at, journey.id), reverse=True)[:KEPT]

    def apply(self, stitch: Stitch) -> None:
        """Take over what a stitch concluded."""
        for journey, customer in stitch.moved:
            self.move(journey, customer)
        for join, journey_state in zip(stitch.joins, stitch.joined, strict=True):
            self.drop(join.loser)
            self.joined[join.loser] = join.survivor
            self.journeys[join.survivor] = journey_state
        if stitch.state is not None:
            self.keep(stitch.state)

    def move(self, id: int, customer: int) -> None:
        journey = self.journeys[id]
        self.by_customer[journey.customer].remove(id)
        self.by_customer.setdefault(customer, []).append(id)
        self.journeys[id] = replace(journey, customer=customer)

    def drop(self, id: int) -> None:
        journey = self.journeys.pop(id)
        self.by_customer[journey.customer].remove(id)


def possible(clues: Clues, journey: Journey) -> bool:
    """Brands never mix; where one side has none, a shared reference must speak."""
    if clues.touch.brand == journey.brand and journey.brand is not None:
        return True
    if clues.touch.brand is not None and journey.brand is not None:
        return False
    return bool(clues.references & journey.references) or (clues.touch.brand == journey.brand)


def opened(clues: Clues, customer: int) -> Journey:
    touch = clues.touch
    blank = Journey(
        id=touch.id,
        customer=customer,
        brand=touch.brand,
        opened_at=touch.at,
        last_at=touch.at,
        status="waiting",
        opening=clues.words,
        opening_leaning=clues.leaning,
        began=touch.kind,
    )
    return grown(blank, clues)


def grown(journey: Journey, clues: Clues) -> Journey:
    """The journey after one more touch."""
    touch = clues.touch
    ours, theirs = touch.direction == Direction.OUT, touch.direction == Direction.IN
    status, since = turn_after(touch, status=journey.status, waiting_since=journey.waiting_since)
    settled = clues.thanks if theirs else bool(SETTLED_BY_US.search(touch.text)) if ours else False
    return replace(
        journey,
        brand=journey.brand or touch.brand,
        last_at=max(journey.last_at, touch.at),
        status=status,
        waiting_since=since,
        closed_at=None if theirs else journey.closed_at,
        settled_at=touch.at if settled else None if theirs else journey.settled_at,
        asked=bool(ASKS.search(touch.text)) if ours else journey.asked and not theirs,
        events_only=journey.events_only and not (ours or theirs),
        purchase=journey.purchase or touch.kind == "purchase",
        threads=journey.threads | {touch.thread: touch.at},
        channels=journey.channels | {touch.kind: touch.at},
        references=journey.references | clues.references,
        words=bounded(journey.words, clues.words) if not ours else journey.words,
        touches=journey.touches + 1,
        **(heard(journey, clues) if theirs else {"said_at": touch.at} if ours else {}),
        wrote_at=latest_of(journey.wrote_at, touch.at) if touch.written_here else journey.wrote_at,
        **meant(journey, clues),
    )


def heard(journey: Journey, clues: Clues) -> dict[str, Any]:
    """What the customer's last word changes."""
    return {
        "heard_at": clues.touch.at,
        "heard_on": clues.touch.kind,
        "language": clues.language or journey.language,
        "triage": clues.triage or journey.triage,
        "intent": clues.intent or journey.intent,
        "public": clues.touch.public,
    }


def meant(journey: Journey, clues: Clues) -> dict[str, Any]:
    """The meanings after one more touch. Our own words count apart: they are about manners as much as the matter."""
    if clues.vector is None:
        return {}
    kept = packed(clues.vector)
    if clues.touch.direction == Direction.OUT:
        return {"vectors": journey.vectors | {"said": kept}}
    mean = mean_with(journey.vectors.get("mean"), journey.weighed, clues.vector)
    first = journey.vectors.get("first", kept)
    return {
        "weighed": journey.weighed + 1,
        "vectors": journey.vectors | {"mean": mean, "first": first, "heard": kept},
    }


def bounded(words: frozenset[str], more: frozenset[str]) -> frozenset[str]:
    """Which words stay must not depend on the order of a set."""
    together = words | more
    return (
        together
        if len(together) <= WORDS_KEPT
        else frozenset(sorted(together, key=lambda w: (-len(w), w))[:WORDS_KEPT])
    )


def combined(one: Journey, other: Journey) -> Journey:
    """Two journeys that are one: `one` stays."""
    latest = max(one, other, key=lambda journey: (journey.last_at, journey.id))
    earliest = min(one, other, key=lambda journey: (journey.opened_at, journey.id))
    waits = [journey.waiting_since for journey in (one, other) if journey.waiting_since]
    return replace(
        one,
        brand=one.brand or other.brand,
        opened_at=min(one.opened_at, other.opened_at),
        last_at=latest.last_at,
        status=latest.status if not waits else "open",
        waiting_since=min(waits) if waits else None,
        settled_at=latest.settled_at,
        closed_at=latest.closed_at,
        asked=latest.asked,
        events_only=one.events_only and other.events_only,
        purchase=one.purchase or other.purchase,
        threads=one.threads | other.threads,
        channels=one.channels | other.channels,
        references=one.references | other.references,
        words=bounded(one.words, other.words),
        opening=earliest.opening,
        opening_leaning=earliest.opening_leaning,
        began=earliest.began,
        heard_on=latest.heard_on or one.heard_on or other.heard_on,
        touches=one.touches + other.touches,
        heard_at=latest_of(one.heard_at, other.heard_at),
        said_at=latest_of(one.said_at, other.said_at),
        wrote_at=latest_of(one.wrote_at, other.wrote_at),
        language=latest.language or one.language or other.language,
        triage=latest.triage or one.triage or other.triage,
        intent=latest.intent or one.intent or other.intent,
        public=latest.public,
        weighed=one.weighed + other.weighed,
        vectors=combined_vectors(one, other, earliest, latest),
    )


def combined_vectors(one: Journey, other: Journey, earliest: Journey, latest: Journey) -> dict[str, bytes]:
    mean = mean_of(one.vectors.get("mean"), one.weighed, other.vectors.get("mean"), other.weighed)
    first = {"first": earliest.vectors["first"]} if "first" in earliest.vectors else {}
    return one.vectors | other.vectors | latest.vectors | ({"mean": mean} if mean else {}) | first


def latest_of(one: datetime | None, other: datetime | None) -> datetime | None:
    return max(one, other) if one and other else one or other
