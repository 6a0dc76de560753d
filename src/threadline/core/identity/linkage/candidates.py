"""Which pairs are worth comparing: those that share a value, or two weaker ones, unless too many share it."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from threadline.core.identity.linkage.columns import Kind, Table
from threadline.core.identity.linkage.sounds import sound

Pairs = NDArray[np.int64]
"""n x 2: numbers of records, the smaller first, each pair once."""

FEW_VALUES = 20  # a column with fewer tells too little to look people up by
ALONE = {Kind.EMAIL, Kind.DATE, Kind.POSTCODE, Kind.NUMBER, Kind.FAMILY, Kind.NAME}
SHORTEST_HANDLE = 4


def candidates(table: Table, *, most: int = 300) -> Pairs:
    """Pairs of records that share a key.

    Args:
        most: keys that more records share are skipped: they are too common to tell.
    """
    size = len(table)
    found = np.empty(0, dtype=np.int64)
    for keys in keyrings(table):
        found = np.union1d(found, blocked(keys, size=size, most=most))
    return np.column_stack([found // max(size, 1), found % max(size, 1)])


def blocked(keys: Iterable[tuple[str, ...]], *, size: int, most: int) -> NDArray[np.int64]:
    """Pairs as one number each, smaller * size + larger."""
    holders: defaultdict[str, list[int]] = defaultdict(list)
    for record, own in enumerate(keys):
        for key in own:
            holders[key].append(record)
    parts = [np.empty(0, dtype=np.int64)]
    for records in holders.values():
        if 1 < len(records) <= most:
            held = np.array(records, dtype=np.int64)
            one, other = np.triu_indices(len(held), 1)
            parts.append(held[one] * size + held[other])
    return np.unique(np.concatenate(parts))


def keyrings(table: Table) -> Iterator[list[tuple[str, ...]]]:
    """One rule after the other: the keys of every record under it."""
    values = blocking_values(table)
    for name, column in values.items():
        if table.kinds.get(name) in ALONE or name not in table.kinds:
            yield [(value,) if value else () for value in column]
    for one, other in combinations(values, 2):
        yield [
            (f"{left}|{right}",) if left and right else ()
            for left, right in zip(values[one], values[other], strict=True)
        ]
    for name in table.of(Kind.NAME):
        yield [tuple(f"{a}|{b}" for a, b in combinations(words(value), 2)) for value in table.columns[name]]
    if table.of(Kind.EMAIL):
        yield [tuple(own) for own in handles(table)]


def blocking_values(table: Table) -> dict[str, list[str]]:
    """Columns to look people up by: the table's own and coarser forms of them (the sound, the year, the district)."""
    found: dict[str, list[str]] = {}
    for name, kind in table.kinds.items():
        column = list(table.columns[name])
        if len(set(column)) < FEW_VALUES or kind is Kind.EMAIL:
            continue
        found[name] = column
        if kind is Kind.DATE:
            found[f"{name}:year"] = [value[:4] for value in column]
        elif kind is Kind.POSTCODE:
            found[f"{name}:district"] = [value.split(" ")[0] for value in column]
    given, family = table.of(Kind.GIVEN), table.of(Kind.FAMILY)
    if given and family:
        sounds = [sound(value) for value in table.columns[given[0]]], [sound(v) for v in table.columns[family[0]]]
        found[f"{family[0]}:sound"] = sounds[1]
        found["sound"] = [f"{a} {b}" if a and b else "" for a, b in zip(*sounds, strict=True)]
        names = zip(table.columns[given[0]], table.columns[family[0]], strict=True)
        found["either way round"] = [" ".join(sorted(pair)) if all(pair) else "" for pair in names]
    return {name: column for name, column in found.items() if name not in table.of(Kind.NAME)} | {
        name: found[name] for name in table.of(Kind.NAME) if name in found
    }


def words(value: str) -> list[str]:
    return sorted(set(re.findall(r"[^\W\d_]{3,}", value)))


def handles(table: Table) -> Iterator[set[str]]:
    """Addresses, their local parts, and names written as one: what a person may call themselves elsewhere."""
    for record in range(len(table)):
        own = {value for name in table.of(Kind.EMAIL) if (value := table.columns[name][record])}
        yield own | in_addresses(own) | in_names(spoken(table, record))


def spoken(table: Table, record: int) -> list[str]:
    return [table.columns[name][record] for name in table.of(Kind.NAME, Kind.GIVEN, Kind.FAMILY)]


def in_addresses(addresses: Iterable[str]) -> set[str]:
    """Handles that e-mail addresses spell."""
    local = {handle_of(value) for value in addresses}
    return {word for each in local for word in (each, each.rstrip("0123456789")) if len(word) >= SHORTEST_HANDLE}


def in_names(names: Iterable[str]) -> set[str]:
    """Handles that people make of their names: all in one, each word, initial and family name, and the like."""
    found: set[str] = set()
    for name in names:
        parts = re.findall(r"[^\W_]+", name)
        found.update(("".join(parts), "".join(parts).rstrip("0123456789"), *parts))
        if len(parts) > 1:
            first, last = parts[0], parts[-1]
            found.update((first[0] + last, last + first[0], first + last[0], first + last, last + first))
    return {word for word in found if len(word) >= SHORTEST_HANDLE}


def handle_of(email: str) -> str:
    """The part before the @ as a bare word; of a service's own no-reply address the user's name in it."""
    first, _, rest = email.partition("@")[0].partition("+")
    return re.sub(r"[^a-z0-9]", "", rest if first.isdigit() and rest else first)
