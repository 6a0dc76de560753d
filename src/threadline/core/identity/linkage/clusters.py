"""From pairs to people: connected components that hold together.

A chain through one weak link is how a whole town becomes one customer. So groups join by the mean over all pairs
between them (average linkage), where a pair that was never a candidate speaks against.
"""

import heapq
from collections.abc import Collection, Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

STRANGERS = 0.1
"""What a pair counts for that shares too little to have been compared."""


@dataclass(slots=True)
class Groups:
    """Groups of records on their way to become people; between two of them the sum and the number of pairs."""

    size: list[int]
    links: list[dict[int, list[float]]]
    age: list[int]
    into: list[int]
    strangers: float

    @classmethod
    def of(cls, size: int, pairs: Iterable[tuple[int, int, float]], *, strangers: float) -> "Groups":
        links: list[dict[int, list[float]]] = [{} for _ in range(size)]
        for one, other, chance in pairs:
            links[one][other] = links[other][one] = [chance, 1.0]
        return cls([1] * size, links, [0] * size, list(range(size)), strangers)

    def mean(self, one: int, other: int) -> float:
        total, count = self.links[one][other]
        all_pairs = self.size[one] * self.size[other]
        return (total + (all_pairs - count) * self.strangers) / all_pairs

    def join(self, one: int, other: int) -> int:
        """Make two groups one. Returns the one that stays."""
        kept, gone = (one, other) if len(self.links[one]) >= len(self.links[other]) else (other, one)
        self.into[gone] = kept
        self.age[kept] += 1
        self.age[gone] = -1
        del self.links[kept][gone]
        for neighbour, link in self.links[gone].items():
            if neighbour != kept:
                del self.links[neighbour][gone]
                held = self.links[kept].setdefault(neighbour, [0.0, 0.0])
                held[0] += link[0]
                held[1] += link[1]
                self.links[neighbour][kept] = held
        self.links[gone] = {}
        self.size[kept] += self.size[gone]
        return kept

    def end(self, record: int) -> int:
        while self.into[record] != record:
            record = self.into[record]
        return record


def clusters(
    size: int,
    pairs: NDArray[np.int64],
    chances: NDArray[np.floating],
    *,
    least: float = 0.5,
    strangers: float = STRANGERS,
    apart: Collection[tuple[int, int]] = (),
) -> list[int]:
    """The group of each record, named by one of its records.

    Args:
        pairs, chances: candidate pairs, and the probability that each is one person.
        least: groups join while the mean over all pairs between them is at least this.
        apart: pairs that must never be in one group, whatever speaks for it.
    Cost: O(pairs log pairs), a few seconds for a million.
    """
    told = [(one, other, chance) for (one, other), chance in zip(pairs.tolist(), chances.tolist(), strict=True)]
    never = [(min(pair), max(pair), -float(size * size)) for pair in apart]
    forbidden = {(one, other) for one, other, _ in never}
    told = [pair for pair in told if pair[:2] not in forbidden] + never
    groups = Groups.of(size, told, strangers=strangers)
    heap = [(-chance, one, other, 0, 0) for one, other, chance in told if chance >= least]
    heapq.heapify(heap)
    while heap:
        _, one, other, *ages = heapq.heappop(heap)
        if [groups.age[one], groups.age[other]] != ages or min(ages) < 0:
            continue
        kept = groups.join(one, other)
        for neighbour in groups.links[kept]:
            if (mean := groups.mean(kept, neighbour)) >= least:
                heapq.heappush(heap, (-mean, kept, neighbour, groups.age[kept], groups.age[neighbour]))
    return [groups.end(record) for record in range(size)]


def one_to_one(size: int, pairs: NDArray[np.int64], chances: NDArray[np.floating], *, least: float = 0.5) -> list[int]:
    """The group of each record where each has one partner at most: the likeliest pairs first."""
    group = list(range(size))
    taken = [False] * size
    for place in np.argsort(-chances, kind="stable").tolist():
        one, other = pairs[place].tolist()
        if chances[place] < least:
            break
        if not (taken[one] or taken[other]):
            taken[one] = taken[other] = True
            group[other] = one
    return group
