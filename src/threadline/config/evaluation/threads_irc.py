"""One channel in which many talk at once, measured on the disentanglement set of Kummerfeld et al. (2019)."""

import gzip
import json
import time
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from threadline.config.bars import Advance
from threadline.core.measures.conversations import conversations
from threadline.core.stitching.channel import Line, Linker, after_a_pause, connected, learn, lines_of, rarity
from threadline.lib.errors import ThreadlineError

TRAIN, HEADLINE = "ubuntu_train", "ubuntu"


@dataclass(frozen=True, slots=True)
class Log:
    """One file of a channel: its lines, and of the annotated ones the conversation and the parents."""

    name: str
    lines: list[Line]
    home: Mapping[int, int]
    parents: Mapping[int, Sequence[int]]


def thread_irc(folder: Path, test: Path | None, progress: Advance) -> dict[str, float]:
    """Learned from ubuntu_train alone; measured on the other files, of `folder` or of the held-out part.

    The names without a channel are those of Ubuntu, as published; the other channels stand behind their names.
    """
    files = sorted((test or folder).glob("*.jsonl.gz"))
    channels = {channel_of(file): file for file in files if not file.name.startswith(TRAIN)}
    if HEADLINE not in channels:
        raise ThreadlineError(f"{test or folder} holds no file called {HEADLINE}_….jsonl.gz. Name the folder of a set.")
    steps = len(channels) + 2
    progress(0, steps)
    began = time.monotonic()
    logs = list(logs_of(folder / f"{TRAIN}.jsonl.gz"))
    progress(1, steps)
    linker = learn(((log.lines, log.parents) for log in logs), rarity([line for log in logs for line in log.lines]))
    found = {"learning_seconds": round(time.monotonic() - began, 1)}
    for number, (channel, file) in enumerate(sorted(channels.items())):
        progress(2 + number, steps)
        prefix = "" if channel == HEADLINE else f"{channel.replace('-', '_')}_"
        found |= {f"{prefix}{name}": value for name, value in measured(list(logs_of(file)), linker).items()}
    progress(steps, steps)
    return found


def channel_of(file: Path) -> str:
    return file.name.split(".")[0].rpartition("_")[0]


def logs_of(file: Path) -> Iterator[Log]:
    rows = defaultdict(list)
    with gzip.open(file, "rt", encoding="utf-8") as lines:
        for row in map(json.loads, lines):
            rows[row["file"]].append(row)
    for name, each in rows.items():
        each.sort(key=lambda row: row["i"])
        place = {row["i"]: number for number, row in enumerate(each)}
        known = {place[row["i"]]: row for row in each if "conv" in row}
        yield Log(
            name,
            lines_of([row["line"] for row in each]),
            {number: row["conv"] for number, row in known.items()},
            {n: [place[p] for p in row["reply_to"] if p in place] for n, row in known.items() if "reply_to" in row},
        )


def measured(logs: Sequence[Log], linker: Linker) -> dict[str, float]:
    truth: dict[str, str] = {}
    ours: dict[str, str] = {}
    paused: dict[str, str] = {}
    began = time.monotonic()
    for log in logs:
        truth |= named(log.name, log.home)
        ours |= named(log.name, connected(linker.parents(log.lines, set(log.home))))
    seconds = time.monotonic() - began
    for log in logs:
        paused |= named(log.name, after_a_pause(log.lines, log.home))
    items = list(truth)
    found = conversations(items, truth, ours) | {"seconds_per_1000_lines": 1000 * seconds / max(len(items), 1)}
    found |= {f"baseline_pause_{name}": value for name, value in conversations(items, truth, paused).items()}
    return {name: round(value, 4) for name, value in found.items()}


def named(log: str, homes: Mapping[int, int]) -> dict[str, str]:
    return {f"{log} {number}": f"{log} {home}" for number, home in homes.items()}
