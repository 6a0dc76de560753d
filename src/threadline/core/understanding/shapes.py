"""What understanding hands to the engines that follow it."""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from threadline.core.decision import Decision


@dataclass(frozen=True, slots=True)
class FoundFact:
    """Something the customer told us.

    Args:
        name: order, tracking, case, account, loyalty, email, phone, handle, name, postcode, date, amount or product.
        value: as written. `key`: the same in a form that compares.
        start, end: where in `part` it stands.
        part: text, subject or signature.
        how: "stated" about the writer, "mentioned" only, "doubted" by whoever wrote it down, "signed" or "forwarded".
    """

    name: str
    value: str
    key: str
    start: int
    end: int
    part: str = "text"
    how: str = "mentioned"


@dataclass(frozen=True, slots=True)
class Understanding:
    """`triage` is question, complaint, praise or noise; empty for events and for what is ours.

    Args:
        vector: what it means, as a point of length 1 (384 numbers by default); None where no encoder read it.
        intent: what the writer wants, by its name in the tree; empty where nobody can be sure.
        intent_confidence: how probable that is, in 0..1, also of a guess that was not sure enough to be `intent`.
    """

    language: str
    triage: str
    mood: str
    facts: tuple[FoundFact, ...]
    decision: Decision
    vector: NDArray[np.float32] | None = field(default=None, compare=False, repr=False)
    intent: str = ""
    intent_confidence: float = 0.0

    def without(self, text: str, names: frozenset[str]) -> str:
        """The text with the facts called `names` blanked out: what is left is about the matter."""
        for fact in self.facts:
            if fact.part == "text" and fact.name in names:
                text = f"{text[: fact.start]}{' ' * (fact.end - fact.start)}{text[fact.end :]}"
        return text

    def keys(self, name: str) -> tuple[str, ...]:
        """The comparable forms of the facts called `name`, each once, in order of appearance."""
        return tuple(dict.fromkeys(fact.key for fact in self.facts if fact.name == name))
