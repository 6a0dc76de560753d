"""The plan of channels in versions, and what people said of being written to."""

from django.conf import settings
from django.db import models
from django.db.models import Q


class ChannelPlan(models.Model):
    """One version of which channel is for what, and of the words between public and private. The newest holds.

    `plan` is as `core.fitness.written` writes it. None is ever edited; what takes a change back names it.
    """

    since = models.DateTimeField()
    plan = models.JSONField()
    agent = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    words = models.CharField(max_length=200, help_text="what was changed")
    undoes = models.OneToOneField("self", models.PROTECT, null=True, blank=True, related_name="undone_by")

    class Meta:
        indexes = [models.Index(fields=["-since", "-id"], name="plans_since")]

    def __str__(self) -> str:
        return f"{self.pk}: {self.words}"


class Consent(models.Model):
    """Somebody may be written to at an address over a kind of channel, or asked not to be; with how we know.

    It belongs to the address and not to the person, so that it outlives joining and parting people. A newer word takes
    an older one back. What a provider tells (STOP) stands in `OptOut`.
    """

    scheme = models.CharField(max_length=24)
    address = models.CharField(max_length=320)
    kind = models.CharField(max_length=20, help_text="of the channel")
    allowed = models.BooleanField()
    evidence = models.CharField(max_length=240, help_text="how we know")
    agent = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    taken_back_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["scheme", "address", "kind"], condition=Q(taken_back_at=None), name="one_consent_each"
            ),
            models.CheckConstraint(condition=~Q(evidence="") & ~Q(address=""), name="consent_has_evidence"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.address}"
