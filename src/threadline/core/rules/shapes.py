"""A rule: when something happens, if the story is so, then do this. And all rules of a house, in order."""

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

NOBODY, SOMEBODY = "nobody", "somebody"

EVENTS: dict[str, str] = {
    "received": "they write",
    "opened": "a new story begins",
    "answered": "one of us answers",
    "assigned": "somebody or a team gets it",
    "intent_set": "somebody says what it is about",
    "field_set": "a field of it is filled in",
    "done": "it is called done",
    "reopened": "it is opened again",
    "promise_warned": "a promise is about to break",
    "promise_broken": "a promise is broken",
    "supervisor_demanded": "they ask for a supervisor",
}
SPANS: dict[str, str] = {
    "unanswered": "they have waited for us for",
    "silent": "it is their turn and nothing has happened for",
}
STEPS: dict[str, str] = {
    "give": "give it to",
    "intent": "say that it is about",
    "field": "fill in the field",
    "note": "write a note",
    "answer": "answer with a text kept ready",
    "sleep": "let it sleep",
    "wait": "say that it is their turn",
    "reopen": "make it our turn again",
    "done": "call it done",
}
"""What a rule can do. A playbook of several steps can use the same ones."""


@dataclass(frozen=True, slots=True)
class Story:
    """What a story must be like: every list that is not empty, and every word that is set."""

    intents: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    says: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    teams: tuple[str, ...] = ()
    owner: str = ""
    public: bool = False
    unanswered: bool = False


@dataclass(frozen=True, slots=True)
class Step:
    """One thing to do, with what it needs: `Step("sleep", {"hours": 24})`."""

    do: str
    given: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Rule:
    """`on` is one of EVENTS or SPANS, the latter with `after`. `cel` is a further condition; empty is none.

    `last`: where it ran, the rules below it do not look any more.
    """

    key: str
    name: str
    on: str
    then: tuple[Step, ...]
    when: Story = Story()
    cel: str = ""
    after: timedelta | None = None
    enabled: bool = False
    last: bool = False

    @property
    def by_time(self) -> bool:
        return self.on in SPANS


@dataclass(frozen=True, slots=True)
class Book:
    """The rules of a house, in the order in which they look."""

    rules: tuple[Rule, ...] = ()

    @property
    def working(self) -> tuple[Rule, ...]:
        return tuple(rule for rule in self.rules if rule.enabled)

    def rule(self, key: str) -> Rule | None:
        return next((rule for rule in self.rules if rule.key == key), None)

    def on(self, happening: str) -> tuple[Rule, ...]:
        return tuple(rule for rule in self.working if rule.on == happening)

    @property
    def timed(self) -> tuple[Rule, ...]:
        return tuple(rule for rule in self.working if rule.by_time)
