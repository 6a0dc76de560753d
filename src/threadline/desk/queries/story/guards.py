"""What to think of before an answer gets out: it asks for what is known, it says can't, or a place is still open."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from django.utils.functional import Promise

from threadline.core.macros import open_places
from threadline.core.wording import Asking, Refusing, asks_for, cannot, refuses, sentences
from threadline.customers.models import Identity
from threadline.desk.queries.story.brief import NAMES, Source, facts_of
from threadline.journeys.models import Journey, Policy

EACH = 3
SCHEMES = {"email": "email", "phone": "tel"}


@dataclass(frozen=True, slots=True)
class Known:
    """Something they told us, ready to insert."""

    value: str
    source: Source | None = None


@dataclass(frozen=True, slots=True)
class Guard:
    """One warning. `key` tells it from others, so that it is said once; `policy` is the rule it speaks of."""

    key: str
    kind: str  # asks | cant | place
    what: str | Promise
    sentence: str = ""
    known: list[Known] = field(default_factory=list)
    policy: Policy | None = None


def guards(text: str, journey: Journey) -> list[Guard]:
    """Cost: no query for a text that gives no reason, else one for facts, one for handles and one for policies."""
    return [*_places(text), *_asking(text, journey), *_refusing(text)]


def _places(text: str) -> Iterator[Guard]:
    for place in open_places(text):
        yield Guard(f"place-{place}", "place", place)


def _asking(text: str, journey: Journey) -> Iterator[Guard]:
    asked = asks_for(text)
    if not asked:
        return
    told = _told(journey, {each.name for each in asked})
    for each in asked:
        known = told.get(each.name, [])[:EACH]
        if known and not _confirms(each, known):
            yield Guard(f"asks-{each.name}", "asks", NAMES.get(each.name, each.name), each.sentence, known)


def _told(journey: Journey, names: set[str]) -> dict[str, list[Known]]:
    found: dict[str, dict[str, Known]] = {}
    for fact in facts_of(journey):
        if fact.name in names:
            touch = fact.interaction
            source = Source(touch.pk, touch.kind, touch.public, touch.at)
            found.setdefault(fact.name, {}).setdefault(fact.key, Known(fact.value, source))
    schemes = [SCHEMES[name] for name in names if name in SCHEMES]
    if schemes:
        proven = Identity.objects.filter(customer=journey.customer_id, scheme__in=schemes).exclude(level="claimed")
        for scheme, value in proven.order_by("-last_seen_at").values_list("scheme", "value")[:6]:
            name = "email" if scheme == "email" else "phone"
            found.setdefault(name, {}).setdefault(value, Known(value))
    return {name: list(values.values()) for name, values in found.items()}


def _confirms(asking: Asking, known: list[Known]) -> bool:
    """Who names the value wants it confirmed, and has read it."""
    return any(each.value.lower() in asking.sentence.lower() for each in known)


def _refusing(text: str) -> Iterator[Guard]:
    if not any(cannot(sentence) for sentence in sentences(text)):
        return
    policies = {policy.pk: policy for policy in Policy.objects.standing()}
    subjects = {number: policy.phrases.splitlines() for number, policy in policies.items()}
    for found in refuses(text, subjects):
        yield _of_policy(found, policies[found.subject])


def _of_policy(found: Refusing, policy: Policy) -> Guard:
    return Guard(f"cant-{policy.pk}", "cant", found.words, found.sentence, policy=policy)
