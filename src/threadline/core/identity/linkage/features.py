"""How alike the two records of each pair are, as numbers: the degrees of agreement that a classifier weighs.

NaN where a value is missing on either side. What is rare is told by its share of the table itself.
"""

from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import fuzz
from rapidfuzz.distance import OSA, JaroWinkler
from rapidfuzz.process import cpdist

from threadline.core.identity.linkage.candidates import Pairs, handle_of, in_addresses, in_names, spoken
from threadline.core.identity.linkage.columns import Kind, Table
from threadline.core.identity.linkage.together import affinity, learned_aliases, shared_words, sure_pairs
from threadline.core.identity.names import compare, hinted

Numbers = NDArray[np.float32]
Scorer = Callable[..., Any]


def features(table: Table, pairs: Pairs) -> tuple[Numbers, list[str]]:
    """n_pairs x n_features, and what each feature is called."""
    found = dict(all_features(table, pairs))
    return np.column_stack([np.asarray(each, dtype=np.float32) for each in found.values()]), list(found)


def all_features(table: Table, pairs: Pairs) -> Iterator[tuple[str, NDArray[Any]]]:
    for name, kind in table.kinds.items():
        column = Column(table.columns[name], pairs)
        yield from of_text(name, column)
        if kind is Kind.DATE:
            yield from of_dates(name, column)
        elif kind is Kind.POSTCODE:
            yield from of_postcodes(name, column)
        elif kind is Kind.EMAIL:
            yield from of_emails(name, column)
        elif kind is Kind.NAME:
            yield from of_names(name, column)
    yield from across(table, pairs)


