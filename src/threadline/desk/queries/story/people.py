"""Who the story is about, what else they told us, and who else they may be."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from threadline.accounts.models import Agent
from threadline.customers.models import Customer, Identity, IdentityLink
from threadline.desk.handles import COMPARED, written
from threadline.journeys.models import Journey, Membership
from threadline.lib.prepared import prepared

SHOWN = 4
OTHERS = 8
GLYPHS = {
    "tel": "phone",
    "email_denied": "email",
    "visitor": "web",
    "loyalty": "store",
    "reviewer": "review",
    "account": "app",
    "device": "app",
    "order": "purchase",
    "case": "note",
}
SHORT = {"account": _("Account"), "loyalty": _("Card"), "order": _("Order"), "case": _("Case")}
LISTED = (
    *("title", "intent", "channels", "touches", "status", "waiting_since", "wake_at", "last_at"),
    *("owner__name", "owner__email"),
)
UNSAID = ("thread", "touch", *COMPARED)
LEVELS = ("verified", "observed", "claimed")


@dataclass(frozen=True, slots=True)
class Suggestion:
    """Another customer who may be the same person."""

    other: Customer
    link: IdentityLink


def handles(customer: Customer) -> list[Identity]:
    """Those known best first, then those used last; no number that means something to us alone. Cost: one query."""
    ordered = sorted(_of(customer.pk), key=lambda identity: LEVELS.index(identity.level))
    for identity in ordered:
        identity.kind = GLYPHS.get(identity.scheme, identity.scheme)  # type: ignore[attr-defined]
        name = SHORT.get(identity.scheme, "")
        identity.written = f"{name} {written(identity.scheme, identity.value)}".strip()  # type: ignore[attr-defined]
    return ordered


@prepared
def _of(customer: int) -> QuerySet[Identity]:
    return Identity.objects.filter(customer=customer).exclude(scheme__in=UNSAID).order_by("-last_seen_at", "pk")[:60]


def is_theirs(journey: Journey, address: str) -> bool:
    """Whether the person of this story wrote from there, or has it as a handle."""
    wrote = Membership.objects.filter(journey=journey, interaction__thread__reply_address=address)
    held = Identity.objects.filter(customer=journey.customer_id, scheme="email", value=address)
    return bool(address) and (wrote.exists() or held.exists())


def called(customer: Customer, identities: Sequence[Identity]) -> str:
    """The name, or the handle that stands for it."""
    return customer.name or next((identity.value for identity in identities), str(customer))


def first_name(customer: Customer) -> str:
    """The first word of a name that looks like a person's; otherwise all of it."""
    words = customer.name.split()
    return words[0] if words and words[0][:1].isalpha() else customer.name


def others(journey: Journey, agent: Agent) -> list[Journey]:
    """The other stories of this person that the agent may see, open ones first. Cost: one query."""
    found = (
        Journey.objects.visible_to(agent)
        .standing()
        .filter(customer=journey.customer_id)
        .exclude(pk=journey.pk)
        .select_related("owner")
        .only(*LISTED)
        .order_by("-last_at")[:40]
    )
    return sorted(found, key=lambda other: other.waiting_since is None)[:OTHERS]


def hidden(journey: Journey, agent: Agent) -> int:
    """How many stories of this person are not for this agent. Cost: one query, none for who sees every team."""
    if agent.sees_every_team:
        return 0
    theirs = Journey.objects.standing().filter(customer=journey.customer_id)
    return theirs.exclude(pk__in=theirs.visible_to(agent).values("pk")).count()


def suggestions(customer: Customer, identities: Sequence[Identity]) -> list[Suggestion]:
    """Standing suggestions that two people are one. Cost: one query."""
    numbers = [identity.pk for identity in identities]
    found: dict[int, Suggestion] = {}
    for link in _links(numbers):
        other = link.right.customer if link.left.customer_id == customer.pk else link.left.customer
        if other.pk != customer.pk and other.merged_into_id is None:
            found.setdefault(other.pk, Suggestion(other, link))
    return list(found.values())


@prepared
def _links(numbers: Sequence[int]) -> QuerySet[IdentityLink]:
    standing = IdentityLink.objects.filter(standing=IdentityLink.Standing.SUGGESTED, superseded_at=None)
    either = standing.filter(Q(left__any=numbers) | Q(right__any=numbers))
    return (
        either.select_related("left__customer", "right__customer", "decision")
        .only(
            *("left__customer__name", "left__customer__merged_into", "right__customer__name"),
            *("right__customer__merged_into", "decision__reason"),
        )
        .order_by("-bits")[:6]
    )
