"""Which team a story goes to, by the first rule that fits, and why."""

from dataclasses import dataclass

from threadline.core.decision import Decision
from threadline.core.routing.giving import VERSION
from threadline.core.routing.reasons import LANGUAGES
from threadline.core.routing.rules import Policy, Rule
from threadline.core.routing.shapes import Story


@dataclass(frozen=True, slots=True)
class Placed:
    team: int
    rule: Rule
    decision: Decision


def place(story: Story, policy: Policy) -> Placed | None:
    """The team by the first rule that fits; None leaves it to whoever is free. Cost: O(rules)."""
    for number, rule in enumerate(policy.rules, 1):
        if rule.fits(story):
            said = f"Rule {number}, “{rule.name}”: {_because(rule, story)}."
            decision = Decision("route", said, 1.0, VERSION, evidence={"rule": number, "name": rule.name})
            return Placed(rule.team, rule, decision)
    return None


def _because(rule: Rule, story: Story) -> str:
    parts = [
        f"it is about “{story.intent}”" if rule.intents else "",
        f"they said “{rule.word_in(story)}”" if rule.words else "",
        f"it is in {LANGUAGES.get(story.language, story.language)}" if rule.languages else "",
        f"it came by {story.kind}" if rule.kinds else "",
        "it was sent to this brand" if rule.brands else "",
    ]
    return ", ".join(part for part in parts if part) or "everything that no rule above took"
