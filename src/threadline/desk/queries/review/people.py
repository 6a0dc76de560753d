"""People who may be one person, the surest first."""

from dataclasses import dataclass

from django.db.models import F, QuerySet

from threadline.accounts.models import Agent
from threadline.core.identity.comparison import odds
from threadline.customers.models import Customer, IdentityLink
from threadline.lib.paging import page

SIZE = 30
MOST = 99


@dataclass(frozen=True, slots=True)
class Perhaps:
    """Two people and why they may be one. `left` is the one known longer; `odds` to 1 that they are one."""

    left: Customer
    right: Customer
    link: IdentityLink
    odds: int
    in_favour: bool


@dataclass(frozen=True, slots=True)
class Listed:
    """`after` is where the next page begins; empty on the last."""

    pairs: list[Perhaps]
    after: str
    further: bool


def perhaps(agent: Agent, *, after: str) -> Listed:
    """One page of pairs, each pair once. Cost: one query that follows the index `link_suggested`."""
    found = page(open_suggestions(agent), by="-bits", after=after, size=SIZE)
    pairs: dict[tuple[int, int], Perhaps] = {}
    for link in found.rows:
        left, right = sorted((link.left.customer, link.right.customer), key=lambda person: person.pk)
        number, in_favour = odds(link.bits)
        pairs.setdefault((left.pk, right.pk), Perhaps(left, right, link, number, in_favour))
    return Listed(list(pairs.values()), found.after, bool(after))


def open_suggestions(agent: Agent) -> "QuerySet[IdentityLink]":
    """Suggestions about two people who both stand, and both of whom this agent may see."""
    seen = Customer.objects.visible_to(agent)
    return (
        IdentityLink.objects.filter(standing=IdentityLink.Standing.SUGGESTED, superseded_at=None)
        .exclude(left__customer=F("right__customer"))
        .filter(left__customer__in=seen, right__customer__in=seen)
        .select_related("left__customer", "right__customer", "decision")
    )


def count(agent: Agent) -> int:
    """How many suggestions wait, 100 at most."""
    return len(open_suggestions(agent).select_related(None).order_by().values_list("pk", flat=True)[: MOST + 1])
