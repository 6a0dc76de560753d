"""Intents: is the right one found, and is what belongs to none left alone?"""

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from threadline.config.bars import Advance
from threadline.config.evaluation.texts import Numbers, Texts, rounded, rows_of, texts_in
from threadline.core.understanding.intents.kernel import Floats
from threadline.core.understanding.intents.model import Judgement, signs
from threadline.core.understanding.intents.training import Manner, belonging, fitted, folds, kept_aside

EXACT = Manner(most=50_000)  # every text is a landmark: nothing is approximated
BANKING = Manner(most=50_000, width=3.0, alone=1.0)  # best of eight on its folds, and better on other folds too
MAY_COST = 0.005
OPEN = Judgement(1.0, (0.0,) * 6, 0.0)


def banking77(folder: Path, test: Path | None, progress: Advance) -> dict[str, float]:
    """Accuracy. Without a held-out part: five folds, each intent spread over all of them."""
    known = texts_in(rows_of(folder), "category", progress)
    if test:
        asked = texts_in(rows_of(test), "category", progress, names=known.names)
        said, baseline = scores_of(known, asked, manner=BANKING)[0].argmax(axis=1), linear(known, asked).argmax(axis=1)
        return rounded(accuracies(said, baseline, asked.truth) | {"trained_on": len(known), "measured_on": len(asked)})
    said = kept_aside(known.texts, known.vectors, known.truth, manner=BANKING, progress=progress).scores.argmax(axis=1)
    baseline = linear_aside(known)
    return rounded(accuracies(said, baseline, known.truth) | {"folds": 5, "measured_on": len(known)})


def accuracies(said: Numbers, baseline: Numbers, truth: Numbers) -> dict[str, float]:
    return {
        "accuracy": (said == truth).mean(),
        "macro_f1": macro_f1(said, truth),
        "baseline_linear_accuracy": (baseline == truth).mean(),
    }


def macro_f1(said: Numbers, truth: Numbers) -> float:
    """The mean over all labels of the truth."""
    each = []
    for label in np.unique(truth):
        both = ((said == label) & (truth == label)).sum()
        each.append(2 * both / ((said == label).sum() + (truth == label).sum()))
    return float(np.mean(each))


def scores_of(known: Texts, asked: Texts, *, manner: Manner = EXACT) -> tuple[Floats, Floats]:
    """(scores of all labels, cosines with the five nearest known texts): the same model as on the desk."""
    model = fitted(
        known.texts,
        known.vectors,
        known.truth,
        names=known.names,
        version="evaluation",
        encoder="",
        judgement=OPEN,
        manner=manner,
    )
    scores, cosines = model.scores(asked.texts, asked.vectors)
    return scores, -np.partition(-cosines, 4, axis=1)[:, :5]


def linear(known: Texts, asked: Texts) -> NDArray[np.float64]:
    """The baseline: logistic regression on the vectors. Probabilities, one column for each label."""
    model: Any = import_module("sklearn.linear_model").LogisticRegression(C=10, max_iter=200)
    inside = known.truth >= 0
    found = model.fit(known.vectors[inside], known.truth[inside]).predict_proba(asked.vectors)
    return np.asarray(found, dtype=np.float64)


def linear_aside(known: Texts) -> Numbers:
    fold, said = folds(known.truth), np.zeros(len(known), dtype=np.int64)
    for number in range(5):
        seen, aside = part(known, fold != number), part(known, fold == number)
        said[fold == number] = linear(seen, aside).argmax(axis=1)
    return said


def part(of: Texts, chosen: NDArray[np.bool_]) -> Texts:
    texts = [text for text, taken in zip(of.texts, chosen, strict=True) if taken]
    return Texts(texts, of.truth[chosen], of.vectors[chosen], of.names)


# ---- with texts that belong nowhere ----------------------------------------------------------------------------


