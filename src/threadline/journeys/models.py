"""The unit of work: one experience of one customer around one intent, and which interactions belong to it."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVector, SearchVectorField
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Left

from threadline.accounts.models import Agent, Decision, Team
from threadline.channels.models import Brand
from threadline.customers.models import Customer
from threadline.interactions.models import Interaction
from threadline.lib.versions import Version

SUPERVISOR = "supervisor demanded"


class JourneyQuerySet(models.QuerySet["Journey"]):
    def visible_to(self, agent: Agent) -> "JourneyQuerySet":
        """The one door: stories of a restricted team are for its members, their owner and those who see every team.

        Who comes from a partner sees their team's stories and those handed to them, and nothing after its last day.
        """
        if not agent.has_access:
            return self.none()
        if agent.sees_every_team:
            return self
        own = Q(team__in=agent.running_teams) | Q(owner=agent)
        return self.filter(own if agent.is_partner else own | Q(team=None) | Q(team__restricted=False))

    def standing(self) -> "JourneyQuerySet":
        """Without those that were joined into another one."""
        return self.filter(joined_into=None)

    def due_to_wake(self, now: object) -> "JourneyQuerySet":
        return self.filter(status=Journey.Status.SNOOZED, wake_at__lte=now)


class Journey(models.Model):
    """One experience of one customer. A channel belongs to an interaction, never to a journey.

    The id is that of the interaction that opened it; a journey made by an agent takes its number from the same
    sequence. A journey joined into another stays for ever and points there. `waiting_since` is the one clock of the
    customer's wait, over all channels. The columns from `opened_at` on are kept with each touch, so that lists need
    no other table.
    """

    class Status(models.TextChoices):
        OPEN = "open"
        WAITING = "waiting"
        SNOOZED = "snoozed"
        DONE = "done"

    id = models.BigIntegerField(primary_key=True)
    customer = models.ForeignKey(Customer, models.PROTECT, related_name="journeys")
    brand = models.ForeignKey(Brand, models.PROTECT, null=True, blank=True)
    status = models.CharField(max_length=8, choices=Status)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="journeys")
    team = models.ForeignKey(Team, models.PROTECT, null=True, blank=True, related_name="journeys")
    intent = models.CharField(max_length=120, blank=True)
    stage = models.CharField(max_length=120, blank=True)
    outcome = models.CharField(max_length=120, blank=True)
    waiting_since = models.DateTimeField(null=True, blank=True)
    wake_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    joined_into = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="joined")

    opened_at = models.DateTimeField()
    last_at = models.DateTimeField()
    ruled_at = models.DateTimeField(null=True, blank=True, help_text="an agent last said that it is not our turn")
    settled_at = models.DateTimeField(null=True, blank=True, help_text="the later of that and our last answer")
    due_at = models.DateTimeField(null=True, blank=True, help_text="the promise that falls due next, or fell due first")
    title = models.CharField(max_length=160, blank=True, help_text="the customer's own words")
    complained = models.BooleanField(default=False, help_text="the title is the first complaint")
    last_text = models.CharField(max_length=240, blank=True)
    last_direction = models.CharField(max_length=5)
    channels = ArrayField(models.CharField(max_length=24), default=list, help_text="kind, or kind+public, in order")
    touches = models.IntegerField(default=0)
    language = models.CharField(max_length=8, blank=True, help_text="in which they last spoke")
    mood = models.CharField(max_length=10, blank=True, help_text="how they last spoke: a question, a complaint, praise")
    memory = models.JSONField(default=dict, help_text="what stitching remembers of it")
    to_place = models.BooleanField(default=True, help_text="the routing rules have not looked at it yet")

    objects = JourneyQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(status__in=["open", "waiting", "snoozed", "done"]), name="journey_status_known"
            ),
            models.CheckConstraint(
                condition=~Q(status="open") | Q(waiting_since__isnull=False), name="our_turn_has_a_clock"
            ),
            models.CheckConstraint(
                condition=~Q(status__in=["waiting", "done"]) | Q(waiting_since=None), name="their_turn_has_no_clock"
            ),
            models.CheckConstraint(
                condition=Q(status="snoozed", wake_at__isnull=False) | (~Q(status="snoozed") & Q(wake_at=None)),
                name="asleep_until_a_moment",
            ),
            models.CheckConstraint(
                condition=Q(joined_into=None) | ~Q(joined_into=F("id")), name="journey_not_joined_into_itself"
            ),
            models.CheckConstraint(condition=~Q(last_at__lt=F("opened_at")), name="journey_ends_after_it_began"),
        ]
        indexes = [
            models.Index(
                fields=["waiting_since", "id"],
                # The wallboard and the counts of saved views read nothing else.
                include=["customer", "owner", "team", "intent", "channels", "due_at", "language", "mood"],
                name="queue_open",
                condition=Q(status="open", joined_into=None),
            ),
            models.Index(
                fields=["owner", "waiting_since", "id"], name="queue_mine", condition=Q(status="open", joined_into=None)
            ),
            models.Index(
                fields=["waiting_since", "id"],
                name="queue_nobodys",
                condition=Q(status="open", joined_into=None, owner=None),
            ),
            models.Index(
                fields=["team", "waiting_since", "id"], name="queue_team", condition=Q(status="open", joined_into=None)
            ),
            models.Index(
                fields=["due_at", "id"],
                name="queue_due",
                condition=Q(status="open", joined_into=None, due_at__isnull=False),
            ),
            models.Index(fields=["status", "-last_at", "-id"], name="queue_rest", condition=Q(joined_into=None)),
            models.Index(
                fields=["waiting_since", "id"],
                name="queue_to_place",
                condition=Q(status="open", joined_into=None, team=None, owner=None, to_place=True),
            ),
            models.Index(fields=["wake_at"], name="queue_asleep", condition=Q(status="snoozed")),
            models.Index(
                fields=["owner", "status", "-last_at", "-id"],
                name="queue_of_owner",
                condition=Q(joined_into=None, owner__isnull=False),
            ),
            models.Index(fields=["customer", "-last_at"], name="journeys_of_customer"),
            models.Index(fields=["last_at"], name="journeys_lively", condition=Q(joined_into=None)),
            models.Index(fields=["closed_at"], name="journeys_finished", condition=Q(status="done", joined_into=None)),
        ]

    def __str__(self) -> str:
        return f"journey {self.pk}"


class Membership(models.Model):
    """This interaction belongs to this journey, because … Never edited: a change of mind supersedes it."""

    interaction = models.ForeignKey(Interaction, models.PROTECT, related_name="memberships")
    journey = models.ForeignKey(Journey, models.PROTECT, related_name="memberships")
    decision = models.ForeignKey(Decision, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    superseded_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["interaction"], condition=Q(superseded_at=None), name="one_journey_at_a_time"
            ),
        ]
        indexes = [
            models.Index(fields=["journey", "interaction"], name="members", condition=Q(superseded_at=None)),
        ]

    def __str__(self) -> str:
        return f"{self.interaction_id} in {self.journey_id}"


class Meaning(models.Model):
    """What stitching read in one touch, kept so that it need not be read again when people move touches.

    `vector` is half precision, as `core.stitching.vectors.packed` writes it. Touches that mean nothing have no row.
    """

    interaction = models.OneToOneField(Interaction, models.PROTECT, primary_key=True, related_name="meaning")
    vector = models.BinaryField(null=True)
    intent = models.CharField(max_length=120, blank=True)

    def __str__(self) -> str:
        return f"meaning of {self.interaction_id}"


class StitchingModel(Version):
    """Weights of stitching that were learned here. The newest not withdrawn is in use; none is ever deleted."""


class Note(models.Model):
    """What an agent or a rule wrote for colleagues on a journey. The id is that of the event that recorded it."""

    id = models.BigIntegerField(primary_key=True)
    journey = models.ForeignKey(Journey, models.PROTECT, related_name="notes")
    agent = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    rule = models.CharField(max_length=80, blank=True, help_text="the rule that wrote it, where no agent did")
    text = models.TextField()
    at = models.DateTimeField()
    search = models.GeneratedField(
        expression=SearchVector(Left("text", 100_000), config="simple"),
        output_field=SearchVectorField(),
        db_persist=True,
    )

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(text=""), name="note_not_empty"),
            models.CheckConstraint(condition=Q(agent=None) ^ Q(rule=""), name="note_by_an_agent_or_a_rule"),
        ]
        indexes = [
            models.Index(fields=["journey", "at"], name="notes_of_journey"),
            GinIndex(fields=["search"], name="note_search"),
        ]

    def __str__(self) -> str:
        return self.text


class RoutingPolicyQuerySet(models.QuerySet["RoutingPolicy"]):
    def standing(self) -> "RoutingPolicyQuerySet":
        """Those put to use, the one in use first."""
        return self.filter(withdrawn_at=None).exclude(used_at=None).order_by("-used_at", "-pk")


class RoutingPolicy(models.Model):
    """One version of the rules of routing. The newest put to use and not withdrawn is in use; none is ever deleted.

    `document` is a policy as `core.routing.written` writes it. A draft was never put to use; there is one at a time.
    """

    document = models.JSONField()
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    note = models.CharField(max_length=240, blank=True)
    used_at = models.DateTimeField(null=True, blank=True, help_text="put to use; empty for a draft")
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    objects = RoutingPolicyQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "routing policies"
        constraints = [
            models.UniqueConstraint(
                fields=["used_at"],
                condition=Q(used_at=None, withdrawn_at=None),
                nulls_distinct=False,
                name="one_draft_of_routing",
            ),
        ]

    def __str__(self) -> str:
        return f"routing {self.pk}"


class PromiseBook(models.Model):
    """One version of all calendars and promises. The newest holds; none is edited, so old clocks stay as they were.

    `book` is as `core.promises.written` writes it.
    """

    since = models.DateTimeField()
    book = models.JSONField()
    agent = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    words = models.CharField(max_length=200, help_text="what was changed")
    undoes = models.OneToOneField("self", models.PROTECT, null=True, blank=True, related_name="undone_by")

    class Meta:
        indexes = [models.Index(fields=["since"], name="promises_since")]

    def __str__(self) -> str:
        return f"{self.pk}: {self.words}"


class Clock(models.Model):
    """A promise being kept, in working time. Told from the touches and what agents said; a replay tells it anew.

    `left` and `took` are working time; `opens_at` is set where it started while we were closed; `next_at` is when
    there is something to do: warn, then say that it is broken. `told_at`: an automatic answer said what to expect.
    """

    class Kind(models.TextChoices):
        FIRST = "first"
        NEXT = "next"
        RESOLUTION = "resolution"

    journey = models.ForeignKey(Journey, models.PROTECT, related_name="clocks")
    kind = models.CharField(max_length=10, choices=Kind)
    promise = models.CharField(max_length=40, help_text="its key in the book")
    book = models.ForeignKey(PromiseBook, models.PROTECT, related_name="+")
    channel = models.CharField(max_length=24, help_text="the kind of channel they asked on")
    team = models.ForeignKey(Team, models.PROTECT, null=True, blank=True, related_name="+")
    brand = models.ForeignKey(Brand, models.PROTECT, null=True, blank=True, related_name="+")
    started_at = models.DateTimeField()
    due_at = models.DateTimeField()
    warn_at = models.DateTimeField()
    opens_at = models.DateTimeField(null=True, blank=True)
    paused_at = models.DateTimeField(null=True, blank=True)
    left = models.DurationField(null=True, blank=True)
    met_at = models.DateTimeField(null=True, blank=True)
    took = models.DurationField(null=True, blank=True)
    warned_at = models.DateTimeField(null=True, blank=True)
    broken_at = models.DateTimeField(null=True, blank=True)
    told_at = models.DateTimeField(null=True, blank=True)
    next_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=["first", "next", "resolution"]), name="clock_kind_known"),
            models.CheckConstraint(condition=Q(broken_at=None) | Q(broken_at=F("due_at")), name="broken_when_due"),
            models.CheckConstraint(condition=Q(met_at=None) | Q(took__isnull=False), name="met_clock_took_time"),
            models.CheckConstraint(condition=Q(paused_at=None) | Q(left__isnull=False), name="paused_clock_has_left"),
            models.CheckConstraint(condition=~Q(due_at__lt=F("started_at")), name="clock_due_after_its_start"),
            models.UniqueConstraint(fields=["journey"], condition=Q(kind="resolution"), name="one_clock_of_the_matter"),
            models.UniqueConstraint(
                fields=["journey"], condition=Q(kind__in=["first", "next"], met_at=None), name="one_clock_of_the_wait"
            ),
        ]
        indexes = [
            models.Index(fields=["next_at"], name="clock_next", condition=Q(next_at__isnull=False)),
            models.Index(fields=["journey", "started_at"], name="clocks_of_journey"),
            models.Index(fields=["started_at"], name="clock_first", condition=Q(kind="first")),
            models.Index(
                fields=["opens_at"], name="clock_untold", condition=Q(opens_at__isnull=False, met_at=None, told_at=None)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} of {self.journey_id}, due {self.due_at}"


from threadline.journeys.fields.models import Field, FieldValue  # noqa: E402
from threadline.journeys.notices.models import Cause, Mute, Notice, NoticeSend, PushBrowser, PushKey, Wishes  # noqa: E402
from threadline.journeys.reaching.models import ChannelPlan, Consent  # noqa: E402
from threadline.journeys.rules.models import (  # noqa: E402
    RuleBook,
    RuleFinding,
    RulePlace,
    RuleRun,
    RuleTimer,
    RuleTrial,
)
from threadline.journeys.saved import BulkRun, SavedView, ViewPlace  # noqa: E402
from threadline.journeys.writing import Draft, Macro, Mention, Onlooker, Policy  # noqa: E402

__all__ = [
    "BulkRun",
    "Cause",
    "ChannelPlan",
    "Clock",
    "Consent",
    "Draft",
    "Field",
    "FieldValue",
    "Journey",
    "JourneyQuerySet",
    "Macro",
    "Meaning",
    "Membership",
    "Mention",
    "Mute",
    "Note",
    "Notice",
    "NoticeSend",
    "Onlooker",
    "Policy",
    "PromiseBook",
    "PushBrowser",
    "PushKey",
    "RuleBook",
    "RuleFinding",
    "RulePlace",
    "RuleRun",
    "RuleTimer",
    "RuleTrial",
    "SavedView",
    "StitchingModel",
    "ViewPlace",
    "Wishes",
]
