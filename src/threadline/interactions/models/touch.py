"""Threads, interactions, their attachments, what they told us, and the delivery of ours."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVector, SearchVectorField
from django.db import models
from django.db.models import F, Func, Q, Value
from django.db.models.functions import Left

from threadline.accounts.models import Decision
from threadline.channels import kinds
from threadline.channels.models import Channel
from threadline.customers.models import Identity

# What search reads of a file's name: the words between its marks.
FILE_WORDS = SearchVector(Func(F("name"), Value("._-"), Value("   "), function="translate"), config="simple")


class Thread(models.Model):
    """The channel's own grouping: a mail thread, a chat session, a private conversation, a review.

    `reply_address` is where our answers in this thread go. It is fixed when the thread begins and never recomputed
    from the customer, so that no merge can send an answer to the wrong person. The id is that of its first interaction.
    """

    id = models.BigIntegerField(primary_key=True)
    channel = models.ForeignKey(Channel, models.PROTECT, related_name="threads")
    key = models.CharField(max_length=512)
    reply_address = models.CharField(max_length=320, blank=True)
    subject = models.TextField(blank=True)
    participants = ArrayField(models.CharField(max_length=320), default=list, blank=True)
    started_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["channel", "key"], name="one_thread_per_key")]

    def __str__(self) -> str:
        return f"thread {self.pk}"


class Interaction(models.Model):
    """One touch on any channel. The id is that of its ledger entry."""

    class Direction(models.TextChoices):
        IN = "in"
        OUT = "out"
        EVENT = "event"

    class Triage(models.TextChoices):
        NONE = ""
        QUESTION = "question"
        COMPLAINT = "complaint"
        PRAISE = "praise"
        NOISE = "noise"

    id = models.BigIntegerField(primary_key=True)
    channel = models.ForeignKey(Channel, models.PROTECT, related_name="interactions")
    thread = models.ForeignKey(Thread, models.PROTECT, related_name="interactions")
    identity = models.ForeignKey(Identity, models.PROTECT, null=True, related_name="interactions")
    kind = models.CharField(max_length=20, choices=kinds.choices)
    direction = models.CharField(max_length=5, choices=Direction)
    public = models.BooleanField(default=False)
    at = models.DateTimeField()
    received_at = models.DateTimeField()
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    name = models.CharField(max_length=255, blank=True)
    subject = models.TextField(blank=True)
    text = models.TextField(blank=True)
    quoted = models.TextField(blank=True)
    signature = models.TextField(blank=True)
    html = models.TextField(blank=True)
    automatic = models.TextField(blank=True)
    language = models.CharField(max_length=8, blank=True)
    triage = models.CharField(max_length=10, choices=Triage, blank=True)
    attributes = models.JSONField(default=dict, blank=True)
    device = models.JSONField(default=dict, blank=True)
    once_key = models.CharField(max_length=640, unique=True)
    external_id = models.CharField(max_length=512)
    recognised = models.ForeignKey(Decision, models.PROTECT, related_name="+")
    understood = models.ForeignKey(Decision, models.PROTECT, null=True, blank=True, related_name="+")
    search = models.GeneratedField(
        expression=SearchVector("subject", Left("text", 100_000), config="simple"),
        output_field=SearchVectorField(),
        db_persist=True,
    )

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(direction__in=["in", "out", "event"]), name="touch_direction_known"),
            models.CheckConstraint(condition=Q(kind__regex=r"^[a-z][a-z0-9_]*$"), name="touch_kind_is_a_word"),
            models.CheckConstraint(
                condition=Q(author=None) | Q(direction__in=["out", "in"]), name="touch_author_speaks"
            ),
        ]
        indexes = [
            models.Index(fields=["identity", "at"], name="touch_of_identity"),
            models.Index(fields=["thread", "at"], name="touch_of_thread"),
            models.Index(fields=["external_id", "kind"], name="touch_external"),
            GinIndex(fields=["search"], name="touch_search"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.direction} {self.pk}"


class Attachment(models.Model):
    """A file that came with an interaction. Its bytes stay in the ledger's raw item, at `part`."""

    interaction = models.ForeignKey(Interaction, models.PROTECT, related_name="attachments")
    name = models.CharField(max_length=255)
    content_type = models.CharField(max_length=120)
    size = models.BigIntegerField()
    part = models.IntegerField()
    content_id = models.CharField(max_length=255, blank=True)
    inline = models.BooleanField(default=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["interaction", "part"], name="one_attachment_per_part")]
        indexes = [GinIndex(FILE_WORDS, name="attachment_search")]

    def __str__(self) -> str:
        return self.name


