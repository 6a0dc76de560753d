"""Which line answers which: trees that were grown on lines of which it is known."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from random import Random
from typing import Any

import numpy as np

from threadline.core.stitching.channel.features import Rows, rows_of
from threadline.core.stitching.channel.lines import Line

OTHERS = 14  # wrong parents that are shown for each line in training: near ones and some at random
NEAR = 8


@dataclass(frozen=True, slots=True)
class Linker:
    """`trees` predicts for a row how probable it is that the parent is the right one."""

    trees: Any
    rare: Mapping[str, float]

    def parents(self, lines: Sequence[Line], wanted: set[int]) -> dict[int, int]:
        """Each wanted line's likeliest parent; itself where it begins a conversation."""
        numbers, options, rows = [], [], []
        for number, parents, found in rows_of(lines, wanted, self.rare):
            numbers.append(number)
            options.append(parents)
            rows.append(found)
        if not rows:
            return {}
        chances = self.trees.predict_proba(np.concatenate(rows))[:, 1]
        starts = np.cumsum([0, *map(len, options)])
        return {
            number: parents[int(np.argmax(chances[start : start + len(parents)]))]
            for number, parents, start in zip(numbers, options, starts, strict=False)
        }


def learn(logs: Iterable[tuple[Sequence[Line], Mapping[int, Sequence[int]]]], rare: Mapping[str, float]) -> Linker:
    """From logs with the true parents of some of their lines.

    Cost: about 40 s and 1 GB for 67,000 lines.
    """
    from sklearn.ensemble import HistGradientBoostingClassifier

    dice = Random(7)
    shown: list[Rows] = []
    right: list[bool] = []
    for lines, truth in logs:
        for number, parents, rows in rows_of(lines, set(truth), rare):
            chosen = worth_showing(parents, truth[number], dice)
            shown.append(rows[chosen])
            right += [parents[place] in truth[number] for place in chosen]
    trees = HistGradientBoostingClassifier(
        max_iter=300, learning_rate=0.1, max_leaf_nodes=31, l2_regularization=1.0, early_stopping=False, random_state=7
    )
    return Linker(trees.fit(np.concatenate(shown), np.array(right)), rare)


def worth_showing(parents: Sequence[int], right: Sequence[int], dice: Random) -> list[int]:
    """The right ones, itself, the nearest, and some of the rest."""
    places = [place for place, parent in enumerate(parents) if parent in right]
    rest = [place for place in range(NEAR, len(parents)) if place not in places]
    few = dice.sample(rest, min(OTHERS - NEAR, len(rest)))
    return sorted({*places, *range(min(NEAR, len(parents))), *few})
