"""A second opinion on feelings: a linear model on words as they are spelled, on what is negated, on VADER's valence and
on marks such as "!!". It errs elsewhere than the likeness of meanings does, so that both together err less."""

import re
from collections.abc import Iterator, Sequence
from importlib import import_module
from typing import Any

import numpy as np
from numpy.typing import NDArray

from threadline.config.evaluation.texts import Numbers, Texts
from threadline.core.understanding.encoder import Vectors
from threadline.core.understanding.intents.features import rarity, spellings
from threadline.core.understanding.intents.training import as_matrix, folds
from threadline.core.understanding.mood.valence import feeling, lexicon

# How much each view weighs beside the others, and how far the weights may go: by folds of the airline posts.
SPELLING, MEANING, FEELING, TRUST = 2.0, 2.0, 0.5, 0.5
COMMON = 0.6
WORD_OR_END = re.compile(r"\w+(?:['’]\w+)?|[.,;:!?]")
SENTENCE_END = re.compile(r"(?<=[.!?])\s+")
REACH = 3  # words that a negation turns
TWEET = 140.0


def with_negations(text: str) -> str:
    """The text, and after it "notgood" for every word that stands within reach of a negation."""
    return " ".join([text, *negated(text)])


def negated(text: str) -> Iterator[str]:
    left, english = 0, lexicon("en")
    for word in WORD_OR_END.findall(text):
        if not word[0].isalnum():
            left = 0
        elif english.negates(word.lower()):
            left = REACH
        elif left:
            left -= 1
            yield f"not{word}"


def marks(text: str) -> list[float]:
    """How it feels, as a whole and at its end, and how it is set."""
    whole, end = feeling(text), feeling(SENTENCE_END.split(text.strip())[-1])
    shouted = sum(word.isupper() and len(word) > 2 for word in text.split())
    return [
        whole.score,
        whole.good / 4,
        whole.bad / 4,
        end.score,
        text.count("!") / 3,
        shouted / 3,
        len(text) / TWEET,
        *(float(mark in text) for mark in ("!", "?", "#", "http")),
        float(any(ord(letter) > 0x2190 for letter in text)),  # an emoji or another picture
    ]


def rows_for(texts: Sequence[str], vectors: Vectors, weights: NDArray[np.float32]) -> Any:
    sparse = import_module("scipy.sparse")
    spelled = as_matrix(spellings([with_negations(text) for text in texts], weights)) * SPELLING
    dense = np.hstack([vectors * MEANING, np.array([marks(text) for text in texts]) * FEELING])
    return sparse.hstack([spelled, sparse.csr_matrix(dense)]).tocsr()


def fitted(rows: Any, truth: Numbers) -> Any:
    """Every label weighs the same, however rare."""
    regression = import_module("sklearn.linear_model").LogisticRegression
    return regression(C=TRUST, class_weight="balanced", max_iter=200, tol=1e-3).fit(rows, truth)


def by_marks(known: Texts, asked: Texts) -> NDArray[np.float64]:
    """Probabilities, one column for each label."""
    weights = rarity(map(with_negations, known.texts), common=COMMON)
    model = fitted(rows_for(known.texts, known.vectors, weights), known.truth)
    return np.asarray(model.predict_proba(rows_for(asked.texts, asked.vectors, weights)))


def by_marks_aside(known: Texts) -> NDArray[np.float64]:
    """The same for every text of a model that has not seen it, in the folds of `kept_aside`."""
    weights = rarity(map(with_negations, known.texts), common=COMMON)
    rows, fold = rows_for(known.texts, known.vectors, weights), folds(known.truth)
    found = np.zeros((len(known), int(known.truth.max()) + 1))
    for number in np.unique(fold):
        seen, aside = np.flatnonzero(fold != number), np.flatnonzero(fold == number)
        found[aside] = fitted(rows[seen], known.truth[seen]).predict_proba(rows[aside])
    return found
