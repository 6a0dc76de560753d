"""From a headline of the database to pieces that a template can show safely."""

import re
from typing import NamedTuple

from threadline.desk.queries.search.hits import START, STOP

MARKED = re.compile(f"{START}([^{START}{STOP}]*){STOP}")
CONTROLS = re.compile(r"[\x00-\x1f\x7f]+")


class Part(NamedTuple):
    """Some text, never HTML: the template escapes it. `hit` is what was searched for."""

    text: str
    hit: bool = False


def marked(line: str) -> list[Part]:
    """Cut at the marks; control characters that somebody sent become spaces."""
    parts = [Part(_plain(text), hit=index % 2 == 1) for index, text in enumerate(MARKED.split(line))]
    return [part for part in parts if part.text]


def _plain(text: str) -> str:
    return CONTROLS.sub(" ", text)
