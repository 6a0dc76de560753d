"""The brief: what this person already told us, so that nobody asks again."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

from django.db.models import Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from threadline.core.picture import Turn
from threadline.core.understanding.triage import mood_of
from threadline.desk.queries.story.drawing import who
from threadline.desk.queries.story.stops import Stop, heart
from threadline.interactions.models import Fact
from threadline.journeys.models import Journey
from threadline.journeys.summary import shorten
from threadline.lib.prepared import prepared

WORDS = 260
AMOUNT = "amount"
EACH = 4
GROUPS: tuple[tuple[str | Promise, tuple[str, ...]], ...] = (
    (_("Order"), ("order", "tracking", "case", "account", "loyalty")),
    (_("Product"), ("product",)),
    (_("What is wrong"), ()),
    (_("Amounts"), ("amount",)),
    (_("Dates"), ("date",)),
    (_("Contact"), ("phone", "email", "handle", "name", "postcode")),
)
NAMES: dict[str, str | Promise] = {
    "order": _("order number"),
    "tracking": _("parcel number"),
    "case": _("case number"),
    "account": _("account number"),
    "loyalty": _("loyalty card"),
    "phone": _("phone number"),
    "email": _("email address"),
    "handle": _("handle"),
    "name": _("name"),
    "postcode": _("postcode"),
    "product": _("which product it is"),
    "date": _("the date"),
    "amount": _("the amount"),
}
PLAIN = frozenset({"order", "product", "amount", "date"})


class Source(NamedTuple):
    """The touch that told it."""

    touch: int
    kind: str
    public: bool
    at: datetime


@dataclass(slots=True)
class Told:
    """One value. `name` says what it is where its group does not; `words` are a quotation."""

    value: str
    source: Source
    name: str | Promise = ""
    words: bool = False
    fact: int | None = None
    again: int = 0


@dataclass(frozen=True, slots=True)
class Quotation:
    text: str
    by: str
    source: Source


@dataclass(slots=True)
class Brief:
    groups: list[tuple[str | Promise, list[Told]]] = field(default_factory=list)
    never: list[str | Promise] = field(default_factory=list)
    wanted: Quotation | None = None
    said: Quotation | None = None
    hidden: bool = False  # there are amounts that the reader has not the right to see


def brief(
    journey: Journey, stops: Sequence[Stop], turns: Sequence[Turn], *, person: str, amounts: bool = True
) -> Brief:
    """`amounts` of money are left out where the reader has not the right to see them. Cost: one query."""
    sources = {stop.id: stop for stop in stops}
    facts = [fact for fact in _told_by(journey.pk) if fact.interaction_id in sources]
    hidden = not amounts and any(fact.name == AMOUNT for fact in facts)
    facts = [fact for fact in facts if amounts or fact.name != AMOUNT]
    facts = [fact for fact in facts if fact.name != "name" or fact.key not in _names(journey)]
    told = {group: _told(facts, names, sources) for group, names in GROUPS}
    told[_wrong()] = _complaint(stops)
    return Brief(
        groups=[(group, values) for group, values in told.items() if values],
        never=_never(facts),
        wanted=_wanted(stops, turns, person),
        said=_said(stops, person),
        hidden=hidden,
    )


def _names(journey: Journey) -> set[str]:
    """The person's own name and its parts: no news."""
    name = journey.customer.name.lower()
    return {name, *name.split()}


def _wrong() -> str | Promise:
    return GROUPS[2][0]


def facts_of(journey: Journey) -> Iterable[Fact]:
    """What they told us, the newest first, each with its touch. Cost: one query."""
    return _facts(journey.pk).select_related("interaction").order_by("-interaction__at", "pk")[:300]


@prepared
def _told_by(journey: int) -> QuerySet[Fact]:
    return _facts(journey)[:300]


def _facts(journey: int) -> QuerySet[Fact]:
    """What the customer said or bought, also as noted on a call; not what we wrote to them."""
    return (
        Fact.objects.filter(interaction__memberships__journey=journey, interaction__memberships__superseded_at=None)
        .filter(~Q(interaction__direction="out") | Q(interaction__kind="phone"))
        .order_by("interaction__at", "pk")
    )


def _told(facts: Iterable[Fact], names: Sequence[str], stops: dict[int, Stop]) -> list[Told]:
    found: dict[tuple[str, str], Told] = {}
    for fact in facts:
        if fact.name not in names:
            continue
        known = found.get((fact.name, fact.key))
        if known:
            known.again += 1
        else:
            name = "" if fact.name in PLAIN else NAMES.get(fact.name, fact.name)
            found[fact.name, fact.key] = Told(fact.value, _source(stops[fact.interaction_id]), name, fact=fact.pk)
    return list(found.values())[:EACH]


def _complaint(stops: Iterable[Stop]) -> list[Told]:
    """The first sentence of the first complaint."""
    asked = [stop for stop in stops if stop.direction == "in" and stop.words and not stop.automatic]
    first = next((stop for stop in asked if stop.triage == "complaint"), None)
    return [Told(telling_sentence(heart(first)), _source(first), words=first.kind != "phone")] if first else []


def telling_sentence(text: str) -> str:
    """The first sentence that complains by itself; else the first that is long enough to say something."""
    sentences = [" ".join(part.split()) for part in re.split(r"(?<=[.!?])\s+|\n+", text)]
    long = [sentence for sentence in sentences if len(sentence.split()) >= 4]
    complains = (sentence for sentence in long if mood_of(sentence)[0] == "complaint")
    return shorten(next(complains, long[0] if long else " ".join(text.split())), 160)


def _never(facts: Iterable[Fact]) -> list[str | Promise]:
    return list(dict.fromkeys(NAMES[fact.name] for fact in facts if fact.name in NAMES))


def _wanted(stops: Sequence[Stop], turns: Sequence[Turn], person: str) -> Quotation | None:
    """Their latest words that nobody has answered."""
    if not turns or turns[-1] is not Turn.OURS:
        return None
    asked = [stop for stop in stops if stop.direction == "in" and stop.words]
    return _quoted(asked[-1], person) if asked else None


def _said(stops: Sequence[Stop], person: str) -> Quotation | None:
    ours = [stop for stop in stops if stop.direction == "out" and stop.words]
    return _quoted(ours[-1], person) if ours else None


def _quoted(stop: Stop, person: str) -> Quotation:
    return Quotation(shorten(heart(stop), WORDS), who(stop, person), _source(stop))


def _source(stop: Stop) -> Source:
    return Source(stop.id, stop.kind, stop.public, stop.at)
