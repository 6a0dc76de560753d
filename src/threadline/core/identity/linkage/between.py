"""How alike two mailboxes are: the best that any name or handle of one finds in the other, as numbers."""

from collections.abc import Callable, Iterable
from functools import lru_cache
from itertools import product

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import fuzz
from rapidfuzz.distance import JaroWinkler

from threadline.core.identity.linkage.candidates import Pairs
from threadline.core.identity.linkage.mailboxes import Mailbox, Mailboxes, Rarity, words
from threadline.core.identity.names import compare, hinted

Agree = Callable[[str, str], float]
SHORTEST = 4


def of_mailboxes(boxes: Mailboxes, pairs: Pairs) -> tuple[NDArray[np.float32], list[str]]:
    """n_pairs x n_features, and what each is called; NaN where one of the two has no such name or handle."""
    distinct, place = boxes.between(pairs)
    rarity = Rarity(boxes.each)
    found = [likeness(boxes.each[one], boxes.each[other], rarity) for one, other in distinct.tolist()]
    told = np.array([list(each.values()) for each in found], dtype=np.float32)
    return told[place], list(found[0]) if found else []


def likeness(one: Mailbox, other: Mailbox, rarity: Rarity) -> dict[str, float]:
    return agreeing_names(one, other) | agreeing_handles(one, other) | shared(one, other, rarity) | sizes(one, other)


def best(agree: Agree, ones: Iterable[str], others: Iterable[str], pick: Callable[..., float] = max) -> float:
    return pick((agree(a, b) for a, b in product(ones, others)), default=np.nan)


def full(names: Iterable[str]) -> list[str]:
    return [name for name in names if " " in name]


def person(one: str, other: str) -> float:
    return float(compare(one, other))


def agreeing_names(one: Mailbox, other: Mailbox) -> dict[str, float]:
    return {
        "names as a person's": best(person, one.names, other.names),
        "full names as a person's": best(person, full(one.names), full(other.names)),
        "full names at worst": best(person, full(one.names), full(other.names), min),
        "names' words": best(fuzz.token_set_ratio, one.names, other.names),
        "names in any order": best(fuzz.token_sort_ratio, one.names, other.names),
    }


def agreeing_handles(one: Mailbox, other: Mailbox) -> dict[str, float]:
    ones, others = one.handles | one.joined, other.handles | other.joined
    crossed = [*product(one.names, other.handles), *product(other.names, one.handles)]
    called = [*product(full(one.names), other.called), *product(full(other.names), one.called)]
    return {
        "handles alike": best(JaroWinkler.similarity, one.handles, other.handles),
        "names or handles alike": best(JaroWinkler.similarity, ones, others),
        "one within the other": best(within, ones, others),
        "name hinted": max((float(hinted(name, f"{handle}@")) for name, handle in crossed), default=0.0),
        "handle spelled": max((spelled(name, handle) for name, handle in crossed), default=0.0),
        "handle of beginnings": max((beginnings(name, handle) for name, handle in called), default=0.0),
        "handle of initials": max((initials(name, handle) for name, handle in crossed), default=0.0),
    }


def shared(one: Mailbox, other: Mailbox, rarity: Rarity) -> dict[str, float]:
    """By rarity, in bits."""
    crossed = (one.joined & other.handles) | (other.joined & one.handles)
    names, said = one.names & other.names, one.words & other.words
    made = (one.made & other.called) | (other.made & one.called)
    handles = rarity.bits(rarity.handles, one.circle, one.handles & other.handles)
    spoken = rarity.bits(rarity.words, one.circle, said)
    return {
        "handle shared": more(handles),
        "name and the other's handle": more(rarity.bits(rarity.handles, one.circle, crossed)),
        "handle made of the name": more(rarity.bits(rarity.made, one.circle, made)),
        "name shared": more(rarity.bits(rarity.names, one.circle, names)),
        "full name shared": more(rarity.bits(rarity.names, one.circle, set(full(names)))),
        "words shared": sum(sorted(spoken)),
        "rarest word shared": max(spoken, default=0.0),
    }


def more(bits: list[float]) -> float:
    """One more than the bits of the rarest, so that what everybody shares is still told from nothing shared."""
    return max(bits) + 1 if bits else 0.0


def sizes(one: Mailbox, other: Mailbox) -> dict[str, float]:
    known, records = (len(one.names), len(other.names)), (len(one.records), len(other.records))
    return {
        "with a full name": float(bool(full(one.names))) + bool(full(other.names)),
        "fewest names": min(known),
        "most names": max(known),
        "fewest records": min(records),
        "one mailbox": float(one is other),
    }


def within(one: str, other: str) -> float:
    """How long the one is that the other holds, and (after the point) how much of it that is."""
    short, long = sorted((one, other), key=len)
    return len(short) + len(short) / len(long) if len(short) >= SHORTEST and short in long else 0.0


@lru_cache(maxsize=131_072)
def spelled(name: str, handle: str) -> float:
    """The share of a handle's letters that words and initials of the name explain."""
    letters = left = "".join(letter for letter in handle if not letter.isdigit())
    for word in sorted(words(name), key=len, reverse=True):
        if len(word) > 1 and word in left:
            left = left.replace(word, "", 1)
        elif left.startswith(word[0]):
            left = left[1:]
        elif left.endswith(word[0]):
            left = left[:-1]
    return 1 - len(left) / len(letters) if len(letters) >= SHORTEST else 0.0


@lru_cache(maxsize=131_072)
def beginnings(name: str, handle: str) -> float:
    """Letters of the shorter part, where a handle is the beginning of one name and then that of another; 0 if not."""
    told = words(name)
    letters = "".join(letter for letter in handle if not letter.isdigit())
    if len(told) < 2 or len(letters) < SHORTEST:
        return 0.0
    cuts = [
        min(cut, len(letters) - cut)
        for first, last in ((told[0], told[-1]), (told[-1], told[0]))
        for cut in range(1, len(letters))
        if first.startswith(letters[:cut]) and last.startswith(letters[cut:])
    ]
    return float(max(cuts, default=0))


def initials(name: str, handle: str) -> float:
    firsts = [word[0] for word in words(name)]
    letters = "".join(letter for letter in handle if not letter.isdigit())
    return float(len(firsts) > 1 and letters in ("".join(firsts), firsts[0] + firsts[-1]))
