"""People, the handles they are known through, and why we think two handles are one person."""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVector
from django.db import models
from django.db.models import F, Func, Q, Value
from django.db.models.functions import Greatest, Least

from threadline.accounts.models import Agent, Decision
from threadline.core.touch import Level
from threadline.lib.versions import Version

LEVELS = [(level.value, level.value) for level in Level]
# What search reads: the words of a name, and those between the marks of an address or a handle.
NAME_WORDS = SearchVector("name", config="simple")
HANDLE_WORDS = SearchVector(Func(F("value"), Value("@._-+"), Value("     "), function="translate"), config="simple")


class Account(models.Model):
    """A company or household: groups customers, never merges them."""

    name = models.CharField(max_length=160)
    kind = models.CharField(max_length=12, choices=[("company", "company"), ("household", "household")])

    def __str__(self) -> str:
        return self.name


class CustomerQuerySet(models.QuerySet["Customer"]):
    def visible_to(self, agent: Agent) -> "CustomerQuerySet":
        """Everybody of ours may look a person up; what was said is guarded by the journeys.

        Who comes from a partner finds only the people whose stories they may see.
        """
        if not agent.has_access:
            return self.none()
        if not agent.is_partner or agent.sees_every_team:
            return self
        theirs = Q(journeys__team__in=agent.running_teams) | Q(journeys__owner=agent)
        return self.filter(pk__in=Customer.objects.filter(theirs).values("pk"))


class Customer(models.Model):
    """A person. The id is that of the interaction that introduced them, so that a replay gives the same one.

    A merged customer stays for ever and points to the one it became part of.
    """

    id = models.BigIntegerField(primary_key=True)
    name = models.CharField(max_length=255, blank=True)
    account = models.ForeignKey(Account, models.SET_NULL, null=True, blank=True, related_name="customers")
    merged_into = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="absorbed")
    since = models.DateTimeField()
    names = ArrayField(models.CharField(max_length=255), default=list, help_text="as seen; an alias starts with ~")
    anchored = models.BooleanField(default=False, help_text="some handle of theirs is personal")
    seen = models.JSONField(default=dict, help_text="brand to the moment of the last touch there; 0 is no brand")
    about = models.JSONField(default=dict, help_text="brand to the words last said there")

    objects = CustomerQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(merged_into=None) | ~Q(merged_into=F("id")), name="customer_not_merged_into_itself"
            )
        ]
        indexes = [
            models.Index(fields=["merged_into"], name="customer_merged", condition=Q(merged_into__isnull=False)),
            GinIndex(NAME_WORDS, name="customer_search"),
        ]

    def __str__(self) -> str:
        return self.name or f"Customer {self.pk}"


class Identity(models.Model):
    """A handle of a customer. A verified or observed one has one owner; the same claim may be made by many."""

    customer = models.ForeignKey(Customer, models.PROTECT, related_name="identities")
    scheme = models.CharField(max_length=24)
    value = models.CharField(max_length=320)
    level = models.CharField(max_length=10, choices=LEVELS)
    shared = models.BooleanField(default=False, help_text="several people use it: it never joins them")
    name = models.CharField(max_length=255, blank=True, help_text="the name last seen with this handle")
    first_seen_at = models.DateTimeField()
    last_seen_at = models.DateTimeField()
    decision = models.ForeignKey(Decision, models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["scheme", "value"], condition=~Q(level="claimed"), name="one_owner_of_a_proven_handle"
            ),
            models.UniqueConstraint(
                fields=["customer", "scheme", "value"], name="one_identity_per_customer_and_handle"
            ),
            models.CheckConstraint(condition=~Q(value="") & ~Q(scheme=""), name="identity_not_empty"),
            models.CheckConstraint(
                condition=Q(level__in=[level.value for level in Level]), name="identity_level_known"
            ),
        ]
        indexes = [
            models.Index(fields=["scheme", "value"], name="identity_lookup"),
            models.Index(fields=["value"], name="identity_prefix", opclasses=["text_pattern_ops"]),
            GinIndex(HANDLE_WORDS, name="identity_search"),
        ]

    def __str__(self) -> str:
        return f"{self.scheme}:{self.value}"


class IdentityLink(models.Model):
    """These two handles are one person, may be, or are not. Append-only: a change of mind supersedes it."""

    class Standing(models.TextChoices):
        SAME = "same"
        SUGGESTED = "suggested"
        APART = "apart"

    left = models.ForeignKey(Identity, models.PROTECT, related_name="links_left")
    right = models.ForeignKey(Identity, models.PROTECT, related_name="links_right")
    standing = models.CharField(max_length=10, choices=Standing)
    bits = models.FloatField(help_text="weight of the evidence: log2 of the odds that both are one person")
    decision = models.ForeignKey(Decision, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    superseded_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(left=F("right")), name="link_joins_two_handles"),
            models.UniqueConstraint(
                Least("left", "right"),
                Greatest("left", "right"),
                condition=Q(superseded_at=None),
                name="one_standing_link_per_pair",
            ),
            models.CheckConstraint(
                condition=Q(standing__in=["same", "suggested", "apart"]), name="link_standing_known"
            ),
        ]
        indexes = [
            models.Index(fields=["right"], name="link_right", condition=Q(superseded_at=None)),
            models.Index(
                fields=["-bits", "-id"], name="link_suggested", condition=Q(standing="suggested", superseded_at=None)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.left_id} {self.standing} {self.right_id}"


class IdentityModel(Version):
    """Weights of recognition that were learned here. The newest not withdrawn is in use; none is ever deleted."""
