"""Feelings in public posts: negative, neutral or positive."""

import re
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from threadline.config.bars import Advance
from threadline.config.evaluation.texts import Numbers, Texts, rounded, rows_of, texts_in
from threadline.config.evaluation.texts_intents import linear as linear_scores
from threadline.config.evaluation.texts_intents import linear_aside, macro_f1, scores_of
from threadline.config.evaluation.texts_marks import by_marks, by_marks_aside
from threadline.core.understanding.intents.kernel import Floats
from threadline.core.understanding.intents.training import Manner, folds, kept_aside
from threadline.core.understanding.mood.valence import feeling

Scores = NDArray[np.float64]
LABELS = ("negative", "neutral", "positive")
# People agree less on feelings than on intents, and feel in everyday words.
MANNER = Manner(most=50_000, ridge=1.0, common=0.6)
NUDGES = np.round(np.arange(-0.3, 0.31, 0.05), 2)
BEST_NUDGES = 12  # one alone would be the best by chance; their mean holds elsewhere too
SECOND = 0.3  # how much of the say the second opinion has
WORDS_SAY = 0.05  # VADER's own border between neutral and a feeling


def cleaned(text: str) -> str:
    return re.sub(r"https?://\S+", " http ", re.sub(r"@\w+", " @user ", text))


def airline(folder: Path, test: Path | None, progress: Advance) -> dict[str, float]:
    """Macro F1 of two opinions together. How much each label is nudged is chosen on texts kept aside; without a
    held-out part in five folds, the nudge for each fold on the other four."""
    known = texts_in(rows_of(folder), "airline_sentiment", progress, names=LABELS, clean=cleaned)
    first = kept_aside(known.texts, known.vectors, known.truth, manner=MANNER, progress=progress).scores
    aside = together(first, by_marks_aside(known))
    if test:
        asked = texts_in(rows_of(test), "airline_sentiment", progress, names=LABELS, clean=cleaned)
        scores = together(scores_of(known, asked, manner=MANNER)[0], by_marks(known, asked))
        said = (scores + nudge(aside, known.truth)).argmax(axis=1)
        before = linear_scores(known, asked).argmax(axis=1)
    else:
        asked, said, before = known, nudged_aside(aside, known.truth), linear_aside(known)
    return rounded(
        {
            "macro_f1": macro_f1(said, asked.truth),
            "accuracy": (said == asked.truth).mean(),
            "baseline_linear_macro_f1": macro_f1(before, asked.truth),
            "baseline_vader_macro_f1": macro_f1(by_words(asked.texts), asked.truth),
            "measured_on": len(asked),
        }
    )


def together(first: Floats, second: Scores) -> Scores:
    return np.asarray((1 - SECOND) * first + SECOND * second)


def nudge(scores: Scores, truth: Numbers) -> Scores:
    """What to add to each label's score, so that rare ones are found as well as frequent ones."""
    choices = np.array([(low, 0.0, high) for low in NUDGES for high in NUDGES])
    good = [macro_f1((scores + choice).argmax(axis=1), truth) for choice in choices]
    return np.asarray(choices[np.argsort(good, kind="stable")[-BEST_NUDGES:]].mean(axis=0))


def nudged_aside(scores: Scores, truth: Numbers) -> Numbers:
    fold, said = folds(truth, seed=11), np.zeros(len(truth), dtype=np.int64)
    for number in range(5):
        seen, aside = fold != number, fold == number
        said[aside] = (scores[aside] + nudge(scores[seen], truth[seen])).argmax(axis=1)
    return said


def by_words(texts: list[str]) -> Numbers:
    """VADER's lexicon and rules."""
    scores = np.array([feeling(text).score for text in texts])
    return np.where(scores >= WORDS_SAY, 2, np.where(scores <= -WORDS_SAY, 0, 1)).astype(np.int64)


# ---- without learning from the set ------------------------------------------------------------------------------


def tweeteval(folder: Path, test: Path | None, progress: Advance) -> dict[str, float]:
    """Macro recall, with nothing learned from this set: VADER's words, and both opinions that the neighbouring
    folder of airline posts teaches if it is there. The third that looks the worst is negative, the best positive."""
    asked = texts_in(rows_of(test or folder), "label", progress, names=LABELS, clean=cleaned)
    looks = standard(np.array([feeling(text).score for text in asked.texts]))
    taught_by = folder.resolve().parent / "sentiment-airline"
    if taught_by.is_dir():
        known = texts_in(rows_of(taught_by), "airline_sentiment", progress, names=LABELS, clean=cleaned)
        for scores in (scores_of(known, asked, manner=MANNER)[0], by_marks(known, asked)):
            looks = looks + standard((scores[:, 2] - scores[:, 0]).astype(np.float64))
    low, high = np.quantile(looks, [1 / 3, 2 / 3])
    said = np.where(looks >= high, 2, np.where(looks < low, 0, 1)).astype(np.int64)
    return rounded(
        {
            "macro_recall": macro_recall(said, asked),
            "macro_f1": macro_f1(said, asked.truth),
            "baseline_vader_macro_recall": macro_recall(by_words(asked.texts), asked),
            "learned_from_airline": float(taught_by.is_dir()),
            "measured_on": len(asked),
        }
    )


def standard(scores: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.asarray((scores - scores.mean()) / (scores.std() or 1.0))


def macro_recall(said: Numbers, asked: Texts) -> float:
    return float(np.mean([(said[asked.truth == label] == label).mean() for label in np.unique(asked.truth)]))
