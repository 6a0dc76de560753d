"""What one touch says, by rules alone: language, triage, mood and the facts in it. About 0.2 ms a touch."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace

from threadline.core.decision import Decision
from threadline.core.touch import Direction, Touch
from threadline.core.understanding.contacts import REGIONS, email_key, found_contacts
from threadline.core.understanding.language import language_of
from threadline.core.understanding.learned import NumberShape, found_shapes
from threadline.core.understanding.mood import Reading, mood_in
from threadline.core.understanding.numbers import labelled_numbers, prefixed_numbers
from threadline.core.understanding.people import found_names
from threadline.core.understanding.shapes import FoundFact, Understanding
from threadline.core.understanding.things import found_things
from threadline.core.understanding.triage import noise_reason

__all__ = ["VERSION", "FoundFact", "NumberShape", "Understanding", "email_key", "understand"]

VERSION = "understanding-rules-2"
TOLD_BY_AGENT = frozenset({"phone", "store"})


@dataclass(frozen=True, slots=True)
class House:
    """What is known of the house that is written to."""

    products: Collection[str]
    region: str
    shapes: Sequence[NumberShape]


def understand(
    touch: Touch, *, products: Collection[str] = (), region: str = "GB", shapes: Sequence[NumberShape] = ()
) -> Understanding:
    """Read one touch.

    Args:
        products: lower-case names learned from purchases, looked for as they are.
        region: the country whose telephone numbers are written without a prefix.
        shapes: what the numbers look like that this house gives out.
    """
    language = "" if touch.direction == Direction.EVENT else language_of(touch.text or touch.subject)
    noise = noise_reason(touch)
    if noise:
        return Understanding(language, "noise", "", (), told(Reading("noise", ""), noise, ()))
    read = Reading("", "")
    if touch.direction == Direction.IN:
        read = mood_in(f"{touch.subject}\n{touch.text}" if touch.subject else touch.text, language)
    facts = tuple(dict.fromkeys(facts_in(touch, House(products, REGIONS.get(language, region), shapes))))
    return Understanding(language, read.triage, read.mood, facts, told(read, "", facts))


def facts_in(touch: Touch, house: House) -> Iterator[FoundFact]:
    yield from facts_of(touch.text, touch, house)
    if touch.subject:
        for fact in facts_of(touch.subject, touch, house):
            yield replace(fact, part="subject")
    if touch.signature:
        for fact in facts_of(touch.signature, touch, replace(house, products=())):
            yield replace(fact, part="signature", how="signed" if fact.name in {"phone", "email", "name"} else fact.how)


def facts_of(text: str, touch: Touch, house: House) -> Iterator[FoundFact]:
    if len(text) < 4:
        return
    yield from found_contacts(text, house.region)
    if any(map(str.isdigit, text)) or text.isupper() or "oking" in text:
        yield from numbers_in(text, house.shapes)
    yield from found_names(text, calls=touch.kind in TOLD_BY_AGENT)
    yield from found_things(text, house.products)


def numbers_in(text: str, shapes: Sequence[NumberShape]) -> Iterator[FoundFact]:
    """The word before a number decides what it is; then what this house gives out; then how shops write orders."""
    named = list(labelled_numbers(text))
    named += found_shapes(text, shapes, taken=named)
    taken = {fact.start for fact in named}
    yield from named
    yield from (fact for fact in prefixed_numbers(text) if fact.start not in taken)


def told(read: Reading, noise: str, facts: tuple[FoundFact, ...]) -> Decision:
    names = sorted({fact.name for fact in facts})
    because = f": {', '.join(f'“{word}”' for word in read.words)}" if read.words else ""
    words = noise or (f"Read as {read.triage}{because}." if read.triage else "An event: nothing to answer.")
    evidence: dict[str, object] = {"facts": names} if names else {}
    return Decision("understand", words, 0.9 if noise else 0.6, VERSION, evidence=evidence)
