"""A call between a chat window and the desk: how it stands, what the browsers tell each other, what was recorded."""

from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from threadline.portal.models.chat import Chat


class CallQuerySet(models.QuerySet["Call"]):
    def going_on(self) -> "CallQuerySet":
        return self.filter(ended_at=None)


class Call(models.Model):
    """One call of a chat. “Ours” is the desk, “theirs” the visitor; camera and recording need both to agree.

    `touch` is what it became in the story, a plain number: a replay makes that anew. `agreed` remembers who agreed to
    what, or no longer, and when.
    """

    chat = models.ForeignKey(Chat, models.PROTECT, related_name="calls")
    agent = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    from_us = models.BooleanField()
    asked_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    why = models.CharField(max_length=20, blank=True, help_text="why it ended")
    here_at = models.DateTimeField(help_text="one of the two browsers was last heard of")
    video_ours = models.BooleanField(default=False)
    video_theirs = models.BooleanField(default=False)
    record_ours = models.BooleanField(default=False)
    record_theirs = models.BooleanField(default=False)
    recording_since = models.DateTimeField(null=True, blank=True, help_text="both first agreed to record")
    recording_until = models.DateTimeField(null=True, blank=True, help_text="one of them last took that back")
    agreed = models.JSONField(default=list, blank=True)
    touch = models.BigIntegerField(null=True, blank=True)

    objects = CallQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["chat"], condition=Q(ended_at=None), name="one_call_of_a_chat"),
            models.UniqueConstraint(fields=["agent"], condition=Q(ended_at=None), name="one_call_of_an_agent"),
            models.CheckConstraint(condition=Q(ended_at=None) | ~Q(why=""), name="call_ended_for_a_reason"),
            models.CheckConstraint(
                condition=Q(ended_at=None) | Q(ended_at__gte=F("asked_at")), name="call_ends_after_it_began"
            ),
        ]
        indexes = [models.Index(fields=["ended_at"], name="calls_to_keep", condition=Q(touch=None))]

    def __str__(self) -> str:
        return f"call {self.pk}"

    @property
    def state(self) -> str:
        if self.ended_at is not None:
            return "ended"
        return "talking" if self.answered_at is not None else "ringing"

    @property
    def video(self) -> bool:
        return self.video_ours and self.video_theirs

    @property
    def recording(self) -> bool:
        return self.record_ours and self.record_theirs

    def seconds(self, now: datetime) -> int:
        """How long they have talked."""
        if self.answered_at is None:
            return 0
        return max(0, round(((self.ended_at or now) - self.answered_at).total_seconds()))


class CallSignal(models.Model):
    """What one browser tells the other to find it. Deleted with the end of the call."""

    call = models.ForeignKey(Call, models.CASCADE, related_name="signals")
    ours = models.BooleanField()
    data = models.JSONField()

    def __str__(self) -> str:
        return f"signal {self.pk}"


class CallPiece(models.Model):
    """A piece of a recording, as the recorder gave it. `part` counts the times that recording was begun."""

    call = models.ForeignKey(Call, models.CASCADE, related_name="pieces")
    part = models.PositiveSmallIntegerField()
    number = models.PositiveIntegerField()
    data = models.BinaryField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["call", "part", "number"], name="one_piece_of_a_recording")]

    def __str__(self) -> str:
        return f"piece {self.part}.{self.number}"
