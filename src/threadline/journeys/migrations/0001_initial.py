import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("accounts", "0001_initial"),
        ("accounts", "__first__"),
        ("channels", "0001_initial"),
        ("customers", "0001_initial"),
        ("interactions", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Meaning",
            fields=[
                (
                    "interaction",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="meaning",
                        serialize=False,
                        to="interactions.interaction",
                    ),
                ),
                ("vector", models.BinaryField(null=True)),
                ("intent", models.CharField(blank=True, max_length=120)),
            ],
        ),
        migrations.CreateModel(
            name="StitchingModel",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("version", models.CharField(max_length=80, unique=True)),
                ("at", models.DateTimeField()),
                ("weights", models.JSONField(help_text="as the model writes itself")),
                ("withdrawn_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Journey",
            fields=[
                ("id", models.BigIntegerField(primary_key=True, serialize=False)),
                (
                    "status",
                    models.CharField(
                        choices=[("open", "Open"), ("waiting", "Waiting"), ("snoozed", "Snoozed"), ("done", "Done")],
                        max_length=8,
                    ),
                ),
                ("intent", models.CharField(blank=True, max_length=120)),
                ("stage", models.CharField(blank=True, max_length=120)),
                ("outcome", models.CharField(blank=True, max_length=120)),
                ("waiting_since", models.DateTimeField(blank=True, null=True)),
                ("wake_at", models.DateTimeField(blank=True, null=True)),
                ("closed_at", models.DateTimeField(blank=True, null=True)),
                ("opened_at", models.DateTimeField()),
                ("last_at", models.DateTimeField()),
                (
                    "ruled_at",
                    models.DateTimeField(blank=True, help_text="an agent last said that it is not our turn", null=True),
                ),
                (
                    "settled_at",
                    models.DateTimeField(blank=True, help_text="the later of that and our last answer", null=True),
                ),
                (
                    "due_at",
                    models.DateTimeField(
                        blank=True, help_text="the promise that falls due next, or fell due first", null=True
                    ),
                ),
                ("title", models.CharField(blank=True, help_text="the customer's own words", max_length=160)),
                ("complained", models.BooleanField(default=False, help_text="the title is the first complaint")),
                ("last_text", models.CharField(blank=True, max_length=240)),
                ("last_direction", models.CharField(max_length=5)),
                (
                    "channels",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=24),
                        default=list,
                        help_text="kind, or kind+public, in order",
                        size=None,
                    ),
                ),
                ("touches", models.IntegerField(default=0)),
                ("memory", models.JSONField(default=dict, help_text="what stitching remembers of it")),
                (
                    "to_place",
                    models.BooleanField(default=True, help_text="the routing rules have not looked at it yet"),
                ),
                (
                    "brand",
                    models.ForeignKey(
                        blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, to="channels.brand"
                    ),
                ),
                (
                    "customer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="journeys", to="customers.customer"
                    ),
                ),
                (
                    "joined_into",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="joined",
                        to="journeys.journey",
                    ),
                ),
                (
                    "owner",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="journeys",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "team",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="journeys",
                        to="accounts.team",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("joined_into", None), ("status", "open")),
                        fields=["waiting_since", "id"],
                        include=("customer", "owner", "team", "intent", "channels"),
                        name="queue_open",
                    ),
                    models.Index(
                        condition=models.Q(("joined_into", None), ("status", "open")),
                        fields=["owner", "waiting_since", "id"],
                        name="queue_mine",
                    ),
                    models.Index(
                        condition=models.Q(("joined_into", None), ("owner", None), ("status", "open")),
                        fields=["waiting_since", "id"],
                        name="queue_nobodys",
                    ),
                    models.Index(
                        condition=models.Q(("joined_into", None), ("status", "open")),
                        fields=["team", "waiting_since", "id"],
                        name="queue_team",
                    ),
                    models.Index(
                        condition=models.Q(("due_at__isnull", False), ("joined_into", None), ("status", "open")),
                        fields=["due_at", "id"],
                        name="queue_due",
                    ),
                    models.Index(
                        condition=models.Q(("joined_into", None)),
                        fields=["status", "-last_at", "-id"],
                        name="queue_rest",
                    ),
                    models.Index(
                        condition=models.Q(
                            ("joined_into", None),
                            ("owner", None),
                            ("status", "open"),
                            ("team", None),
                            ("to_place", True),
                        ),
                        fields=["waiting_since", "id"],
                        name="queue_to_place",
                    ),
                    models.Index(condition=models.Q(("status", "snoozed")), fields=["wake_at"], name="queue_asleep"),
                    models.Index(fields=["customer", "-last_at"], name="journeys_of_customer"),
                    models.Index(condition=models.Q(("joined_into", None)), fields=["last_at"], name="journeys_lively"),
                    models.Index(
                        condition=models.Q(("joined_into", None), ("status", "done")),
                        fields=["closed_at"],
                        name="journeys_finished",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("status__in", ["open", "waiting", "snoozed", "done"])),
                        name="journey_status_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("status", "open"), _negated=True),
                            ("waiting_since__isnull", False),
                            _connector="OR",
                        ),
                        name="our_turn_has_a_clock",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("status__in", ["waiting", "done"]), _negated=True),
                            ("waiting_since", None),
                            _connector="OR",
                        ),
                        name="their_turn_has_no_clock",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("status", "snoozed"), ("wake_at__isnull", False)),
                            models.Q(models.Q(("status", "snoozed"), _negated=True), ("wake_at", None)),
                            _connector="OR",
                        ),
                        name="asleep_until_a_moment",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("joined_into", None),
                            models.Q(("joined_into", models.F("id")), _negated=True),
                            _connector="OR",
                        ),
                        name="journey_not_joined_into_itself",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("last_at__lt", models.F("opened_at")), _negated=True),
                        name="journey_ends_after_it_began",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Draft",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("text", models.TextField(blank=True)),
                ("way", models.CharField(blank=True, max_length=40)),
                ("cc", models.CharField(blank=True, max_length=2000)),
                ("plain", models.BooleanField(default=False)),
                (
                    "files",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.BigIntegerField(), blank=True, default=list, size=None
                    ),
                ),
                (
                    "macros",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.BigIntegerField(), blank=True, default=list, size=None
                    ),
                ),
                ("seen", models.BigIntegerField(default=0)),
                ("then", models.CharField(blank=True, max_length=12)),
                ("send_at", models.DateTimeField(blank=True, null=True)),
                ("trouble", models.TextField(blank=True)),
                ("begun_at", models.DateTimeField()),
                ("changed_at", models.DateTimeField()),
                (
                    "agent",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "journey",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="drafts",
                        to="journeys.journey",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(condition=models.Q(("send_at__isnull", False)), fields=["send_at"], name="draft_due")
                ],
                "constraints": [models.UniqueConstraint(fields=("journey", "agent"), name="one_draft_each")],
            },
        ),
        migrations.CreateModel(
            name="Macro",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=60)),
                ("text", models.TextField(blank=True)),
                ("actions", models.JSONField(blank=True, default=dict)),
                ("withdrawn_at", models.DateTimeField(blank=True, null=True)),
                (
                    "owner",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="macros",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "team",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="accounts.team",
                    ),
                ),
            ],
            options={
                "ordering": ["name", "pk"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("withdrawn_at", None)),
                        fields=("name", "owner", "team"),
                        name="one_macro_per_name",
                        nulls_distinct=False,
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("text", ""), _negated=True),
                            models.Q(("actions", {}), _negated=True),
                            _connector="OR",
                        ),
                        name="macro_says_or_does",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("owner", None), ("team", None), _connector="OR"),
                        name="macro_of_one_or_of_a_team",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Membership",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField()),
                ("superseded_at", models.DateTimeField(blank=True, null=True)),
                (
                    "decision",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.decision"
                    ),
                ),
                (
                    "interaction",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="memberships",
                        to="interactions.interaction",
                    ),
                ),
                (
                    "journey",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="memberships", to="journeys.journey"
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("superseded_at", None)), fields=["journey", "interaction"], name="members"
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("superseded_at", None)),
                        fields=("interaction",),
                        name="one_journey_at_a_time",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Note",
            fields=[
                ("id", models.BigIntegerField(primary_key=True, serialize=False)),
                ("text", models.TextField()),
                ("at", models.DateTimeField()),
                (
                    "agent",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "journey",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="notes", to="journeys.journey"
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["journey", "at"], name="notes_of_journey")],
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("text", ""), _negated=True), name="note_not_empty")
                ],
            },
        ),
        migrations.CreateModel(
            name="Mention",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("seen_at", models.DateTimeField(blank=True, null=True)),
                (
                    "agent",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "journey",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="mentions", to="journeys.journey"
                    ),
                ),
                (
                    "note",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="mentions", to="journeys.note"
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("seen_at", None)), fields=["agent", "journey"], name="mentions_open"
                    )
                ],
                "constraints": [models.UniqueConstraint(fields=("note", "agent"), name="one_mention_each")],
            },
        ),
        migrations.CreateModel(
            name="Onlooker",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("seen_at", models.DateTimeField()),
                ("wrote_at", models.DateTimeField(blank=True, null=True)),
                (
                    "agent",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "journey",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="journeys.journey",
                    ),
                ),
            ],
            options={
                "verbose_name_plural": "onlookers",
                "indexes": [models.Index(fields=["seen_at"], name="onlooker_old")],
                "constraints": [models.UniqueConstraint(fields=("journey", "agent"), name="one_onlooker_each")],
            },
        ),
        migrations.CreateModel(
            name="Policy",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=80)),
                (
                    "standing",
                    models.CharField(
                        choices=[("can", "We can"), ("may", "We may, up to a limit"), ("wont", "We will not")],
                        max_length=4,
                    ),
                ),
                ("phrases", models.TextField()),
                ("offer", models.TextField(blank=True, help_text="what may be offered, in words for the customer")),
                ("limit", models.CharField(blank=True, max_length=120)),
                ("decides", models.CharField(blank=True, help_text="who decides beyond the limit", max_length=120)),
                ("reason", models.TextField(blank=True)),
                ("withdrawn_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "verbose_name_plural": "policies",
                "ordering": ["name", "pk"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("withdrawn_at", None)), fields=("name",), name="one_policy_per_name"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("standing__in", ["can", "may", "wont"])), name="policy_standing_known"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("standing", "may"), _negated=True),
                            models.Q(models.Q(("limit", ""), _negated=True), models.Q(("decides", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="may_has_a_limit_and_a_decider",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="PromiseBook",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("since", models.DateTimeField()),
                ("book", models.JSONField()),
                ("words", models.CharField(help_text="what was changed", max_length=200)),
                (
                    "agent",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "undoes",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="undone_by",
                        to="journeys.promisebook",
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["since"], name="promises_since")],
            },
        ),
        migrations.CreateModel(
            name="Clock",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[("first", "First"), ("next", "Next"), ("resolution", "Resolution")], max_length=10
                    ),
                ),
                ("promise", models.CharField(help_text="its key in the book", max_length=40)),
                ("channel", models.CharField(help_text="the kind of channel they asked on", max_length=24)),
                ("started_at", models.DateTimeField()),
                ("due_at", models.DateTimeField()),
                ("warn_at", models.DateTimeField()),
                ("opens_at", models.DateTimeField(blank=True, null=True)),
                ("paused_at", models.DateTimeField(blank=True, null=True)),
                ("left", models.DurationField(blank=True, null=True)),
                ("met_at", models.DateTimeField(blank=True, null=True)),
                ("took", models.DurationField(blank=True, null=True)),
                ("warned_at", models.DateTimeField(blank=True, null=True)),
                ("broken_at", models.DateTimeField(blank=True, null=True)),
                ("told_at", models.DateTimeField(blank=True, null=True)),
                ("next_at", models.DateTimeField(blank=True, null=True)),
                (
                    "brand",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="channels.brand",
                    ),
                ),
                (
                    "team",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.team",
                    ),
                ),
                (
                    "journey",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="clocks", to="journeys.journey"
                    ),
                ),
                (
                    "book",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="journeys.promisebook"
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(condition=models.Q(("next_at__isnull", False)), fields=["next_at"], name="clock_next"),
                    models.Index(fields=["journey", "started_at"], name="clocks_of_journey"),
                    models.Index(condition=models.Q(("kind", "first")), fields=["started_at"], name="clock_first"),
                    models.Index(
                        condition=models.Q(("met_at", None), ("opens_at__isnull", False), ("told_at", None)),
                        fields=["opens_at"],
                        name="clock_untold",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["first", "next", "resolution"])), name="clock_kind_known"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("broken_at", None), ("broken_at", models.F("due_at")), _connector="OR"),
                        name="broken_when_due",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("met_at", None), ("took__isnull", False), _connector="OR"),
                        name="met_clock_took_time",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("paused_at", None), ("left__isnull", False), _connector="OR"),
                        name="paused_clock_has_left",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("due_at__lt", models.F("started_at")), _negated=True),
                        name="clock_due_after_its_start",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("kind", "resolution")), fields=("journey",), name="one_clock_of_the_matter"
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("kind__in", ["first", "next"]), ("met_at", None)),
                        fields=("journey",),
                        name="one_clock_of_the_wait",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="RoutingPolicy",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("document", models.JSONField()),
                ("at", models.DateTimeField()),
                ("note", models.CharField(blank=True, max_length=240)),
                ("used_at", models.DateTimeField(blank=True, help_text="put to use; empty for a draft", null=True)),
                ("withdrawn_at", models.DateTimeField(blank=True, null=True)),
                (
                    "by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name_plural": "routing policies",
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("used_at", None), ("withdrawn_at", None)),
                        fields=("used_at",),
                        name="one_draft_of_routing",
                        nulls_distinct=False,
                    )
                ],
            },
        ),
    ]
