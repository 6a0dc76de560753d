"""Find a person by whatever somebody may have of them: an id, an address, a number, an order, a name."""

import re
from collections.abc import Iterable

from django.db.models import Q

from threadline.accounts.models import Agent
from threadline.core.identity.evidence import canonical
from threadline.core.touch import Handle
from threadline.core.understanding.contacts import e164
from threadline.core.understanding.numbers import number_key
from threadline.customers.models import Customer, Identity
from threadline.desk.handles import NUMBERS

SHOWN = 8
LEAST_LETTERS = 2
DIGITS = 19
REGION = "GB"


def find(words: str, *, by: Agent, but: int = 0) -> list[Customer]:
    """Standing people who fit, exact handles before names; `but` is left out. Cost: three queries."""
    words = words.strip()
    if len(words) < LEAST_LETTERS and not words.isdigit():
        return []
    numbers = _by_handle(words)
    people = Customer.objects.visible_to(by).filter(merged_into=None).exclude(pk=but).select_related("account")
    exact = list(people.filter(pk__in=numbers)[:SHOWN])
    named = people.filter(_name_has(words)).exclude(pk__in=[person.pk for person in exact])
    return [*exact, *named.order_by("name", "pk")[: SHOWN - len(exact)]]


def _by_handle(words: str) -> set[int]:
    """People, or those they were merged into, who hold a handle that reads so; also the person with this id."""
    wanted = Q(pk__in=[])
    for scheme, value in handles_in(words):
        wanted |= Q(scheme=scheme, value=value)
    found = set(Identity.objects.filter(wanted).values_list("customer", flat=True)[: 2 * SHOWN])
    if (number := person_number(words)) is not None:
        found.add(number)
    moved = Customer.objects.filter(pk__in=found, merged_into__isnull=False).values_list("merged_into", flat=True)
    return found | {number for number in moved if number is not None}


def person_number(words: str) -> int | None:
    """`1204`, `#1204` or the address of a person's page."""
    match = re.fullmatch(r"#?([0-9]+)|.*/people/([0-9]+)\b.*", words)
    return id_in(match[1] or match[2]) if match else None


def id_in(text: str) -> int | None:
    """An id as addresses and forms carry it; None for anything the database could not hold."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < DIGITS else None


def handles_in(words: str) -> Iterable[tuple[str, str]]:
    """Everything these words could be, as recognition stores it."""
    if "@" in words.lstrip("@"):
        yield canonical(Handle("email", words.lower()))
    if re.fullmatch(r"@?\w{2,50}", words):
        yield canonical(Handle("x", words))
    if number := e164(words, REGION):
        yield ("tel", number)
    for scheme in NUMBERS:
        for value in dict.fromkeys([words, words.lower(), number_key(words)]):
            yield (scheme, value)


def _name_has(words: str) -> Q:
    fits = Q()
    for word in words.split()[:4]:
        fits &= Q(name__icontains=word)
    return fits