class Upload(models.Model):
    """A file that somebody of ours attached. It stays as long as it was sent; what never was is forgotten.

    `content_type` is what its bytes are, whatever its name says.
    """

    name = models.CharField(max_length=255)
    content_type = models.CharField(max_length=120)
    size = models.BigIntegerField()
    data = models.BinaryField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    sent = models.BooleanField(default=False)

    class Meta:
        indexes = [models.Index(fields=["at"], name="upload_never_sent", condition=Q(sent=False))]

    def __str__(self) -> str:
        return self.name


class Delivery(models.Model):
    """How the sending of one of our interactions stands, with the reason in words when it failed.

    `held` waits until `due_at`, and can be taken back until it is on its way: then it is `withdrawn`. `unsure`: it was
    handed over and no answer came, so that it may have arrived; it is not sent again by itself. `begun_at` is set while
    somebody hands it over, so that one who dies meanwhile leaves a trace. What the provider told is in `Told`.
    """

    class State(models.TextChoices):
        HELD = "held"
        QUEUED = "queued"
        UNSURE = "unsure"
        SENT = "sent"
        DELIVERED = "delivered"
        READ = "read"
        FAILED = "failed"
        WITHDRAWN = "withdrawn"

    interaction = models.OneToOneField(Interaction, models.PROTECT, primary_key=True, related_name="delivery")
    state = models.CharField(max_length=10, choices=State)
    reason = models.TextField(blank=True)
    attempts = models.PositiveIntegerField(default=0)
    provider_id = models.CharField(max_length=512, blank=True)
    due_at = models.DateTimeField(null=True, blank=True)
    begun_at = models.DateTimeField(null=True, blank=True)
    changed_at = models.DateTimeField()

    class Meta:
        verbose_name_plural = "deliveries"
        constraints = [
            models.CheckConstraint(
                condition=~Q(state__in=["failed", "unsure"]) | ~Q(reason=""), name="delivery_failure_has_a_reason"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["held", "queued", "unsure", "sent", "delivered", "read", "failed", "withdrawn"]),
                name="delivery_state_known",
            ),
        ]
        indexes = [
            models.Index(fields=["due_at"], name="delivery_due", condition=Q(state__in=["held", "queued"])),
            models.Index(fields=["provider_id"], name="delivery_of_provider", condition=~Q(provider_id="")),
        ]

    def __str__(self) -> str:
        return f"{self.pk} {self.state}"


class Fact(models.Model):
    """Something the customer already told us, with the interaction it came from. `key` is the normalised value."""

    interaction = models.ForeignKey(Interaction, models.PROTECT, related_name="facts")
    name = models.CharField(max_length=24)
    value = models.TextField()
    key = models.CharField(max_length=255)
    start = models.IntegerField(null=True, blank=True)
    end = models.IntegerField(null=True, blank=True)
    decision = models.ForeignKey(Decision, models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.CheckConstraint(condition=~Q(key=""), name="fact_not_empty")]
        indexes = [models.Index(fields=["name", "key"], name="fact_lookup")]

    def __str__(self) -> str:
        return f"{self.name}: {self.value}"


class Product(models.Model):
    """A product name learned from purchases, lower-case; it is then found in what people write."""

    name = models.CharField(max_length=120, primary_key=True)

    def __str__(self) -> str:
        return self.name


class LearnedShape(models.Model):
    """What numbers of one name look like that this house gives out, as `core.understanding.learned` says it."""

    name = models.CharField(max_length=24)
    pattern = models.CharField(max_length=255, unique=True)
    seen = models.IntegerField(help_text="in how many numbers")
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.name} {self.pattern}"
