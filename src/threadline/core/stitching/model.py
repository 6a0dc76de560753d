"""The weights: an additive model whose every clue has a step function, kept as JSON.

The probability that a touch belongs to journey j, of all journeys of its customer and "a new one", is

    2^bits(j) / (1 + sum of 2^bits(i) over all i)        where bits(j) = base + sum over the clues of step(value)

which is McFadden's conditional logit with "a new one" as the reference at 0 bits. So each clue's bits say how much
likelier it makes "this journey" than "a new one", whatever else is known: they add up and can be read out.
"""

import json
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from threadline.core.stitching.features import Features, Value

UNREAD = " unread"
SHIPPED = Path(__file__).parent / "model.json"


@dataclass(frozen=True, slots=True)
class Steps:
    """One clue's step function: `bits[level][n]` holds from `edges[n - 1]` on and below `edges[n]`.

    A clue that has only levels has no edges, one that is only a number has the level "".
    """

    edges: tuple[float, ...]
    bits: Mapping[str, Sequence[float]]

    def at(self, value: Value) -> float:
        """0 for a level never seen in training."""
        level, number = parts(value)
        row = self.bits.get(level)
        return row[bisect_right(self.edges, number)] if row else 0.0


def parts(value: Value) -> tuple[str, float]:
    if isinstance(value, tuple):
        return value
    return (value, 0.0) if isinstance(value, str) else ("", value)


@dataclass(frozen=True, slots=True)
class Weights:
    """The weights for one direction: what customers say, what we say, what happens."""

    base: float
    clues: Mapping[str, Steps]

    def weigh(self, found: Features) -> dict[str, float]:
        """Bits by clue; "" is the base. Written out, because it runs for every clue of every journey."""
        bits = {"": self.base}
        clues = self.clues
        for name, value in found.items():
            steps = clues.get(name)
            if steps is None:
                continue
            if type(value) is tuple:
                level, number = value
                row = steps.bits.get(level)
                bits[name] = row[bisect_right(steps.edges, number)] if row else 0.0
            else:
                bits[name] = steps.at(value)
        return bits


@dataclass(frozen=True, slots=True)
class Model:
    """`version` names it in every Decision. `about`: what it was trained on and how good it was."""

    version: str
    weights: Mapping[str, Weights]
    about: Mapping[str, Any]

    def weights_for(self, direction: str, *, read: bool) -> Weights:
        """`read`: an encoder read the touch. Where none did, other clues have to carry what its meaning would."""
        unread = self.weights.get(f"{direction}{UNREAD}")
        return self.weights[direction] if read or unread is None else unread

    @classmethod
    def read(cls, stored: Mapping[str, Any]) -> "Model":
        weights = {
            direction: Weights(
                float(each["base"]),
                {name: Steps(tuple(clue["edges"]), clue["bits"]) for name, clue in each["clues"].items()},
            )
            for direction, each in stored["weights"].items()
        }
        return cls(str(stored["version"]), weights, stored.get("about", {}))

    def written(self) -> dict[str, Any]:
        """As JSON, and the same JSON for the same model."""
        weights = {
            direction: {
                "base": round(each.base, 3),
                "clues": {
                    name: {
                        "edges": list(steps.edges),
                        "bits": {level: [round(b, 2) for b in row] for level, row in sorted(steps.bits.items())},
                    }
                    for name, steps in sorted(each.clues.items())
                },
            }
            for direction, each in sorted(self.weights.items())
        }
        return {"version": self.version, "about": dict(self.about), "weights": weights}


@cache
def shipped() -> Model:
    """The model that comes with Threadline."""
    return Model.read(json.loads(SHIPPED.read_text(encoding="utf-8")))


def chances(bits: Sequence[float]) -> list[float]:
    """The probability of each journey; what is missing to 1 is that of a new one."""
    top = max([0.0, *bits])
    raised = [2 ** (each - top) for each in bits]
    total = sum(raised) + 2**-top
    return [each / total for each in raised]
