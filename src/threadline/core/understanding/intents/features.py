"""The spelling of a text as a sparse point: its words, pairs of words and pieces of words, each in a numbered bucket.

Beside the meaning that an encoder sees, spelling tells apart what means nearly the same, in any language and with
typing errors. Buckets instead of a dictionary: nothing has to be learned or kept but a weight for each.
"""

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from itertools import pairwise
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

BUCKETS = 1 << 16
PIECES = range(2, 6)
MOST_WORDS = 250
COMMON = 0.1
WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)?|[?!€$£%]|[:;]-?[()D]")
Sparse = tuple[NDArray[np.int64], NDArray[np.float32]]


@lru_cache(maxsize=65_536)
def pieces(word: str) -> tuple[int, ...]:
    """The buckets of a word and of all its pieces of two to five letters; its ends count as letters."""
    padded = f" {word} "
    found = [f"w{word}"]
    found += [f"c{padded[at : at + n]}" for n in PIECES for at in range(len(padded) - n + 1)]
    return tuple(crc32(each.encode()) % BUCKETS for each in found)


@lru_cache(maxsize=65_536)
def pair(first: str, second: str) -> int:
    return crc32(f"p{first} {second}".encode()) % BUCKETS


def counts(text: str) -> dict[int, int]:
    """How often each bucket is met in a text."""
    words = WORD.findall(text.lower())[:MOST_WORDS]
    found: dict[int, int] = {}
    for word in words:
        for bucket in pieces(word):
            found[bucket] = found.get(bucket, 0) + 1
    for first, second in pairwise(words):
        bucket = pair(first, second)
        found[bucket] = found.get(bucket, 0) + 1
    return found


def rarity(texts: Iterable[str], *, common: float = COMMON) -> NDArray[np.float32]:
    """How much the presence of each bucket tells: the inverse frequency among these texts, at least 1.

    Args:
        common: what stands in a larger share of many texts weighs 0. For matters that is faster, and better too;
            feelings need such words ("not", "thanks").
    """
    met, total = np.zeros(BUCKETS), 0
    for text in texts:
        met[list(counts(text))] += 1
        total += 1
    told = np.log((1 + total) / (1 + met)) + 1
    return np.asarray(np.where(met > max(common * total, 20), 0, told), dtype=np.float32)


def spelling(text: str, weights: NDArray[np.float32]) -> Sparse:
    """The buckets of a text and their values; the values make a point of length 1."""
    found = counts(text)
    buckets = np.fromiter(found.keys(), dtype=np.int64, count=len(found))
    values = (1 + np.log(np.fromiter(found.values(), dtype=np.float32, count=len(found)))) * weights[buckets]
    telling = values > 0
    buckets, values = buckets[telling], values[telling]
    length = float(np.linalg.norm(values)) or 1.0
    return buckets, np.asarray(values / length, dtype=np.float32)


def spellings(texts: Sequence[str], weights: NDArray[np.float32]) -> list[Sparse]:
    return [spelling(text, weights) for text in texts]
