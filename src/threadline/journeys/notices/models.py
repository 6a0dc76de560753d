"""What agents are told about stories, the ways it reaches them, and what became of each try.

None of it is an Event: nothing of a story changes by it, and a replay leaves it as it is. So the journeys are plain
numbers to the database.
"""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from threadline.lib.sealed import SecretField

DAY = 24 * 60


class Reason(models.TextChoices):
    """Why somebody is told. A new one needs its words in `reasons` and its verb in `causes`."""

    WROTE = "wrote", _("They wrote again in a story of yours")
    MENTION = "mention", _("A colleague named you")
    HANDED = "handed", _("A story became yours")
    PROMISE = "promise", _("A promise is about to break, or broke")
    FAILED = "failed", _("Something you wrote did not go out")
    SUPERVISOR = "supervisor", _("Somebody asks for a supervisor")
    WOKE = "woke", _("A story you put to sleep is back")
    TEAM = "team", _("A story came to your team and nobody has it")


class Way(models.TextChoices):
    SCREEN = "screen", _("On screen")
    PUSH = "push", _("Push")
    MAIL = "mail", _("Mail")


class Cause(models.Model):
    """An event that somebody may have to be told about, until they were: written with it, gone with the notice."""

    event_id = models.BigIntegerField(primary_key=True)

    class Meta:
        db_table = "journeys_notice_cause"

    def __str__(self) -> str:
        return f"cause {self.event_id}"


class NoticeQuerySet(models.QuerySet["Notice"]):
    def unseen(self) -> "NoticeQuerySet":
        return self.filter(seen_at=None)


class Notice(models.Model):
    """What one agent is told about one story. A newer reason takes the place of the older, and they are counted.

    `said` is what the words need: who did it, when it is due. `count` are the reasons since it was last seen.
    """

    agent = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="notices")
    journey = models.ForeignKey("journeys.Journey", models.CASCADE, related_name="+", db_constraint=False)
    reason = models.CharField(max_length=12, choices=Reason)
    said = models.JSONField(default=dict, blank=True)
    count = models.PositiveIntegerField(default=1)
    event_id = models.BigIntegerField()
    interaction_id = models.BigIntegerField(null=True, blank=True)
    at = models.DateTimeField()
    seen_at = models.DateTimeField(null=True, blank=True)

    objects = NoticeQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["agent", "journey"], name="one_notice_each"),
            models.CheckConstraint(condition=Q(reason__in=Reason.values), name="notice_reason_known"),
            models.CheckConstraint(condition=Q(count__gte=1), name="notice_has_a_reason"),
        ]
        indexes = [
            models.Index(fields=["agent", "-at", "-id"], name="notices_of_agent"),
            models.Index(fields=["agent", "journey"], name="notices_unseen", condition=Q(seen_at=None)),
        ]

    def __str__(self) -> str:
        return f"{self.reason} for {self.agent_id} about {self.journey_id}"


class PushBrowser(models.Model):
    """A browser that an agent let us push to. The address alone sends nothing; its keys are sealed."""

    agent = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="push_browsers")
    endpoint = models.CharField(max_length=1000, unique=True)
    keys = SecretField()
    device = models.CharField(max_length=80)
    made_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["agent", "id"], name="push_browsers_of_agent")]

    def __str__(self) -> str:
        return self.device


class PushKey(models.Model):
    """The key pair by which push services know this installation (VAPID). Made once; the private half is sealed."""

    ONLY = 1
    id = models.SmallIntegerField(primary_key=True, default=ONLY)
    public = models.CharField(max_length=100)
    secret = SecretField()
    made_at = models.DateTimeField()

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(id=1), name="one_push_key")]

    def __str__(self) -> str:
        return "push key"


