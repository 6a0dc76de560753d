"""Touches get their meaning in batches, and do without where the encoder fails."""

import logging
from collections.abc import Iterator, Sequence

import numpy as np
import pytest

from tests.core.engines import touch
from threadline.core.understanding import understand
from threadline.core.understanding.encoder import Vectors
from threadline.interactions import meaning
from threadline.interactions.meaning import with_meaning


class Broken:
    name, dimensions = "broken", 2
    asked = 0

    def encode(self, texts: Sequence[str]) -> Vectors:
        self.asked += 1
        raise RuntimeError("out of memory")


@pytest.fixture(autouse=True)
def no_old_trouble() -> Iterator[None]:
    meaning.trouble.over()
    yield
    meaning.trouble.over()


@pytest.mark.django_db
def test_every_touch_that_says_something_gets_a_vector():
    items = [touch(1, "My kettle leaks."), touch(2, "")]

    read = with_meaning(items, [understand(item) for item in items])

    assert read[0].vector is not None
    assert np.linalg.norm(read[0].vector) == pytest.approx(1, abs=1e-5)
    assert read[1].vector is None


def test_a_broken_encoder_costs_the_vector_and_nothing_else(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
):
    broken = Broken()
    monkeypatch.setattr(meaning, "chosen_encoder", lambda: broken)
    item = touch(1, "My kettle leaks.")

    with caplog.at_level(logging.WARNING):
        read = [with_meaning([item], [understand(item)]) for _ in range(3)]

    assert read == [[understand(item)]] * 3
    assert read[0][0].vector is None
    assert caplog.messages == ["touches are understood by rules alone for now: RuntimeError: out of memory"]
    assert broken.asked == 1, "the next batches do not wait for it"
