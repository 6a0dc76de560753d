"""Views of the queue that somebody keeps under a name, the order each agent likes them in, and work on many stories.

None of them is told by touches: they survive a replay as they are, and name journeys by plain numbers.
"""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, OuterRef, Q, Subquery

from threadline.accounts.models import Agent, Team
from threadline.accounts.rights import Right


class SavedViewQuerySet(models.QuerySet["SavedView"]):
    def standing(self) -> "SavedViewQuerySet":
        return self.filter(withdrawn_at=None)

    def visible_to(self, agent: Agent) -> "SavedViewQuerySet":
        """The agent's own, those of their teams, and everybody's; nobody sees others' own."""
        own = Q(owner=agent) | Q(team__in=agent.running_teams)
        return self.filter(own if agent.is_partner else own | Q(owner=None, team=None))

    def changeable_by(self, agent: Agent) -> "SavedViewQuerySet":
        """One's own and those of one's teams; everybody's are for who may set up the work."""
        found = self.visible_to(agent)
        return found if agent.may(Right.WORK) else found.exclude(owner=None, team=None)

    def as_liked_by(self, agent: Agent) -> "SavedViewQuerySet":
        """Those the agent has put somewhere first, in that order; then the others by name."""
        place = ViewPlace.objects.filter(agent=agent, view=OuterRef("pk")).values("place")[:1]
        return self.alias(place=Subquery(place)).order_by(F("place").asc(nulls_last=True), "name", "pk")


class SavedView(models.Model):
    """A part of the queue under a name. Without `owner` and `team` it is everybody's.

    `filters` is what `desk.queries.queue.filters` reads: a view that is always there and what narrows it. One that
    was put away can be put back.
    """

    name = models.CharField(max_length=60)
    filters = models.JSONField(default=dict)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, null=True, blank=True, related_name="views")
    team = models.ForeignKey(Team, models.CASCADE, null=True, blank=True, related_name="+")
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    objects = SavedViewQuerySet.as_manager()

    class Meta:
        ordering = ["name", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["name", "owner", "team"],
                condition=Q(withdrawn_at=None),
                nulls_distinct=False,
                name="one_view_per_name",
            ),
            models.CheckConstraint(condition=Q(owner=None) | Q(team=None), name="view_of_one_or_of_a_team"),
            models.CheckConstraint(condition=~Q(name=""), name="view_has_a_name"),
        ]

    def __str__(self) -> str:
        return self.name


class ViewPlace(models.Model):
    """Where in their own list one agent likes a view to stand, shared ones too."""

    agent = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    view = models.ForeignKey(SavedView, models.CASCADE, related_name="+")
    place = models.PositiveSmallIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["agent", "view"], name="one_place_of_a_view")]

    def __str__(self) -> str:
        return f"{self.view_id} at {self.place} for {self.agent_id}"


class BulkRun(models.Model):
    """One thing that an agent does to many stories: how far it is, what it recorded, what could not be done and why.

    `what` and `how` name the action; `stories` are worked off in order and `handled` counts them. `events` are those
    it recorded, `refused` pairs of story and reason. `undoes` is the run that this one takes back, and `stories` then
    are those in which something is taken back.
    """

    class What(models.TextChoices):
        ASSIGN = "assign"
        SNOOZE = "snooze"
        WAIT = "wait"
        DONE = "done"
        INTENT = "intent"
        MACRO = "macro"
        UNDO = "undo"

    agent = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    what = models.CharField(max_length=8, choices=What)
    how = models.JSONField(default=dict)
    stories = ArrayField(models.BigIntegerField())
    handled = models.PositiveIntegerField(default=0)
    events = ArrayField(models.BigIntegerField(), default=list)
    refused = models.JSONField(default=list)
    began_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    undoes = models.OneToOneField("self", models.PROTECT, null=True, blank=True, related_name="undone_by")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(what__in=["assign", "snooze", "wait", "done", "intent", "macro", "undo"]),
                name="bulk_run_known",
            ),
            models.CheckConstraint(
                condition=Q(what="undo", undoes__isnull=False) | (~Q(what="undo") & Q(undoes=None)),
                name="bulk_undo_names_a_run",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.what} of {len(self.stories)} stories"

    @property
    def changed(self) -> int:
        """How many stories it did something to."""
        return self.handled - len(self.refused)
