"""Fitting the step functions: a conditional logit over all choices, held smooth from step to step."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from threadline.core.stitching.features import Features
from threadline.core.stitching.model import UNREAD, Model, Steps, Weights, parts
from threadline.core.stitching.training.choices import Choice

Numbers = NDArray[np.float64]
LN2 = float(np.log(2))
HOURS = (0.1, 0.5, 1, 2, 4, 8, 16, 24, 36, 48, 72, 96, 120, 168, 240, 336, 504, 720, 1080, 1440, 2160, 4320)
COSINES = tuple(round(0.05 * step, 2) for step in range(19))
MARGINS = (-0.4, -0.3, -0.2, -0.15, -0.1, -0.05, 0.0, 0.05, 0.1, 0.15, 0.2, 0.3, 0.4)
WORDS = (0.1, 0.8, 1.2, 1.8, 2.5, 3.5, 5.0, 7.0, 10.0)
COUNTS = (1, 2, 3, 4, 5, 7, 10, 15)
EDGES: Mapping[str, Sequence[float]] = {
    **dict.fromkeys(
        (
            "between",
            "silence",
            "age",
            "here",
            "heard",
            "said",
            "closed",
            "settled",
            "thread",
            "wording",
            "turn after",
            "bought",
        ),
        HOURS,
    ),
    **dict.fromkeys(
        (
            "like",
            "like mean",
            "like first",
            "like heard",
            "like said",
            "first like first",
            "first like mean",
            "mean like first",
            "mean like mean",
        ),
        COSINES,
    ),
    "like margin": MARGINS,
    **dict.fromkeys(("words", "all words"), WORDS),
    "words margin": (-5.0, -3.0, -2.0, -1.0, -0.1, 0.1, 1.0, 2.0, 3.0, 5.0),
    "share": (0.01, 0.1, 0.2, 0.3, 0.4, 0.5, 0.65, 0.8, 0.95),
    "leaning": (-0.9, -0.2, 0.5, 1.0, 1.6, 2.1, 3.0, 4.0),
    **dict.fromkeys(("touches", "touches later", "rivals", "newer", "nearer"), COUNTS),
}
READ = frozenset({"in", "out"})
PROOF, REFUTED = 6.0, -3.0
LIMITS: Mapping[str, tuple[float | None, float | None]] = {
    "reference same": (PROOF, None),
    "reference another order": (None, REFUTED),
    "elsewhere nothing": (0.0, None),
    "elsewhere reference": (None, 0.0),
    "elsewhere thread": (None, 0.0),
    "language same": (0.0, None),
    "language other": (None, 0.0),
    "intent same": (0.0, None),
    "intent other": (None, 0.0),
    "named known": (0.0, None),
    "named unknown": (None, 0.0),
}
"""Least and most bits of a clue's levels that begin so: proof dominates, and no clue may speak against its words."""
RARE = 8  # a level that is rarer than this gets no weight of its own


@dataclass(frozen=True, slots=True)
class Grid:
    """Which column of the design a value falls into, and which columns are neighbours."""

    columns: Mapping[tuple[str, str], int]
    size: int

    @classmethod
    def over(cls, options: Sequence[Features], prior: Weights | None = None) -> "Grid":
        seen = Counter((name, parts(value)[0]) for found in options for name, value in found.items())
        known = {(name, level) for name, steps in prior.clues.items() for level in steps.bits} if prior else set()
        columns, size = {}, 1
        for key in sorted(known | {key for key, times in seen.items() if times >= RARE}):
            columns[key] = size
            size += len(EDGES.get(key[0], ())) + 1
        return cls(columns, size)

    def row(self, found: Features) -> Iterator[int]:
        """The columns that are 1; the first is the base."""
        yield 0
        for name, value in found.items():
            level, number = parts(value)
            start = self.columns.get((name, level))
            if start is not None:
                edges = EDGES.get(name, ())
                yield start + (int(np.searchsorted(edges, number, side="right")) if edges else 0)

    def of(self, prior: Weights | None) -> Numbers:
        """The columns' weights in an earlier model, in nats; 0 where it had none."""
        start = np.zeros(self.size)
        if prior is None:
            return start
        start[0] = prior.base
        for (name, level), column in self.columns.items():
            steps = prior.clues.get(name)
            row = steps.bits.get(level) if steps and tuple(steps.edges) == tuple(EDGES.get(name, ())) else None
            if row:
                start[column : column + len(row)] = row
        return start * LN2

    def limits(self) -> list[tuple[float | None, float | None]]:
        """The least and the most each column may weigh, in nats."""
        found: list[tuple[float | None, float | None]] = [(None, None)] * self.size
        for (name, level), column in self.columns.items():
            limit = next((each for begin, each in LIMITS.items() if f"{name} {level}".startswith(begin)), None)
            if limit:
                low, high = (None if each is None else each * LN2 for each in limit)
                found[column] = (low, high)
        return found

    def neighbours(self) -> Numbers:
        pairs = [
            (start + step, start + step + 1)
            for (name, _), start in self.columns.items()
            for step in range(len(EDGES.get(name, ())))
        ]
        return np.array(pairs, dtype=np.int64).reshape(-1, 2).astype(np.float64)


