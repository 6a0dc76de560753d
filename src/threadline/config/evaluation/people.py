"""People found in tables of records: the same code on every set, trained on one part and measured on another."""

import csv
import gzip
import hashlib
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from threadline.config.bars import Advance
from threadline.config.evaluation.people_splink import FEBRL, HISTORICAL, components, scored, tuned
from threadline.core.identity.linkage import Table, candidates, clusters, features, one_to_one, table_of
from threadline.core.identity.linkage.learning import chances, cross_validated, learned
from threadline.core.measures.grouping import bcubed_f1, pairwise
from threadline.lib.errors import ThreadlineError

Row = dict[str, str]
Measures = dict[str, float]
Pairs = NDArray[np.int64]
Weights = Sequence[tuple[int, int, float]]

LEAST = 0.35  # groups join while the mean chance between them is at least this
PARTS = 3


def read(folder: Path, column: str) -> dict[str, list[Row]]:
    """The rows of every CSV file of the folder that has this column, by the file's name."""
    found = {}
    for file in sorted(folder.glob("*.csv*")):
        opened = gzip.open if file.suffix == ".gz" else open
        with opened(file, "rt", encoding="utf-8", newline="") as lines:
            rows = list(csv.DictReader(lines))
        if rows and column in rows[0]:
            found[file.name] = rows
    if not found:
        raise ThreadlineError(f"{folder} holds no CSV file with the column “{column}”. Name the folder of a set.")
    return found


def rows_of(folder: Path, column: str) -> list[Row]:
    return [row for rows in read(folder, column).values() for row in rows]


def part_of(person: str, parts: int = PARTS) -> int:
    """Always the same part for the same person."""
    return int(hashlib.sha256(person.encode()).hexdigest(), 16) % parts


class Labelled:
    """A table with its truth: records, candidate pairs, their features, and which pairs are one person."""

    def __init__(
        self,
        table: Table,
        truth: Sequence[str],
        *,
        most: int = 300,
        weights: Weights | None = None,
    ) -> None:
        """
        Args:
            weights: what a Fellegi-Sunter model that never saw a label says of pairs; one more thing to weigh.
        """
        self.table, self.truth = table, list(truth)
        pairs = candidates(table, most=most)
        self.pairs: Pairs = pairs
        self.features, self.names = features(table, pairs)
        if weights is not None:
            self.features = np.column_stack([self.features, weighed(pairs, weights)])
        labels = np.array(self.truth, dtype=object)
        self.same: NDArray[np.bool_] = np.asarray(labels[pairs[:, 0]] == labels[pairs[:, 1]], dtype=bool)

    def parts(self, part: Callable[[int], int]) -> tuple[NDArray[Any], NDArray[Any]]:
        own = np.array([part(record) for record in range(len(self.truth))])
        return own[self.pairs[:, 0]], own[self.pairs[:, 1]]

    def judged(self, group: Sequence[int]) -> Measures:
        items = [str(number) for number in range(len(self.truth))]
        true, found = dict(zip(items, self.truth, strict=True)), dict(zip(items, group, strict=True))
        precision, recall, score = pairwise(items, true, found)
        return {
            "pairwise_f1": round(score, 4),
            "pairwise_precision": round(precision, 4),
            "pairwise_recall": round(recall, 4),
            "bcubed_f1": round(bcubed_f1(items, true, found), 4),
        }


def weighed(pairs: Pairs, weights: Weights) -> NDArray[np.float32]:
    """The weight of each pair in bits; NaN for those the model never looked at."""
    known = {(min(one, other), max(one, other)): bits for one, other, bits in weights}
    return np.array([known.get((one, other), np.nan) for one, other in pairs.tolist()], dtype=np.float32)


# ---- id-historical50k ------------------------------------------------------------------------------------------


def historical(folder: Path, test: Path | None, progress: Advance) -> Measures:
    """One person told of up to twenty times, with errors. `unique_id` leaks and is not looked at."""
    known, weights = figures(folder)
    threshold, baseline = tuned(weights, known.truth)
    target = known
    if test is None:
        parts = known.parts(lambda record: part_of(known.truth[record]))
        found = cross_validated(known.features, known.same, parts, progress=progress)
    else:
        target, weights = figures(test)
        found = chances(learned(known.features, known.same), target.features)
        baseline = components(len(target.truth), weights, threshold)
    measures = target.judged(clusters(len(target.truth), target.pairs, found, least=LEAST))
    return measures | prefixed("baseline_splink", target.judged(baseline)) | counted(target)


def figures(folder: Path) -> tuple[Labelled, Weights]:
    rows = rows_of(folder, "cluster")
    weights = scored(rows, HISTORICAL, None)
    truth = [row["cluster"] for row in rows]
    return Labelled(table_of(rows, without=("unique_id", "cluster")), truth, most=60, weights=weights), weights


def counted(target: Labelled) -> Measures:
    return {"records": len(target.truth), "candidate_pairs": len(target.pairs)}


def prefixed(prefix: str, measures: Mapping[str, float]) -> Measures:
    return {f"{prefix}_{name}": value for name, value in measures.items()}


# ---- id-classic ------------------------------------------------------------------------------------------------

IDS = ("rec_id", "unique_id", "cluster")


def classic(folder: Path, test: Path | None, progress: Advance) -> Measures:
    """FEBRL 3, cross-validated; with a test folder FEBRL 4 linked file to file. fake_1000 beside it where it is."""
    known = febrl(folder)
    if test is None:
        parts = known.parts(lambda record: part_of(known.truth[record]))
        found, target = cross_validated(known.features, known.same, parts, progress=progress), known
    else:
        target = febrl(test)
        found = chances(learned(known.features, known.same), target.features)
    size = len(target.truth)
    grouped = (
        one_to_one(size, *target.between(found)) if target.linked else clusters(size, target.pairs, found, least=LEAST)
    )
    baseline = components(size, target.weights, 0.0)
    measures = target.judged(grouped) | prefixed("baseline_splink", target.judged(baseline)) | counted(target)
    return measures | fake_people(test or folder, progress)


class Febrl(Labelled):
    def __init__(self, files: Mapping[str, list[Row]]) -> None:
        self.rows = [row for rows in files.values() for row in rows]
        self.files = [name for name, rows in files.items() for _ in rows]
        self.linked = len(files) > 1
        self.weights = scored(self.rows, FEBRL, self.files if self.linked else None)
        truth = [row["rec_id"].split("-")[1] for row in self.rows]
        super().__init__(table_of(self.rows, without=IDS), truth, weights=self.weights)

    def between(self, found: NDArray[Any]) -> tuple[Pairs, NDArray[Any]]:
        """The pairs across files."""
        files = np.array(self.files, dtype=object)
        across = files[self.pairs[:, 0]] != files[self.pairs[:, 1]]
        return self.pairs[across], found[across]


def febrl(folder: Path) -> Febrl:
    return Febrl(read(folder, "rec_id"))


def fake_people(folder: Path, progress: Advance) -> Measures:
    """fake_1000, cross-validated on itself; nothing where the folder has no such file."""
    try:
        rows = rows_of(folder, "cluster")
    except ThreadlineError:
        return {}
    known = Labelled(table_of(rows, without=IDS), [row["cluster"] for row in rows])
    parts = known.parts(lambda record: part_of(known.truth[record]))
    found = cross_validated(known.features, known.same, parts, progress=progress)
    return prefixed("fake_1000", known.judged(clusters(len(known.truth), known.pairs, found, least=LEAST)))
