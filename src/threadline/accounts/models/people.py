"""Agents and the teams they belong to."""

from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _


class Team(models.Model):
    """People who share work. The stories of a restricted team are visible to its members and admins only."""

    name = models.CharField(max_length=80, unique=True)
    restricted = models.BooleanField(default=False)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class Presence(models.TextChoices):
    """Available people get work from the router; busy ones keep what they have and get no more."""

    AVAILABLE = "available", _("Available")
    BUSY = "busy", _("Busy")
    AWAY = "away", _("Away")


class AgentManager(BaseUserManager["Agent"]):
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
    teams = models.ManyToManyField(Team, related_name="agents", blank=True)
    presence = models.CharField(max_length=10, choices=Presence, default=Presence.AWAY)
    away_reason = models.CharField(max_length=60, blank=True)
    presence_since = models.DateTimeField(null=True, blank=True)
    active_at = models.DateTimeField(null=True, blank=True, help_text="last did something at the desk")
    given_at = models.DateTimeField(null=True, blank=True, help_text="the router last gave them something")
    capacity = models.PositiveSmallIntegerField(default=6, help_text="how much may be in hand at once")
    joined_at = models.DateTimeField(auto_now_add=True)

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]
    objects = AgentManager()

    class Meta:
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(condition=models.Q(email=Lower("email")), name="agent_email_lower_case"),
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
