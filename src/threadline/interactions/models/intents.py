"""The tree of what customers want, in versions: each with its examples, what was learned from them, and how well."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q


class IntentTree(models.Model):
    """One version. The one put to use last and not withdrawn is in use; none is ever deleted.

    A draft is a version that was never put to use: people change its intents, and `changes` remembers what each change
    was and how the intents it touched were before, so that it can be taken back. `drafted_from` is the version that was
    in use then; empty if it was the tree that comes with Threadline.
    `report` holds, as `core.understanding.intents.Trained` measured it: accuracy, unsure, outside_caught, and for each
    intent texts, precision, recall, unsure and the examples that were taken for another. Of a draft it also tells how
    far trying it is (`progress`, `told_at`), why that failed (`failed`), or what would change (`preview`).
    """

    version = models.CharField(max_length=80, unique=True)
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    note = models.CharField(max_length=240, blank=True)
    encoder = models.CharField(max_length=120)
    learned = models.BinaryField(null=True, help_text="as core.understanding.intents.IntentModel writes itself")
    report = models.JSONField(default=dict, blank=True)
    changes = models.JSONField(default=list, blank=True)
    drafted_from = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="+")
    used_at = models.DateTimeField(null=True, blank=True, help_text="put to use; empty for a draft")
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(used_at=None) | Q(learned__isnull=False), name="only_what_was_learned_is_in_use"
            ),
            models.UniqueConstraint(
                fields=["used_at"],
                condition=Q(used_at=None, withdrawn_at=None),
                nulls_distinct=False,
                name="one_draft_of_intents",
            ),
        ]

    def __str__(self) -> str:
        return self.version


class Intent(models.Model):
    """One thing that customers want. One without a name holds texts that are none of the tree's."""

    tree = models.ForeignKey(IntentTree, models.PROTECT, related_name="intents")
    name = models.CharField(max_length=120, blank=True)
    parent = models.CharField(max_length=120, blank=True, help_text="its group")
    examples = ArrayField(models.TextField(), default=list, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["tree", "name"], name="one_intent_per_name"),
            models.CheckConstraint(condition=~Q(name="") | Q(parent=""), name="outside_has_no_group"),
        ]

    def __str__(self) -> str:
        return self.name
