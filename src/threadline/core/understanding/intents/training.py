"""Teaching a reader of intents: kernel ridge regression, judged on texts kept aside.

Source: Saunders, Gammerman & Vovk (1998), ridge regression in dual variables; Williams & Seeger (2001), the Nyström
method, which keeps it affordable beyond a few thousand texts.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from importlib import import_module
from typing import Any

import numpy as np
from numpy.typing import NDArray

from threadline.core.understanding.intents.features import BUCKETS, COMMON, Sparse, rarity, spellings
from threadline.core.understanding.intents.kernel import MEANING_ALONE, WIDTH, Floats, likeness
from threadline.core.understanding.intents.model import IntentModel, Judgement, signs
from threadline.core.understanding.intents.shapes import Example, Measured

RIDGE = 0.1
MOST_LANDMARKS = 4_000
FOLDS = 5
FEWEST_INTENTS, FEWEST_EXAMPLES = 2, 5
TEMPERATURES = np.geomspace(2, 60, 24)
CONFUSED_KEPT = 8
ROWS_AT_ONCE = 512
Progress = Callable[[int, int], None]


class TooLittle(ValueError):
    """There is not enough to learn from; the words say what is missing."""


@dataclass(frozen=True)
class Manner:
    """How to learn. `most`: landmarks kept; more are slower, not worse. `ridge`: how far to trust single examples.

    `common`: see features.rarity. `width`, `alone`: see kernel. The values did well
    on banking questions.
    """

    most: int = MOST_LANDMARKS
    ridge: float = RIDGE
    common: float = COMMON
    width: float = WIDTH
    alone: float = MEANING_ALONE

    def likeness(self, cosines: Floats, spelled: Floats) -> Floats:
        return likeness(cosines, spelled, width=self.width, alone=self.alone)


AS_USUAL = Manner()


@dataclass(frozen=True)
class Trained:
    """A model, and how it fared on texts that were kept aside while it learned."""

    model: IntentModel
    accuracy: float
    unsure: float
    outside_caught: float
    measured: tuple[Measured, ...]


@dataclass(frozen=True)
class Asked:
    """Texts that were kept aside: the right answers (-1: none of the tree's), scores, cosines to what was known."""

    truth: NDArray[np.int64]
    scores: Floats
    near: Floats


def train(
    examples: Sequence[Example],
    vectors: Floats,
    *,
    version: str,
    encoder: str,
    precision: float = 0.8,
    progress: Progress = lambda done, total: None,
) -> Trained:
    """Learn from examples; those without a name teach what belongs to no intent.

    Args:
        precision: how often a sure answer shall be right; chooses the threshold.
    Raises:
        TooLittle: fewer than two intents, or fewer than five examples of one.
    """
    names = checked(examples)
    truth = np.array([names.index(each.name) if each.name else -1 for each in examples])
    texts = [each.text for each in examples]
    asked = kept_aside(texts, vectors, truth, progress=progress)
    judgement = judged(asked, precision=precision)
    model = fitted(texts, vectors, truth, names=names, version=version, encoder=encoder, judgement=judgement)
    progress(FOLDS + 1, FOLDS + 1)
    return report(model, examples, asked)


def checked(examples: Sequence[Example]) -> tuple[str, ...]:
    """The names of all intents, each once. Raises TooLittle."""
    numbers: dict[str, int] = {}
    for each in examples:
        if each.name:
            numbers[each.name] = numbers.get(each.name, 0) + 1
    poor = [name for name, number in numbers.items() if number < FEWEST_EXAMPLES]
    if len(numbers) < FEWEST_INTENTS:
        raise TooLittle(f"Only {len(numbers)} intents have examples. Give examples to at least {FEWEST_INTENTS}.")
    if poor:
        few = ", ".join(f"“{name}” has {numbers[name]}" for name in poor[:5])
        raise TooLittle(f"Too few examples: {few}. Each intent needs at least {FEWEST_EXAMPLES}.")
    return tuple(numbers)


# ---- fitting ---------------------------------------------------------------------------------------------------


def fitted(
    texts: Sequence[str],
    vectors: Floats,
    truth: NDArray[np.int64],
    *,
    manner: Manner = AS_USUAL,
    names: tuple[str, ...],
    version: str,
    encoder: str,
    judgement: Judgement,
) -> IntentModel:
    known = landmarks(truth, manner.most)
    weights = rarity(texts, common=manner.common)
    points = as_matrix(spellings(texts, weights))
    alike = manner.likeness(vectors @ vectors[known].T, shared_spelling(points, points[known]))
    return IntentModel(
        version=version,
        encoder=encoder,
        names=names,
        examples=tuple(texts[number] for number in known),
        vectors=vectors[known],
        weights=solved(alike, known, one_hot(truth, len(names)), ridge=manner.ridge),
        rarity=weights,
        judgement=judgement,
        width=manner.width,
        alone=manner.alone,
    )


def as_matrix(spelled: Sequence[Sparse]) -> Any:
    """A row for each text, a column for each bucket; a sparse matrix of scipy."""
    buckets = np.concatenate([buckets for buckets, _ in spelled])
    values = np.concatenate([values for _, values in spelled])
    pointer = np.cumsum([0, *(len(buckets) for buckets, _ in spelled)])
    return import_module("scipy.sparse").csr_matrix((values, buckets, pointer), shape=(len(spelled), BUCKETS))


def shared_spelling(points: Any, known: Any) -> Floats:
    """The cosines of `spelled_cosines`, in about half the time for many long texts at once."""
    turned, rows = known.T.tocsr(), np.zeros((points.shape[0], known.shape[0]), np.float32)
    for start in range(0, len(rows), ROWS_AT_ONCE):
        rows[start : start + ROWS_AT_ONCE] = (points[start : start + ROWS_AT_ONCE] @ turned).toarray()
    return rows


def landmarks(truth: NDArray[np.int64], most: int = MOST_LANDMARKS) -> NDArray[np.int64]:
    """Which texts the model keeps: all, or of very many an even sample over all intents, the same at every training."""
    if len(truth) <= most:
        return np.arange(len(truth))
    shuffled = np.random.default_rng(1).permutation(len(truth))
    rank = np.zeros(len(truth))
    for intent in np.unique(truth):
        mine = shuffled[truth[shuffled] == intent]
        rank[mine] = np.arange(len(mine)) / len(mine)
    return np.sort(shuffled[np.argsort(rank[shuffled], kind="stable")][:most])


def one_hot(truth: NDArray[np.int64], names: int) -> Floats:
    """What belongs to no intent has a row of zeros."""
    return np.asarray(truth[:, None] == np.arange(names)[None, :], dtype=np.float32)


def solved(alike: Floats, known: NDArray[np.int64], wanted: Floats, *, ridge: float = RIDGE) -> Floats:
    """The weights of the landmarks.

    Args:
        alike: every text by every landmark; it is used up. `known`: which texts the landmarks are.
        wanted: a column for each intent.
    """
    if len(known) == len(alike):
        left, right = alike, wanted
        slack = ridge
    else:
        left, right = alike.T @ alike + ridge * alike[known], alike.T @ wanted
        slack = 1e-6 * float(np.trace(left)) / len(left)  # rounding must not make it indefinite
    left[np.diag_indices(len(left))] += slack
    algebra = import_module("scipy.linalg")
    halves = algebra.cho_factor(left, lower=True, overwrite_a=True, check_finite=False)
    return np.asarray(algebra.cho_solve(halves, right, check_finite=False), dtype=np.float32)


# ---- judging ---------------------------------------------------------------------------------------------------


def folds(truth: NDArray[np.int64], number: int = FOLDS, *, seed: int = 7) -> NDArray[np.int64]:
    """Which fold each text is kept aside in; every intent is spread over all of them."""
    fold = np.zeros(len(truth), dtype=np.int64)
    for intent in np.unique(truth):
        mine = np.flatnonzero(truth == intent)
        fold[np.random.default_rng(seed + int(intent)).permutation(mine)] = np.arange(len(mine)) % number
    return fold


def kept_aside(
    texts: Sequence[str],
    vectors: Floats,
    truth: NDArray[np.int64],
    *,
    manner: Manner = AS_USUAL,
    progress: Progress = lambda done, total: None,
) -> Asked:
    """Ask every text of a model that has not seen it (nor, in `rarity`, its label)."""
    points = as_matrix(spellings(texts, rarity(texts, common=manner.common)))
    wanted = one_hot(truth, int(truth.max()) + 1)
    scores, near = np.zeros_like(wanted), np.zeros((len(texts), 5), np.float32)
    fold = folds(truth)
    for number in range(FOLDS):
        seen, aside = np.flatnonzero(fold != number), np.flatnonzero(fold == number)
        known = seen[landmarks(truth[seen], manner.most)]
        alike = manner.likeness(vectors[seen] @ vectors[known].T, shared_spelling(points[seen], points[known]))
        weights = solved(alike, np.searchsorted(seen, known), wanted[seen], ridge=manner.ridge)
        cosines = vectors[aside] @ vectors[known].T
        scores[aside] = manner.likeness(cosines, shared_spelling(points[aside], points[known])) @ weights
        near[aside] = -np.partition(-cosines, 4, axis=1)[:, :5]
        progress(number + 1, FOLDS + 1)
    return Asked(truth, scores, near)


def judged(asked: Asked, *, precision: float) -> Judgement:
    inside = asked.truth >= 0
    temperature = best_temperature(asked.scores[inside], asked.truth[inside])
    weights = belonging(signs(asked.scores, asked.near), inside)
    open_to_all = Judgement(temperature, weights, 0.0)
    confidences = open_to_all.confidences(asked.scores, asked.near)
    right = confidences.argmax(axis=1) == asked.truth
    return Judgement(temperature, weights, threshold_for(confidences.max(axis=1), right, precision))


def best_temperature(scores: Floats, truth: NDArray[np.int64]) -> float:
    """The one under which the right answers are the most probable."""

    def surprise(temperature: float) -> float:
        heated = scores.astype(np.float64) * temperature
        heated -= heated.max(axis=1, keepdims=True)
        logs = heated - np.log(np.exp(heated).sum(axis=1, keepdims=True))
        return float(-logs[np.arange(len(truth)), truth].mean())

    return float(min(TEMPERATURES, key=surprise))


def belonging(given: NDArray[np.float64], inside: NDArray[np.bool_]) -> tuple[float, ...]:
    """Logistic regression with both sides weighing the same, by Newton's method; without a text from outside, certainty
    grows with the best score alone."""
    if inside.all():
        return (-3.0, 9.0, 0.0, 0.0, 0.0, 0.0)
    middle, spread = given.mean(axis=0), given.std(axis=0) + 1e-9
    rows = np.column_stack([np.ones(len(given)), (given - middle) / spread])
    share = np.where(inside, 0.5 / inside.mean(), 0.5 / (1 - inside.mean()))
    found = np.zeros(rows.shape[1])
    calm = np.diag([0.0, *[1.0] * given.shape[1]])
    for _ in range(25):
        chance = 1 / (1 + np.exp(-rows @ found))
        slope = rows.T @ (share * (inside - chance)) - calm @ found
        bend = (rows * (share * chance * (1 - chance))[:, None]).T @ rows + calm
        found = found + np.linalg.solve(bend, slope)
    plain = found[1:] / spread
    return (float(found[0] - plain @ middle), *map(float, plain))


def threshold_for(confidences: NDArray[np.float64], right: NDArray[np.bool_], precision: float) -> float:
    """The lowest confidence from which on answers are right as often as wished; 0.99 if none is.

    The ten surest texts alone prove nothing, so that no threshold comes from fewer.
    """
    order = np.argsort(-confidences)
    good = np.cumsum(right[order]) / np.arange(1, len(order) + 1) >= precision
    last = np.flatnonzero(good[9:])
    return float(np.clip(confidences[order[last[-1] + 9]], 0.3, 0.99)) if len(last) else 0.99


# ---- reporting -------------------------------------------------------------------------------------------------


def report(model: IntentModel, examples: Sequence[Example], asked: Asked) -> Trained:
    confidences = model.judgement.confidences(asked.scores, asked.near)
    said = confidences.argmax(axis=1)
    sure = confidences.max(axis=1) >= model.judgement.threshold
    inside = asked.truth >= 0
    return Trained(
        model=model,
        accuracy=share(said[inside] == asked.truth[inside]),
        unsure=share(~sure[inside]),
        outside_caught=share(~sure[~inside]),
        measured=tuple(measures(model.names, examples, asked.truth, said, sure)),
    )


def measures(
    names: Sequence[str],
    examples: Sequence[Example],
    truth: NDArray[np.int64],
    said: NDArray[np.int64],
    sure: NDArray[np.bool_],
) -> Iterator[Measured]:
    for number, name in enumerate(names):
        mine, told = truth == number, (said == number) & sure
        wrong = np.flatnonzero(mine & (said != number))[:CONFUSED_KEPT]
        yield Measured(
            name=name,
            texts=int(mine.sum()),
            precision=share(mine[told]),
            recall=share(told[mine]),
            unsure=share(~sure[mine]),
            confused=tuple((examples[at].text, names[said[at]]) for at in wrong),
        )


def share(of: NDArray[np.bool_]) -> float:
    """How much of it is so; of nothing, 0."""
    return round(float(of.mean()), 4) if len(of) else 0.0
