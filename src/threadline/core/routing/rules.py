"""The rules of a house: which stories go to which team, how long somebody keeps one, and who helps out when.

A policy is read from JSON, so that it can be kept in versions. Rules are tried in order; the first that fits counts.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from functools import lru_cache
from typing import Any

from threadline.core.routing.shapes import Story

WEIGHTS = {"phone": 6, "chat": 2, "whatsapp": 2, "sms": 2, "facebook": 2, "store": 3}
CAPACITY = 6
LIVE = frozenset({"chat"})
"""Kinds in which a conversation goes on while it is their turn."""


@lru_cache(maxsize=4096)
def _whole(word: str) -> re.Pattern[str]:
    """The word by itself, also with the s of a plural: “pan” is in “two pans” and not in “company”."""
    return re.compile(rf"(?<!\w){re.escape(word)}s?(?!\w)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Rule:
    """Stories that fit every list that is not empty go to `team`. `words`: any of them stands in what they said."""

    name: str
    team: int
    kinds: tuple[str, ...] = ()
    brands: tuple[int, ...] = ()
    intents: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    urgency: int = 0
    hold: timedelta = timedelta(minutes=30)
    overflow: int | None = None
    overflow_after: timedelta = timedelta(minutes=30)

    def fits(self, story: Story) -> bool:
        """Cost: O(values of the rule)."""
        return (
            (not self.kinds or story.kind in self.kinds)
            and (not self.brands or story.brand in self.brands)
            and (not self.languages or story.language in self.languages)
            and (not self.intents or bool({story.intent, story.group} & set(self.intents)))
            and (not self.words or self.word_in(story) != "")
        )

    def word_in(self, story: Story) -> str:
        """The first of its words that they said."""
        return next((word for word in self.words if _whole(word).search(story.text)), "")


@dataclass(frozen=True, slots=True)
class Policy:
    """`kept` is how long nobody overrules a person who handed a story over; `idle` ends somebody's being available."""

    rules: tuple[Rule, ...] = ()
    weights: Mapping[str, int] = field(default_factory=lambda: dict(WEIGHTS))
    kept: timedelta = timedelta(hours=8)
    idle: timedelta = timedelta(minutes=30)
    supervisors: tuple[int, ...] = ()

    def weight(self, kind: str) -> int:
        return self.weights.get(kind, 1)

    def rule_for(self, team: int, story: Story) -> Rule | None:
        """How this team treats such a story: its rule that fits, else its first one; None if it has no rule."""
        own = [rule for rule in self.rules if rule.team == team]
        return next((rule for rule in own if rule.fits(story)), own[0] if own else None)

    @property
    def teams(self) -> frozenset[int]:
        return frozenset(rule.team for rule in self.rules)


# ---- JSON ------------------------------------------------------------------------------------------------------


def read_policy(document: Mapping[str, Any]) -> Policy:
    """A policy from what `written` gave. Raises ValueError in words for what is none."""
    return Policy(
        rules=tuple(read_rule(each) for each in document.get("rules", ())),
        weights={**WEIGHTS, **{str(kind): _between(value, 1, 100) for kind, value in _map(document, "weights")}},
        kept=_minutes(document.get("kept", 480)),
        idle=_minutes(document.get("idle", 30)),
        supervisors=tuple(int(each) for each in document.get("supervisors", ())),
    )


def read_rule(told: Mapping[str, Any]) -> Rule:
    name = " ".join(str(told.get("name", "")).split())
    if not name:
        raise ValueError("The rule has no name. Say in a few words what it is for.")
    overflow = told.get("overflow")
    if overflow is not None and int(overflow) == int(told["team"]):
        raise ValueError(f"“{name}”: a team can not help out itself. Choose another one, or none.")
    return Rule(
        name=name[:80],
        team=int(told["team"]),
        kinds=_words(told, "kinds"),
        brands=tuple(int(each) for each in told.get("brands", ())),
        intents=_words(told, "intents"),
        languages=tuple(each.lower() for each in _words(told, "languages")),
        words=_words(told, "words"),
        urgency=_between(told.get("urgency", 0), 0, 2),
        hold=_minutes(told.get("hold", 30)),
        overflow=int(overflow) if overflow is not None else None,
        overflow_after=_minutes(told.get("overflow_after", 30)),
    )


def written(policy: Policy) -> dict[str, Any]:
    """A policy as JSON."""
    return {
        "rules": [written_rule(rule) for rule in policy.rules],
        "weights": dict(policy.weights),
        "kept": _as_minutes(policy.kept),
        "idle": _as_minutes(policy.idle),
        "supervisors": list(policy.supervisors),
    }


def written_rule(rule: Rule) -> dict[str, Any]:
    return {
        "name": rule.name,
        "team": rule.team,
        "kinds": list(rule.kinds),
        "brands": list(rule.brands),
        "intents": list(rule.intents),
        "languages": list(rule.languages),
        "words": list(rule.words),
        "urgency": rule.urgency,
        "hold": _as_minutes(rule.hold),
        "overflow": rule.overflow,
        "overflow_after": _as_minutes(rule.overflow_after),
    }


def _map(document: Mapping[str, Any], name: str) -> Sequence[tuple[str, Any]]:
    return list(dict(document.get(name, {})).items())


def _words(told: Mapping[str, Any], name: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(word for each in told.get(name, ()) if (word := " ".join(str(each).split()))))


def _between(value: Any, least: int, most: int) -> int:
    number = int(value)
    if not least <= number <= most:
        raise ValueError(f"{number} is not between {least} and {most}.")
    return number


def _minutes(value: Any) -> timedelta:
    return timedelta(minutes=_between(value, 0, 60 * 24 * 30))


def _as_minutes(span: timedelta) -> int:
    return int(span.total_seconds() // 60)
