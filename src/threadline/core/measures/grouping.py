"""Two groupings of the same items compared: a true one and a found one. Labels may be anything hashable."""

from collections import Counter
from collections.abc import Hashable, Iterable, Mapping, Sequence

Grouping = Mapping[str, Hashable]
"""Item to the label of its group."""


def bcubed(items: Sequence[str], true: Grouping, found: Grouping) -> dict[str, tuple[float, float]]:
    """Precision and recall of each item: the share of its found group, and of its true group, that is in both.

    Source: Bagga & Baldwin (1998), "Entity-based cross-document coreferencing using the vector space model".
    """
    truly, founds = _sizes(items, true), _sizes(items, found)
    both = Counter((true[item], found[item]) for item in items)
    return {
        item: (shared / founds[found[item]], shared / truly[true[item]])
        for item in items
        for shared in (both[true[item], found[item]],)
    }


def bcubed_f1(items: Sequence[str], true: Grouping, found: Grouping) -> float:
    """F1 of the mean precision and the mean recall over all items."""
    each = bcubed(items, true, found).values()
    return f1(mean(precision for precision, _ in each), mean(recall for _, recall in each))


def pairwise(items: Sequence[str], true: Grouping, found: Grouping) -> tuple[float, float, float]:
    """Precision, recall and F1 over all pairs of items in one group. No found pairs: nothing wrong, precision 1."""
    right = _pairs(Counter((true[item], found[item]) for item in items))
    together, wanted = _pairs(_sizes(items, found)), _pairs(_sizes(items, true))
    precision = right / together if together else 1.0
    recall = right / wanted if wanted else 1.0
    return precision, recall, f1(precision, recall)


def _sizes(items: Iterable[str], grouping: Grouping) -> Counter[Hashable]:
    return Counter(grouping[item] for item in items)


def _pairs(sizes: Counter[Hashable]) -> int:
    return sum(size * (size - 1) // 2 for size in sizes.values())


def f1(precision: float, recall: float) -> float:
    """The harmonic mean; 0 when both are 0."""
    return 2 * precision * recall / (precision + recall) if precision + recall else 0.0


def mean(values: Iterable[float]) -> float:
    """The mean; 0 of nothing."""
    listed = list(values)
    return sum(listed) / len(listed) if listed else 0.0
