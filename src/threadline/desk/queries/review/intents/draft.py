"""The draft: what was changed in it, how far trying it is, and what it would change."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from threadline.accounts.models import Agent
from threadline.interactions.actions import intents as actions
from threadline.interactions.models import IntentTree, Interaction
from threadline.journeys.models import Journey

EXAMPLES = 5
LONGEST = 240


@dataclass(frozen=True, slots=True)
class Move:
    """Touches that were read as one intent and would be read as another; "" is "I do not know"."""

    was: str
    becomes: str
    count: int
    examples: list[Interaction]


@dataclass(frozen=True, slots=True)
class Draft:
    """`touched` are the names that its changes are about; `moves` only those words that the reader may see."""

    tree: IntentTree
    changes: list[dict[str, Any]]
    touched: frozenset[str]
    learning: bool
    stopped: bool
    moves: list[Move]

    @property
    def report(self) -> dict[str, Any]:
        return dict(self.tree.report)

    @property
    def tried(self) -> bool:
        return "accuracy" in self.tree.report

    @property
    def failed(self) -> str:
        return str(self.tree.report.get("failed", ""))

    @property
    def preview(self) -> dict[str, Any]:
        return dict(self.tree.report.get("preview", {}))

    @property
    def done(self) -> int:
        return int(self.tree.report.get("progress", [0])[0])

    @property
    def total(self) -> int:
        return int(self.tree.report.get("progress", [0, 1])[1])


def draft(agent: Agent, *, now: datetime) -> Draft | None:
    """Cost: one query, one more if it was tried."""
    tree = actions.draft()
    if tree is None:
        return None
    learning = actions.learning(tree, now=now)
    return Draft(
        tree,
        changes=[{**each, "at": datetime.fromisoformat(each["at"])} for each in reversed(tree.changes)],
        touched=frozenset(name for each in tree.changes for name in each["before"]),
        learning=learning,
        stopped="told_at" in tree.report and not learning,
        moves=moves(tree.report.get("preview", {}).get("moves", []), agent),
    )


def moves(told: list[dict[str, Any]], agent: Agent) -> list[Move]:
    words = readable({number for each in told for number in each["touches"]}, agent)
    return [
        Move(each["from"], each["to"], each["count"], [words[n] for n in each["touches"] if n in words][:EXAMPLES])
        for each in told
    ]


def readable(numbers: set[int], agent: Agent) -> dict[int, Interaction]:
    """Those of stories that this agent may see."""
    if not numbers:
        return {}
    seen = Interaction.objects.filter(
        pk__in=numbers, memberships__superseded_at=None, memberships__journey__in=Journey.objects.visible_to(agent)
    )
    return {touch.pk: touch for touch in seen.only("subject", "text", "kind", "public", "at")}
