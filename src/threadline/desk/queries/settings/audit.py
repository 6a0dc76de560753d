"""The audit log: what people did (events) and whom they looked at (sights), in one list, the newest first.

Both tables are read in the order of an index from where the last page ended, and merged here. Rules and timers are not
in it: what they concluded stands with its reason at each touch.
"""

import csv
import heapq
import io
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import islice

from django.db.models import Q
from django.utils.dateparse import parse_datetime

from threadline.accounts.models import Agent, Event, Sight
from threadline.desk.queries.settings.verbs import sentence, words_of
from threadline.lib.errors import ThreadlineError
from threadline.lib.sheets import cell

SIZE = 60
TOGETHER = 2_000  # rows of an export read at once
MARK = "~"


@dataclass(frozen=True, slots=True)
class Asked:
    """What is looked for; empty fields look for anything. `after` is the place where the last page ended."""

    agent: int | None = None
    verb: str = ""
    person: int | None = None
    after: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    at: datetime
    agent: Agent | None
    verb: str
    words: str
    person: int | None
    story: int | None
    place: tuple[datetime, int, int]

    @property
    def key(self) -> str:
        at, table, number = self.place
        return MARK.join((at.isoformat(), str(table), str(number)))


@dataclass(frozen=True, slots=True)
class Listed:
    lines: list[Line]
    after: str


def listed(asked: Asked, *, size: int = SIZE) -> Listed:
    """One page. Cost: two queries, each along an index."""
    lines = list(islice(heapq.merge(_events(asked, size), _sights(asked, size), key=_order, reverse=True), size + 1))
    return Listed(lines[:size], lines[size - 1].key if len(lines) > size else "")


def _order(line: Line) -> tuple[datetime, int, int]:
    return line.place


def _events(asked: Asked, size: int) -> Iterator[Line]:
    if asked.verb == "saw":
        return
    found = Event.objects.filter(_about(asked), _before(asked, table=0), agent__isnull=False)
    if asked.verb:
        found = found.filter(verb=asked.verb)
    for event in found.select_related("agent").order_by("-at", "-pk")[: size + 1]:
        place = (event.at, 0, event.pk)
        yield Line(event.at, event.agent, event.verb, sentence(event), event.customer_id, event.journey_id, place)


def _sights(asked: Asked, size: int) -> Iterator[Line]:
    if asked.verb not in ("", "saw"):
        return
    found = Sight.objects.filter(_about(asked), _before(asked, table=1)).select_related("agent")
    for sight in found.order_by("-at", "-pk")[: size + 1]:
        place = (sight.at, 1, sight.pk)
        yield Line(sight.at, sight.agent, "saw", words_of("saw"), sight.customer_id, sight.journey_id, place)


def _about(asked: Asked) -> Q:
    wanted = Q(agent=asked.agent) if asked.agent else Q()
    return wanted & Q(customer_id=asked.person) if asked.person else wanted


def _before(asked: Asked, *, table: int) -> Q:
    """What stands behind the last line of the page before. At one moment sights come first, then events."""
    if not asked.after:
        return Q()
    at, last_table, number = _read(asked.after)
    if table == last_table:
        return Q(at__lte=at) & (Q(at__lt=at) | Q(pk__lt=number))
    return Q(at__lte=at) if table < last_table else Q(at__lt=at)


def _read(key: str) -> tuple[datetime, int, int]:
    moment, _, rest = key.partition(MARK)
    table, _, number = rest.partition(MARK)
    try:
        at = parse_datetime(moment)
    except ValueError:
        at = None
    if at is None or at.tzinfo is None or table not in ("0", "1") or not number.isdecimal() or len(number) > 18:
        raise ThreadlineError(f"“{key[:60]}” in the address names no place in this list. Begin at its top.")
    return at, int(table), int(number)


# ---- export --------------------------------------------------------------------------------------------------------

COLUMNS = ("at", "agent", "email", "did", "in words", "person", "story")


def as_csv(asked: Asked) -> Iterator[str]:
    """The whole list in pieces, read page by page, so that a long one costs no memory."""
    yield _rows([COLUMNS])
    part = replace(asked, after="")
    while True:
        page = listed(part, size=TOGETHER)
        yield _rows(_cells(line) for line in page.lines)
        if not page.after:
            return
        part = replace(part, after=page.after)


def _cells(line: Line) -> tuple[object, ...]:
    name, email = (line.agent.name, line.agent.email) if line.agent else ("", "")
    told = (name, email, line.verb, line.words)
    return (line.at.isoformat(), *map(cell, told), line.person or "", line.story or "")


def _rows(rows: "Iterator[tuple[object, ...]] | list[tuple[str, ...]]") -> str:
    written = io.StringIO()
    csv.writer(written).writerows(rows)
    return written.getvalue()
