"""Work in batches of like length, because a model pays for the longest text of a batch; and none of it twice."""

from collections import OrderedDict
from collections.abc import Callable, Iterator, Sequence
from hashlib import blake2b
from threading import Lock

import numpy as np

from threadline.core.understanding.encoder.contract import Encoder, Vectors

ALIKE = 1.25  # padding a text by more costs more than a batch of its own


def in_batches(lengths: Sequence[int], *, tokens: int = 512, most: int = 32) -> Iterator[list[int]]:
    """The positions of texts, short ones first, in groups of like length that are padded to at most `tokens`."""
    batch: list[int] = []
    for position in sorted(range(len(lengths)), key=lengths.__getitem__):
        length = lengths[position]
        full = len(batch) == most or length * (len(batch) + 1) > tokens
        if batch and (full or length > ALIKE * lengths[batch[0]]):
            yield batch
            batch = []
        batch.append(position)
    if batch:
        yield batch


def digest(text: str) -> bytes:
    """A text in 16 bytes."""
    return blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).digest()


class Cached:
    """An encoder that remembers its latest answers: the same text comes again in threads, replays and trainings."""

    def __init__(self, inner: Encoder, *, size: int = 4_096) -> None:
        self.inner, self.size = inner, size
        self._kept: OrderedDict[bytes, Vectors] = OrderedDict()
        self._lock = Lock()

    @property
    def name(self) -> str:
        return self.inner.name

    @property
    def dimensions(self) -> int:
        return self.inner.dimensions

    def encode(self, texts: Sequence[str]) -> Vectors:
        keys = [digest(text) for text in texts]
        with self._lock:
            known = {key: self._kept[key] for key in keys if key in self._kept}
        missing = {key: text for key, text in zip(keys, texts, strict=True) if key not in known}
        if missing:
            known |= dict(zip(missing, self.inner.encode(list(missing.values())), strict=True))
        with self._lock:
            self._keep({key: known[key] for key in keys})
        return np.stack([known[key] for key in keys]) if keys else np.zeros((0, self.dimensions), np.float32)

    def know(self, rows: dict[bytes, Vectors]) -> None:
        """Take over answers given elsewhere by the same model, by the digest of the text."""
        with self._lock:
            self._keep(rows)

    def _keep(self, rows: dict[bytes, Vectors]) -> None:
        for key, row in rows.items():
            self._kept[key] = row
            self._kept.move_to_end(key)
        while len(self._kept) > self.size:
            self._kept.popitem(last=False)


def filled(
    dimensions: int, lengths: Sequence[int], encode: Callable[[list[int]], Vectors], *, tokens: int = 512
) -> Vectors:
    """The rows of all texts in their own order, encoded batch by batch."""
    rows = np.zeros((len(lengths), dimensions), np.float32)
    for batch in in_batches(lengths, tokens=tokens):
        rows[batch] = encode(batch)
    return rows
