import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "__first__"),
        ("journeys", "0005_notices"),
    ]

    operations = [
        migrations.CreateModel(
            name="RuleBook",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("document", models.JSONField()),
                ("at", models.DateTimeField()),
                ("note", models.CharField(blank=True, max_length=240)),
                ("used_at", models.DateTimeField(blank=True, help_text="put to use; empty for a draft", null=True)),
                ("dropped_at", models.DateTimeField(blank=True, help_text="a draft that nobody wanted", null=True)),
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
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("dropped_at", None), ("used_at", None)),
                        fields=("used_at",),
                        name="one_draft_of_rules",
                        nulls_distinct=False,
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="RuleFinding",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("rule", models.CharField(max_length=40)),
                ("name", models.CharField(max_length=80)),
                ("journey_id", models.BigIntegerField()),
                ("at", models.DateTimeField()),
                (
                    "verdict",
                    models.CharField(
                        choices=[
                            ("ran", "It ran"),
                            ("passes", "It did not concern the story"),
                            ("fails", "It went wrong"),
                            ("stopped", "A guard held it back"),
                        ],
                        max_length=8,
                    ),
                ),
                ("reason", models.TextField()),
            ],
        ),
        migrations.CreateModel(
            name="RulePlace",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("event_id", models.BigIntegerField()),
            ],
            options={
                "constraints": [models.CheckConstraint(condition=models.Q(("id", 1)), name="one_place_of_rules")],
            },
        ),
        migrations.CreateModel(
            name="RuleRun",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("rule", models.CharField(help_text="its key", max_length=40)),
                ("name", models.CharField(max_length=80)),
                ("at", models.DateTimeField()),
                ("cause", models.CharField(max_length=80)),
                ("journey_id", models.BigIntegerField()),
                (
                    "verdict",
                    models.CharField(
                        choices=[
                            ("ran", "It ran"),
                            ("passes", "It did not concern the story"),
                            ("fails", "It went wrong"),
                            ("stopped", "A guard held it back"),
                        ],
                        max_length=8,
                    ),
                ),
                ("reason", models.TextField()),
                ("did", models.JSONField(blank=True, default=list)),
                (
                    "book",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="journeys.rulebook"
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["-at", "-id"], name="rule_runs"),
                    models.Index(fields=["rule", "verdict", "-at", "-id"], name="rule_runs_of_rule"),
                    models.Index(fields=["journey_id", "-at", "-id"], name="rule_runs_of_story"),
                    models.Index(condition=models.Q(("verdict", "passes")), fields=["at"], name="rule_runs_idle"),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("rule", "cause"), name="no_rule_twice_on_one_thing"),
                    models.CheckConstraint(
                        condition=models.Q(("verdict__in", ["ran", "passes", "fails", "stopped"])),
                        name="verdict_of_rule_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("reason", ""), _negated=True), name="rule_run_has_a_reason"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="RuleTimer",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("rule", models.CharField(max_length=40)),
                ("journey_id", models.BigIntegerField()),
                ("since", models.DateTimeField()),
                ("due_at", models.DateTimeField()),
                ("fired_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "indexes": [
                    models.Index(condition=models.Q(("fired_at", None)), fields=["due_at", "id"], name="rule_timer_due")
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("journey_id", "rule"), name="one_span_of_rule_and_story"),
                    models.CheckConstraint(
                        condition=models.Q(("due_at__gt", models.F("since"))), name="span_of_rule_takes_time"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="RuleTrial",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField()),
                ("document", models.JSONField(help_text="the rules as they were when it began")),
                ("days", models.IntegerField()),
                ("stories", models.IntegerField(default=0)),
                ("done", models.IntegerField(default=0)),
                ("told_at", models.DateTimeField(help_text="when it last said how far it is")),
                ("finished_at", models.DateTimeField(blank=True, null=True)),
                ("failed", models.TextField(blank=True)),
                (
                    "book",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="trials", to="journeys.rulebook"
                    ),
                ),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("days__range", (1, 90))), name="trial_of_1_to_90_days")
                ],
            },
        ),
        migrations.AddField(
            model_name="note",
            name="rule",
            field=models.CharField(blank=True, help_text="the rule that wrote it, where no agent did", max_length=80),
        ),
        migrations.AlterField(
            model_name="note",
            name="agent",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddConstraint(
            model_name="note",
            constraint=models.CheckConstraint(
                condition=models.Q(("agent", None), ("rule", ""), _connector="XOR"), name="note_by_an_agent_or_a_rule"
            ),
        ),
        migrations.AddField(
            model_name="rulefinding",
            name="trial",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="findings", to="journeys.ruletrial"
            ),
        ),
        migrations.AddIndex(
            model_name="rulefinding",
            index=models.Index(fields=["trial", "-at", "-id"], name="findings_of_trial"),
        ),
        migrations.AddConstraint(
            model_name="rulefinding",
            constraint=models.CheckConstraint(
                condition=models.Q(("verdict__in", ["ran", "fails"])), name="finding_ran_or_failed"
            ),
        ),
    ]
