"""What was concluded and why (Decision), and what happened, in order (Event). Both are append-only."""

from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models.functions import Now

if TYPE_CHECKING:
    from threadline.accounts.models.people import Agent


class Decision(models.Model):
    """What the system or an agent concluded, from what evidence, how sure, by which version: the WHY of anything."""

    class By(models.TextChoices):
        RULE = "rule"
        MODEL = "model"
        AGENT = "agent"

    kind = models.CharField(max_length=20)  # recognise | understand | stitch | link | move | …
    reason = models.TextField()
    confidence = models.FloatField()
    by = models.CharField(max_length=8, choices=By)
    version = models.CharField(max_length=60, blank=True)
    agent = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True)
    evidence = models.JSONField(default=dict, blank=True)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(confidence__range=(0, 1)), name="decision_confidence_0_1"),
            models.CheckConstraint(condition=~models.Q(reason=""), name="decision_has_a_reason"),
            models.CheckConstraint(
                condition=models.Q(by="agent", agent__isnull=False) | (~models.Q(by="agent") & models.Q(agent=None)),
                name="decision_agent_named",
            ),
        ]

    def __str__(self) -> str:
        return self.reason


class EventQuerySet(models.QuerySet["Event"]):
    def since(self, number: int) -> "EventQuerySet":
        return self.filter(pk__gt=number).order_by("pk")

    def visible_to(self, agent: "Agent") -> "EventQuerySet":
        """Events of stories that this agent may see, and those that concern no restricted team."""
        if not agent.has_access:
            return self.none()
        if agent.sees_every_team:
            return self
        return self.filter(models.Q(team_id=None) | models.Q(team_id__in=agent.running_teams))


class Event(models.Model):
    """Who did what, when, with which facts. Audit, live updates and replay all read from here.

    Rooms above this one own journeys and interactions, so their ids stand here as plain numbers. `team_id` is set
    when the story belongs to a restricted team. `ledger_mark` is the newest ledger entry that was processed when a
    person did this: a replay applies the event at the same place.
    """

    at = models.DateTimeField()
    verb = models.CharField(max_length=40)
    agent = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True)
    journey_id = models.BigIntegerField(null=True, blank=True)
    customer_id = models.BigIntegerField(null=True, blank=True)
    interaction_id = models.BigIntegerField(null=True, blank=True)
    team_id = models.BigIntegerField(null=True, blank=True)
    ledger_mark = models.BigIntegerField(null=True, blank=True)
    facts = models.JSONField(default=dict, blank=True)
    recorded_at = models.DateTimeField(db_default=Now())

    objects = EventQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(
                fields=["journey_id", "id"], name="event_journey", condition=models.Q(journey_id__isnull=False)
            ),
            models.Index(
                fields=["customer_id", "id"], name="event_customer", condition=models.Q(customer_id__isnull=False)
            ),
            models.Index(fields=["id"], name="event_by_people", condition=models.Q(agent__isnull=False)),
            models.Index(fields=["at", "id"], name="event_audit", condition=models.Q(agent__isnull=False)),
            models.Index(fields=["agent", "at", "id"], name="event_of_agent", condition=models.Q(agent__isnull=False)),
            models.Index(
                fields=["id"],
                name="event_of_settings",
                condition=models.Q(agent__isnull=False, journey_id=None, customer_id=None),
            ),
            models.Index(fields=["journey_id"], name="event_ruled", condition=models.Q(verb__in=["waited", "done"])),
            models.Index(
                fields=["interaction_id"],
                name="event_noticed",
                condition=models.Q(verb="received", facts__has_key="noticed"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.pk} {self.verb}"
