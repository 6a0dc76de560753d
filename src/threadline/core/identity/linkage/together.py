"""What values do together in the whole table: shared words, places that lie together, names that stand for others."""

import re
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from threadline.core.identity.linkage.candidates import Pairs
from threadline.core.identity.linkage.columns import Kind, Table

AT_ONCE = 100_000


def matrix(rows: Sequence[int] | NDArray[Any], columns: Sequence[int] | NDArray[Any], shape: tuple[int, int]) -> Any:
    from scipy import sparse

    return sparse.csr_matrix((np.ones(len(rows), np.float32), (rows, columns)), shape=shape)


def dots(left: Any, right: Any, one: NDArray[Any], other: NDArray[Any]) -> NDArray[np.float32]:
    """The inner product of row `one[i]` of the left with row `other[i]` of the right matrix."""
    found = np.empty(len(one), np.float32)
    for start in range(0, len(one), AT_ONCE):
        here = slice(start, start + AT_ONCE)
        found[here] = np.asarray(left[one[here]].multiply(right[other[here]]).sum(axis=1)).ravel()
    return found


def shared_words(names: Sequence[str], pairs: Pairs) -> tuple[NDArray[Any], NDArray[Any], NDArray[Any]]:
    """Bits (by rarity) of the words both have, of those only one has, and of all words of the shorter one."""
    from scipy import sparse

    vocabulary: dict[str, int] = {}
    rows, columns = [], []
    for record, name in enumerate(names):
        for word in set(re.findall(r"\w+", name)):
            rows.append(record)
            columns.append(vocabulary.setdefault(word, len(vocabulary)))
    counted = matrix(rows, columns, (len(names), len(vocabulary)))
    bits = np.log2(len(names) / np.asarray(counted.sum(axis=0)).ravel()) + 0.1
    weighted = (counted @ sparse.diags(np.sqrt(bits))).tocsr()
    whole = np.asarray(weighted.multiply(weighted).sum(axis=1)).ravel()
    shared = dots(weighted, weighted, pairs[:, 0], pairs[:, 1])
    left, right = whole[pairs[:, 0]], whole[pairs[:, 1]]
    return shared, left + right - 2 * shared, np.minimum(left, right)


def numbered(values: Sequence[str]) -> tuple[NDArray[Any], int]:
    distinct = {value: place for place, value in enumerate(dict.fromkeys(values))}
    return np.array([distinct[value] for value in values]), len(distinct)


def affinity(
    name: str, places: Sequence[str], districts: Sequence[str], pairs: Pairs
) -> Iterator[tuple[str, NDArray[Any]]]:
    """Do two differently named places lie in the same districts; does one's place lie in the other's district?"""
    from scipy import sparse

    place, many_places = numbered(places)
    district, many_districts = numbered(districts)
    both = [i for i in range(len(places)) if places[i] and districts[i]]
    seen = matrix(place[both], district[both], (many_places, many_districts))
    length = np.sqrt(np.asarray(seen.multiply(seen).sum(axis=1)).ravel()) + 1e-9
    unit = (sparse.diags(1 / length) @ seen).tocsr()
    missing = np.array([not value for value in places])
    one, other = pairs[:, 0], pairs[:, 1]
    cosine = dots(unit, unit, place[one], place[other])
    yield f"{name} lies together", np.where(missing[one] | missing[other], np.nan, cosine)
    by_place, by_district = (np.asarray(seen.sum(axis=axis)).ravel() + 1 for axis in (1, 0))
    nowhere = np.array([not value for value in districts])
    ways = []
    for a, b in ((one, other), (other, one)):
        count = np.asarray(seen[place[a], district[b]]).ravel()
        lift = np.log2((count + 0.05) * len(places) / (by_place[place[a]] * by_district[district[b]]))
        ways.append(np.where(missing[a] | nowhere[b], np.nan, lift))
    yield f"{name} in the other's district", np.fmax(*ways)


def sure_pairs(table: Table, pairs: Pairs) -> Callable[[str], NDArray[np.bool_]]:
    """For a name column: pairs that are one person for reasons other than this column, as far as one can tell."""
    equal: dict[str, NDArray[np.bool_]] = {}
    for column in table.kinds:
        values = np.array(table.columns[column], dtype=object)
        left, right = values[pairs[:, 0]], values[pairs[:, 1]]
        equal[column] = (left == right) & (left != "")
    strong = [equal[name] for name in table.of(Kind.DATE, Kind.NUMBER, Kind.EMAIL)]
    weak = [equal[name] for name in table.of(Kind.POSTCODE, Kind.PLACE)]
    nothing = np.zeros(len(pairs), dtype=bool)
    supported = np.any(strong, axis=0) if strong else nothing
    placed = np.any(weak, axis=0) if weak else nothing

    def sure(name: str) -> NDArray[np.bool_]:
        others = [equal[other] for other in table.of(Kind.GIVEN, Kind.FAMILY) if other != name]
        return np.asarray(supported & placed & np.all(others, axis=0) if others else nothing)

    return sure


def learned_aliases(values: Sequence[str], pairs: Pairs, sure: NDArray[np.bool_]) -> NDArray[Any]:
    """How much oftener than by chance two values stand for one person, in bits, the pair itself left out."""
    code, many = numbered(values)
    one, other = code[pairs[:, 0]], code[pairs[:, 1]]
    low, high = np.minimum(one, other).astype(np.int64), np.maximum(one, other)
    keys, place = np.unique(low * many + high, return_inverse=True)
    together = np.bincount(place[sure], minlength=len(keys))[place] - sure
    share = np.bincount(code, minlength=many) / len(values)
    by_chance = share[low] * share[high] * 2 * sure.sum()
    missing = np.array([not value for value in values])
    bits = np.log2((together + 0.1) / (by_chance + 0.5))
    return np.where(missing[pairs[:, 0]] | missing[pairs[:, 1]], np.nan, bits)