class Column:
    """One column, seen pair by pair."""

    def __init__(self, values: Any, pairs: Pairs) -> None:
        self.values = np.array(values, dtype=object)
        self.pairs = pairs
        self.distinct, self.code = np.unique(self.values.astype(str), return_inverse=True)
        self.left, self.right = self.code[pairs[:, 0]], self.code[pairs[:, 1]]
        empty = self.values == ""
        self.missing = empty[pairs[:, 0]] | empty[pairs[:, 1]]
        counts = np.bincount(self.code, minlength=len(self.distinct))
        bits = -np.log2(counts / max(len(self.values), 1))
        self.rarity = np.where(self.distinct == "", 0.0, bits)

    def told(self, numbers: NDArray[Any]) -> NDArray[Any]:
        return np.where(self.missing, np.nan, numbers)

    def equal(self) -> NDArray[Any]:
        return np.asarray(self.left == self.right)

    def each(self, function: Callable[[str], Any]) -> NDArray[Any]:
        """A function of the value, computed once for each distinct one."""
        return np.array([function(value) for value in self.distinct])

    def like(self, scorer: Scorer) -> NDArray[Any]:
        """A similarity of texts, computed once for each distinct pair."""
        size = len(self.distinct)
        low, high = np.minimum(self.left, self.right), np.maximum(self.left, self.right)
        keys, place = np.unique(low.astype(np.int64) * size + high, return_inverse=True)
        one, other = self.distinct[keys // size].tolist(), self.distinct[keys % size].tolist()
        return np.asarray(cpdist(one, other, scorer=scorer, dtype=np.float32))[place]


def of_text(name: str, column: Column) -> Iterator[tuple[str, NDArray[Any]]]:
    yield f"{name} jaro-winkler", column.told(column.like(JaroWinkler.similarity))
    yield f"{name} edits", column.told(column.like(OSA.normalized_similarity))
    yield f"{name} equal, by rarity", column.told(np.where(column.equal(), column.rarity[column.left] + 1.0, 0.0))
    yield f"{name} rarity", np.minimum(column.rarity[column.left], column.rarity[column.right])


def of_dates(name: str, column: Column) -> Iterator[tuple[str, NDArray[Any]]]:
    digits = column.each(lambda value: "".join(filter(str.isdigit, value)).ljust(8, "0")[:8])
    for part, start, end in (("year", 0, 4), ("month", 4, 6), ("day", 6, 8)):
        numbers = np.array([int(each[start:end]) for each in digits])
        apart = np.abs(numbers[column.left] - numbers[column.right])
        yield f"{name} {part}", column.told(np.minimum(apart, 50))
    slips = column.like(OSA.distance)
    yield f"{name} slips", column.told(slips)
    new_year = np.array([each.endswith("0101") for each in digits], dtype=int)
    yield f"{name} first of January", column.told(new_year[column.left] + new_year[column.right])


def of_postcodes(name: str, column: Column) -> Iterator[tuple[str, NDArray[Any]]]:
    coarser = [
        column.each(lambda value: value[:-2]),
        column.each(lambda value: value.split(" ")[0] if " " in value else value[:3]),
        column.each(lambda value: value.rstrip("0123456789 ")[:2] or value[:2]),
    ]
    same = sum((part[column.left] == part[column.right]).astype(int) for part in coarser)
    yield f"{name} nearness", column.told(same + column.equal())


def of_names(name: str, column: Column) -> Iterator[tuple[str, NDArray[Any]]]:
    for what, scorer in (("words", fuzz.token_set_ratio), ("any order", fuzz.token_sort_ratio)):
        yield f"{name} {what}", column.told(column.like(scorer))
    yield f"{name} in part", column.told(column.like(fuzz.partial_ratio))
    words, unshared, least = shared_words(column.values.tolist(), column.pairs)
    yield f"{name} shared words", column.told(words)
    yield f"{name} other words", column.told(unshared)
    yield f"{name} words to share", column.told(least)
    matches = [compare(one, other) for one, other in zip(*sides(column), strict=True)]
    yield f"{name} as a person's", column.told(np.array(matches, dtype=np.float32))


def sides(column: Column) -> tuple[list[str], list[str]]:
    return column.distinct[column.left].tolist(), column.distinct[column.right].tolist()


def of_emails(name: str, column: Column) -> Iterator[tuple[str, NDArray[Any]]]:
    real = column.each(lambda value: "." in value.partition("@")[2])
    yield f"{name} real", real[column.left].astype(int) + real[column.right]
    local = Column([handle_of(value) for value in column.values], column.pairs)
    yield from of_text(f"{name} local part", local)
    domain = Column([value.partition("@")[2] for value in column.values], column.pairs)
    yield f"{name} domain equal, by rarity", np.where(domain.equal(), domain.rarity[domain.left], 0.0)
    yield f"{name} domain rarity", np.minimum(domain.rarity[domain.left], domain.rarity[domain.right])


def across(table: Table, pairs: Pairs) -> Iterator[tuple[str, NDArray[Any]]]:
    """What one column of one record says about another column of the other."""
    names = table.of(Kind.NAME, Kind.GIVEN)
    if table.of(Kind.EMAIL):
        yield from of_handles(table, pairs)
    for email in table.of(Kind.EMAIL):
        yield from name_in_address(table, names[:1], email, pairs)
    for given, family in zip(table.of(Kind.GIVEN), table.of(Kind.FAMILY), strict=False):
        yield "names swapped", swapped(table, given, family, pairs)
    for place in table.of(Kind.PLACE)[:3]:
        for code in table.of(Kind.POSTCODE)[:1]:
            district = [value.split(" ")[0] for value in table.columns[code]]
            yield from affinity(place, table.columns[place], district, pairs)
    sure = sure_pairs(table, pairs)
    for name in table.of(Kind.GIVEN, Kind.FAMILY):
        yield f"{name} as an alias", learned_aliases(table.columns[name], pairs, sure(name))


def of_handles(table: Table, pairs: Pairs) -> Iterator[tuple[str, NDArray[Any]]]:
    """Bits of the rarest handle both may go by, and of the rarest that one's name and the other's address spell."""
    addresses = [in_addresses(table.columns[name][i] for name in table.of(Kind.EMAIL)) for i in range(len(table))]
    names = [in_names(spoken(table, i)) for i in range(len(table))]
    users = Counter(word for own, called in zip(addresses, names, strict=True) for word in own | called)

    def bits(words: set[str]) -> float:
        return max((float(np.log2(len(table) / users[word])) for word in words), default=0.0)

    shared, crossed = [], []
    for a, b in pairs.tolist():
        shared.append(bits((addresses[a] | names[a]) & (addresses[b] | names[b])))
        crossed.append(bits((names[a] & addresses[b]) | (names[b] & addresses[a])))
    yield "handle shared, by rarity", np.array(shared)
    yield "name and the other's address, by rarity", np.array(crossed)


def name_in_address(table: Table, names: list[str], email: str, pairs: Pairs) -> Iterator[tuple[str, NDArray[Any]]]:
    for name in names:
        spoken, addresses = table.columns[name], table.columns[email]
        bare = ["".join(filter(str.isalnum, value)) for value in spoken]
        local = [handle_of(value) for value in addresses]
        hints = [(hinted(spoken[a], addresses[b]), hinted(spoken[b], addresses[a])) for a, b in pairs.tolist()]
        yield f"{name} spelled by the other's {email}", np.array([max(pair) for pair in hints])
        yield f"{name} spelled by both {email}s", np.array([min(pair) for pair in hints])
        crossed = [max(alike(bare[a], local[b]), alike(bare[b], local[a])) for a, b in pairs.tolist()]
        yield f"{name} as the other's {email}", np.array(crossed)
        users: dict[str, set[str]] = {}
        for address, who in zip(addresses, spoken, strict=True):
            users.setdefault(address, set()).add(who)
        many = np.array([len(users[address]) for address in addresses])
        yield f"{email} users", np.maximum(many[pairs[:, 0]], many[pairs[:, 1]])


def alike(one: str, other: str) -> float:
    return JaroWinkler.similarity(one, other) if one and other else 0.0


def swapped(table: Table, given: str, family: str, pairs: Pairs) -> NDArray[Any]:
    first, last = np.array(table.columns[given], dtype=object), np.array(table.columns[family], dtype=object)
    one, other = pairs[:, 0], pairs[:, 1]
    ways = [
        cpdist(a.tolist(), b.tolist(), scorer=JaroWinkler.similarity, dtype=np.float32)
        for a, b in ((first[one], last[other]), (last[one], first[other]))
    ]
    return np.asarray(ways[0] + ways[1])
