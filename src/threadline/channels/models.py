"""Our own endpoints: where customers reach us, and the brand they reach."""

from django.db import models

from threadline.channels import kinds
from threadline.channels.secrets import SecretField


class Brand(models.Model):
    name = models.CharField(max_length=80, unique=True)

    def __str__(self) -> str:
        return self.name


class ChannelQuerySet(models.QuerySet["Channel"]):
    def active(self) -> "ChannelQuerySet":
        return self.filter(active=True)


class Channel(models.Model):
    """One configured endpoint of ours: support@…, +44…, @brand, the web widget, store 12.

    `provider` tells who carries it, where several do. `halted_at`: nothing is sent since then, because the provider
    refused us; `trouble` says why. `send_after` and `look_after`: the provider asked to be left alone until then.
    `silent_since`: its own rhythm says that something should have come since then. `missing`: what its provider had
    of the last day and we had not, when it was last asked.
    """

    kind = models.CharField(max_length=20, choices=kinds.choices)
    provider = models.CharField(max_length=20, blank=True, default="")
    address = models.CharField(max_length=255)
    name = models.CharField(max_length=120, blank=True)
    brand = models.ForeignKey(Brand, models.PROTECT, null=True, blank=True, related_name="channels")
    active = models.BooleanField(default=True)
    trouble = models.TextField(blank=True, help_text="why the channel is paused, in words")
    settings = models.JSONField(default=dict, blank=True)
    secrets = SecretField(blank=True)
    cursor = models.CharField(max_length=2000, blank=True)
    seen_at = models.DateTimeField(null=True, blank=True)
    halted_at = models.DateTimeField(null=True, blank=True)
    send_after = models.DateTimeField(null=True, blank=True)
    look_after = models.DateTimeField(null=True, blank=True)
    silent_since = models.DateTimeField(null=True, blank=True)
    missing = models.PositiveIntegerField(default=0)

    objects = ChannelQuerySet.as_manager()

    class Meta:
        ordering = ["kind", "address"]
        constraints = [models.UniqueConstraint(fields=["kind", "address"], name="one_channel_per_address")]

    def __str__(self) -> str:
        return f"{self.kind_name} {self.address}"

    @property
    def kind_name(self) -> str:
        return kinds.label(self.kind)


class ChannelLog(models.Model):
    """One exchange with a provider, secrets redacted. Kept for a month."""

    channel = models.ForeignKey(Channel, models.CASCADE, related_name="log")
    at = models.DateTimeField(auto_now_add=True)
    direction = models.CharField(max_length=3, choices=[("in", "in"), ("out", "out")])
    ok = models.BooleanField()
    text = models.TextField()

    class Meta:
        indexes = [models.Index(fields=["channel", "-id"], name="channel_log_newest")]

    def __str__(self) -> str:
        return self.text
