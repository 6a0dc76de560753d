"""People seen mailbox by mailbox: every name and handle that went with one address speaks for all of them.

Two records of one address say more together than each alone: one has the full name, the other the handle that
somebody else's address spells.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from threadline.core.identity.linkage.candidates import Pairs, handle_of, in_names
from threadline.core.identity.linkage.columns import plain

# fmt: off
NOBODY = frozenset([
    "unknown", "root", "none", "nobody", "user", "admin", "me", "name", "noname", "anonymous", "devnull", "localhost",
    "ubuntu", "git", "github", "mail", "email", "info", "contact", "no name", "your name",
    "first last", "(no author)", "invalid-email-address",
])
# fmt: on
"""What programs and careless people write where a name belongs."""

MANY = 40  # a word that more mailboxes share is too common to look people up by
START = 6  # letters of a handle that are looked up, too


@dataclass(slots=True)
class Mailbox:
    """One address, or one record without a real one; `circle` is where names are compared and counted."""

    circle: str
    records: list[int] = field(default_factory=list)
    names: set[str] = field(default_factory=set)
    handles: set[str] = field(default_factory=set)

    @property
    def joined(self) -> set[str]:
        return {joined(name) for name in self.names} - {""}

    @property
    def words(self) -> set[str]:
        return {word for name in self.names for word in words(name)}

    @property
    def called(self) -> set[str]:
        """Handles, and names of one word: many a name is a handle."""
        return self.handles | {joined(name) for name in self.names if " " not in name} - {""}

    @property
    def made(self) -> set[str]:
        """Handles that the full names here would make."""
        full = [name for name in self.names if " " in name]
        return in_names(full) - {word for name in full for word in words(name)}

    def add(self, record: int, name: str, address: str) -> None:
        self.records.append(record)
        if name and name not in NOBODY:
            self.names.add(name)
        for spelled in (name, address):
            if "@" in spelled and len(handle := handle_of(spelled)) > 1 and handle not in NOBODY:
                self.handles.add(handle)


@dataclass(slots=True)
class Mailboxes:
    """`of`: the number of each record's mailbox."""

    of: NDArray[np.int64]
    each: list[Mailbox]

    def between(self, pairs: Pairs) -> tuple[Pairs, NDArray[np.int64]]:
        """Pairs of mailboxes, each once, and which of them each pair of records lies in."""
        held = np.sort(self.of[pairs], axis=1)
        distinct, place = np.unique(held, axis=0, return_inverse=True)
        return distinct, place.reshape(-1)

    def same(self, pairs: Pairs) -> NDArray[np.bool_]:
        return np.asarray(self.of[pairs[:, 0]] == self.of[pairs[:, 1]])


def joined(name: str) -> str:
    return "".join(filter(str.isalnum, name))


def words(name: str) -> list[str]:
    return re.findall(r"[^\W\d_]+", name)


def mailboxes_of(names: Sequence[str], addresses: Sequence[str], circles: Sequence[str]) -> Mailboxes:
    """
    Args:
        circles: only records of one circle share a mailbox.
    """
    numbers: dict[tuple[str, str | int], int] = {}
    found: list[Mailbox] = []
    own = []
    for record, (name, address, circle) in enumerate(zip(names, addresses, circles, strict=True)):
        written = plain(address)
        key = (circle, delivered_to(written) or record)
        number = numbers.setdefault(key, len(numbers))
        if number == len(found):
            found.append(Mailbox(circle))
        found[number].add(record, plain(name), written)
        own.append(number)
    return Mailboxes(np.array(own, dtype=np.int64), found)


def delivered_to(address: str) -> str:
    """The mailbox that an address leads to, whichever way it is written; "" for an address at no real domain."""
    local, at, domain = address.partition("@")
    if not at or "." not in domain.strip("."):
        return ""
    if domain in ("gmail.com", "googlemail.com"):
        return local.partition("+")[0].replace(".", "") + "@gmail.com"
    first, _, rest = local.partition("+")
    return f"{rest if first.isdigit() and rest else local}@{domain}"


def widened(pairs: Pairs, boxes: Mailboxes) -> Pairs:
    """All pairs of records between two mailboxes that share a candidate pair, a name, a word or a handle."""
    met = {(one, other) for one, other in boxes.between(pairs)[0].tolist()}
    holders: defaultdict[tuple[str, str], list[int]] = defaultdict(list)
    for number, box in enumerate(boxes.each):
        for key in set(keys(box)):
            holders[box.circle, key].append(number)
    for numbers in holders.values():
        if len(numbers) <= MANY:
            met.update(combinations(numbers, 2))
    met.update((number, number) for number in range(len(boxes.each)))
    return np.array(sorted(set(record_pairs(met, boxes.each))), dtype=np.int64).reshape(-1, 2)


def keys(box: Mailbox) -> Iterator[str]:
    spelled = box.handles | box.joined
    found = {word for name in box.names for word in name.split()} | in_names(n for n in box.names if " " in n) | spelled
    found |= {handle.rstrip("0123456789") for handle in box.handles} | {handle[:START] for handle in spelled}
    yield from (key for key in found if len(key) > 2)


def record_pairs(met: set[tuple[int, int]], boxes: Sequence[Mailbox]) -> Iterator[tuple[int, int]]:
    for one, other in met:
        if one == other:
            yield from combinations(boxes[one].records, 2)
        else:
            yield from ((min(a, b), max(a, b)) for a in boxes[one].records for b in boxes[other].records)


class Rarity:
    """Bits that a name, a word or a handle is worth: how few mailboxes of the circle know it."""

    def __init__(self, boxes: Sequence[Mailbox]) -> None:
        self.size = Counter(box.circle for box in boxes)
        self.handles = Counter((box.circle, each) for box in boxes for each in box.handles | box.joined)
        self.names = Counter((box.circle, each) for box in boxes for each in box.names)
        self.made = Counter((box.circle, each) for box in boxes for each in box.made)
        self.words = Counter((box.circle, each) for box in boxes for each in box.words)

    def bits(self, counted: Counter[tuple[str, str]], circle: str, values: set[str]) -> list[float]:
        return [float(np.log2(self.size[circle] / max(counted[circle, value], 1))) for value in values]
