"""Sets of texts: intents and feelings. What learns here learns in memory, and is forgotten."""

import csv
import gzip
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from threadline.config.bars import Advance
from threadline.core.understanding.encoder import Vectors
from threadline.lib.encoders import chosen_encoder
from threadline.lib.errors import ThreadlineError

Numbers = NDArray[np.int64]
AT_ONCE = 256


@dataclass(frozen=True)
class Texts:
    """Texts with their vectors and the numbers of their labels; -1 for a label that is none of `names`."""

    texts: list[str]
    truth: Numbers
    vectors: Vectors
    names: tuple[str, ...]

    def __len__(self) -> int:
        return len(self.texts)


Clean = Callable[[str], str]


def rows_of(folder: Path, *, named: str = "") -> list[dict[str, str]]:
    """The rows of all tables of a folder, or of those whose file name holds `named`."""
    files = [file for file in sorted(folder.glob("*.csv.gz")) if named in file.name]
    if not files:
        raise ThreadlineError(f"{folder} holds no file like *{named}*.csv.gz. Name the folder of a set.")
    rows = []
    for file in files:
        with gzip.open(file, "rt", encoding="utf-8", newline="") as lines:
            rows += list(csv.DictReader(lines))
    return rows


def texts_in(
    rows: Sequence[Mapping[str, str]],
    label: str,
    progress: Advance,
    *,
    names: tuple[str, ...] = (),
    outside: str = "",
    clean: Clean = str,
) -> Texts:
    """Read and encode.

    Args:
        label: the column of the truth. `outside`: the label of what belongs nowhere.
        names: the labels in the order that a model knows; without them, those of these rows.
    """
    names = names or tuple(sorted({row[label] for row in rows} - {outside}))
    number = {name: at for at, name in enumerate(names)}
    texts = [clean(row["text"]) for row in rows]
    return Texts(texts, np.array([number.get(row[label], -1) for row in rows]), encoded(texts, progress), names)


def encoded(texts: Sequence[str], progress: Advance) -> Vectors:
    encoder = chosen_encoder()
    if encoder is None:
        raise ThreadlineError("THREADLINE_ENCODER is off. Set it to minilm: these sets are measured with vectors.")
    rows = []
    for start in range(0, len(texts), AT_ONCE):
        rows.append(encoder.encode(texts[start : start + AT_ONCE]))
        progress(min(start + AT_ONCE, len(texts)), len(texts))
    return np.concatenate(rows)


def rounded(measures: Mapping[str, float]) -> dict[str, float]:
    return {name: round(float(value), 4) for name, value in measures.items()}
