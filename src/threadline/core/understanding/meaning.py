"""From what is said to what is meant: the point of a touch among all texts, filled in for a whole batch at once."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from threadline.core.touch import Direction, Touch
from threadline.core.understanding.encoder.contract import Encoder
from threadline.core.understanding.intents.model import IntentModel
from threadline.core.understanding.intents.shapes import Guess
from threadline.core.understanding.shapes import Understanding

PERSONAL = frozenset({"name", "email", "phone", "handle", "postcode", "account", "loyalty"})


def meaning_text(touch: Touch, understanding: Understanding) -> str:
    """What the encoder reads: the matter without who says it and how to reach them; empty where there is nothing."""
    if understanding.triage == "noise":
        return ""
    fresh = "" if touch.subject.lower().startswith(("re:", "aw:", "fwd:", "fw:")) else touch.subject
    text = " ".join(understanding.without(touch.text, PERSONAL).split())
    return f"{fresh}\n{text}".strip()


def with_vectors(
    touches: Sequence[Touch], understandings: Sequence[Understanding], encoder: Encoder
) -> list[Understanding]:
    """The same with `vector`, where there is something to read."""
    texts = [meaning_text(touch, known) for touch, known in zip(touches, understandings, strict=True)]
    asked = [number for number, text in enumerate(texts) if text]
    rows = dict(zip(asked, encoder.encode([texts[number] for number in asked]), strict=True)) if asked else {}
    return [replace(known, vector=rows.get(number)) for number, known in enumerate(understandings)]


def with_intents(
    touches: Sequence[Touch], understandings: Sequence[Understanding], model: IntentModel, *, encoder: str
) -> list[Understanding]:
    """The same with `intent`, where customers speak and the model can be sure; it must know this encoder's vectors."""
    read = list(understandings)
    if model.encoder != encoder:
        return read
    asked = [at for at, known in enumerate(read) if known.vector is not None and touches[at].direction == Direction.IN]
    texts = [meaning_text(touches[at], read[at]) for at in asked]
    vectors = np.array([read[at].vector for at in asked], dtype=np.float32)
    for at, guess in zip(asked, model.guess(texts, vectors) if asked else (), strict=True):
        read[at] = with_intent(read[at], guess, version=model.version)
    return read


def with_intent(known: Understanding, guess: Guess, *, version: str) -> Understanding:
    """What an agent reads says how sure it is, and names the example that is most alike."""
    percent = f"{guess.confidence:.0%}"
    words = f"It is about “{guess.name}” ({percent} sure): most like “{guess.like}”"
    if not guess.sure:
        words = f"What it is about can not be said for sure; perhaps “{guess.name}” ({percent})."
    told = {"name": guess.name, "sure": guess.sure, "confidence": guess.confidence, "second": guess.second}
    decision = replace(
        known.decision,
        reason=f"{known.decision.reason} {words}",
        evidence={**known.decision.evidence, "intent": {**told, "like": guess.like, "version": version}},
    )
    return replace(
        known, intent=guess.name if guess.sure else "", intent_confidence=guess.confidence, decision=decision
    )
