"""From what is said to what is meant: the point of a touch among all texts, filled in for a whole batch at once."""

from collections.abc import Sequence
from dataclasses import replace

from threadline.core.touch import Touch
from threadline.core.understanding.encoder.contract import Encoder
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
