"""Who looked at whom. Beside the events, because nothing changes by looking: no screen is told, no replay reads it."""

from django.conf import settings
from django.db import models


class Sight(models.Model):
    """An agent opened a story or a person's page. Append-only."""

    at = models.DateTimeField()
    agent = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    customer_id = models.BigIntegerField()
    journey_id = models.BigIntegerField(null=True, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["at", "id"], name="sights_in_order"),
            models.Index(fields=["agent", "at", "id"], name="sights_of_agent"),
            models.Index(fields=["customer_id", "at", "id"], name="sights_of_customer"),
        ]

    def __str__(self) -> str:
        return f"{self.agent_id} saw {self.journey_id or self.customer_id}"
