"""Telephone calls on lines of ours: how each goes on, whom it rings at, what was recorded, and calls we promised."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from threadline.accounts.models import Agent, Team
from threadline.channels.models import Channel
from threadline.journeys.models import Journey


class PhoneCallQuerySet(models.QuerySet["PhoneCall"]):
    def going_on(self) -> "PhoneCallQuerySet":
        return self.filter(ended_at=None)

    def waiting(self) -> "PhoneCallQuerySet":
        return self.going_on().filter(waits_since__isnull=False)

    def visible_to(self, agent: Agent) -> "PhoneCallQuerySet":
        """Calls about no story yet are for everybody of ours; of others, who may see the story. One's own, always."""
        mine = Q(agent=agent) | Q(wanted=agent)
        if not agent.has_access:
            return self.none()
        if agent.sees_every_team:
            return self
        stories = Q(journey__in=Journey.objects.visible_to(agent).values("pk"))
        return self.filter(mine | stories if agent.is_partner else mine | stories | Q(journey=None))


class PhoneCall(models.Model):
    """One call. `sid` is that of the customer's end at the provider; `from_us`: we called them back.

    `known` says how well the number tells who it is: a caller id can be forged, `vouched` if their network stands for
    it. `customer`, `journey` and `touch` are plain numbers: a replay makes those anew. `waits_since` is set while they
    wait for somebody of ours, `waited` is how long they did before; `path` is what they chose and heard.
    """

    class Known(models.TextChoices):
        KNOWN = "known"
        MAYBE = "maybe"
        UNKNOWN = "unknown"

    channel = models.ForeignKey(Channel, models.PROTECT, related_name="+")
    sid = models.CharField(max_length=64, unique=True, null=True, blank=True)
    from_us = models.BooleanField(default=False)
    number = models.CharField(max_length=20, blank=True, help_text="empty: it was not shown")
    known = models.CharField(max_length=8, choices=Known, default=Known.UNKNOWN)
    vouched = models.BooleanField(default=False, help_text="their network stands for the number")
    customer = models.BigIntegerField(null=True, blank=True)
    journey = models.BigIntegerField(null=True, blank=True)
    team = models.ForeignKey(Team, models.PROTECT, null=True, blank=True, related_name="+")
    wanted = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    agent = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    brief = models.TextField(blank=True, help_text="what the one who hands over says to the next")
    notes = models.TextField(blank=True)
    consent = models.CharField(max_length=3, blank=True, help_text="to be recorded; empty: not asked")
    rang_at = models.DateTimeField()
    waits_since = models.DateTimeField(null=True, blank=True)
    waited = models.DurationField(default=timedelta())
    answered_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    why = models.CharField(max_length=20, blank=True, help_text="why it ended")
    wish = models.CharField(max_length=12, blank=True, help_text="what they chose while they waited")
    path = models.JSONField(default=list, blank=True)
    kept_at = models.DateTimeField(null=True, blank=True, help_text="it was written into the ledger, if it is a touch")
    touch = models.BigIntegerField(null=True, blank=True)

    objects = PhoneCallQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(ended_at=None) | ~Q(why=""), name="phone_call_ended_for_a_reason"),
            models.CheckConstraint(
                condition=Q(ended_at=None) | Q(ended_at__gte=F("rang_at")), name="phone_call_ends_after_it_rang"
            ),
            models.CheckConstraint(condition=Q(consent__in=["", "yes", "no"]), name="phone_consent_said_plainly"),
            models.CheckConstraint(
                condition=Q(customer=None) | ~Q(known="unknown"), name="phone_caller_of_unknown_number_is_nobody"
            ),
            models.UniqueConstraint(
                fields=["agent"], condition=Q(ended_at=None, agent__isnull=False), name="one_phone_call_of_an_agent"
            ),
        ]
        indexes = [
            models.Index(fields=["rang_at"], name="phone_calls_going_on", condition=Q(ended_at=None)),
            models.Index(fields=["ended_at"], name="phone_calls_to_keep", condition=Q(kept_at=None)),
            models.Index(fields=["channel", "-answered_at"], name="phone_calls_answered"),
            models.Index(fields=["touch"], name="phone_call_of_touch", condition=Q(touch__isnull=False)),
        ]

    def __str__(self) -> str:
        return f"call {self.pk} with {self.number or 'a withheld number'}"

    @property
    def state(self) -> str:
        """ended, talking, waiting, or menu while they listen and choose."""
        if self.ended_at is not None:
            return "ended"
        if self.waits_since is not None:
            return "waiting"
        return "talking" if self.answered_at is not None else "menu"

    @property
    def queue(self) -> str:
        """Each call waits in a queue of its own, so that whoever takes it gets this one."""
        return f"threadline-{self.channel_id}-{self.pk}"

    def seconds(self, now: datetime) -> int:
        """How long they have talked."""
        if self.answered_at is None:
            return 0
        return max(0, round(((self.ended_at or now) - self.answered_at).total_seconds()))

    def waited_in_all(self, now: datetime) -> timedelta:
        return self.waited + (now - self.waits_since if self.waits_since is not None else timedelta())


