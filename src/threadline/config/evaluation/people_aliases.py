"""id-git-aliases: names and addresses of contributors, matched inside a project only."""

from collections import defaultdict
from collections.abc import Hashable, Sequence
from datetime import date
from itertools import combinations
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from threadline.config.bars import Advance
from threadline.config.evaluation.people import Labelled, Measures, Pairs, Row, counted, prefixed, rows_of
from threadline.config.evaluation.people_splink import components
from threadline.core.identity.linkage import candidates, clusters, features, table_of
from threadline.core.identity.linkage.between import of_mailboxes
from threadline.core.identity.linkage.learning import blended, chances, cross_validated
from threadline.core.identity.linkage.mailboxes import mailboxes_of, widened
from threadline.core.measures.grouping import f1

LEAST, STRANGERS = 0.2, 0.05  # most aliases of one person have little in common with most others
ONE_MAILBOX = 0.995


def git_aliases(folder: Path, test: Path | None, progress: Advance) -> Measures:
    """Without a test, leaves one project out after the other."""
    known = Aliases(rows_of(folder, "alias_id"))
    if test is None:
        projects = sorted(set(known.projects))
        parts = known.parts(lambda record: projects.index(known.projects[record]))
        target, use = known, known.told
        found = cross_validated(known.features, known.same, parts, usable=use, learn=blended, progress=progress)
    else:
        target = Aliases(rows_of(test, "alias_id"))
        found = chances(blended(known.features[known.told], known.same[known.told]), target.features)
    group = target.grouped(found)
    measures = target.judged(group) | counted(target)
    for project in sorted(set(target.projects)):
        measures[f"pairwise_f1_{project.rpartition('/')[2]}"] = target.judged(group, project)["pairwise_f1"]
    return measures | prefixed("baseline_same_email_or_name", target.judged(same_email_or_name(target.rows)))


class Aliases(Labelled):
    """`told`: the pairs that teach, which is all but those between people whom the project forgot to list as one."""

    def __init__(self, rows: list[Row]) -> None:
        self.rows, self.projects = rows, [row["project"] for row in rows]
        self.truth = [f"{row['project']} {row['person']}" for row in rows]
        self.table = table_of([{"name": row["name"], "email": row["email"]} for row in rows])
        names, addresses = [row["name"] for row in rows], [row["email"] for row in rows]
        self.boxes = mailboxes_of(names, addresses, self.projects)
        of_project = np.array(self.projects, dtype=object)
        pairs = candidates(self.table, most=60)
        pairs = pairs[of_project[pairs[:, 0]] == of_project[pairs[:, 1]]]
        self.pairs = widened(pairs, self.boxes)
        each, self.names = features(self.table, self.pairs)
        together, more = of_mailboxes(self.boxes, self.pairs)
        self.features = np.column_stack([each, together, activity(rows, self.pairs)])
        self.names = [*self.names, *more, *ACTIVITY]
        labels = np.array(self.truth, dtype=object)
        self.same = np.asarray(labels[self.pairs[:, 0]] == labels[self.pairs[:, 1]], dtype=bool)
        forgotten = np.array(self.as_if_all_listed())
        self.told = self.same | (forgotten[self.pairs[:, 0]] != forgotten[self.pairs[:, 1]])

    def grouped(self, found: NDArray[np.floating]) -> list[int]:
        sure = np.where(self.boxes.same(self.pairs), ONE_MAILBOX, found)
        return clusters(len(self.truth), self.pairs, sure, least=LEAST, strangers=STRANGERS)

    def as_if_all_listed(self) -> list[int]:
        """The people there are if whoever shares a real address or a name on the list is one."""
        first: dict[Hashable, int] = {}
        links = []
        for number, row in enumerate(self.rows):
            keys: list[Hashable] = [self.truth[number], (row["project"], "name", row["person_loose"])]
            if real(row["email"]):
                keys.append((row["project"], "email", row["email"]))
            links += [(first.setdefault(key, number), number, 0.0) for key in keys]
        return components(len(self.rows), links, 0.0)

    def left_out(self, one: int, other: int) -> bool:
        """Different people on paper, whom the list most likely forgot to name as one."""
        if self.truth[one] == self.truth[other]:
            return False
        left, right = self.rows[one], self.rows[other]
        shared = left["email"] == right["email"] and real(left["email"])
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


def real(address: str) -> bool:
    return "." in address.partition("@")[2]


ACTIVITY = ("days between", "days in all", "days to the nearer end", "fewest commits", "most commits")


def activity(rows: Sequence[Row], pairs: Pairs) -> NDArray[np.float32]:
    """When both were active, and how much: one person's aliases follow each other closely."""
    first, last = (np.array([day(row[what]) for row in rows])[pairs] for what in ("first", "last"))
    commits = np.log2([float(row["commits"]) for row in rows])[pairs]
    ends = np.minimum(np.abs(np.diff(first)), np.abs(np.diff(last)))[:, 0]
    between, in_all = first.max(axis=1) - last.min(axis=1), last.max(axis=1) - first.min(axis=1)
    return np.column_stack([between, in_all, ends, commits.min(axis=1), commits.max(axis=1)]).astype(np.float32)


def day(written: str) -> int:
    return date.fromisoformat(written[:10]).toordinal()


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
        for what in ["name", "email"] if real(row["email"]) else ["name"]:
            key = (row["project"], what, row[what].casefold())
            links.append((first.setdefault(key, number), number, 0.0))
    return components(len(rows), links, 0.0)
