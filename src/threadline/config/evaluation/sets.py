"""The sets that can be measured, known by the name of their folder."""

import gzip
import json
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from threadline.config.bars import Advance, bar
from threadline.config.evaluation import texts_intents, texts_moods
from threadline.config.evaluation.omni import omni_journeys
from threadline.config.evaluation.people import classic, historical
from threadline.config.evaluation.people_aliases import git_aliases
from threadline.config.evaluation.threads_irc import thread_irc
from threadline.config.evaluation.threads_twcs import thread_twcs
from threadline.core.mail import measures as mail
from threadline.lib.errors import ThreadlineError

Measures = dict[str, float]
Measure = Callable[[Path, Path | None, Advance], Measures]
"""Given the development part, the held-out part if there is one, and whom to tell how far it got."""


def evaluate(folder: Path, *, test: Path | None = None) -> dict[str, Any]:
    """Measure one set: {"set", "measures": {name: value}, "seconds"}.

    Args:
        test: measure on the files of this folder instead. What trains, trains on the development part; for what does
            not, the development part then only says which set it is.
    Raises:
        ThreadlineError: the folder's name is that of no known set, or its files are missing or damaged.
    """
    name = folder.resolve().name
    if name not in KNOWN:
        raise ThreadlineError(f"“{name}” is no known set. Name a folder called {', '.join(sorted(KNOWN))}.")
    began = time.monotonic()
    with bar(name) as progress:
        try:
            measures = KNOWN[name](folder, test, progress)
        except (OSError, EOFError, ValueError, KeyError) as error:
            raise ThreadlineError(f"The files in {test or folder} are not those of {name}: {error!r}.") from error
    return {"set": name, "measures": measures, "seconds": round(time.monotonic() - began, 2)}


def untrained(measure: Callable[[Path, Advance], Measures]) -> Measure:
    """A measure that learns nothing: it reads the held-out part alone, if there is one."""
    return lambda folder, test, progress: measure(test or folder, progress)


def on_rows(measure: Callable[[list[dict[str, Any]]], Mapping[str, Any]]) -> Measure:
    """A measure over all rows of all JSON Lines files in a folder."""

    def measured(folder: Path, progress: Advance) -> Measures:
        files = sorted(folder.glob("*.jsonl.gz"))
        if not files:
            raise ThreadlineError(f"{folder} holds no file that ends in .jsonl.gz. Name the folder of a set.")
        rows = [row for file in files for row in rows_of(file)]
        answer = dict(flat(measure(rows)))
        progress(len(rows), len(rows))
        return answer

    return untrained(measured)


def rows_of(file: Path) -> Iterator[dict[str, Any]]:
    with gzip.open(file, "rt", encoding="utf-8") as lines:
        yield from map(json.loads, lines)


def flat(answer: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, float]]:
    """Nested names joined by dots."""
    for name, value in answer.items():
        if isinstance(value, Mapping):
            yield from flat(value, f"{prefix}{name}.")
        else:
            yield prefix + name, value


KNOWN: dict[str, Measure] = {
    "email-mime": on_rows(mail.email_mime),
    "email-replies": on_rows(mail.email_replies),
    "email-zones": on_rows(mail.email_zones),
    "id-classic": classic,
    "id-git-aliases": git_aliases,
    "id-historical50k": historical,
    "intent-banking77": texts_intents.banking77,
    "intent-clinc150": texts_intents.clinc150,
    "omni-journeys": omni_journeys,
    "sentiment-airline": texts_moods.airline,
    "sentiment-tweeteval": texts_moods.tweeteval,
    "thread-irc": thread_irc,
    "thread-twcs": thread_twcs,
}
