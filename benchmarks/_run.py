"""`make bench`: run the benchmarks one after another. With --write, docs/explanation/measured.md tells the results."""

import json
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from _results import FOLDER, machine, short

HERE = Path(__file__).parent
PAGE = HERE.parent / "docs" / "explanation" / "measured.md"
ORDER = (
    "understanding",
    "ingest_api",
    "ingest_mail",
    "mail_storm",
    "latency",
    "pages",
    "supervisor",
    "live",
    "chat",
    "recognise",
    "stitch",
    "routing",
    "notices",
)
BY_NAME = ("faults",)  # takes minutes for each provider: only when it is asked for; the page tells it all the same
HEAD = """# Measured

What Threadline does on one small machine, written by `make bench ARGS=--write`. Everything runs for real: front door,
worker, mail listener and embedded PostgreSQL in a temporary folder, writing durably; the program that measures runs on
the same machine and takes its share of it. A promise has a budget several times wider than what is aimed at, and wider
still in step with the load of the machine; `make bench` fails when one is broken, and only then.

Machine: {machine}. It was shared with other work while this was measured: the load average stands beside each
part, and with 2 cores a load above 2 means that everything waited its turn. The times by the clock are those of such a
machine. "CPU" is what a request or touch really used; "at best if 2 cores were ours" is computed from that as
if all processes overlapped fully, and not measured.
"""


def main() -> int:
    write = "--write" in sys.argv
    asked = [argument for argument in sys.argv[1:] if not argument.startswith("--")]
    failed = [name for name in names(asked) if run(name)]
    if write:
        PAGE.write_text("\n".join(page()))
        print(f"Written: {PAGE}")
    if failed:
        print(f"Over budget or broken: {', '.join(failed)}")
    return bool(failed)


def names(asked: Sequence[str]) -> list[str]:
    """Those asked for by path or name; "none" asks for none, so that the page alone is written."""
    if asked == ["none"]:
        return []
    return [Path(each).stem for each in asked] or list(ORDER)


def run(name: str) -> int:
    print(f"\n== {name}", flush=True)
    return subprocess.run([sys.executable, str(HERE / f"{name}.py")], check=False).returncode


def page() -> Iterator[str]:
    """The newest results of every benchmark: those kept here, and what the page tells already of the others."""
    told = chapters(PAGE.read_text()) if PAGE.exists() else {}
    yield HEAD.format(machine=machine())
    for name in (*ORDER, *BY_NAME):
        path = FOLDER / f"{name}.json"
        if path.exists():
            yield from chapter(name, json.loads(path.read_text()))
        elif name in told:
            yield told[name]


def chapters(page: str) -> dict[str, str]:
    """What a page tells, by the name of the benchmark."""
    found = {}
    for text in page.split("\n## ")[1:]:
        name = text.partition("`benchmarks/")[2].partition(".py`")[0]
        found[name] = f"## {text.rstrip()}\n"
    return found


def chapter(name: str, kept: dict[str, Any]) -> Iterator[str]:
    before, after = kept["load"]
    yield f"## {kept['about']}\n"
    yield f"`benchmarks/{name}.py`, {kept['at']}, load average {before} before and {after} after.\n"
    for table in kept["tables"]:
        yield f"{table}\n"
    yield "| what | result | best | worst | of | budget | beside |\n|---|---:|---:|---:|---:|---:|---|"
    for line in kept["lines"]:
        numbers = f"{short(line['best'])} | {short(line['worst'])} | {line['runs']}"
        budget = f"{line['budget']}{' (broken)' if line['broken'] else ''}"
        yield f"| {line['name']} | {short(line['value'])} {line['unit']} | {numbers} | {budget} | {line['beside']} |"
    yield ""


if __name__ == "__main__":
    sys.exit(main())
