"""How well the lines of one channel were told apart into conversations: the three measures of the literature.

Source: Kummerfeld et al. (2019), "A Large-Scale Corpus for Conversation Disentanglement", section 4.
"""

from collections import Counter, defaultdict
from collections.abc import Sequence
from math import log2

import numpy as np

from threadline.core.measures.grouping import Grouping, f1


def conversations(items: Sequence[str], true: Grouping, found: Grouping) -> dict[str, float]:
    """All in 0..1, more is better. `vi`: 1 - variation of information / log2(n)."""
    return {
        "one_to_one": one_to_one(items, true, found),
        "vi": scaled_variation(items, true, found),
        "exact_f1": exact_f1(items, true, found),
    }


def scaled_variation(items: Sequence[str], true: Grouping, found: Grouping) -> float:
    """How little is lost and added between the two groupings. Source: Meila (2007)."""
    count = len(items)
    if count < 2:
        return 1.0
    ours, theirs = Counter(found[item] for item in items), Counter(true[item] for item in items)
    both = Counter((found[item], true[item]) for item in items)
    lost = -sum(
        shared / count * (log2(shared / ours[one]) + log2(shared / theirs[other]))
        for (one, other), shared in both.items()
    )
    return 1 - lost / log2(count)


def one_to_one(items: Sequence[str], true: Grouping, found: Grouping) -> float:
    """The share of items that agree when each found group stands for at most one true one, at best."""
    from scipy.optimize import linear_sum_assignment

    ours = {label: number for number, label in enumerate(dict.fromkeys(found[item] for item in items))}
    theirs = {label: number for number, label in enumerate(dict.fromkeys(true[item] for item in items))}
    shared = np.zeros((len(ours), len(theirs)))
    for item in items:
        shared[ours[found[item]], theirs[true[item]]] += 1
    rows, columns = linear_sum_assignment(-shared)
    return float(shared[rows, columns].sum() / max(len(items), 1))


def exact_f1(items: Sequence[str], true: Grouping, found: Grouping) -> float:
    """F1 of the conversations of more than one line that were found exactly."""
    wanted, ours = _talks(items, true), _talks(items, found)
    right = len(wanted & ours)
    return f1(right / len(ours) if ours else 0.0, right / len(wanted) if wanted else 0.0)


def _talks(items: Sequence[str], grouping: Grouping) -> set[frozenset[str]]:
    groups = defaultdict(set)
    for item in items:
        groups[grouping[item]].add(item)
    return {frozenset(group) for group in groups.values() if len(group) > 1}
