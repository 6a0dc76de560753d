"""How alike texts are: alike in meaning, and more so if alike in spelling.

k(a, b) = exp(width · (cos of meanings - 1)) · (alone + cos of spellings). Far from everything known, it falls to
nothing; that is what lets a model say "I do not know".
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from threadline.core.understanding.intents.features import BUCKETS, Sparse

Floats = NDArray[np.float32]
WIDTH = 2.0
MEANING_ALONE = 0.5


@dataclass(frozen=True)
class Postings:
    """Known texts by bucket: of bucket b, the texts `texts[starts[b]:starts[b + 1]]` with the `values` beside them."""

    starts: NDArray[np.int64]
    texts: NDArray[np.int32]
    values: Floats
    size: int

    @classmethod
    def of(cls, spelled: Sequence[Sparse]) -> "Postings":
        sizes = [len(buckets) for buckets, _ in spelled]
        buckets = np.concatenate([each for each, _ in spelled]) if spelled else np.zeros(0, np.int64)
        order = np.argsort(buckets, kind="stable")
        return cls(
            starts=np.concatenate([[0], np.cumsum(np.bincount(buckets, minlength=BUCKETS))]).astype(np.int64),
            texts=np.repeat(np.arange(len(spelled), dtype=np.int32), sizes)[order],
            values=np.concatenate([values for _, values in spelled])[order] if spelled else np.zeros(0, np.float32),
            size=len(spelled),
        )

    def cosines(self, spelled: Sparse) -> Floats:
        """With every known text; visits only those that share a bucket."""
        buckets, values = spelled
        starts, lengths = self.starts[buckets], self.starts[buckets + 1] - self.starts[buckets]
        total = int(lengths.sum())
        if not total:
            return np.zeros(self.size, np.float32)
        within = np.arange(total) - np.repeat(np.cumsum(lengths) - lengths, lengths)
        at = np.repeat(starts, lengths) + within
        products = self.values[at] * np.repeat(values, lengths)
        return np.bincount(self.texts[at], weights=products, minlength=self.size).astype(np.float32)


def likeness(cosines: Floats, spelled: Floats, *, width: float = WIDTH, alone: float = MEANING_ALONE) -> Floats:
    """The kernel, from both matrices of cosines. Works in the memory of a copy of the first."""
    alike = np.array(cosines, dtype=np.float32)
    alike -= 1
    alike *= width
    np.exp(alike, out=alike)
    alike *= spelled + np.float32(alone)
    return alike


def spelled_cosines(texts: Sequence[Sparse], known: Postings) -> Floats:
    rows = np.zeros((len(texts), known.size), np.float32)
    for number, text in enumerate(texts):
        rows[number] = known.cosines(text)
    return rows
