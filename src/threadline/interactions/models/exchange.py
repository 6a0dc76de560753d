"""What providers tell beside touches: how our messages fared, who wants no more of them, and files that they keep."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from threadline.channels.models import Channel
from threadline.interactions.models.intake import IntakeEntry
from threadline.interactions.models.touch import Interaction


class Told(models.Model):
    """What a provider said of a message of ours, as the entry of the ledger holds it: the proof of its state.

    It may come before we know the message's number (`interaction` is empty then), and in any order.
    """

    entry = models.OneToOneField(IntakeEntry, models.PROTECT, primary_key=True, related_name="told")
    channel = models.ForeignKey(Channel, models.PROTECT, related_name="+", db_index=False)
    interaction = models.ForeignKey(Interaction, models.PROTECT, null=True, related_name="told", db_constraint=False)
    external_id = models.CharField(max_length=512, blank=True)
    state = models.CharField(max_length=10)
    at = models.DateTimeField()
    reason = models.TextField(blank=True)
    once_key = models.CharField(max_length=640, unique=True)
    proof = models.JSONField(default=dict, blank=True)

    class Meta:
        verbose_name_plural = "told"
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["sent", "delivered", "read", "failed"]), name="told_state_known"
            ),
        ]
        indexes = [
            models.Index(fields=["channel", "external_id"], name="told_early", condition=Q(interaction=None)),
        ]

    def __str__(self) -> str:
        return f"{self.external_id} {self.state}"


class OptOut(models.Model):
    """Somebody asked not to be written to over this channel: by a word of theirs, or through its provider.

    `only_automatic`: by machines; what a person of ours writes still goes out. `thread`: the number of the one thread
    in which that holds; empty: in all of them. A replay makes threads anew, under the same numbers.
    """

    channel = models.ForeignKey(Channel, models.CASCADE, related_name="opt_outs")
    address = models.CharField(max_length=320)
    at = models.DateTimeField()
    entry = models.ForeignKey(IntakeEntry, models.PROTECT, null=True, related_name="+")
    only_automatic = models.BooleanField(default=False)
    thread = models.BigIntegerField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["channel", "address", "thread"], name="one_opt_out_each", nulls_distinct=False
            ),
            models.CheckConstraint(
                condition=Q(thread=None) | Q(only_automatic=True), name="opt_out_of_a_thread_is_of_machines"
            ),
        ]

    def __str__(self) -> str:
        return self.address


class BadAddress(models.Model):
    """Mail to this address came back because nobody reads it. From the second message on nothing is sent there.

    `bounced` names the messages that came back, so that two reports on one count once. `barred_at` is empty while it is
    still tried, and again once somebody of ours said that it works.
    """

    address = models.CharField(max_length=320, unique=True)
    bounced = ArrayField(models.BigIntegerField(), default=list)
    reason = models.TextField()
    at = models.DateTimeField()
    barred_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name_plural = "bad addresses"
        constraints = [models.CheckConstraint(condition=~Q(reason=""), name="bad_address_has_a_reason")]

    def __str__(self) -> str:
        return self.address


class Media(models.Model):
    """A file that came with a touch and lies with the provider: fetched soon, because it is not kept there long.

    It belongs to the entry of the ledger, so that it outlives a replay. `gone` says why it can not be had.
    """

    class State(models.TextChoices):
        WAITING = "waiting"
        HERE = "here"
        GONE = "gone"

    entry = models.ForeignKey(IntakeEntry, models.PROTECT, related_name="media")
    part = models.IntegerField()
    source = models.TextField()
    state = models.CharField(max_length=7, choices=State, default="waiting")
    data = models.BinaryField(null=True)
    reason = models.TextField(blank=True)
    tries = models.PositiveIntegerField(default=0)
    due_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name_plural = "media"
        constraints = [
            models.UniqueConstraint(fields=["entry", "part"], name="one_media_per_part"),
            models.CheckConstraint(
                condition=Q(state="here", data__isnull=False) | (~Q(state="here") & Q(data=None)),
                name="media_here_has_bytes",
            ),
            models.CheckConstraint(condition=~Q(state="gone") | ~Q(reason=""), name="media_gone_has_a_reason"),
        ]
        indexes = [models.Index(fields=["due_at"], name="media_due", condition=Q(state="waiting"))]

    def __str__(self) -> str:
        return f"{self.entry_id} {self.part} {self.state}"
