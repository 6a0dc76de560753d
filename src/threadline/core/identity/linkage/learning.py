"""Weighing degrees of agreement with what is known: a classifier over the features, for training and measuring only."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

Chances = NDArray[np.float64]
MOST_PAIRS, FEW_PAIRS = 300_000, 30_000


def learned(features: NDArray[Any], same: NDArray[np.bool_], *, seed: int = 0) -> Any:
    """A classifier trained on labelled pairs."""
    from sklearn.ensemble import HistGradientBoostingClassifier
    from threadpoolctl import threadpool_limits

    if len(same) > MOST_PAIRS:
        kept = np.random.default_rng(seed).choice(len(same), MOST_PAIRS, replace=False)
        features, same = features[kept], same[kept]
    small = len(same) < FEW_PAIRS
    model = HistGradientBoostingClassifier(
        max_iter=150,
        learning_rate=0.05 if small else 0.1,
        max_leaf_nodes=15 if small else 31,
        min_samples_leaf=20,
        l2_regularization=1.0,
        random_state=seed,
    )
    with threadpool_limits(1):  # its threads wait for each other by spinning, which a busy machine pays for dearly
        return model.fit(features, same)


class Blend:
    """The mean, in log odds, of two classifiers that err differently: one over degrees, one over their ranks."""

    def __init__(self, *models: Any) -> None:
        self.models = models

    def predict_proba(self, features: NDArray[Any]) -> NDArray[np.float64]:
        sure = [np.clip(model.predict_proba(features)[:, 1], 1e-4, 1 - 1e-4) for model in self.models]
        odds = np.mean([np.log(each / (1 - each)) for each in sure], axis=0)
        chance = 1 / (1 + np.exp(-odds))
        return np.column_stack([1 - chance, chance])


def blended(features: NDArray[Any], same: NDArray[np.bool_], *, seed: int = 0) -> Blend:
    """For few labels that are partly wrong: small trees over some of the features each, and a weighted sum of ranks."""
    from sklearn.ensemble import HistGradientBoostingClassifier
    from sklearn.impute import SimpleImputer
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import QuantileTransformer
    from threadpoolctl import threadpool_limits

    trees = [
        HistGradientBoostingClassifier(
            max_iter=120,
            learning_rate=0.05,
            max_leaf_nodes=8,
            min_samples_leaf=15,
            l2_regularization=2.0,
            max_features=0.4,
            random_state=seed + each,
        )
        for each in range(4)
    ]
    ranks = QuantileTransformer(n_quantiles=100, output_distribution="normal", subsample=None)
    filled = SimpleImputer(strategy="median", add_indicator=True)
    total = make_pipeline(filled, ranks, LogisticRegression(C=0.02, max_iter=500))
    with threadpool_limits(1):
        return Blend(Blend(*(tree.fit(features, same) for tree in trees)), total.fit(features, same))


def chances(model: Any, features: NDArray[Any]) -> Chances:
    return np.asarray(model.predict_proba(features)[:, 1]) if len(features) else np.empty(0)


def cross_validated(
    features: NDArray[Any],
    same: NDArray[np.bool_],
    parts: tuple[NDArray[Any], NDArray[Any]],
    *,
    usable: NDArray[np.bool_] | None = None,
    learn: Callable[..., Any] = learned,
    progress: Callable[[int, int], None],
) -> Chances:
    """Chances of all pairs, each by a model that saw neither of the two people.

    Args:
        parts: in which part the left and the right record of each pair lie; a person lies in one part only.
            A pair across two parts is judged by what was learned on the others.
        usable: which pairs to learn from; all, if not given.
        learn: what makes a classifier of features and labels.
    """
    left, right = parts
    names = sorted(set(left.tolist()) | set(right.tolist()))
    combinations = [(a, b) for place, a in enumerate(names) for b in names[place:]]
    found = np.full(len(same), np.nan)
    for done, (a, b) in enumerate(combinations, 1):
        here = ((left == a) & (right == b)) | ((left == b) & (right == a))
        if here.any():
            others = ~np.isin(left, (a, b)) & ~np.isin(right, (a, b)) & (True if usable is None else usable)
            found[here] = chances(learn(features[others], same[others]), features[here])
        progress(done, len(combinations))
    return found


def best_threshold(scores: Sequence[tuple[float, float]]) -> float:
    """The threshold with the highest score of (threshold, score)."""
    return max(scores, key=lambda pair: pair[1])[0]
