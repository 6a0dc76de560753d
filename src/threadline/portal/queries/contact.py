"""Where customers reach us: our channels in the order in which they suit a matter, each with the reason."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from threadline.channels.adapters import can_send
from threadline.channels.kinds import label
from threadline.channels.models import Brand, Channel
from threadline.core.calendars import is_open
from threadline.core.fitness import Against, Choice, Need, Plan, Reason, Way, rank
from threadline.core.fitness.usual import LIVE, family_of
from threadline.interactions.intents import tree_in_use
from threadline.journeys.reaching import plans
from threadline.journeys.reaching.fitting import BY_HAND, sides_of, told_of
from threadline.journeys.reaching.handing import CONTACT, private_link
from threadline.portal.queries.times import Line, published

NOBODY_WRITES_THERE = frozenset({"review", "purchase", "web", "signal", "app", "survey", "webhook"})
REASONS: Mapping[Reason, str | Promise] = {
    Reason.BEST: gettext_lazy("here we can settle it best"),
    Reason.OPEN: gettext_lazy("somebody is there now"),
    Reason.PRIVATE: gettext_lazy("it stays between us"),
}
AGAINST: Mapping[Against, str | Promise] = {
    Against.TOO_OPEN: gettext_lazy("others may read along, and this is too private for that"),
    Against.NOT_FOR_THIS: gettext_lazy("we can not settle this there"),
}
LINKS = {
    "email": "mailto:{address}",
    "phone": "tel:{number}",
    "sms": "sms:{number}",
    "whatsapp": "https://wa.me/{digits}",
}


@dataclass(frozen=True)
class Address:
    """`href` is what a press opens; empty where there is nothing to press."""

    words: str
    href: str


@dataclass(frozen=True)
class Place:
    """One kind of channel with its addresses. `line` is what we promise there, where we promise something."""

    kind: str
    addresses: list[Address]
    why: list[str]
    line: Line | None

    @property
    def name(self) -> str:
        return label(self.kind)

    @property
    def reason(self) -> str:
        return f"{capfirst(', '.join(self.why))}." if self.why else ""


@dataclass(frozen=True)
class Reached:
    """One brand: what suits, and what does not with why."""

    brand: str
    places: list[Place]
    unfit: list[tuple[str, str]]


@dataclass(frozen=True)
class Contact:
    """`about` is the intent that was chosen, or nothing."""

    about: str
    brands: list[Reached]
    groups: dict[str, list[str]] = field(default_factory=dict)


def contact(about: str, *, now: datetime) -> Contact:
    """Cost: four queries, and what is published of response times, which is kept for minutes."""
    groups: dict[str, list[str]] = {}
    for node in tree_in_use():
        if node.name:
            groups.setdefault(node.parent, []).append(node.name)
    chosen = about if any(about in names for names in groups.values()) else ""
    plan = plans.in_force()
    return Contact(chosen, list(_brands(chosen, plan, now)), groups)


def _brands(about: str, plan: Plan, now: datetime) -> Iterator[Reached]:
    lines = {one.brand: {line.kind: line for line in one.lines} for one in published(now=now)}
    found = list(Channel.objects.active().exclude(kind__in=NOBODY_WRITES_THERE).order_by("pk"))
    for brand in Brand.objects.order_by("pk"):
        ours = [one for one in found if one.brand_id == brand.pk and (can_send(one) or one.kind in BY_HAND)]
        if ours:
            yield _reached(brand.name, ours, lines.get(brand.name, {}), about, plan, now)


def _reached(
    brand: str, channels: list[Channel], lines: Mapping[str, Line], about: str, plan: Plan, now: datetime
) -> Reached:
    known = {str(channel.pk): channel for channel in channels}
    need = plan.need(about) if about else Need()
    ways = [_way(key, channel, lines.get(channel.kind), about, plan, now) for key, channel in known.items()]
    choice = rank(ways, need)
    return Reached(brand, _places(choice, known, lines, about), _unfit(choice, known))


def _places(choice: Choice, known: Mapping[str, Channel], lines: Mapping[str, Line], about: str) -> list[Place]:
    """In the order of the first of each kind."""
    found: dict[str, Place] = {}
    for each in choice.ranked:
        channel = known[each.way.key]
        why = [str(REASONS[one]) for one in each.reasons if one in REASONS and about]
        place = found.setdefault(channel.kind, Place(channel.kind, [], why, lines.get(channel.kind)))
        place.addresses.append(Address(_called(channel), _href(channel)))
    return list(found.values())


def _called(channel: Channel) -> str:
    """Stores are known by their names, everything else by its address."""
    return channel.name if channel.kind == "store" and channel.name else channel.address


def _href(channel: Channel) -> str:
    address, found = channel.address, LINKS.get(channel.kind, "")
    if found:
        digits = re.sub(r"\D", "", address)
        return found.format(address=address, number=f"+{digits}", digits=digits)
    if channel.kind == "telegram":
        return f"https://t.me/{address.lstrip('@')}"
    link = private_link(channel)
    return "" if link.endswith(CONTACT) else link


def _way(key: str, channel: Channel, line: Line | None, about: str, plan: Plan, now: datetime) -> Way:
    """Of a channel with two sides the private one: whoever wants to write in public needs no page for that."""
    side = sides_of([channel])[-1]
    live = family_of(side) in LIVE or channel.kind == "chat"
    there = is_open(line.calendar, now) if line and live else None
    told = told_of(channel.kind)
    return Way(key, side, plan.level(side, told), plan.standing(about, side, told), open=there)


def _unfit(choice: Choice, known: Mapping[str, Channel]) -> list[tuple[str, str]]:
    """Kinds of which no channel suits."""
    suits = {known[each.way.key].kind for each in choice.ranked}
    found = {known[each.way.key].kind: str(AGAINST.get(each.why, _("not at the moment"))) for each in choice.out}
    return [(label(kind), why) for kind, why in found.items() if kind not in suits]
