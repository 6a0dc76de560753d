import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0004_density"),
        ("accounts", "__first__"),
        ("channels", "0001_initial"),
        ("customers", "0002_append_only"),
        ("journeys", "0003_onlookers"),
    ]

    operations = [
        migrations.CreateModel(
            name="BulkRun",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "what",
                    models.CharField(
                        choices=[
                            ("assign", "Assign"),
                            ("snooze", "Snooze"),
                            ("wait", "Wait"),
                            ("done", "Done"),
                            ("intent", "Intent"),
                            ("macro", "Macro"),
                            ("undo", "Undo"),
                        ],
                        max_length=8,
                    ),
                ),
                ("how", models.JSONField(default=dict)),
                ("stories", django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), size=None)),
                ("handled", models.PositiveIntegerField(default=0)),
                (
                    "events",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.BigIntegerField(), default=list, size=None
                    ),
                ),
                ("refused", models.JSONField(default=list)),
                ("began_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
                (
                    "agent",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "undoes",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="undone_by",
                        to="journeys.bulkrun",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("what__in", ["assign", "snooze", "wait", "done", "intent", "macro", "undo"])
                        ),
                        name="bulk_run_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("undoes__isnull", False), ("what", "undo")),
                            models.Q(models.Q(("what", "undo"), _negated=True), ("undoes", None)),
                            _connector="OR",
                        ),
                        name="bulk_undo_names_a_run",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="SavedView",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=60)),
                ("filters", models.JSONField(default=dict)),
                ("withdrawn_at", models.DateTimeField(blank=True, null=True)),
                (
                    "owner",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="views",
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
                        name="one_view_per_name",
                        nulls_distinct=False,
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("owner", None), ("team", None), _connector="OR"),
                        name="view_of_one_or_of_a_team",
                    ),
                    models.CheckConstraint(condition=models.Q(("name", ""), _negated=True), name="view_has_a_name"),
                ],
            },
        ),
        migrations.CreateModel(
            name="ViewPlace",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("place", models.PositiveSmallIntegerField()),
                (
                    "agent",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "view",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="journeys.savedview"
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("agent", "view"), name="one_place_of_a_view")],
            },
        ),
        migrations.RemoveIndex(
            model_name="journey",
            name="queue_open",
        ),
        migrations.AddField(
            model_name="journey",
            name="language",
            field=models.CharField(blank=True, help_text="in which they last spoke", max_length=8),
        ),
        migrations.AddField(
            model_name="journey",
            name="mood",
            field=models.CharField(
                blank=True, help_text="how they last spoke: a question, a complaint, praise", max_length=10
            ),
        ),
        migrations.AddIndex(
            model_name="journey",
            index=models.Index(
                condition=models.Q(("joined_into", None), ("status", "open")),
                fields=["waiting_since", "id"],
                include=("customer", "owner", "team", "intent", "channels", "due_at", "language", "mood"),
                name="queue_open",
            ),
        ),
        migrations.AddIndex(
            model_name="journey",
            index=models.Index(
                condition=models.Q(("joined_into", None), ("owner__isnull", False)),
                fields=["owner", "status", "-last_at", "-id"],
                name="queue_of_owner",
            ),
        ),
    ]
