"""Who serves: people, teams and roles as the settings list them."""

from dataclasses import dataclass

from django.db.models import Count, Q
from django.utils.translation import gettext as _

from threadline.accounts.models import Agent, Role, Team
from threadline.accounts.rights import AGENT, EVERYTHING
from threadline.journeys.models import Journey
from threadline.lib.paging import page

SIZE = 50


@dataclass(frozen=True, slots=True)
class Listed:
    people: list[Agent]
    after: str


def people(*, words: str, gone: bool, after: str) -> Listed:
    """Those who can sign in, or those who left, by name. Cost: two queries."""
    asked = Q(is_active=not gone)
    for word in words.split()[:4]:
        asked &= Q(name__icontains=word) | Q(email__icontains=word)
    found = page(
        Agent.objects.filter(asked).select_related("role").prefetch_related("teams"), by="name", after=after, size=SIZE
    )
    return Listed(found.rows, found.after)


def number_gone() -> int:
    return Agent.objects.filter(is_active=False).count()


def held_by(agent: Agent) -> int:
    """How many stories that are not done are theirs."""
    return Journey.objects.standing().filter(owner=agent).exclude(status=Journey.Status.DONE).count()


def teams() -> list[Team]:
    """With how many people are in each. Cost: one query."""
    return list(Team.objects.annotate(members=Count("agents", filter=Q(agents__is_active=True))))


@dataclass(frozen=True, slots=True)
class Column:
    """One role in the table of rights; `role` is None for those that are always there."""

    name: str
    holders: int
    rights: frozenset[str]
    role: Role | None = None


def roles() -> list[Column]:
    """Agent first, Admin last. Cost: two queries."""
    active = Agent.objects.filter(is_active=True)
    always = active.aggregate(
        plain=Count("pk", filter=Q(is_admin=False, role=None)), admins=Count("pk", filter=Q(is_admin=True))
    )
    counted = Role.objects.annotate(holders=Count("agents", filter=Q(agents__is_active=True)))
    return [
        Column(_("Agent"), always["plain"], AGENT),
        *(Column(role.name, role.holders, frozenset(role.rights), role) for role in counted),
        Column(_("Admin"), always["admins"], EVERYTHING),
    ]
