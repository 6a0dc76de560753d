"""How good weights are at choices they have not seen."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import log2

from threadline.core.stitching.model import Model, chances
from threadline.core.stitching.training.choices import Choice


@dataclass(frozen=True, slots=True)
class Quality:
    """`right`: the share of choices that were right. `bits`: the mean surprise at the truth; less is better."""

    choices: int
    right: float
    new_or_not: float
    bits: float

    @classmethod
    def together(cls, parts: "Sequence[Quality]") -> "Quality":
        count = max(sum(part.choices for part in parts), 1)

        def mean(name: str) -> float:
            return float(sum(getattr(part, name) * part.choices for part in parts)) / count

        return cls(sum(part.choices for part in parts), mean("right"), mean("new_or_not"), mean("bits"))


def quality(model: Model, seen: Sequence[Choice]) -> Quality:
    right = new = 0
    surprise = 0.0
    for choice in seen:
        read = any(name.startswith("like") for option in choice.options for name in option)
        weights = model.weights_for(choice.direction, read=read)
        found = chances([sum(weights.weigh(option).values()) for option in choice.options])
        best = decided(found)
        right += best == choice.right
        new += (best is None) == (choice.right is None)
        truth = found[choice.right] if choice.right is not None else 1 - sum(found)
        surprise -= log2(max(truth, 1e-9))
    count = max(len(seen), 1)
    return Quality(len(seen), right / count, new / count, surprise / count)


def decided(found: Sequence[float]) -> int | None:
    """The likeliest; None for a new one."""
    best = max(range(len(found)), key=found.__getitem__)
    return best if found[best] >= 1 - sum(found) else None
