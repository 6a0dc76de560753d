"""The second opinion on feelings: what is negated, how a text is set, and that learning finds it again."""

import numpy as np
import pytest

from threadline.config.evaluation.texts import Texts
from threadline.config.evaluation.texts_marks import by_marks, by_marks_aside, marks, negated
from threadline.config.evaluation.texts_moods import nudge


def posts(number: int) -> Texts:
    """Meanings that tell nothing: only words do."""
    said = ["not good, it leaks!", "when do you open?", "lovely service, thanks"]
    texts = [f"{said[at % 3]} number {at}" for at in range(number)]
    return Texts(texts, np.arange(number) % 3, np.full((number, 4), 0.5, np.float32), ("bad", "plain", "good"))


def test_a_negation_turns_the_next_three_words_and_ends_with_the_clause():
    assert list(negated("I do not like this at all")) == ["notlike", "notthis", "notat"]
    assert list(negated("not now, thanks")) == ["notnow"]


@pytest.mark.parametrize("text", ["", " ", "!!!", "🙂"])
def test_a_text_without_words_has_as_many_marks_as_any(text):
    assert len(marks(text)) == len(marks("All is WELL!"))


def test_words_alone_are_enough_to_learn_a_feeling():
    known, asked = posts(60), posts(9)

    assert (by_marks(known, asked).argmax(axis=1) == asked.truth).all()
    assert (by_marks_aside(known).argmax(axis=1) == known.truth).all()


def test_a_label_that_is_never_found_is_nudged_up():
    truth = np.array([0] * 50 + [2] * 10)
    scores = np.tile([0.6, 0.0, 0.5], (60, 1))
    scores[truth == 2] = [0.6, 0.0, 0.55]

    low, _, high = nudge(scores, truth)

    assert high > low
