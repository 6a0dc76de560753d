"""People found in tables of records: the same code on every set, trained on one part and measured on another."""

import csv
import gzip
import hashlib
from collections import defaultdict
from collections.abc import Callable, Hashable, Mapping, Sequence
from itertools import combinations
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from threadline.config.bars import Advance
from threadline.config.evaluation.people_splink import FEBRL, HISTORICAL, components, scored, tuned
from threadline.core.identity.linkage import Table, candidates, clusters, features, one_to_one, table_of
from threadline.core.identity.linkage.learning import chances, cross_validated, learned
from threadline.core.measures.grouping import bcubed_f1, f1, pairwise
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
        within: Sequence[str] | None = None,
        weights: Weights | None = None,
    ) -> None:
        """
        Args:
            within: only pairs of one of these groups are looked at.
            weights: what a Fellegi-Sunter model that never saw a label says of pairs; one more thing to weigh.
        """
        self.table, self.truth = table, list(truth)
        pairs = candidates(table, most=most)
        if within is not None:
            groups = np.array(within, dtype=object)
            pairs = pairs[groups[pairs[:, 0]] == groups[pairs[:, 1]]]
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


# ---- id-git-aliases --------------------------------------------------------------------------------------------

LEAST_ALIAS = 0.25  # most aliases of one person have little in common with most others


def git_aliases(folder: Path, test: Path | None, progress: Advance) -> Measures:
    """Names and addresses of contributors, matched inside a project only. Without a test, leaves one project out."""
    known = Aliases(rows_of(folder, "alias_id"))
    if test is None:
        projects = sorted(set(known.projects))
        parts = known.parts(lambda record: projects.index(known.projects[record]))
        target = known
        found = cross_validated(known.features, known.same, parts, usable=known.listed, progress=progress)
    else:
        target = Aliases(rows_of(test, "alias_id"))
        found = chances(learned(known.features[known.listed], known.same[known.listed]), target.features)
    group = clusters(len(target.truth), target.pairs, found, least=LEAST_ALIAS)
    measures = target.judged(group) | counted(target)
    for project in sorted(set(target.projects)):
        measures[f"pairwise_f1_{project.rpartition('/')[2]}"] = target.judged(group, project)["pairwise_f1"]
    return measures | prefixed("baseline_same_email_or_name", target.judged(same_email_or_name(target.rows)))


class Aliases(Labelled):
    """`listed`: the pairs that count. Pairs that nobody added to the project's list are left out, as the set says."""

    def __init__(self, rows: list[Row]) -> None:
        self.rows, self.projects = rows, [row["project"] for row in rows]
        given = [{"name": row["name"], "email": row["email"]} for row in rows]
        truth = [f"{row['project']} {row['person']}" for row in rows]
        super().__init__(table_of(given), truth, most=60, within=self.projects)
        counts = [not self.left_out(one, other) for one, other in self.pairs.tolist()]
        self.listed: NDArray[np.bool_] = np.array(counts, dtype=bool)

    def left_out(self, one: int, other: int) -> bool:
        """Different people on paper, whom the list most likely forgot to name as one."""
        if self.truth[one] == self.truth[other]:
            return False
        left, right = self.rows[one], self.rows[other]
        shared = left["email"] == right["email"] and "." in left["email"].partition("@")[2]
        return shared or left["person_loose"] == right["person_loose"]

    def judged(self, group: Sequence[int], project: str = "") -> Measures:
        here = [n for n, own in enumerate(self.projects) if not project or own == project]
        joined = pairs_in(here, [(self.projects[n], group[n]) for n in here])
        true = pairs_in(here, [self.truth[n] for n in here])
        right = len(joined & true)
        wrong = sum(not self.left_out(*pair) for pair in joined - true)
        precision, recall = right / max(right + wrong, 1), right / max(len(true), 1)
        return {
            "pairwise_f1": round(f1(precision, recall), 4),
            "pairwise_precision": round(precision, 4),
            "pairwise_recall": round(recall, 4),
        }


def pairs_in(items: Sequence[int], labels: Sequence[Hashable]) -> set[tuple[int, int]]:
    """All pairs of items with one label."""
    groups: defaultdict[Hashable, list[int]] = defaultdict(list)
    for item, label in zip(items, labels, strict=True):
        groups[label].append(item)
    return {pair for members in groups.values() for pair in combinations(members, 2)}


def same_email_or_name(rows: Sequence[Row]) -> list[int]:
    """Who has the same real address, or the same name, in a project."""
    first: dict[tuple[str, str, str], int] = {}
    links = []
    for number, row in enumerate(rows):
        keys = ["name", "email"] if "." in row["email"].partition("@")[2] else ["name"]
        for what in keys:
            key = (row["project"], what, row[what].casefold())
            links.append((first.setdefault(key, number), number, 0.0))
    return components(len(rows), links, 0.0)


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
