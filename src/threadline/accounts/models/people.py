"""Agents, the teams they belong to, and the roles that give them rights."""

from collections.abc import Iterable
from datetime import date
from functools import cache
from typing import TYPE_CHECKING, Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.contrib.postgres.expressions import ArraySubquery
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import OuterRef, Q, Subquery
from django.db.models.functions import JSONObject, Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from threadline.accounts.rights import AGENT, EVERYTHING, Right

if TYPE_CHECKING:
    from django.db.models import QuerySet


class TeamQuerySet(models.QuerySet["Team"]):
    def running(self) -> "TeamQuerySet":
        """Without partner teams whose last day is over."""
        return self.filter(Q(ends_on=None) | Q(ends_on__gte=timezone.localdate()))


class Team(models.Model):
    """People who share work. The stories of a restricted team are visible to its members and admins only.

    A partner team is another company's: who is in no team of ours sees only the partner team's stories, and after its
    last day nothing.
    """

    name = models.CharField(max_length=80, unique=True)
    restricted = models.BooleanField(default=False)
    partner = models.BooleanField(default=False, help_text="people of another company")
    ends_on = models.DateField(null=True, blank=True, help_text="the last day on which a partner team sees anything")

    objects = TeamQuerySet.as_manager()

    class Meta:
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(condition=Q(ends_on=None) | Q(partner=True), name="only_partner_teams_end"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def ended(self) -> bool:
        return self.ends_on is not None and self.ends_on < timezone.localdate()


class Role(models.Model):
    """A set of rights with a name. Who has no role has the rights of `rights.AGENT`; admins have all."""

    name = models.CharField(max_length=80, unique=True)
    rights = ArrayField(models.CharField(max_length=24), default=list, blank=True)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class Presence(models.TextChoices):
    """Available people get work from the router; busy ones keep what they have and get no more."""

    AVAILABLE = "available", _("Available")
    BUSY = "busy", _("Busy")
    AWAY = "away", _("Away")


@cache
def _comes_along() -> dict[str, Subquery]:
    """What every page asks of the agent who looks at it, so that asking costs no query. Built once."""
    term = JSONObject(team="pk", partner="partner", ends="ends_on")
    terms = Team.objects.filter(agents=OuterRef("pk")).values(term=term)
    rights = Role.objects.filter(pk=OuterRef("role")).values("rights")
    return {"team_terms": ArraySubquery(terms), "role_rights": Subquery(rights)}


class AgentManager(BaseUserManager["Agent"]):
    def get_queryset(self) -> "QuerySet[Agent]":
        return super().get_queryset().annotate(**_comes_along())

    def create_user(self, email: str, name: str, password: str | None = None, *, is_admin: bool = False) -> "Agent":
        agent = self.model(email=email.strip().lower(), name=name.strip(), is_admin=is_admin)
        agent.set_password(password)
        agent.save()
        return agent


class Agent(AbstractBaseUser, PermissionsMixin):
    """Somebody of ours who may serve. Signs in with the e-mail address."""

    email = models.EmailField(unique=True)
    name = models.CharField(max_length=120)
    handle = models.SlugField(max_length=40, unique=True, null=True, blank=True, help_text="short name used by imports")
    is_active = models.BooleanField(default=True)
    is_admin = models.BooleanField(default=False)
    role = models.ForeignKey(Role, models.PROTECT, null=True, blank=True, related_name="agents")
    teams = models.ManyToManyField(Team, related_name="agents", blank=True)
    presence = models.CharField(max_length=10, choices=Presence, default=Presence.AWAY)
    away_reason = models.CharField(max_length=60, blank=True)
    presence_since = models.DateTimeField(null=True, blank=True)
    active_at = models.DateTimeField(null=True, blank=True, help_text="last did something at the desk")
    given_at = models.DateTimeField(null=True, blank=True, help_text="the router last gave them something")
    capacity = models.PositiveSmallIntegerField(default=6, help_text="how much may be in hand at once")
    joined_at = models.DateTimeField(auto_now_add=True)
    time_zone = models.CharField(max_length=60, blank=True, help_text="empty: the time zone of the installation")
    density = models.CharField(max_length=8, blank=True, help_text="compact: closer rows; empty: wider ones")
    second_factor_due = models.BooleanField(
        default=False, help_text="must set a second factor up before anything else; kept up to date by signing_in"
    )

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]
    objects = AgentManager()

    class Meta:
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(condition=models.Q(email=Lower("email")), name="agent_email_lower_case"),
            models.CheckConstraint(condition=Q(is_admin=False) | Q(role=None), name="admins_have_no_other_role"),
            models.CheckConstraint(
                condition=models.Q(presence__in=["available", "busy", "away"]), name="agent_presence_known"
            ),
        ]
        indexes = [
            models.Index(fields=["active_at"], name="agents_here", condition=~models.Q(presence="away")),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def initials(self) -> str:
        words = self.name.split()
        return "".join(word[0] for word in (words[:1] + words[-1:] if len(words) > 1 else words)).upper()

    @property
    def first_name(self) -> str:
        return self.name.split()[0] if self.name else self.email

    # ---- what somebody may do --------------------------------------------------------------------------------------

    def may(self, right: str) -> bool:
        """The one question about rights. Costs no query for the agent of a request."""
        return right in self.rights

    @property
    def rights(self) -> frozenset[str]:
        if not self.has_access:
            return frozenset()
        return EVERYTHING if self.is_admin else self._of_role()

    @property
    def sees_every_team(self) -> bool:
        return self.may(Right.EVERY_TEAM)

    @property
    def has_access(self) -> bool:
        """Neither left, nor only in partner teams that have ended."""
        if not self.is_active:
            return False
        terms = () if self.is_admin else self._terms()
        return not terms or any(not _is_over(term) for term in terms)

    @property
    def is_partner(self) -> bool:
        """In partner teams only: sees the stories of these teams and those handed over."""
        terms = () if self.is_admin else self._terms()
        return bool(terms) and all(term["partner"] for term in terms)

    @property
    def running_teams(self) -> frozenset[int]:
        """Their teams, without partner teams whose last day is over. Costs no query for the agent of a request."""
        return frozenset(term["team"] for term in self._terms() if not _is_over(term))

    def _of_role(self) -> frozenset[str]:
        if self.role_id is None:
            return AGENT
        fetched = self.__dict__.get("role_rights")
        if fetched is None or "role" in self._state.fields_cache:
            return frozenset(self.role.rights if self.role else ())
        return frozenset(fetched)

    def _terms(self) -> Iterable[dict[str, Any]]:
        fetched = self.__dict__.get("team_terms")
        if fetched is not None:
            return fetched
        return [{"team": team.pk, "partner": team.partner, "ends": team.ends_on} for team in self.teams.all()]


def _is_over(term: dict[str, Any]) -> bool:
    ends = term["ends"]
    return ends is not None and (date.fromisoformat(ends) if isinstance(ends, str) else ends) < timezone.localdate()
