"""What was learned of people, in use online: how much agreeing names say, and rare ones more than frequent ones."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

from threadline.core.identity.features import name_columns
from threadline.core.identity.model import Frequencies, Model, model_of
from threadline.core.identity.model.score import clue
from threadline.core.identity.names import Match

SHIPPED = Path(__file__).parent / "people.json"
# Whoever shares a number, an address or a door is likelier to be a namesake than anybody picked at random.
NAMESAKES = {Match.SAME: 5.0, Match.PART: 1.0}
LEAST = {Match.SAME: 7.0, Match.PART: 4.0}
MOST = {Match.SAME: 11.0, Match.PART: 7.0}
COMPARED = {Match.SAME: ("given", "family"), Match.PART: ("given",)}


@dataclass(frozen=True, slots=True)
class Weights:
    """A trained model with its version, and what it was learned from."""

    version: str
    model: Model
    frequencies: Frequencies
    numbers: Mapping[str, float] = field(default_factory=dict)

    @classmethod
    def read(cls, written: Mapping[str, Any]) -> "Weights":
        shares = written.get("frequencies", {})
        frequencies = Frequencies(shares.get("tables", {}), shares.get("unseen", {}))
        return cls(str(written["version"]), model_of(written["model"]), frequencies, written.get("numbers", {}))

    def written(self) -> dict[str, Any]:
        shares = {"tables": self.frequencies.tables, "unseen": self.frequencies.unseen}
        return {"version": self.version, "model": self.model.source, "frequencies": shares, "numbers": self.numbers}

    def of_names(self, match: Match, one: str, other: str) -> float:
        """Bits that two agreeing names say of two people who share something else already."""
        left, right = name_columns(one), name_columns(other)
        said = sum(
            clue(left, right, comparison, self.frequencies).bits
            for comparison in self.model.comparisons
            if comparison.name in COMPARED[match]
        )
        return min(max(said - NAMESAKES[match], LEAST[match]), MOST[match])


@lru_cache(maxsize=1)
def shipped() -> Weights:
    """Learned from invented people; how common a name is, each installation learns by itself."""
    return Weights.read(json.loads(SHIPPED.read_text(encoding="utf-8")))
