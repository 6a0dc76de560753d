"""Two people side by side: what agrees, what nearly does, what differs, and what only one of them shows."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from rapidfuzz.distance import OSA

from threadline.core.identity.names import Match, best

Values = tuple[str, ...]

# Of these a person has one, so that two different ones speak against; of the others a person may have several.
SINGULAR = frozenset({"name", "account", "login", "loyalty"})
# Numbers of events, not of people: two different ones say nothing.
EVENTS = frozenset({"order", "case", "thread", "visitor", "device", "touch"})
SAME_END = 7  # digits at the end of a number that survive another prefix or country code
SLIPS = 2


class Says(StrEnum):
    """What one strand says about the two being one person."""

    FOR = "for"
    CLOSE = "close"
    AGAINST = "against"
    SILENT = "silent"


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two people: names as seen, and handles by scheme."""

    names: Values = ()
    handles: Mapping[str, Values] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Strand:
    """One thing to compare: a scheme, or `name`, with the values of both sides. Agreeing values come first."""

    what: str
    says: Says
    left: Values
    right: Values


def compare(left: Side, right: Side) -> tuple[Strand, ...]:
    """Every strand between two people: what holds first, then what is loose, cut, and one-sided."""
    schemes = sorted(left.handles.keys() | right.handles.keys())
    strands = [_strand(what, left.handles.get(what, ()), right.handles.get(what, ())) for what in schemes]
    if left.names or right.names:
        strands.append(_strand("name", left.names, right.names))
    order = list(Says)
    return tuple(sorted(strands, key=lambda strand: (order.index(strand.says), strand.what != "name", strand.what)))


def _strand(what: str, left: Values, right: Values) -> Strand:
    shared = set(left) & set(right)
    return Strand(what, _says(what, left, right), _shared_first(left, shared), _shared_first(right, shared))


def _shared_first(values: Values, shared: set[str]) -> Values:
    return tuple(sorted(values, key=lambda value: value not in shared))


def _says(what: str, left: Values, right: Values) -> Says:
    if not left or not right:
        return Says.SILENT
    if what == "name":
        return _of_names(left, right)
    if set(left) & set(right):
        return Says.FOR
    if any(_close(what, one, other) for one in left for other in right):
        return Says.CLOSE
    if what in EVENTS or (what not in SINGULAR and max(len(left), len(right)) > 1):
        return Says.SILENT
    return Says.AGAINST


def _of_names(left: Values, right: Values) -> Says:
    """An alias may speak for two being one, never against it."""
    if {name.lstrip("~") for name in left} & {name.lstrip("~") for name in right}:
        return Says.FOR
    if _best([name.lstrip("~") for name in left], [name.lstrip("~") for name in right]) > Match.UNKNOWN:
        return Says.CLOSE
    return Says.AGAINST if _best(_plain(left), _plain(right)) < Match.UNKNOWN else Says.SILENT


def _plain(names: Values) -> list[str]:
    return [name for name in names if not name.startswith("~")]


def _best(left: list[str], right: list[str]) -> Match:
    told = [match for name in left if (match := best(name, tuple(right))) != Match.UNKNOWN]
    return max(told, default=Match.UNKNOWN)


def _close(what: str, one: str, other: str) -> bool:
    """A slip of the pen, another spelling of one number, or a neighbouring place."""
    match what:
        case "tel":
            return one[-SAME_END:] == other[-SAME_END:]
        case "postcode":
            return len(one) > 4 and one[:-3] == other[:-3]
        case "email":
            return _near(one.partition("@")[0], other.partition("@")[0])
        case "x" | "community" | "instagram" | "reviewer":
            return _near(one.rpartition(":")[2], other.rpartition(":")[2])
        case _:
            return False


def _near(one: str, other: str) -> bool:
    return min(len(one), len(other)) > 3 * SLIPS and OSA.distance(one, other, score_cutoff=SLIPS) <= SLIPS


def odds(bits: float) -> tuple[int, bool]:
    """Bits of evidence as odds in a round number, two digits at most, and whether they are in favour.

    4 bits are `(16, True)`, 16 to 1 for it; -3 bits `(8, False)`, 8 to 1 against; at most a million.
    """
    against = bits < 0
    exact = 2 ** min(abs(bits), 20.0)
    return (min(_round(exact), 1_000_000), not against)


def _round(number: float) -> int:
    size = 10 ** max(0, len(str(int(number))) - 2)
    return int(round(number / size) * size)


def holding(strands: Iterable[Strand]) -> tuple[int, int]:
    """How many strands hold (also loosely), and how many are cut."""
    said = [strand.says for strand in strands]
    return (said.count(Says.FOR) + said.count(Says.CLOSE), said.count(Says.AGAINST))
