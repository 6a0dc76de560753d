"""Rules in versions, what they did and why not, the spans that run, and dry runs.

Stories stand here as plain numbers: a replay builds them anew, and what rules did stays as it was.
"""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class RuleBookQuerySet(models.QuerySet["RuleBook"]):
    def standing(self) -> "RuleBookQuerySet":
        """Those put to use, the one in use first."""
        return self.exclude(used_at=None).order_by("-used_at", "-pk")


class RuleBook(models.Model):
    """One version of all rules. The newest put to use is in use; none is ever changed or deleted after that.

    `document` is as `core.rules.written` writes it. A draft was never put to use; there is one at a time.
    """

    document = models.JSONField()
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    note = models.CharField(max_length=240, blank=True)
    used_at = models.DateTimeField(null=True, blank=True, help_text="put to use; empty for a draft")
    dropped_at = models.DateTimeField(null=True, blank=True, help_text="a draft that nobody wanted")

    objects = RuleBookQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["used_at"],
                condition=Q(used_at=None, dropped_at=None),
                nulls_distinct=False,
                name="one_draft_of_rules",
            ),
        ]

    def __str__(self) -> str:
        return f"rules {self.pk}"


class RuleRun(models.Model):
    """One rule looked at one thing that happened: what came of it, and why.

    `cause` names what happened, so that no rule looks at it twice. `did` are the events of what it did.
    """

    class Verdict(models.TextChoices):
        RAN = "ran", _("It ran")
        PASSES = "passes", _("It did not concern the story")
        FAILS = "fails", _("It went wrong")
        STOPPED = "stopped", _("A guard held it back")

    rule = models.CharField(max_length=40, help_text="its key")
    name = models.CharField(max_length=80)
    book = models.ForeignKey(RuleBook, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    cause = models.CharField(max_length=80)
    journey_id = models.BigIntegerField()
    verdict = models.CharField(max_length=8, choices=Verdict)
    reason = models.TextField()
    did = models.JSONField(default=list, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["rule", "cause"], name="no_rule_twice_on_one_thing"),
            models.CheckConstraint(
                condition=Q(verdict__in=["ran", "passes", "fails", "stopped"]), name="verdict_of_rule_known"
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="rule_run_has_a_reason"),
        ]
        indexes = [
            models.Index(fields=["-at", "-id"], name="rule_runs"),
            models.Index(fields=["rule", "verdict", "-at", "-id"], name="rule_runs_of_rule"),
            models.Index(fields=["journey_id", "-at", "-id"], name="rule_runs_of_story"),
            models.Index(fields=["at"], name="rule_runs_idle", condition=Q(verdict="passes")),
        ]

    def __str__(self) -> str:
        return f"{self.name} at {self.cause}: {self.verdict}"


class RuleTimer(models.Model):
    """The span of one rule in one story: since when it runs, and when it is over. `fired_at`: the rule has looked."""

    rule = models.CharField(max_length=40)
    journey_id = models.BigIntegerField()
    since = models.DateTimeField()
    due_at = models.DateTimeField()
    fired_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["journey_id", "rule"], name="one_span_of_rule_and_story"),
            models.CheckConstraint(condition=Q(due_at__gt=models.F("since")), name="span_of_rule_takes_time"),
        ]
        indexes = [models.Index(fields=["due_at", "id"], name="rule_timer_due", condition=Q(fired_at=None))]

    def __str__(self) -> str:
        return f"{self.rule} in {self.journey_id} at {self.due_at}"


class RulePlace(models.Model):
    """How far the rules have read in the log of events. One row; none while no rule was ever in use."""

    event_id = models.BigIntegerField()

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(id=1), name="one_place_of_rules")]

    def __str__(self) -> str:
        return f"event {self.event_id}"


class RuleTrial(models.Model):
    """A dry run of a version on past traffic, in the worker. Nothing moves."""

    book = models.ForeignKey(RuleBook, models.PROTECT, related_name="trials")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    document = models.JSONField(help_text="the rules as they were when it began")
    days = models.IntegerField()
    stories = models.IntegerField(default=0)
    done = models.IntegerField(default=0)
    told_at = models.DateTimeField(help_text="when it last said how far it is")
    finished_at = models.DateTimeField(null=True, blank=True)
    failed = models.TextField(blank=True)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(days__range=(1, 90)), name="trial_of_1_to_90_days")]

    def __str__(self) -> str:
        return f"trial {self.pk}"


class RuleFinding(models.Model):
    """A rule would have run on this story at that time, because …"""

    trial = models.ForeignKey(RuleTrial, models.CASCADE, related_name="findings")
    rule = models.CharField(max_length=40)
    name = models.CharField(max_length=80)
    journey_id = models.BigIntegerField()
    at = models.DateTimeField()
    verdict = models.CharField(max_length=8, choices=RuleRun.Verdict)
    reason = models.TextField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(verdict__in=["ran", "fails"]), name="finding_ran_or_failed"),
        ]
        indexes = [models.Index(fields=["trial", "-at", "-id"], name="findings_of_trial")]

    def __str__(self) -> str:
        return f"{self.name} in {self.journey_id}"
