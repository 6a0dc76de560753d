"""A touch as stitching sees it: what it is about, what it names, and how it is worded."""

from dataclasses import dataclass

from threadline.core.stitching.cues import PROMISE, RECURRENCE, channels_named, leaning, thanks
from threadline.core.stitching.vectors import Vector, rounded
from threadline.core.touch import Touch
from threadline.core.understanding import Understanding
from threadline.core.understanding.words import matter_of, weight

REFERENCES = frozenset({"order", "case", "tracking"})


@dataclass(frozen=True, slots=True)
class Clues:
    """A touch as stitching sees it.

    `heft`: what its words weigh. `wording`: promise | recurrence | thanks | praise | plain. `named`: the kinds of
    channel that it speaks of.
    """

    touch: Touch
    words: frozenset[str]
    heft: float
    references: frozenset[str]
    leaning: float
    thanks: bool
    wording: str
    named: frozenset[str]
    language: str
    triage: str
    intent: str
    vector: Vector | None


def clues_of(touch: Touch, understanding: Understanding, common: frozenset[str] = frozenset()) -> Clues:
    text = touch.text or touch.subject
    closing = thanks(text)
    words = matter_of(touch, understanding) - common
    return Clues(
        touch=touch,
        words=words,
        heft=sum(map(weight, words)),
        references=references_of(touch, understanding),
        leaning=leaning(text),
        thanks=closing,
        wording=wording_of(text, closing, understanding.triage),
        named=channels_named(text),
        language=understanding.language,
        triage=understanding.triage,
        intent=understanding.intent,
        vector=rounded(understanding.vector),
    )


def wording_of(text: str, closing: bool, triage: str) -> str:
    if PROMISE.search(text):
        return "promise"
    if RECURRENCE.search(text):
        return "recurrence"
    if closing:
        return "thanks"
    return "praise" if triage == "praise" else "plain"


def references_of(touch: Touch, understanding: Understanding) -> frozenset[str]:
    stated = {f"{fact.name}:{fact.key}" for fact in understanding.facts if fact.name in REFERENCES}
    carried = {f"order:{handle.value}" for handle in touch.handles if handle.scheme == "order"}
    return frozenset(stated | carried)
