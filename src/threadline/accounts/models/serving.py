"""What agents are good at, and when they were there for work."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from threadline.accounts.models.people import Presence


class Skill(models.Model):
    """What an agent can do: a topic (an intent or a group of them), a language, a channel. Level 3 is the best.

    Whoever has no skill of a dimension takes whatever there is.
    """

    class Dimension(models.TextChoices):
        TOPIC = "topic", _("Topic")
        LANGUAGE = "language", _("Language")
        CHANNEL = "channel", _("Channel")

    agent = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="skills")
    dimension = models.CharField(max_length=10, choices=Dimension)
    value = models.CharField(max_length=120)
    level = models.PositiveSmallIntegerField(default=2)

    class Meta:
        ordering = ["dimension", "value"]
        constraints = [
            models.UniqueConstraint(fields=["agent", "dimension", "value"], name="one_level_per_skill"),
            models.CheckConstraint(condition=models.Q(level__range=(1, 3)), name="skill_level_1_3"),
            models.CheckConstraint(condition=~models.Q(value=""), name="skill_of_something"),
        ]

    def __str__(self) -> str:
        return f"{self.value} {self.level}"


class Availability(models.Model):
    """A span in which an agent was available, busy or away: what reports read. The open one is how it is now."""

    agent = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="availability")
    presence = models.CharField(max_length=10, choices=Presence)
    reason = models.CharField(max_length=60, blank=True)
    since = models.DateTimeField()
    until = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name_plural = "availability"
        constraints = [
            models.UniqueConstraint(fields=["agent"], condition=models.Q(until=None), name="one_presence_at_a_time"),
            models.CheckConstraint(
                condition=models.Q(presence__in=["available", "busy", "away"]), name="presence_known"
            ),
            models.CheckConstraint(
                condition=models.Q(until=None) | models.Q(until__gte=models.F("since")),
                name="presence_ends_after_it_began",
            ),
        ]
        indexes = [models.Index(fields=["agent", "-since"], name="presence_of_agent")]

    def __str__(self) -> str:
        return f"{self.agent_id} {self.presence}"
