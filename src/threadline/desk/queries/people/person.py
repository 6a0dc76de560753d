"""Everything the page of one person shows. The number of queries does not depend on how much there is."""

from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import Q

from threadline.accounts.models import Agent
from threadline.core.identity.comparison import odds
from threadline.customers.models import Customer, Identity, IdentityLink
from threadline.desk.handles import NUMBERS, Scheme, scheme_of, ways, written
from threadline.desk.queries.fields import Fields, of_person
from threadline.desk.queries.people.consents import Wish, wishes
from threadline.desk.queries.people.history import Line, history
from threadline.interactions.models import Fact
from threadline.journeys.models import Journey

STORIES = 60
LINKS = 30
RANK = {"verified": 0, "observed": 1, "claimed": 2}


@dataclass(frozen=True, slots=True)
class Held:
    """One handle, ready to be shown."""

    identity: Identity
    scheme: Scheme
    written: str


@dataclass(frozen=True, slots=True)
class Tie:
    """What is said about this person and another one, or about two handles of this one."""

    link: IdentityLink
    mine: Held
    others: Held
    person: Customer | None
    odds: int
    in_favour: bool
    keys: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Stories:
    open: list[Journey] = field(default_factory=list)
    earlier: list[Journey] = field(default_factory=list)
    hidden: int = 0
    more: bool = False


@dataclass(frozen=True, slots=True)
class Page:
    customer: Customer
    names: list[str]
    ways: list[Held]
    numbers: list[Held]
    household: list[Customer]
    stories: Stories
    suggested: list[Tie]
    settled: list[Tie]
    history: list[Line]
    fields: Fields
    wishes: list[Wish] = field(default_factory=list)


def page(customer: Customer, *, agent: Agent, now: datetime) -> Page:
    """Cost: about twelve queries."""
    handles = _handles(customer)
    ties = _ties(customer, agent)
    return Page(
        customer=customer,
        names=[name for name in dict.fromkeys(name.lstrip("~") for name in customer.names) if name != customer.name],
        ways=[held for held in handles if held.identity.scheme not in NUMBERS],
        numbers=[held for held in handles if held.identity.scheme in NUMBERS],
        household=_household(customer, agent),
        stories=stories_of(customer, agent=agent),
        suggested=[tie for tie in ties if tie.link.standing == "suggested" and tie.person is not None],
        settled=[tie for tie in ties if tie.link.standing != "suggested"],
        history=history(customer, related={tie.person.pk for tie in ties if tie.person}, agent=agent),
        fields=of_person(customer.pk, agent),
        wishes=wishes([held.identity for held in handles]),
    )


def held(identity: Identity, as_told: str = "") -> Held:
    return Held(identity, scheme_of(identity.scheme), as_told or written(identity.scheme, identity.value))


def _handles(customer: Customer) -> list[Held]:
    """Without what serves recognition only, such as mail threads and postcodes."""
    order = [*ways(), *NUMBERS]
    rows = Identity.objects.filter(customer=customer, scheme__in=order).select_related("decision__agent")
    ordered = sorted(rows, key=lambda row: (order.index(row.scheme), RANK[row.level], row.first_seen_at))
    told = _as_told(customer, {row.value for row in rows if row.scheme in NUMBERS})
    return [held(row, told.get((row.scheme, row.value), "")) for row in ordered]


def _as_told(customer: Customer, keys: set[str]) -> dict[tuple[str, str], str]:
    """Numbers as the person wrote them, HP-4711 rather than the digits that recognition compares."""
    facts = Fact.objects.filter(name__in=NUMBERS, key__in=keys, interaction__identity__customer=customer)
    return {(name, key): value for name, key, value in facts.order_by("pk").values_list("name", "key", "value")}


def _household(customer: Customer, agent: Agent) -> list[Customer]:
    if customer.account_id is None:
        return []
    others = (
        Customer.objects.visible_to(agent).filter(account=customer.account_id, merged_into=None).exclude(pk=customer.pk)
    )
    return list(others.order_by("name", "pk")[:20])


def stories_of(customer: Customer, *, agent: Agent) -> Stories:
    """The stories this agent may see, newest first, and how many there are besides."""
    theirs = Journey.objects.filter(customer=customer).standing()
    seen = theirs.visible_to(agent).select_related("owner", "team").order_by("-last_at", "-pk")
    found = list(seen[: STORIES + 1])
    hidden = 0 if agent.sees_every_team else theirs.exclude(pk__in=theirs.visible_to(agent).values("pk")).count()
    shown = found[:STORIES]
    return Stories(
        open=[story for story in shown if story.status != Journey.Status.DONE],
        earlier=[story for story in shown if story.status == Journey.Status.DONE],
        hidden=hidden,
        more=len(found) > STORIES,
    )


def _ties(customer: Customer, agent: Agent) -> list[Tie]:
    numbers = list(Identity.objects.filter(customer=customer).values_list("pk", flat=True))
    links = IdentityLink.objects.filter(Q(left__in=numbers) | Q(right__in=numbers), superseded_at=None)
    if agent.is_partner:
        seen = Customer.objects.visible_to(agent)
        links = links.filter(left__customer__in=seen, right__customer__in=seen)
    links = links.select_related("left__customer", "right__customer", "decision__agent")
    return [_tie(link, customer) for link in links.order_by("-at", "-pk")[:LINKS]]


def _tie(link: IdentityLink, customer: Customer) -> Tie:
    mine, others = (link.left, link.right) if link.left.customer_id == customer.pk else (link.right, link.left)
    number, in_favour = odds(link.bits)
    person = None if customer.pk in (others.customer_id, others.customer.merged_into_id) else others.customer
    return Tie(link, held(mine), held(others), person, number, in_favour, _keys(link))


def _keys(link: IdentityLink) -> tuple[str, ...]:
    """What both share, in words."""
    keys = link.decision.evidence.get("keys", []) if isinstance(link.decision.evidence, dict) else []
    shown = [(str(key[0]), str(key[1])) for key in keys if isinstance(key, list) and len(key) == 2]
    return tuple(f"{scheme_of(scheme).name} {written(scheme, value)}" for scheme, value in shown if scheme != "thread")