def fit(
    seen: Sequence[Choice],
    *,
    version: str,
    about: Mapping[str, Any],
    ridge: float = 0.05,
    smooth: float = 5.0,
    prior: Model | None = None,
) -> Model:
    """The most likely weights for these choices.

    Args:
        ridge: how strongly a weight is drawn to 0, `smooth`: how strongly to that of the neighbouring step; both in
            the weight of choices.
        prior: an earlier model to be drawn to instead of 0, for few choices; what they say nothing about stays.
    Cost: about 10 s for 20,000 choices.
    """
    groups: dict[str, list[Choice]] = {}
    for choice in seen:
        groups.setdefault(choice.direction, []).append(choice)
        if choice.direction in READ:
            groups.setdefault(f"{choice.direction}{UNREAD}", []).append(unread(choice))
    before = dict(prior.weights) if prior else {}
    weights = {name: fit_one(group, ridge, smooth, before.get(name)) for name, group in sorted(groups.items())}
    return Model(version, before | weights, about)


def unread(choice: Choice) -> Choice:
    """As if no encoder had read the touch."""
    options = tuple({name: v for name, v in found.items() if not name.startswith("like")} for found in choice.options)
    return replace(choice, options=options)


def fit_one(seen: Sequence[Choice], ridge: float, smooth: float, prior: Weights | None) -> Weights:
    from scipy.optimize import minimize
    from scipy.sparse import csr_matrix

    options = [found for choice in seen for found in choice.options]
    grid = Grid.over(options, prior)
    middle = grid.of(prior)
    free = 0 if prior else 1  # the base is free where there is nothing to keep to
    rows = [list(grid.row(found)) for found in options]
    pointer = np.cumsum([0, *map(len, rows)])
    design = csr_matrix(
        (np.ones(pointer[-1]), np.concatenate(rows).astype(np.int64), pointer), shape=(len(rows), grid.size)
    )
    starts = np.cumsum([0, *(len(choice.options) for choice in seen)])
    right = np.array([start + c.right for start, c in zip(starts, seen, strict=False) if c.right is not None], int)
    pairs = grid.neighbours().astype(np.int64)

    def loss(weights: Numbers) -> tuple[float, Numbers]:
        scores = design @ weights
        total, gradient = surprise(scores, starts[:-1], right)
        moved = weights - middle
        steps = moved[pairs[:, 1]] - moved[pairs[:, 0]]
        slope = np.asarray(design.T @ gradient)
        slope[free:] += ridge * moved[free:]
        np.add.at(slope, pairs[:, 1], smooth * steps)
        np.add.at(slope, pairs[:, 0], -smooth * steps)
        held = 0.5 * ridge * float(moved[free:] @ moved[free:]) + 0.5 * smooth * float(steps @ steps)
        return total + held, slope

    found = minimize(loss, middle, jac=True, method="L-BFGS-B", bounds=grid.limits(), options={"maxiter": 400})
    return as_weights(grid, np.asarray(found.x) / LN2)


def surprise(scores: Numbers, starts: NDArray[np.int64], right: NDArray[np.int64]) -> tuple[float, Numbers]:
    """Minus the log likelihood in nats, and its slope at each option. `starts`: where each choice begins."""
    sizes = np.diff([*starts, len(scores)])
    top = np.maximum(np.maximum.reduceat(scores, starts), 0.0)
    raised = np.exp(scores - np.repeat(top, sizes))
    total = np.add.reduceat(raised, starts) + np.exp(-top)
    slope = raised / np.repeat(total, sizes)
    slope[right] -= 1.0
    return float(np.sum(np.log(total) + top) - scores[right].sum()), slope


def as_weights(grid: Grid, bits: Numbers) -> Weights:
    clues: dict[str, dict[str, list[float]]] = {}
    for (name, level), start in grid.columns.items():
        steps = len(EDGES.get(name, ())) + 1
        clues.setdefault(name, {})[level] = bits[start : start + steps].tolist()
    steps_of = {name: Steps(tuple(EDGES.get(name, ())), rows) for name, rows in clues.items()}
    return Weights(float(bits[0]), steps_of)
