"""What the sign-in settings show."""

from dataclasses import dataclass
from datetime import datetime

from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from threadline.accounts.models import Agent, Invitation, Provider
from threadline.lib.paging import Page, page

PEOPLE = 25
MOST_PENDING = 100


@dataclass(frozen=True, slots=True)
class Person:
    agent: Agent
    app: bool
    passkeys: int
    codes: bool

    @property
    def has_factor(self) -> bool:
        return self.app or self.passkeys > 0


def pending(*, now: datetime) -> list[Invitation]:
    rows = Invitation.objects.pending().select_related("by").prefetch_related("teams")
    return list(rows.order_by("-made_at")[:MOST_PENDING])


def providers() -> "QuerySet[Provider]":
    """Each with how many people it has vouched for so far."""
    counted = (
        SocialAccount.objects.filter(provider=OuterRef("slug"))
        .order_by()
        .values("provider")
        .annotate(many=Count("pk"))
        .values("many")
    )
    return Provider.objects.annotate(people=Coalesce(Subquery(counted), 0))


def people(*, after: str) -> "tuple[list[Person], str]":
    """Agents and what they sign in with, by name."""
    found: Page[Agent] = page(Agent.objects.filter(is_active=True), by="name", after=after, size=PEOPLE)
    kinds: dict[int, list[str]] = {}
    of_these = Authenticator.objects.filter(user__in=found.rows)
    for agent, kind in of_these.values_list("user", "type"):
        kinds.setdefault(agent, []).append(kind)
    rows = [
        Person(
            agent,
            app="totp" in kinds.get(agent.pk, []),
            passkeys=kinds.get(agent.pk, []).count("webauthn"),
            codes="recovery_codes" in kinds.get(agent.pk, []),
        )
        for agent in found.rows
    ]
    return rows, found.after
