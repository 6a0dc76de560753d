"""Conversations from links: what hangs together is one."""

from collections.abc import Iterable, Mapping, Sequence

from threadline.core.stitching.channel.lines import Line

PAUSE = 15.0  # minutes


def connected(parents: Mapping[int, int]) -> dict[int, int]:
    """Line to the number of its conversation: that of its first line."""
    home: dict[int, int] = {}
    for number in sorted(parents):
        parent = parents[number]
        home[number] = home.setdefault(parent, parent) if parent != number else number
    return {number: home[number] for number in parents}


def after_a_pause(lines: Sequence[Line], wanted: Iterable[int], *, minutes: float = PAUSE) -> dict[int, int]:
    """The simplest rule: a conversation goes on until nobody speaks for some minutes. The server stands alone."""
    home: dict[int, int] = {}
    last: Line | None = None
    for line in lines:
        if line.system:
            home[line.number] = line.number
            continue
        home[line.number] = (
            home[last.number] if last is not None and line.minute - last.minute < minutes else line.number
        )
        last = line
    return {number: home[number] for number in wanted}
