"""All intents in their groups, each with how it fared."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any

from threadline.accounts.models import Agent
from threadline.core.understanding.intents import default_tree, shipped_report
from threadline.desk.queries.review.intents.draft import Draft, draft
from threadline.interactions import intents
from threadline.interactions.models import IntentTree

VERSIONS = 30
WEAKEST = 3


@dataclass(frozen=True, slots=True)
class Line:
    """One intent. `precision` and `found` in percent; None where it was not measured yet.

    `instead` is the intent that its examples are taken for most often.
    """

    name: str
    group: str
    examples: int
    precision: int | None
    found: int | None
    instead: str
    changed: bool


@dataclass(frozen=True, slots=True)
class Group:
    name: str
    lines: list[Line]


@dataclass(frozen=True, slots=True)
class Page:
    """`tree` is the version in use; None is the one that comes along. `report` tells how right what is shown is."""

    tree: IntentTree | None
    report: dict[str, Any]
    draft: Draft | None
    groups: list[Group]
    outside: int
    weakest: list[Line]
    versions: list[IntentTree]

    @property
    def number(self) -> int:
        """Of intents in use."""
        return len(self.report["intents"])


def page(agent: Agent, *, now: datetime) -> Page:
    """Cost: four queries, two more while there is a draft."""
    versions = used()
    tree = next((each for each in versions if each.withdrawn_at is None), None)
    mine = draft(agent, now=now)
    report = tree.report if tree else shipped_report()
    lines = list(lines_of(sizes(mine.tree if mine else tree), mine.report if mine and mine.tried else report, mine))
    known = [line for line in lines if line.found is not None]
    return Page(
        tree,
        report,
        mine,
        groups=[Group(name, list(held)) for name, held in groupby(filter(named, lines), key=lambda line: line.group)],
        outside=sum(line.examples for line in lines if not line.name),
        weakest=sorted(known, key=lambda line: line.found or 0)[:WEAKEST],
        versions=versions,
    )


def named(line: Line) -> bool:
    return bool(line.name)


def used() -> list[IntentTree]:
    """Versions that were in use, the one used last first."""
    known = IntentTree.objects.exclude(used_at=None).select_related("by").defer("learned", "changes")
    return list(known.order_by("-used_at", "-pk")[:VERSIONS])


def sizes(tree: IntentTree | None) -> list[tuple[str, str, int]]:
    """(group, name, number of examples), sorted."""
    if tree is None:
        return sorted((node.parent, node.name, len(node.examples)) for node in default_tree())
    rows = tree.intents.values_list("parent", "name", "examples__len")
    return sorted((group, name, number or 0) for group, name, number in rows)


def lines_of(sizes: list[tuple[str, str, int]], report: dict[str, Any], mine: Draft | None) -> "list[Line]":
    measured = {each["name"]: each for each in report.get("intents", ())}
    changed = mine.touched if mine else frozenset()
    return [line(group, name, number, measured.get(name), changed=name in changed) for group, name, number in sizes]


def line(group: str, name: str, examples: int, told: dict[str, Any] | None, *, changed: bool) -> Line:
    if told is None:
        return Line(name, group, examples, None, None, "", changed)
    precision, found = round(100 * told["precision"]), round(100 * told["recall"])
    return Line(name, group, examples, precision, found, instead_of(told), changed)


def instead_of(told: dict[str, Any]) -> str:
    taken = Counter(name for _text, name in told["confused"]).most_common(1)
    return str(taken[0][0]) if taken else ""


def in_use() -> IntentTree | None:
    return intents.standing().defer("learned", "changes").first()