def clinc150(folder: Path, test: Path | None, progress: Advance) -> dict[str, float]:
    """Accuracy in scope (an "I do not know" counts as wrong) and recall of what is out of scope, at one threshold.

    The model learns from train; whether a text belongs, and the threshold, are fitted on val: without a held-out part
    on four fifths of it, measured on the fifth, in turns.
    """
    known = texts_in(rows_of(folder, named="train"), "intent", progress, outside="oos")
    tuned = texts_in(rows_of(folder, named="val"), "intent", progress, names=known.names)
    given = Asked(*scores_of(known, tuned), tuned.truth)
    before = Asked(linear(known, tuned).astype(np.float32), given.near, tuned.truth)
    if not test:
        return rounded(judged_aside(given, full) | baseline(judged_aside(before, best_alone)))
    asked = texts_in(rows_of(test), "intent", progress, names=known.names)
    held = Asked(*scores_of(known, asked), asked.truth)
    held_before = Asked(linear(known, asked).astype(np.float32), held.near, asked.truth)
    return rounded(
        judged(held, full(given), threshold(given, full(given)))
        | baseline(judged(held_before, best_alone(before), threshold(before, best_alone(before))))
    )


@dataclass(frozen=True)
class Asked:
    scores: Floats
    near: Floats
    truth: Numbers

    def part(self, chosen: NDArray[np.bool_]) -> "Asked":
        return Asked(self.scores[chosen], self.near[chosen], self.truth[chosen])


Belongs = Callable[[Asked], NDArray[np.float64]]
"""How much each text looks as if it belonged to any of the intents."""


def full(learned_from: Asked) -> Belongs:
    weights = belonging(signs(learned_from.scores, learned_from.near), learned_from.truth >= 0)
    return lambda asked: weights[0] + signs(asked.scores, asked.near) @ np.array(weights[1:])


def best_alone(learned_from: Asked) -> Belongs:
    """The baseline: the probability of the likeliest intent."""
    return lambda asked: asked.scores.max(axis=1).astype(np.float64)


def threshold(asked: Asked, belongs: Belongs) -> float:
    """The highest that costs at most half a point of accuracy in scope."""
    sure = belongs(asked)
    right = (asked.scores.argmax(axis=1) == asked.truth) & (asked.truth >= 0)
    may_lose = int(MAY_COST * (asked.truth >= 0).sum())
    return float(np.sort(sure[right])[may_lose])


def judged(asked: Asked, belongs: Belongs, least: float) -> dict[str, float]:
    sure, inside = belongs(asked), asked.truth >= 0
    right = asked.scores.argmax(axis=1) == asked.truth
    return {
        "accuracy": (right & (sure >= least))[inside].mean(),
        "oos_recall": (sure < least)[~inside].mean(),
        "oos_auroc": area(sure, inside),
        "accuracy_if_always_answered": right[inside].mean(),
        "measured_on": len(sure),
    }


def judged_aside(asked: Asked, learn: Callable[[Asked], Belongs]) -> dict[str, float]:
    fold = folds(asked.truth)
    turns = []
    for number in range(5):
        seen = asked.part(fold != number)
        belongs = learn(seen)
        turns.append(judged(asked.part(fold == number), belongs, threshold(seen, belongs)))
    found = {name: float(np.mean([turn[name] for turn in turns])) for name in turns[0]}
    return found | {"measured_on": len(fold)}


def baseline(measures: dict[str, float]) -> dict[str, float]:
    return {f"baseline_linear_{name}": measures[name] for name in ("accuracy", "oos_recall", "oos_auroc")}


def area(sure: NDArray[np.float64], inside: NDArray[np.bool_]) -> float:
    """The area under the curve: how often a text that belongs looks more so than one that does not."""
    rank = np.argsort(np.argsort(sure)) + 1
    yes, no = inside.sum(), (~inside).sum()
    return float((rank[inside].sum() - yes * (yes + 1) / 2) / (yes * no))
