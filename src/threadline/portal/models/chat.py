"""What we know of a chat beside what was said in it. What was said stands in the ledger, like everything."""

from datetime import datetime

from django.db import models
from django.db.models import Q

from threadline.channels.models import Channel


class ChatQuerySet(models.QuerySet["Chat"]):
    def under_way(self, since: datetime) -> "ChatQuerySet":
        """Somebody did something there since; one that its visitor ended stays until the agent is done with it."""
        return self.filter(active_at__gte=since)


class Chat(models.Model):
    """One conversation in a chat window: who sits there, what either side has read, where answers go once they left.

    `session` names the thread (`session:…`). `account` is whom the shop's own server vouched for; `email` and `name`
    were only typed unless it `vouched` for them. Numbers are those of touches: `read_upto` is what they read of ours,
    `seen_upto` what we read of theirs, `mailed_upto` what went by mail.
    """

    channel = models.ForeignKey(Channel, models.PROTECT, related_name="chats")
    session = models.CharField(max_length=40, unique=True)
    visitor = models.CharField(max_length=64)
    account = models.CharField(max_length=200, blank=True)
    email = models.EmailField(blank=True)
    vouched = models.BooleanField(default=False, help_text="the shop's own server gave the address; nobody typed it")
    name = models.CharField(max_length=120, blank=True)
    page = models.CharField(max_length=300, blank=True, help_text="what they look at, with their consent")
    started_at = models.DateTimeField()
    active_at = models.DateTimeField(help_text="somebody last said something")
    here_until = models.DateTimeField(help_text="their window is open until then; renewed while it is")
    read_upto = models.BigIntegerField(default=0)
    seen_upto = models.BigIntegerField(default=0)
    mailed_upto = models.BigIntegerField(default=0)
    copied_at = models.DateTimeField(null=True, blank=True, help_text="a copy was last sent by mail")
    trouble = models.TextField(blank=True, help_text="why the last answer could not go by mail")
    ended_at = models.DateTimeField(null=True, blank=True)
    stars = models.PositiveSmallIntegerField(null=True, blank=True)

    objects = ChatQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(stars=None) | Q(stars__range=(1, 5)), name="chat_stars_1_to_5"),
            models.CheckConstraint(condition=~Q(session="") & ~Q(visitor=""), name="chat_names_its_visitor"),
        ]
        indexes = [
            models.Index(fields=["-active_at"], name="chats_under_way"),
            models.Index(fields=["here_until"], name="chats_to_mail", condition=~Q(email="")),
        ]

    def __str__(self) -> str:
        return f"chat {self.pk}"

    @property
    def thread_key(self) -> str:
        return f"session:{self.session}"

    def is_here(self, now: datetime) -> bool:
        return self.here_until > now and self.ended_at is None
