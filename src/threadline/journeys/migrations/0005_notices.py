import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import threadline.lib.sealed


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0003_first_role"),
        ("accounts", "__first__"),
        ("journeys", "0004_views_and_many"),
    ]

    operations = [
        migrations.CreateModel(
            name="Cause",
            fields=[
                ("event_id", models.BigIntegerField(primary_key=True, serialize=False)),
            ],
            options={
                "db_table": "journeys_notice_cause",
            },
        ),
        migrations.CreateModel(
            name="Notice",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "reason",
                    models.CharField(
                        choices=[
                            ("wrote", "They wrote again in a story of yours"),
                            ("mention", "A colleague named you"),
                            ("handed", "A story became yours"),
                            ("promise", "A promise is about to break, or broke"),
                            ("failed", "Something you wrote did not go out"),
                            ("supervisor", "Somebody asks for a supervisor"),
                            ("woke", "A story you put to sleep is back"),
                            ("team", "A story came to your team and nobody has it"),
                        ],
                        max_length=12,
                    ),
                ),
                ("said", models.JSONField(blank=True, default=dict)),
                ("count", models.PositiveIntegerField(default=1)),
                ("event_id", models.BigIntegerField()),
                ("interaction_id", models.BigIntegerField(blank=True, null=True)),
                ("at", models.DateTimeField()),
                ("seen_at", models.DateTimeField(blank=True, null=True)),
                (
                    "agent",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="notices", to=settings.AUTH_USER_MODEL
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
                "indexes": [
                    models.Index(fields=["agent", "-at", "-id"], name="notices_of_agent"),
                    models.Index(
                        condition=models.Q(("seen_at", None)), fields=["agent", "journey"], name="notices_unseen"
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("agent", "journey"), name="one_notice_each"),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "reason__in",
                                ["wrote", "mention", "handed", "promise", "failed", "supervisor", "woke", "team"],
                            )
                        ),
                        name="notice_reason_known",
                    ),
                    models.CheckConstraint(condition=models.Q(("count__gte", 1)), name="notice_has_a_reason"),
                ],
            },
        ),
        migrations.CreateModel(
            name="PushBrowser",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("endpoint", models.CharField(max_length=1000, unique=True)),
                ("keys", threadline.lib.sealed.SecretField()),
                ("device", models.CharField(max_length=80)),
                ("made_at", models.DateTimeField()),
                ("used_at", models.DateTimeField(blank=True, null=True)),
                (
                    "agent",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="push_browsers",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["agent", "id"], name="push_browsers_of_agent")],
            },
        ),
        migrations.CreateModel(
            name="NoticeSend",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "way",
                    models.CharField(
                        choices=[("screen", "On screen"), ("push", "Push"), ("mail", "Mail")], max_length=8
                    ),
                ),
                ("to", models.CharField(max_length=254)),
                (
                    "reason",
                    models.CharField(
                        choices=[
                            ("wrote", "They wrote again in a story of yours"),
                            ("mention", "A colleague named you"),
                            ("handed", "A story became yours"),
                            ("promise", "A promise is about to break, or broke"),
                            ("failed", "Something you wrote did not go out"),
                            ("supervisor", "Somebody asks for a supervisor"),
                            ("woke", "A story you put to sleep is back"),
                            ("team", "A story came to your team and nobody has it"),
                        ],
                        max_length=12,
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[("due", "waits"), ("sent", "sent"), ("failed", "failed"), ("left", "not sent")],
                        max_length=8,
                    ),
                ),
                ("at", models.DateTimeField()),
                ("next_at", models.DateTimeField(blank=True, null=True)),
                ("attempts", models.PositiveSmallIntegerField(default=0)),
                ("result", models.CharField(blank=True, max_length=300)),
                ("settled_at", models.DateTimeField(blank=True, null=True)),
                (
                    "agent",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "notice",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="sends", to="journeys.notice"
                    ),
                ),
                (
                    "browser",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="journeys.pushbrowser",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("next_at__isnull", False)), fields=["way", "next_at"], name="send_next"
                    ),
                    models.Index(fields=["agent", "-at", "-id"], name="sends_of_agent"),
                    models.Index(fields=["-at", "-id"], name="sends_in_order"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("way__in", ["screen", "push", "mail"])), name="send_way_known"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "reason__in",
                                ["wrote", "mention", "handed", "promise", "failed", "supervisor", "woke", "team"],
                            )
                        ),
                        name="send_reason_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("next_at__isnull", False), ("settled_at", None), ("state", "due")),
                            models.Q(
                                ("next_at", None),
                                ("settled_at__isnull", False),
                                ("state__in", ["sent", "failed", "left"]),
                                models.Q(("result", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="send_due_or_settled_with_words",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("next_at__isnull", False)),
                        fields=("notice", "way", "browser"),
                        name="one_send_due_per_way",
                        nulls_distinct=False,
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="PushKey",
            fields=[
                ("id", models.SmallIntegerField(default=1, primary_key=True, serialize=False)),
                ("public", models.CharField(max_length=100)),
                ("secret", threadline.lib.sealed.SecretField()),
                ("made_at", models.DateTimeField()),
            ],
            options={
                "constraints": [models.CheckConstraint(condition=models.Q(("id", 1)), name="one_push_key")],
            },
        ),
        migrations.CreateModel(
            name="Wishes",
            fields=[
                (
                    "agent",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="wishes",
                        serialize=False,
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("grid", models.JSONField(blank=True, default=dict)),
                ("quiet_since", models.PositiveSmallIntegerField(blank=True, null=True)),
                ("quiet_until", models.PositiveSmallIntegerField(blank=True, null=True)),
                (
                    "quiet_days",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.PositiveSmallIntegerField(), blank=True, default=list, size=None
                    ),
                ),
                ("digest_at", models.PositiveSmallIntegerField(blank=True, null=True)),
                ("digest_next", models.DateTimeField(blank=True, null=True)),
                ("text", models.BooleanField(default=False)),
            ],
            options={
                "verbose_name_plural": "wishes",
                "indexes": [
                    models.Index(
                        condition=models.Q(("digest_next__isnull", False)), fields=["digest_next"], name="digest_due"
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("quiet_since", None), ("quiet_until", None)),
                            models.Q(
                                ("quiet_since__isnull", False),
                                ("quiet_until__isnull", False),
                                ("quiet_since__lt", 1440),
                                ("quiet_until__lt", 1440),
                                models.Q(("quiet_since", models.F("quiet_until")), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="quiet_from_until",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("digest_at", None), ("digest_next", None)),
                            models.Q(
                                ("digest_at__isnull", False), ("digest_at__lt", 1440), ("digest_next__isnull", False)
                            ),
                            _connector="OR",
                        ),
                        name="digest_knows_its_next",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Mute",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "reason",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("wrote", "They wrote again in a story of yours"),
                            ("mention", "A colleague named you"),
                            ("handed", "A story became yours"),
                            ("promise", "A promise is about to break, or broke"),
                            ("failed", "Something you wrote did not go out"),
                            ("supervisor", "Somebody asks for a supervisor"),
                            ("woke", "A story you put to sleep is back"),
                            ("team", "A story came to your team and nobody has it"),
                        ],
                        max_length=12,
                    ),
                ),
                ("at", models.DateTimeField()),
                (
                    "agent",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="mutes", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "journey",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="journeys.journey",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("agent", "journey", "reason"), name="muted_once", nulls_distinct=False
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("journey", None),
                                (
                                    "reason__in",
                                    ["wrote", "mention", "handed", "promise", "failed", "supervisor", "woke", "team"],
                                ),
                            ),
                            models.Q(("journey__isnull", False), ("reason", "")),
                            _connector="OR",
                        ),
                        name="mute_of_a_story_or_a_reason",
                    ),
                ],
            },
        ),
    ]