class NoticeSend(models.Model):
    """One way of one notice: when it is due, how often it was tried, and what came of it, in words. The delivery log.

    `next_at` is when it is to be tried; empty once it is settled.
    """

    class State(models.TextChoices):
        DUE = "due", _("waits")
        SENT = "sent", _("sent")
        FAILED = "failed", _("failed")
        LEFT = "left", _("not sent")

    notice = models.ForeignKey(Notice, models.CASCADE, related_name="sends")
    agent = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    way = models.CharField(max_length=8, choices=Way)
    browser = models.ForeignKey(PushBrowser, models.SET_NULL, null=True, blank=True, related_name="+")
    to = models.CharField(max_length=254)
    reason = models.CharField(max_length=12, choices=Reason)
    state = models.CharField(max_length=8, choices=State)
    at = models.DateTimeField()
    next_at = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    result = models.CharField(max_length=300, blank=True)
    settled_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(way__in=Way.values), name="send_way_known"),
            models.CheckConstraint(condition=Q(reason__in=Reason.values), name="send_reason_known"),
            models.CheckConstraint(
                condition=Q(state="due", next_at__isnull=False, settled_at=None)
                | Q(state__in=["sent", "failed", "left"], next_at=None, settled_at__isnull=False) & ~Q(result=""),
                name="send_due_or_settled_with_words",
            ),
            models.UniqueConstraint(
                fields=["notice", "way", "browser"],
                condition=Q(next_at__isnull=False),
                nulls_distinct=False,
                name="one_send_due_per_way",
            ),
        ]
        indexes = [
            models.Index(fields=["way", "next_at"], name="send_next", condition=Q(next_at__isnull=False)),
            models.Index(fields=["agent", "-at", "-id"], name="sends_of_agent"),
            models.Index(fields=["-at", "-id"], name="sends_in_order"),
        ]

    def __str__(self) -> str:
        return f"{self.way} {self.state}"


class Wishes(models.Model):
    """How one agent wants to be told. `grid` holds the ways of each reason; what it leaves out is as usual.

    Hours are minutes of the day in the agent's time zone. `text` allows the words of customers outside the desk.
    """

    agent = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, primary_key=True, related_name="wishes")
    grid = models.JSONField(default=dict, blank=True)
    quiet_since = models.PositiveSmallIntegerField(null=True, blank=True)
    quiet_until = models.PositiveSmallIntegerField(null=True, blank=True)
    quiet_days = ArrayField(models.PositiveSmallIntegerField(), default=list, blank=True)
    digest_at = models.PositiveSmallIntegerField(null=True, blank=True)
    digest_next = models.DateTimeField(null=True, blank=True)
    text = models.BooleanField(default=False)

    class Meta:
        verbose_name_plural = "wishes"
        constraints = [
            models.CheckConstraint(
                condition=Q(quiet_since=None, quiet_until=None)
                | Q(quiet_since__isnull=False, quiet_until__isnull=False)
                & Q(quiet_since__lt=DAY, quiet_until__lt=DAY)
                & ~Q(quiet_since=F("quiet_until")),
                name="quiet_from_until",
            ),
            models.CheckConstraint(
                condition=Q(digest_at=None, digest_next=None)
                | Q(digest_at__isnull=False, digest_at__lt=DAY, digest_next__isnull=False),
                name="digest_knows_its_next",
            ),
        ]
        indexes = [
            models.Index(fields=["digest_next"], name="digest_due", condition=Q(digest_next__isnull=False)),
        ]

    def __str__(self) -> str:
        return f"wishes of {self.agent_id}"


class Mute(models.Model):
    """An agent wants to hear nothing more of one story, or nothing for one reason."""

    agent = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="mutes")
    journey = models.ForeignKey(
        "journeys.Journey", models.CASCADE, related_name="+", null=True, blank=True, db_constraint=False
    )
    reason = models.CharField(max_length=12, choices=Reason, blank=True)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["agent", "journey", "reason"], nulls_distinct=False, name="muted_once"),
            models.CheckConstraint(
                condition=Q(journey=None, reason__in=Reason.values) | Q(journey__isnull=False, reason=""),
                name="mute_of_a_story_or_a_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.agent_id} mutes {self.journey_id or self.reason}"
