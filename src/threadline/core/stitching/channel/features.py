"""What a line has in common with each line it may answer, as rows of numbers."""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from threadline.core.stitching.channel.lines import Line, shared_weight

REACH = 100
"""How many lines back an answer is looked for."""
FAR = 999.0
Rows = NDArray[np.float32]


@dataclass(slots=True)
class Memory:
    """Who said what last, as it was before the line at hand."""

    said: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))
    named: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))
    spoken: list[int] = field(default_factory=list)
    talked: dict[tuple[str, str], int] = field(default_factory=dict)

    def hear(self, line: Line) -> None:
        if line.system:
            return
        self.spoken.append(line.number)
        self.said[line.nick].append(line.number)
        for name in line.named:
            self.named[name].append(line.number)
            self.talked[line.nick, name] = line.number

    def last_said(self, nick: str) -> int:
        return self.said[nick][-1] if self.said.get(nick) else -1

    def last_named(self, nick: str) -> int:
        return self.named[nick][-1] if self.named.get(nick) else -1

    def last_talk(self, one: str, other: str) -> int:
        return max(self.talked.get((one, other), -1), self.talked.get((other, one), -1))


def rows_of(
    lines: Sequence[Line], wanted: set[int], rare: Mapping[str, float]
) -> Iterator[tuple[int, list[int], Rows]]:
    """For each wanted line: its number, its possible parents (itself first: it answers nobody), a row for each.

    Cost: about 1.5 ms a line with 100 possible parents.
    """
    memory = Memory()
    unknown = max(rare.values(), default=1.0)
    for line in lines:
        if line.number in wanted:
            parents = [line.number, *possible_parents(lines, line)]
            child = of_child(line, memory, lines)
            rows = [child + of_pair(line, lines[parent], memory, rare, unknown) for parent in parents]
            yield line.number, parents, np.array(rows, dtype=np.float32)
        memory.hear(line)


def possible_parents(lines: Sequence[Line], line: Line) -> Iterator[int]:
    """The spoken lines before it, the nearest first. The server answers nobody, and nobody answers it."""
    if not line.system:
        for number in range(line.number - 1, max(line.number - 1 - REACH, -1), -1):
            if not lines[number].system:
                yield number


def of_child(line: Line, memory: Memory, lines: Sequence[Line]) -> list[float]:
    last, named = memory.last_said(line.nick), memory.last_named(line.nick)
    target = max((memory.last_said(name) for name in line.named), default=-1)
    return [
        float(line.system),
        *map(float, line.manner),
        back(line, last),
        minutes(line, last, lines),
        back(line, named),
        back(line, target),
        float(bool(line.to)),
        float(len(line.named)),
        float(len(line.words)),
        float(len(memory.said.get(line.nick, ()))),
        minutes(line, line.number - 1, lines),
    ]


def of_pair(line: Line, parent: Line, memory: Memory, rare: Mapping[str, float], unknown: float) -> list[float]:
    if parent.number == line.number:
        return [1.0] + [float("nan")] * (PAIR - 1)
    shared = shared_weight(line, parent, rare, unknown=unknown)
    return [
        0.0,
        float(line.number - parent.number),
        line.minute - parent.minute,
        float(line.nick == parent.nick),
        float(parent.nick in line.named),
        float(line.nick in parent.named),
        float(line.to == parent.nick and bool(line.to)),
        float(parent.to == line.nick and bool(parent.to)),
        float(bool(line.named & parent.named)),
        float(bool(line.named) and parent.nick not in line.named and parent.nick != line.nick),
        float(bool(parent.named) and line.nick not in parent.named and parent.nick != line.nick),
        since(memory.said.get(parent.nick, ()), parent.number),
        since(memory.said.get(line.nick, ()), parent.number),
        back(line, memory.last_talk(line.nick, parent.nick)),
        float(memory.last_named(line.nick) == parent.number),
        float(memory.last_said(line.nick) == parent.number),
        shared,
        shared / (1.0 + len(line.words)),
        float(len(line.words & parent.words)),
        float(len(parent.words)),
        *map(float, parent.manner),
        since(memory.spoken, parent.number),
        since(memory.named.get(parent.nick, ()), parent.number),
    ]


def since(numbers: Sequence[int], number: int) -> float:
    """How many of the ascending numbers are greater."""
    return float(len(numbers) - bisect_right(numbers, number))


def back(line: Line, number: int) -> float:
    return float(line.number - number) if number >= 0 else FAR


def minutes(line: Line, number: int, lines: Sequence[Line]) -> float:
    return line.minute - lines[number].minute if number >= 0 else FAR


PAIR = 30
