"""The intake ledger: every item seen at a source, with a verdict. Nothing behind it is needed to rebuild the rest."""

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from threadline.accounts.models import ApiKey
from threadline.channels.models import Channel


class IntakeQuerySet(models.QuerySet["IntakeEntry"]):
    def pending(self) -> "IntakeQuerySet":
        return self.filter(verdict="pending").order_by("pk")


class IntakeEntry(models.Model):
    """One item as a source handed it over, committed before it was acknowledged.

    Exactly one of `payload` (an object) and `raw` (bytes, such as a mail) holds it. An accepted entry has become the
    interaction with the same id. A noted one told something of a message of ours (`Told`). `duplicate_of` names the
    entry that was stored instead.
    """

    class Verdict(models.TextChoices):
        PENDING = "pending"
        ACCEPTED = "accepted"
        NOTED = "noted"
        DUPLICATE = "duplicate"
        REFUSED = "refused"
        QUARANTINED = "quarantined"

    channel = models.ForeignKey(Channel, models.PROTECT, null=True, blank=True, related_name="entries", db_index=False)
    source = models.CharField(max_length=12)  # smtp | lmtp | imap | api | import | hook | poll | backfill | desk
    external_id = models.CharField(max_length=512, blank=True)
    payload = models.JSONField(null=True, blank=True)
    raw = models.BinaryField(null=True, blank=True)
    headers = models.JSONField(default=dict, blank=True)
    received_at = models.DateTimeField(db_default=Now())
    verdict = models.CharField(max_length=12, choices=Verdict, db_default="pending", default="pending")
    reason = models.TextField(blank=True, default="", db_default="")
    duplicate_of = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="duplicates")
    processed_at = models.DateTimeField(null=True, blank=True)

    objects = IntakeQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(payload__isnull=False, raw=None) | Q(payload__isnull=True, raw__isnull=False),
                name="entry_holds_one_item",
            ),
            models.CheckConstraint(
                condition=~Q(verdict__in=["refused", "quarantined"]) | ~Q(reason=""), name="entry_refusal_has_a_reason"
            ),
            models.CheckConstraint(
                condition=Q(verdict="duplicate", duplicate_of__isnull=False)
                | (~Q(verdict="duplicate") & Q(duplicate_of=None)),
                name="entry_duplicate_names_the_first",
            ),
            models.CheckConstraint(
                condition=Q(duplicate_of=None) | Q(duplicate_of__lt=F("id")), name="entry_duplicate_is_later"
            ),
            models.CheckConstraint(
                condition=Q(verdict__in=["pending", "accepted", "noted", "duplicate", "refused", "quarantined"]),
                name="entry_verdict_known",
            ),
        ]
        indexes = [
            models.Index(fields=["channel", "received_at"], name="entry_of_channel"),
            models.Index(fields=["id"], name="entry_pending", condition=Q(verdict="pending")),
            models.Index(
                fields=["verdict", "-id"], name="entry_trouble", condition=Q(verdict__in=["refused", "quarantined"])
            ),
        ]

    def __str__(self) -> str:
        return f"entry {self.pk} {self.verdict}"


class Receipt(models.Model):
    """The answer given to a request with an idempotency key: the same key gets the same answer."""

    api_key = models.ForeignKey(ApiKey, models.CASCADE, related_name="receipts")
    key = models.CharField(max_length=200)
    digest = models.CharField(max_length=64)
    answer = models.JSONField()
    at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [models.UniqueConstraint(fields=["api_key", "key"], name="one_receipt_per_key")]

    def __str__(self) -> str:
        return self.key


class ImportRun(models.Model):
    """How far an import of one file came, so that it goes on there."""

    digest = models.CharField(max_length=64, unique=True)
    path = models.TextField()
    offset = models.BigIntegerField(default=0)
    accepted = models.BigIntegerField(default=0)
    refused = models.BigIntegerField(default=0)
    finished_at = models.DateTimeField(null=True, blank=True)
    started_at = models.DateTimeField(db_default=Now())

    def __str__(self) -> str:
        return self.path
