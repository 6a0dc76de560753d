"""Whether a rule runs, and why or why not, in a sentence."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from threadline.core.durations import spell
from threadline.core.rules.clauses import clauses
from threadline.core.rules.condition import Failed, holds, ready
from threadline.core.rules.names import Seen
from threadline.core.rules.shapes import EVENTS, SPANS, Rule

LONGEST_CHAIN = 3
OFTEN = 3


class Verdict(StrEnum):
    """`passes`: its condition does not hold. `fails`: it could not be worked out, or done. `stopped`: by a guard."""

    RAN = "ran"
    PASSES = "passes"
    FAILS = "fails"
    STOPPED = "stopped"


@dataclass(frozen=True, slots=True)
class Look:
    """What came of one rule looking at one thing that happened."""

    verdict: Verdict
    reason: str

    @property
    def runs(self) -> bool:
        return self.verdict is Verdict.RAN


def look(rule: Rule, seen: Seen, *, chain: tuple[str, ...] = (), ran: int = 0) -> Look:
    """Whether this rule runs.

    Args:
        chain: the keys of the rules that led to what happened, the first one first; empty where a person did it.
        ran: how often it ran on this story since a person last did something there.
    Cost: O(length of the condition).
    """
    halt = _halted(rule, chain, ran)
    if halt:
        return Look(Verdict.STOPPED, halt)
    met, given = [], ready(seen)
    for clause in clauses(rule):
        try:
            good = holds(clause.cel, given)
        except Failed as error:
            return Look(Verdict.FAILS, f"The condition could not be worked out. {error}")
        if not good:
            return Look(Verdict.PASSES, _missing(clause.words, clause.instead(seen), own=clause.own))
        met.append(clause.words)
    return Look(Verdict.RAN, f"{because(rule, met)}.")


def because(rule: Rule, met: list[str]) -> str:
    """`They write, it is about “Refund” and nobody has it`."""
    parts = [happening(rule), *met]
    told = f"{', '.join(parts[:-1])} and {parts[-1]}" if len(parts) > 1 else parts[0]
    return told[0].upper() + told[1:]


def happening(rule: Rule) -> str:
    """When it looks, in words."""
    if rule.by_time:
        return f"{SPANS[rule.on]} {spell(rule.after)}" if rule.after else SPANS[rule.on]
    return EVENTS[rule.on]


def _halted(rule: Rule, chain: tuple[str, ...], ran: int) -> str:
    if rule.key in chain:
        return "It was this rule that led to it, and no rule follows itself."
    if len(chain) >= LONGEST_CHAIN:
        return f"{LONGEST_CHAIN} rules have followed one another already, so nothing more follows by itself."
    if ran >= OFTEN:
        return f"It ran {OFTEN} times on this story since a person last did something there, so it waits for one."
    return ""


def _missing(words: str, instead: str, *, own: bool) -> str:
    if own:
        return "Its own condition does not hold."
    return f"Not so: {words}, but {instead}." if instead else f"Not so: {words}."


# ---- time --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Standing:
    """Whose turn it is in a story and since when; `quiet_since` is when anything last happened in it."""

    status: str
    waiting_since: datetime | None
    quiet_since: datetime


def begins(rule: Rule, standing: Standing) -> datetime | None:
    """Since when the span of this rule runs; None while it does not run."""
    if rule.on == "unanswered":
        return standing.waiting_since if standing.status == "open" else None
    if rule.on == "silent":
        return standing.quiet_since if standing.status == "waiting" else None
    return None
