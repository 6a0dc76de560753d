"""What a benchmark found: printed, kept for the page docs/explanation/measured.md, and judged by a wide budget."""

import json
import os
import platform
import sys
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from statistics import median

FOLDER = Path(__file__).resolve().parents[1] / ".data" / "bench"


@dataclass(frozen=True, slots=True)
class Line:
    """One number. `budget` is what it still has to reach, in words; `beside` what to compare it with."""

    name: str
    value: float
    unit: str
    runs: int
    best: float
    worst: float
    budget: str = ""
    beside: str = ""
    broken: bool = False

    def __str__(self) -> str:
        judged = "".join(f", {part}" for part in (f"budget {self.budget}" if self.budget else "", self.beside) if part)
        wrong = "  <-- OVER BUDGET" if self.broken else ""
        return (
            f"{self.name}: {short(self.value)} {self.unit} "
            f"({self.runs} runs, best {short(self.best)}, worst {short(self.worst)}{judged}){wrong}"
        )


class Results:
    """The lines of one benchmark, in order."""

    def __init__(self, about: str) -> None:
        self.name = Path(sys.argv[0]).stem
        self.about, self.lines, self.tables = about, list[Line](), list[str]()
        self.began, self.load_before = time.monotonic(), os.getloadavg()[0]

    def rate(self, name: str, samples: Sequence[float], unit: str, *, least: float = 0, beside: str = "") -> None:
        """More is better; the value is the median of the runs."""
        value, least = median(samples), least / strain()
        budget = f"≥ {short(least)}" if least else ""
        self._add(name, value, unit, len(samples), max(samples), min(samples), budget, beside, broken=value < least)

    def time(
        self, name: str, samples: Sequence[float], *, percentile: int = 95, most: float = 0, beside: str = ""
    ) -> None:
        """Milliseconds, less is better; the value is a percentile of the samples."""
        value, most = at_percent(samples, percentile), most * strain()
        budget = f"≤ {short(most)}" if most else ""
        fine = not most or value <= most
        self._add(name, value, "ms", len(samples), min(samples), max(samples), budget, beside, broken=not fine)

    def one(self, name: str, value: float, unit: str, *, most: float = 0, beside: str = "") -> None:
        """A single measurement where less is better."""
        budget = f"≤ {short(most)}" if most else ""
        self._add(name, value, unit, 1, value, value, budget, beside, broken=bool(most) and value > most)

    def count(self, name: str, value: int, *, wanted: int | None = None) -> None:
        """A number that is right or wrong, whatever the machine."""
        budget = "" if wanted is None else str(wanted)
        self._add(name, value, "", 1, value, value, budget, "", broken=wanted is not None and value != wanted)

    def table(self, text: str) -> None:
        print(text, flush=True)
        self.tables.append(text)

    def _add(self, *values: object, broken: bool) -> None:
        line = Line(*values, broken=broken)  # type: ignore[arg-type]
        print(line, flush=True)
        self.lines.append(line)

    def close(self) -> None:
        """Keep the numbers; leave with 1 when a budget was broken."""
        FOLDER.mkdir(parents=True, exist_ok=True)
        kept = {
            "about": self.about,
            "at": datetime.now(UTC).isoformat(timespec="minutes"),
            "seconds": round(time.monotonic() - self.began),
            "load": [round(self.load_before, 1), round(os.getloadavg()[0], 1)],
            "lines": [asdict(line) for line in self.lines],
            "tables": self.tables,
        }
        (FOLDER / f"{self.name}.json").write_text(json.dumps(kept, ensure_ascii=False, indent=1))
        print(f"load average {kept['load'][0]} before, {kept['load'][1]} after; {kept['seconds']} s")
        sys.exit(any(line.broken for line in self.lines))


def strain() -> float:
    """How many times more work waits than this machine has cores; budgets of time are that much wider."""
    return max(1.0, os.getloadavg()[0] / len(os.sched_getaffinity(0)))


def at_percent(samples: Sequence[float], percentile: int) -> float:
    ordered = sorted(samples)
    return ordered[min(len(ordered) - 1, round(len(ordered) * percentile / 100))]


def short(value: float) -> str:
    if isinstance(value, int):
        return f"{value:,}"
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.1f}" if abs(value) >= 10 else f"{value:.2f}"


def machine() -> str:
    """The facts of this machine in one line."""
    cpu = next((line.split(":")[1].strip() for line in _lines("/proc/cpuinfo") if line.startswith("model name")), "")
    memory = next((int(line.split()[1]) for line in _lines("/proc/meminfo") if line.startswith("MemTotal")), 0)
    cores = len(os.sched_getaffinity(0))
    python = platform.python_version()
    return f"{cores} cores ({cpu or platform.machine()}), {memory / 2**20:.0f} GiB memory, Python {python}"


def _lines(path: str) -> list[str]:
    return Path(path).read_text().splitlines() if Path(path).exists() else []
