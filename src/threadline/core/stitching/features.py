"""What a touch has in common with each journey it may belong to: numbers and levels, without any weight.

A value is a level ("same"), a number (hours of silence), or both: a number that counts differently at each level
(hours of silence on e-mail). A missing value is left out. The one function here serves training and the desk alike.
"""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from threadline.core.stitching.clues import Clues
from threadline.core.stitching.shapes import Journey
from threadline.core.stitching.vectors import likenesses
from threadline.core.understanding.words import overlap

Value = float | str | tuple[str, float]
Features = dict[str, Value]
SHORT, MEDIUM = 45, 140  # characters of text
LONG_AGO = 100_000.0


def features(clues: Clues, journeys: Sequence[Journey]) -> list[Features]:
    """For each journey what speaks for or against it; the others are its rivals. Cost: about 40 us a journey."""
    own = [of_one(clues, journey) for journey in journeys]
    for found, alike in zip(own, likenesses(clues.vector, [journey.vectors for journey in journeys]), strict=True):
        by_meaning(found, alike, length_of(clues))
    room = Room.of(journeys, own, clues.touch.kind)
    for journey, found in zip(journeys, own, strict=True):
        by_rivals(found, journey, room, clues.touch.kind)
    return own


def of_one(clues: Clues, journey: Journey) -> Features:
    touch = clues.touch
    silence = hours(journey.last_at, touch.at)
    found: Features = {"silence": (touch.kind, silence), "touches": float(journey.touches)}
    by_times(found, clues, journey)
    by_thread(found, clues, journey)
    by_words(found, clues, journey)
    found["turn"] = turn_of(journey)
    found["turn after"] = (turn_of(journey), silence)
    found["wording"] = (clues.wording, silence)
    found["leaning"] = (age_of(silence), clues.leaning)
    found["triage"] = f"{journey.triage or 'nothing'} > {clues.triage or 'nothing'}"
    found["public"] = f"{publicly(journey.public)} > {publicly(touch.public)}"
    found["channel"] = f"{touch.kind}{'+public' if touch.public else ''} {met(touch.kind, journey)}"
    found["bought"] = ("purchase" if journey.purchase else "none", silence)
    if clues.language and journey.language:
        found["language"] = "same" if clues.language == journey.language else "other"
    if clues.intent and journey.intent:
        found["intent"] = "same" if clues.intent == journey.intent else "other"
    if clues.named:
        found["named"] = "known" if clues.named & journey.channels.keys() else "unknown"
    return found


def by_times(found: Features, clues: Clues, journey: Journey) -> None:
    at = clues.touch.at
    found["age"] = hours(journey.opened_at, at)
    here = journey.channels.get(clues.touch.kind)
    if here is not None:
        found["here"] = (clues.touch.kind, hours(here, at))
    for name, moment in (("heard", journey.heard_at), ("said", journey.said_at), ("closed", journey.closed_at)):
        if moment is not None:
            found[name] = hours(moment, at)
    if journey.settled_at is not None:
        found["settled"] = (clues.wording, hours(journey.settled_at, at))


def by_thread(found: Features, clues: Clues, journey: Journey) -> None:
    touch = clues.touch
    if touch.thread in journey.threads:
        place = f"{touch.kind}{'+public' if touch.public else ''}"
        found["thread"] = (place, hours(journey.threads[touch.thread], touch.at))
    shared = clues.references & journey.references
    if shared:
        found["reference"] = "same " + "+".join(sorted({reference.split(":")[0] for reference in shared}))
    elif orders(clues.references) and orders(journey.references):
        found["reference"] = "another order"


def by_words(found: Features, clues: Clues, journey: Journey) -> None:
    if not clues.words or not journey.words:
        return
    shared = overlap(clues.words, journey.words)
    found["words"] = (length_of(clues), shared)
    found["share"] = shared / clues.heft


def by_meaning(found: Features, alike: dict[str, float], length: str) -> None:
    for place, cosine in alike.items():
        found[f"like {place}"] = (length, cosine)
    if alike:
        found["like"] = (length, max(alike.values()))


@dataclass(slots=True)
class Room:
    """What all journeys together look like to the touch, so that each can be set against the others at once."""

    latest: list[datetime]
    here: list[datetime]
    tied: dict[str, int]
    best: dict[str, list[float]]

    @classmethod
    def of(cls, journeys: Sequence[Journey], everyone: Sequence[Features], kind: str) -> "Room":
        return cls(
            sorted(journey.last_at for journey in journeys),
            [journey.channels[kind] for journey in journeys if kind in journey.channels],
            {name: sum(tied(found, name) for found in everyone) for name in ("thread", "reference")},
            {
                name: sorted((second(found[name]) for found in everyone if name in found), reverse=True)[:2]
                for name in ("like", "words")
            },
        )

    def best_rival(self, name: str, own: float) -> float | None:
        """The best value of the others."""
        best = self.best[name]
        if own != best[0]:
            return best[0]
        return best[1] if len(best) > 1 else None


def tied(found: Features, name: str) -> bool:
    """Whether a thread or a reference ties the touch to the journey."""
    return str(found.get(name, "")).startswith("same") if name == "reference" else name in found


def by_rivals(found: Features, journey: Journey, room: Room, kind: str) -> None:
    """How this journey stands against the customer's others."""
    rivals = len(room.latest) - 1
    found["rivals"] = float(rivals)
    newer = len(room.latest) - bisect_right(room.latest, journey.last_at)
    found["newer"] = (age_of(second(found["silence"])), float(newer))
    found["newer here"] = newer_here(journey, room, kind)
    if not rivals:
        return
    elsewhere = [name for name, count in room.tied.items() if count > tied(found, name)]
    found["elsewhere"] = "+".join(elsewhere) or "nothing"
    for name in ("like", "words"):
        if name in found:
            own = second(found[name])
            best = room.best_rival(name, own)
            if best is not None:
                found[f"{name} margin"] = own - best


def newer_here(journey: Journey, room: Room, kind: str) -> str:
    here = journey.channels.get(kind)
    if here is None:
        return "never here" if room.here else "nobody here"
    return "not last here" if max(room.here) > here else "last here"


# ---- in numbers and levels -------------------------------------------------------------------------------------


def hours(since: datetime, at: datetime) -> float:
    """Never negative: what comes in late is as if it came at once."""
    return max((at - since).total_seconds() / 3600, 0.0)


def second(value: Value) -> float:
    """The number in a value."""
    return value[1] if isinstance(value, tuple) else float(value)


def turn_of(journey: Journey) -> str:
    if journey.events_only:
        return "nobody spoke"
    return f"{journey.status}{' asked' if journey.asked else ''}"


def age_of(silence: float) -> str:
    return "fresh" if silence <= 24 else "days" if silence <= 24 * 14 else "long"


def length_of(clues: Clues) -> str:
    length = len(clues.touch.text or clues.touch.subject)
    return "short" if length < SHORT else "medium" if length < MEDIUM else "long"


def publicly(public: bool) -> str:
    return "public" if public else "private"


def met(kind: str, journey: Journey) -> str:
    return "known" if kind in journey.channels else "new"


def orders(references: frozenset[str]) -> bool:
    return any(reference.startswith("order:") for reference in references)
