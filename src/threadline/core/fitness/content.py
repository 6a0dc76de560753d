"""What a text holds that not every channel may carry: numbers of cards and accounts, of persons, ways to reach them."""

from collections.abc import Iterator
from typing import NamedTuple

from threadline.core.fitness.levels import Privacy
from threadline.core.sensitive import sensitive_in
from threadline.core.understanding.contacts import found_emails, found_phones
from threadline.core.understanding.numbers import labelled_numbers, prefixed_numbers
from threadline.core.understanding.shapes import FoundFact


class Found(NamedTuple):
    """`what` it is: card, iban, person number, email, phone, order …; `start` and `end` where it stands."""

    what: str
    privacy: Privacy
    value: str
    start: int
    end: int


def found_in(text: str, region: str = "GB") -> list[Found]:
    """Everything that is not for everybody's eyes, in the order of the text. Cost: O(len(text))."""
    if not any(map(str.isdigit, text)) and "@" not in text:
        return []
    secret = [Found(each.what, Privacy.VERY_PRIVATE, each.value, each.start, each.end) for each in sensitive_in(text)]
    rest = [
        Found(fact.name, privacy, fact.value, fact.start, fact.end)
        for fact, privacy in _personal(text, region)
        if not any(each.start < fact.end and fact.start < each.end for each in secret)
    ]
    return sorted({(each.start, each.end): each for each in (*rest, *secret)}.values(), key=lambda each: each.start)


def too_private(text: str, level: Privacy, region: str = "GB") -> list[Found]:
    """What this text holds beyond what a channel of that level may carry."""
    return [each for each in found_in(text, region) if each.privacy > level]


def _personal(text: str, region: str) -> Iterator[tuple[FoundFact, Privacy]]:
    for fact in (*found_emails(text), *found_phones(text, region)):
        yield fact, Privacy.PERSONAL
    for fact in (*labelled_numbers(text), *prefixed_numbers(text)):
        yield fact, Privacy.PERSONAL if fact.name == "account" else Privacy.ORDINARY
