"""The shape of the numbers that this house gives out, learned from its purchases: found later without any word before.

"K-204 118" is an order to whoever has seen a thousand orders of two letters and digits. What strangers' numbers look
like as well (years, telephone numbers, amounts) is not learned.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from threadline.core.understanding.numbers import number_key
from threadline.core.understanding.shapes import FoundFact

FEWEST = 20
LEAST_SHARE = 0.05
FIXED_SHARE = 0.98
LONGEST = 40
RUN = re.compile(r"[A-Z]+|\d+|[-/]")


@dataclass(frozen=True, slots=True)
class NumberShape:
    """`name`: order, loyalty or tracking. `pattern`: a regular expression, to be matched without regard to case."""

    name: str
    pattern: str
    seen: int


def learned_shapes(numbers: Iterable[tuple[str, str]]) -> tuple[NumberShape, ...]:
    """The shapes worth looking for among (name, number as written).

    A shape is a sequence of runs: letters, digits, a mark between. What is the same in nearly all of its numbers, such
    as a prefix, becomes part of it. Fewer than twenty numbers, or a twentieth of those of its name, teach nothing, and
    bare digits only if there are seven or more and the first two are always the same. Two names of one shape can not
    be told apart and teach nothing either. Cost: linear.
    """
    groups: dict[tuple[str, tuple[str, ...]], list[list[str]]] = {}
    totals: Counter[str] = Counter()
    for name, number in numbers:
        runs = RUN.findall(number.upper().replace(" ", ""))
        if not runs or len(number) > LONGEST or "".join(runs) != number.upper().replace(" ", ""):
            continue
        totals[name] += 1
        groups.setdefault((name, tuple(map(kind_of, runs))), []).append(runs)
    found = [
        NumberShape(name, pattern, len(members))
        for (name, _), members in groups.items()
        if len(members) >= max(FEWEST, LEAST_SHARE * totals[name]) and (pattern := pattern_of(members))
    ]
    owners = Counter(shape.pattern for shape in found)
    return tuple(
        sorted((each for each in found if owners[each.pattern] == 1), key=lambda each: (-each.seen, each.name))
    )


def kind_of(run: str) -> str:
    return f"9{len(run)}" if run.isdigit() else f"A{len(run)}" if run.isalpha() else run


def pattern_of(members: Sequence[Sequence[str]]) -> str:
    """Empty where the shape is too common among numbers of all sorts."""
    parts = [part_of([member[at] for member in members]) for at in range(len(members[0]))]
    digits = sum(len(run) for run in members[0] if run.isdigit())
    lettered = any(run.isalpha() for run in members[0])
    if digits < 4 or (not lettered and (digits < 7 or not parts[0][:2].isdigit())):
        return ""
    return "".join(parts)


def part_of(runs: Sequence[str]) -> str:
    """One run as an expression: letters and marks where nearly all agree, digits from their beginning on."""
    if runs[0] in "-/":
        return "[-/ ]?"
    common, often = Counter(runs).most_common(1)[0]
    if runs[0].isalpha():
        return common if often >= FIXED_SHARE * len(runs) else f"[A-Z]{{{len(runs[0])}}}"
    start = beginning(runs)
    rest = len(runs[0]) - len(start)
    return start + (rf"\d{{{rest}}}" if rest else "")


def beginning(runs: Sequence[str]) -> str:
    """The first digits that nearly all numbers share."""
    start = ""
    for length in range(1, len(runs[0]) + 1):
        common, often = Counter(run[:length] for run in runs).most_common(1)[0]
        if often < FIXED_SHARE * len(runs):
            break
        start = common
    return start


def found_shapes(text: str, shapes: Sequence[NumberShape], *, taken: Iterable[FoundFact] = ()) -> Iterator[FoundFact]:
    """Numbers of the learned shapes, except where another fact stands already."""
    held = [(fact.start, fact.end) for fact in taken]
    for shape in shapes:
        for match in re.finditer(rf"(?<![\w-])#?(?P<value>{shape.pattern})(?![\w-])", text, re.IGNORECASE):
            start, end = match.span("value")
            if not any(start < other_end and other_start < end for other_start, other_end in held):
                held.append((start, end))
                yield FoundFact(shape.name, match["value"], number_key(match["value"]), start, end, how="stated")
