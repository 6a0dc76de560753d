"""What agents write with: drafts, who writes right now, macros, policies, and mentions in notes.

Drafts and onlookers are no Events and survive a replay as they are: their journeys are plain numbers to the database.
"""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from threadline.accounts.models import Agent, Team
from threadline.accounts.rights import Right


class Draft(models.Model):
    """What one agent has begun to write in one story. Colleagues who see the story see it, too.

    With `send_at` it goes out by itself at that moment; `trouble` says why it did not. `seen` is the newest touch it
    was written against, `files` are uploads, `macros` those whose actions are carried out when it is sent.
    """

    journey = models.ForeignKey("journeys.Journey", models.CASCADE, related_name="drafts", db_constraint=False)
    agent = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    text = models.TextField(blank=True)
    way = models.CharField(max_length=40, blank=True)
    cc = models.CharField(max_length=2000, blank=True)
    plain = models.BooleanField(default=False)
    files = ArrayField(models.BigIntegerField(), default=list, blank=True)
    macros = ArrayField(models.BigIntegerField(), default=list, blank=True)
    seen = models.BigIntegerField(default=0)
    then = models.CharField(max_length=12, blank=True)
    send_at = models.DateTimeField(null=True, blank=True)
    trouble = models.TextField(blank=True)
    begun_at = models.DateTimeField()
    changed_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["journey", "agent"], name="one_draft_each")]
        indexes = [models.Index(fields=["send_at"], name="draft_due", condition=Q(send_at__isnull=False))]

    def __str__(self) -> str:
        return f"draft of {self.agent_id} in {self.journey_id}"


class Onlooker(models.Model):
    """Who looks at a story, and who writes in it. The table is not logged: a crash empties it."""

    journey = models.ForeignKey("journeys.Journey", models.CASCADE, related_name="+", db_constraint=False)
    agent = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    seen_at = models.DateTimeField()
    wrote_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name_plural = "onlookers"
        constraints = [models.UniqueConstraint(fields=["journey", "agent"], name="one_onlooker_each")]
        indexes = [models.Index(fields=["seen_at"], name="onlooker_old")]

    def __str__(self) -> str:
        return f"{self.agent_id} at {self.journey_id}"


class MacroQuerySet(models.QuerySet["Macro"]):
    def standing(self) -> "MacroQuerySet":
        return self.filter(withdrawn_at=None)

    def visible_to(self, agent: Agent) -> "MacroQuerySet":
        """Everybody's, those of the agent's teams, and the agent's own; nobody sees others' own."""
        if agent.may(Right.WORK):
            return self.filter(Q(owner=None) | Q(owner=agent))
        return self.filter(Q(owner=None, team=None) | Q(team__in=agent.teams.values("pk")) | Q(owner=agent))

    def changeable_by(self, agent: Agent) -> "MacroQuerySet":
        """One's own and those of one's teams; everybody's are for who may set up the work."""
        found = self.visible_to(agent)
        return found if agent.may(Right.WORK) else found.exclude(owner=None, team=None)


class Macro(models.Model):
    """A text with places to fill in, and what is done to the story when it is sent.

    Without `owner` and `team` it is everybody's. `actions` holds `intent`, `owner` (an agent, 0 for whoever sends),
    `team`, and `then` as the composer names it. One that was withdrawn can be put back.
    """

    name = models.CharField(max_length=60)
    text = models.TextField(blank=True)
    actions = models.JSONField(default=dict, blank=True)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, null=True, blank=True, related_name="macros")
    team = models.ForeignKey(Team, models.CASCADE, null=True, blank=True, related_name="+")
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    objects = MacroQuerySet.as_manager()

    class Meta:
        ordering = ["name", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["name", "owner", "team"],
                condition=Q(withdrawn_at=None),
                nulls_distinct=False,
                name="one_macro_per_name",
            ),
            models.CheckConstraint(condition=~Q(text="") | ~Q(actions={}), name="macro_says_or_does"),
            models.CheckConstraint(condition=Q(owner=None) | Q(team=None), name="macro_of_one_or_of_a_team"),
        ]

    def __str__(self) -> str:
        return self.name


class PolicyQuerySet(models.QuerySet["Policy"]):
    def standing(self) -> "PolicyQuerySet":
        return self.filter(withdrawn_at=None)


class Policy(models.Model):
    """What we may promise: we can, we may up to a limit and somebody decides beyond it, or we will not.

    `phrases` are words that tell what a sentence is about, one phrase a line. One that was withdrawn can be put back.
    """

    class Standing(models.TextChoices):
        CAN = "can", _("We can")
        MAY = "may", _("We may, up to a limit")
        WONT = "wont", _("We will not")

    name = models.CharField(max_length=80)
    standing = models.CharField(max_length=4, choices=Standing)
    phrases = models.TextField()
    offer = models.TextField(blank=True, help_text="what may be offered, in words for the customer")
    limit = models.CharField(max_length=120, blank=True)
    decides = models.CharField(max_length=120, blank=True, help_text="who decides beyond the limit")
    reason = models.TextField(blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    objects = PolicyQuerySet.as_manager()

    class Meta:
        ordering = ["name", "pk"]
        verbose_name_plural = "policies"
        constraints = [
            models.UniqueConstraint(fields=["name"], condition=Q(withdrawn_at=None), name="one_policy_per_name"),
            models.CheckConstraint(condition=Q(standing__in=["can", "may", "wont"]), name="policy_standing_known"),
            models.CheckConstraint(
                condition=~Q(standing="may") | (~Q(limit="") & ~Q(decides="")), name="may_has_a_limit_and_a_decider"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Mention(models.Model):
    """A note names a colleague, who has not seen it yet or has."""

    note = models.ForeignKey("journeys.Note", models.CASCADE, related_name="mentions")
    journey = models.ForeignKey("journeys.Journey", models.CASCADE, related_name="mentions")
    agent = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    seen_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["note", "agent"], name="one_mention_each")]
        indexes = [models.Index(fields=["agent", "journey"], name="mentions_open", condition=Q(seen_at=None))]

    def __str__(self) -> str:
        return f"{self.agent_id} in {self.note_id}"
