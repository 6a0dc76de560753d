"""What to think of before an answer gets out.

It asks for what is known, says can't, holds what its channel may not carry, or a place is still open.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from threadline.channels.models import Channel
from threadline.core.fitness import Standing, kind_of
from threadline.core.fitness.content import found_in
from threadline.core.fitness.usual import SHORT, family_of
from threadline.core.macros import open_places
from threadline.core.sensitive import CARD, IBAN, PERSON
from threadline.core.wording import Asking, Refusing, asks_for, cannot, refuses, sentences
from threadline.customers.models import Identity
from threadline.desk.glyphs import glyph_of
from threadline.desk.queries.story.brief import NAMES, Source, facts_of
from threadline.journeys.models import Journey, Policy
from threadline.journeys.reaching.fitting import told_of
from threadline.journeys.reaching.handing import of_the_plan
from threadline.journeys.reaching.leaving import moment, waits
from threadline.journeys.reaching.plans import in_force
from threadline.journeys.ways import side_of

EACH = 3
THINGS = {CARD: _("number of a payment card"), IBAN: _("bank account"), PERSON: _("number of a person")}
SCHEMES = {"email": "email", "phone": "tel"}


@dataclass(frozen=True, slots=True)
class Known:
    """Something they told us, ready to insert."""

    value: str
    source: Source | None = None


@dataclass(frozen=True, slots=True)
class Guard:
    """One warning. `key` tells it from others, so that it is said once; `policy` is the rule it speaks of.

    `name` is that of the channel, `value` what stands in the text and should not.
    """

    key: str
    kind: str  # asks | cant | place | level | not_here | quiet
    what: str | Promise
    sentence: str = ""
    known: list[Known] = field(default_factory=list)
    policy: Policy | None = None
    name: str | Promise = ""
    value: str = ""


def guards(text: str, journey: Journey, way: str = "") -> list[Guard]:
    """`way` is the key of the way that was chosen.

    Cost: one query for the plan of channels; for a text that gives no reason no other, else one or two for what it is.
    """
    return [
        *_places(text),
        *_asking(text, journey),
        *_refusing(text),
        *_carried(text, journey, way),
        *_at_this_hour(journey, way),
    ]


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


def _carried(text: str, journey: Journey, way: str) -> Iterator[Guard]:
    """What the channel may not carry, and channels that the company does not want for such a matter."""
    found, plan = found_in(text), in_force()
    side = side_of(way) if way and (found or plan.cells) else ""
    if not side:
        return
    level, name = plan.level(side, told_of(kind_of(side))), glyph_of(side).name
    over = [each for each in found if each.privacy > level]
    ours = _our_addresses() if over else []
    for each in over:
        if not any(one.endswith(plain(each.value)[-8:]) for one in ours):
            what = THINGS.get(each.what, NAMES.get(each.what, each.what))
            yield Guard(f"level-{each.value}", "level", what, name=name, value=each.value)
    if plan.cells.get((journey.intent, side)) is Standing.NO and not of_the_plan(text, side, plan):
        yield Guard("not-here", "not_here", journey.intent, name=name)


def _at_this_hour(journey: Journey, way: str) -> Iterator[Guard]:
    """A telephone rings at night. Nobody is kept from answering what was asked: only where nothing is owed."""
    if journey.waiting_since is not None or not way.startswith(("identity", "thread")):
        return
    if family_of(side_of(way) or "email") != SHORT:
        return
    found = waits(journey.customer_id, now=timezone.now(), automatic=False)
    until = found[0].until if found else None
    if found and until:
        yield Guard("quiet", "quiet", moment(until, found[1]), name=found[1])


def _our_addresses() -> list[str]:
    """What everybody may know."""
    return [plain(address) for address in Channel.objects.values_list("address", flat=True)]


def plain(address: str) -> str:
    return re.sub(r"[^a-z0-9@]", "", address.lower())
