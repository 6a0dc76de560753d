"""One intent with its examples, as it stands in the draft, or in use where there is no draft."""

from dataclasses import dataclass
from datetime import datetime

from threadline.accounts.models import Agent
from threadline.core.understanding.intents import IntentNode, default_tree, shipped_report
from threadline.desk.queries.review.intents.draft import Draft, draft
from threadline.desk.queries.review.intents.tree import Line, in_use, line
from threadline.interactions.models import IntentTree

SIZE = 50


@dataclass(frozen=True, slots=True)
class One:
    """`examples` is one page of them; `confused` are examples and what they were taken for."""

    line: Line
    examples: list[str]
    page: int
    pages: int
    found: int
    confused: list[tuple[str, str]]
    others: list[str]
    groups: list[str]
    draft: Draft | None

    @property
    def name(self) -> str:
        return self.line.name


def outside(agent: Agent, *, number: int, words: str, now: datetime) -> One | None:
    return one("", agent, number=number, words=words, now=now)


def one(name: str, agent: Agent, *, number: int, words: str, now: datetime) -> One | None:
    """None if there is no such intent. `words` narrows the examples. Cost: four queries at most."""
    mine, tree = draft(agent, now=now), in_use()
    nodes = nodes_of(mine.tree if mine else tree)
    node = next((each for each in nodes if each.name == name), None)
    if node is None:
        return None
    report = mine.report if mine and mine.tried else tree.report if tree else shipped_report()
    told = next((each for each in report.get("intents", ()) if each["name"] == name), None)
    fitting = [text for text in node.examples if words.casefold() in text.casefold()]
    pages = max(1, -(-len(fitting) // SIZE))
    number = min(max(number, 1), pages)
    return One(
        line=line(node.parent, name, len(node.examples), told, changed=bool(mine and name in mine.touched)),
        examples=fitting[(number - 1) * SIZE : number * SIZE],
        page=number,
        pages=pages,
        found=len(fitting),
        confused=[(text, taken) for text, taken in told["confused"]] if told else [],
        others=sorted(each.name for each in nodes if each.name and each.name != name),
        groups=sorted({each.parent for each in nodes if each.parent}),
        draft=mine,
    )


def nodes_of(tree: IntentTree | None) -> list[IntentNode]:
    if tree is None:
        return list(default_tree())
    return [IntentNode(each.name, each.parent, tuple(each.examples)) for each in tree.intents.all()]