class PhoneLeg(models.Model):
    """Our end of a call: the telephone of an agent that rings, and then is connected. Over once `over_at` is set."""

    call = models.ForeignKey(PhoneCall, models.CASCADE, related_name="legs")
    agent = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    number = models.CharField(max_length=20)
    sid = models.CharField(max_length=64, unique=True, null=True, blank=True)
    rang_at = models.DateTimeField()
    joined_at = models.DateTimeField(null=True, blank=True, help_text="they pressed a key and were connected")
    over_at = models.DateTimeField(null=True, blank=True)
    why = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["call"], condition=Q(over_at=None), name="one_telephone_rings_for_a_call"),
        ]

    def __str__(self) -> str:
        return f"{self.agent} for {self.call}"


class PhonePiece(models.Model):
    """Something of a call that the provider told meanwhile: a recording, a voicemail, or words that were said."""

    call = models.ForeignKey(PhoneCall, models.CASCADE, related_name="pieces")
    kind = models.CharField(
        max_length=10, choices=[("recording", "recording"), ("voicemail", "voicemail"), ("said", "said")]
    )
    name = models.CharField(max_length=80, help_text="the provider's own id or number of it")
    at = models.DateTimeField()
    ours = models.BooleanField(null=True)
    text = models.TextField(blank=True)
    source = models.CharField(max_length=500, blank=True)
    seconds = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["call", "kind", "name"], name="one_phone_piece_of_a_name"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.name}"


class CallbackQuerySet(models.QuerySet["Callback"]):
    def owed(self) -> "CallbackQuerySet":
        return self.filter(kept_at=None, dropped_at=None)

    def visible_to(self, agent: Agent) -> "CallbackQuerySet":
        return self.filter(call__in=PhoneCall.objects.visible_to(agent).values("pk"))


class Callback(models.Model):
    """A call that we promised. It is kept when we spoke with them, broken when `due_at` passed before.

    `journey` is the story that it stands in, a plain number as in the call; where that was joined into another, the
    touch of the call leads there.
    """

    call = models.OneToOneField(PhoneCall, models.PROTECT, related_name="callback")
    number = models.CharField(max_length=20)
    asked_at = models.DateTimeField()
    due_at = models.DateTimeField()
    journey = models.BigIntegerField(null=True, blank=True)
    tries = models.PositiveSmallIntegerField(default=0)
    tried_at = models.DateTimeField(null=True, blank=True)
    kept_at = models.DateTimeField(null=True, blank=True)
    kept_by = models.ForeignKey(
        PhoneCall, models.PROTECT, null=True, blank=True, related_name="keeps", help_text="the newest call that tried"
    )
    warned_at = models.DateTimeField(null=True, blank=True)
    broken_at = models.DateTimeField(null=True, blank=True)
    dropped_at = models.DateTimeField(null=True, blank=True)

    objects = CallbackQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(due_at__gt=F("asked_at")), name="callback_due_after_it_was_asked"),
            models.CheckConstraint(condition=~Q(number=""), name="callback_needs_a_number"),
            models.CheckConstraint(
                condition=Q(kept_at=None) | Q(dropped_at=None), name="callback_kept_or_dropped_not_both"
            ),
            models.CheckConstraint(
                condition=Q(broken_at=None) | Q(broken_at=F("due_at")), name="callback_broken_when_due"
            ),
        ]
        indexes = [
            models.Index(fields=["due_at"], name="callbacks_owed", condition=Q(kept_at=None, dropped_at=None)),
            models.Index(fields=["journey"], name="callbacks_of_story"),
        ]

    def __str__(self) -> str:
        return f"call {self.number} by {self.due_at}"


class Handset(models.Model):
    """The telephone at which somebody of ours takes calls."""

    agent = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, related_name="handset")
    number = models.CharField(max_length=20)

    def __str__(self) -> str:
        return self.number
