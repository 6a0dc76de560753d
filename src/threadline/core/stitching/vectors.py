"""Meanings as a journey keeps them: half precision, so that what is stored and what is in memory are the same bytes."""

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

Vector = NDArray[np.float32]
PLACES = ("mean", "first", "heard", "said")


def packed(vector: NDArray[np.floating]) -> bytes:
    """Half precision. Vectors of a journey are kept like this and never in any other form."""
    return vector.astype(np.float16).tobytes()


def unpacked(kept: bytes) -> Vector:
    return np.frombuffer(kept, dtype=np.float16).astype(np.float32)


def rounded(vector: Vector | None) -> Vector | None:
    """As it will be when it is read back, so that nothing depends on whether it was stored in between."""
    return None if vector is None else unpacked(packed(vector))


def mean_with(mean: bytes | None, weighed: int, vector: Vector) -> bytes:
    """The mean after one more. Another encoder's mean can not be continued, so it begins anew."""
    if mean is None or not weighed or len(mean) != 2 * len(vector):
        return packed(vector)
    return packed((unpacked(mean) * weighed + vector) / (weighed + 1))


def mean_of(one: bytes | None, ones: int, other: bytes | None, others: int) -> bytes | None:
    """The mean of two means."""
    if one is None or other is None or len(one) != len(other):
        return one or other
    return packed((unpacked(one) * ones + unpacked(other) * others) / max(ones + others, 1))


def likenesses(vector: Vector | None, kept: Sequence[Mapping[str, bytes]]) -> list[dict[str, float]]:
    """For each journey the cosine of the vector with each of its meanings; those it lacks are left out.

    Cost: about 3 us a vector.
    """
    if vector is None:
        return [{} for _ in kept]
    size = 2 * len(vector)
    held = [(row, place) for row, each in enumerate(kept) for place in PLACES if len(each.get(place, b"")) == size]
    found: list[dict[str, float]] = [{} for _ in kept]
    if not held:
        return found
    matrix = np.frombuffer(b"".join(kept[row][place] for row, place in held), dtype=np.float16)
    rows = matrix.reshape(len(held), len(vector)).astype(np.float32)
    lengths = np.sqrt(np.einsum("ij,ij->i", rows, rows))
    cosines = rows @ vector / np.maximum(lengths, 1e-6)
    for (row, place), cosine in zip(held, cosines.tolist(), strict=True):
        found[row][place] = cosine
    return found
