"""Fields that a house adds to people and stories, and what stands in them."""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVector
from django.db import models
from django.db.models import Deferrable, F, Func, Q, Value
from django.utils.translation import gettext_lazy as _

from threadline.accounts.models import Agent, Team
from threadline.accounts.rights import Right
from threadline.core import fields
from threadline.customers.models import Customer

# What search reads: the words of a value, and those between the marks of a link or a number.
VALUE_WORDS = SearchVector(Func(F("value"), Value("@._-+/:"), Value("       "), function="translate"), config="simple")


class FieldQuerySet(models.QuerySet["Field"]):
    def standing(self) -> "FieldQuerySet":
        return self.filter(off_at=None)

    def visible_to(self, agent: Agent) -> "FieldQuerySet":
        """The one door: everybody's, those that ask for a right the agent has, and those of the agent's teams."""
        if not agent.has_access:
            return self.none()
        found = self.filter(Q(right="") | Q(right__in=sorted(agent.rights)))
        return found if agent.sees_every_team else found.filter(Q(team=None) | Q(team__in=agent.running_teams))


class Field(models.Model):
    """Something a house wants to know of every person or story. Never deleted: switched off, it keeps its values.

    `key` is its name in rules and the API and never changes, as `of` and `kind` never do. Without `right` and `team`
    everybody sees it who sees the story or the person.
    """

    class Of(models.TextChoices):
        STORY = "story", _("a story")
        PERSON = "person", _("a person")

    class Kind(models.TextChoices):
        TEXT = "text", _("Text")
        NUMBER = "number", _("Number")
        DATE = "date", _("Date")
        CHOICE = "choice", _("Choice")
        YES_NO = "yes_no", _("Yes or no")
        LINK = "link", _("Link")

    of = models.CharField(max_length=6, choices=Of)
    key = models.CharField(max_length=40)
    name = models.CharField(max_length=60)
    kind = models.CharField(max_length=8, choices=Kind)
    help = models.CharField(max_length=240, blank=True)
    choices = ArrayField(models.CharField(max_length=80), default=list, blank=True)
    in_brief = models.BooleanField(default=True, help_text="shown in the brief, also while it is empty")
    right = models.CharField(max_length=24, choices=Right, blank=True, help_text="who sees it: those with this right")
    team = models.ForeignKey(Team, models.PROTECT, null=True, blank=True, related_name="+")
    place = models.PositiveSmallIntegerField(default=0)
    off_at = models.DateTimeField(null=True, blank=True, help_text="switched off; its values are kept")

    objects = FieldQuerySet.as_manager()

    class Meta:
        ordering = ["of", "place", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["of", "key"], name="one_field_per_key"),
            models.UniqueConstraint(fields=["of", "name"], condition=Q(off_at=None), name="one_field_per_name"),
            models.CheckConstraint(condition=Q(of__in=["story", "person"]), name="field_of_story_or_person"),
            models.CheckConstraint(condition=Q(kind__in=[kind.value for kind in fields.Kind]), name="field_kind_known"),
            models.CheckConstraint(condition=Q(key__regex=r"^[a-z][a-z0-9_]*$"), name="field_key_is_a_name"),
            models.CheckConstraint(condition=~Q(name=""), name="field_has_a_name"),
            models.CheckConstraint(condition=~Q(kind="choice") | ~Q(choices=[]), name="choice_has_choices"),
            models.CheckConstraint(condition=Q(right="") | Q(team=None), name="field_for_a_right_or_a_team"),
        ]

    def __str__(self) -> str:
        return self.name


class FieldValue(models.Model):
    """What stands in a field. It is written where it was said, and counts for whom that has become part of.

    `on_journey` or `on_customer` is where it was said; `journey` or `customer` whom it counts for by now, empty where a
    newer value took its place. So taking apart what was joined brings back what each had. An empty `value` was emptied.
    `number` orders numbers.
    """

    field = models.ForeignKey(Field, models.PROTECT, related_name="values")
    on_journey = models.ForeignKey("journeys.Journey", models.PROTECT, null=True, blank=True, related_name="+")
    on_customer = models.ForeignKey(Customer, models.PROTECT, null=True, blank=True, related_name="+")
    journey = models.ForeignKey("journeys.Journey", models.PROTECT, null=True, blank=True, related_name="field_values")
    customer = models.ForeignKey(Customer, models.PROTECT, null=True, blank=True, related_name="field_values")
    value = models.CharField(max_length=500, blank=True)
    number = models.DecimalField(max_digits=22, decimal_places=6, null=True, blank=True)
    event_id = models.BigIntegerField(help_text="the newest wins")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["field", "on_journey", "on_customer"], nulls_distinct=False, name="one_value_where_it_was_said"
            ),
            models.UniqueConstraint(
                fields=["field", "journey"], deferrable=Deferrable.DEFERRED, name="one_value_counts_for_a_story"
            ),
            models.UniqueConstraint(
                fields=["field", "customer"], deferrable=Deferrable.DEFERRED, name="one_value_counts_for_a_person"
            ),
            models.CheckConstraint(
                condition=Q(on_journey=None, on_customer__isnull=False, journey=None)
                | Q(on_journey__isnull=False, on_customer=None, customer=None),
                name="value_of_a_story_or_a_person",
            ),
        ]
        indexes = [
            models.Index(
                fields=["field", "value", "journey"], name="values_of_stories", condition=Q(journey__isnull=False)
            ),
            models.Index(
                fields=["field", "value", "customer"], name="values_of_people", condition=Q(customer__isnull=False)
            ),
            models.Index(fields=["field", "number"], name="values_in_order", condition=Q(number__isnull=False)),
            GinIndex(VALUE_WORDS, name="value_search"),
        ]

    def __str__(self) -> str:
        return self.value
