"""Two journeys of what turned out to be one customer: are they one experience?

What the one that began later has in common with the others, as features for the weights called "join".
"""

from collections.abc import Mapping, Sequence

from threadline.core.stitching.features import Features, age_of, hours, second, turn_of
from threadline.core.stitching.shapes import Journey
from threadline.core.stitching.vectors import Vector, likenesses, unpacked
from threadline.core.understanding.words import overlap, weight

JOIN = "join"
OWN = ("first", "mean")


def join_features(journey: Journey, others: Sequence[Journey]) -> list[Features]:
    """For each of the customer's own journeys what speaks for one that arrived being a part of it, or against."""
    found = [of_two(*in_order(journey, other)) for other in others]
    for place in OWN:
        kept = journey.vectors.get(place)
        vector = unit(unpacked(kept)) if kept else None
        for each, alike in zip(found, likenesses(vector, [other.vectors for other in others]), strict=True):
            by_meaning(each, place, alike)
    for number, each in enumerate(found):
        by_rivals(each, found[:number] + found[number + 1 :])
    return found


def in_order(one: Journey, other: Journey) -> tuple[Journey, Journey]:
    """(earlier, later) by the moment of opening."""
    earlier, later = sorted((one, other), key=lambda journey: (journey.opened_at, journey.id))
    return earlier, later


def unit(vector: Vector) -> Vector:
    length = float((vector @ vector) ** 0.5)
    return vector / length if length else vector


def of_two(earlier: Journey, later: Journey) -> Features:
    silence = hours(earlier.last_at, later.opened_at)
    found: Features = {
        "silence": (later.began, silence),
        "inside": "inside" if later.opened_at < earlier.last_at else "after",
        "between": hours(earlier.opened_at, later.opened_at),
        "turn after": (turn_of(earlier), silence),
        "turns": f"{turn_of(earlier)} > {turn_of(later)}",
        "leaning": (age_of(silence), later.opening_leaning),
        "kinds": f"{earlier.began} > {later.began}",
        "channel": "shared" if earlier.channels.keys() & later.channels.keys() else "other",
        "touches": float(earlier.touches),
        "touches later": float(later.touches),
        "bought": f"{bought(earlier)} > {bought(later)}",
        "triage": f"{earlier.triage or 'nothing'} > {later.triage or 'nothing'}",
    }
    if earlier.settled_at is not None:
        found["settled"] = hours(earlier.settled_at, later.opened_at)
    if earlier.language and later.language:
        found["language"] = "same" if earlier.language == later.language else "other"
    if earlier.threads.keys() & later.threads.keys():
        found["thread"] = "same"
    by_references(found, earlier, later)
    by_words(found, earlier, later)
    return found


def bought(journey: Journey) -> str:
    return "purchase" if journey.purchase else "none"


def by_references(found: Features, earlier: Journey, later: Journey) -> None:
    shared = earlier.references & later.references
    if shared:
        found["reference"] = "same " + "+".join(sorted({reference.split(":")[0] for reference in shared}))
    elif earlier.references and later.references:
        found["reference"] = "others"


def by_words(found: Features, earlier: Journey, later: Journey) -> None:
    if later.opening and earlier.words:
        shared = overlap(later.opening, earlier.words)
        found["words"], found["share"] = shared, shared / sum(map(weight, later.opening))
    if later.words and earlier.words:
        found["all words"] = overlap(later.words, earlier.words)


def by_meaning(found: Features, place: str, alike: Mapping[str, float]) -> None:
    for other in OWN:
        if other in alike:
            found[f"{place} like {other}"] = alike[other]


def by_rivals(found: Features, rivals: Sequence[Features]) -> None:
    found["rivals"] = float(len(rivals))
    found["nearer"] = float(sum(second(rival["silence"]) < second(found["silence"]) for rival in rivals))
    likest = max((second(rival["mean like mean"]) for rival in rivals if "mean like mean" in rival), default=None)
    if likest is not None and "mean like mean" in found:
        found["like margin"] = second(found["mean like mean"]) - likest
