"""What one touch says, by rules alone: language, triage, mood and the facts in it. About 0.2 ms a touch."""

from collections.abc import Collection, Iterator
from dataclasses import replace

from threadline.core.decision import Decision
from threadline.core.touch import Direction, Touch
from threadline.core.understanding.contacts import REGIONS, email_key, found_contacts
from threadline.core.understanding.language import language_of
from threadline.core.understanding.numbers import found_numbers
from threadline.core.understanding.people import found_names
from threadline.core.understanding.shapes import FoundFact, Understanding
from threadline.core.understanding.things import found_things
from threadline.core.understanding.triage import mood_of, noise_reason

__all__ = ["VERSION", "FoundFact", "Understanding", "email_key", "understand"]

VERSION = "understanding-rules-1"
TOLD_BY_AGENT = frozenset({"phone", "store"})


def understand(touch: Touch, *, products: Collection[str] = (), region: str = "GB") -> Understanding:
    """Read one touch.

    Args:
        products: lower-case names learned from purchases, looked for as they are.
        region: the country whose telephone numbers are written without a prefix.
    """
    language = "" if touch.direction == Direction.EVENT else language_of(touch.text or touch.subject)
    reason = noise_reason(touch)
    triage, mood = ("", "")
    if reason:
        triage, reason = "noise", reason
    elif touch.direction == Direction.IN:
        triage, mood = mood_of(f"{touch.subject}\n{touch.text}" if touch.subject else touch.text)
    facts = () if triage == "noise" else tuple(dict.fromkeys(facts_in(touch, products, REGIONS.get(language, region))))
    return Understanding(language, triage, mood, facts, told(triage, reason, facts))


def facts_in(touch: Touch, products: Collection[str], region: str) -> Iterator[FoundFact]:
    yield from facts_of(touch.text, touch, products, region)
    if touch.subject:
        for fact in facts_of(touch.subject, touch, products, region):
            yield replace(fact, part="subject")
    if touch.signature:
        for fact in facts_of(touch.signature, touch, (), region):
            yield replace(fact, part="signature", how="signed" if fact.name in {"phone", "email", "name"} else fact.how)


def facts_of(text: str, touch: Touch, products: Collection[str], region: str) -> Iterator[FoundFact]:
    if len(text) < 4:
        return
    yield from found_contacts(text, region)
    if any(map(str.isdigit, text)) or text.isupper() or "oking" in text:
        yield from found_numbers(text)
    yield from found_names(text, calls=touch.kind in TOLD_BY_AGENT)
    yield from found_things(text, products)


def told(triage: str, reason: str, facts: tuple[FoundFact, ...]) -> Decision:
    names = sorted({fact.name for fact in facts})
    words = reason or (f"Read as {triage}." if triage else "An event: nothing to answer.")
    evidence: dict[str, object] = {"facts": names} if names else {}
    return Decision("understand", words, 0.9 if reason else 0.6, VERSION, evidence=evidence)
