import django.db.models.deletion
from django.db import migrations, models

import threadline.channels.kinds


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0001_initial"),
        ("accounts", "__first__"),
        ("channels", "0002_connectors"),
        ("customers", "0001_initial"),
        ("interactions", "0002_ledger"),
    ]

    operations = [
        migrations.CreateModel(
            name="Media",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("part", models.IntegerField()),
                ("source", models.TextField()),
                (
                    "state",
                    models.CharField(
                        choices=[("waiting", "Waiting"), ("here", "Here"), ("gone", "Gone")],
                        default="waiting",
                        max_length=7,
                    ),
                ),
                ("data", models.BinaryField(null=True)),
                ("reason", models.TextField(blank=True)),
                ("tries", models.PositiveIntegerField(default=0)),
                ("due_at", models.DateTimeField(null=True)),
                (
                    "entry",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="media", to="interactions.intakeentry"
                    ),
                ),
            ],
            options={
                "verbose_name_plural": "media",
                "indexes": [
                    models.Index(condition=models.Q(("state", "waiting")), fields=["due_at"], name="media_due")
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("entry", "part"), name="one_media_per_part"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("data__isnull", False), ("state", "here")),
                            models.Q(models.Q(("state", "here"), _negated=True), ("data", None)),
                            _connector="OR",
                        ),
                        name="media_here_has_bytes",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "gone"), _negated=True),
                            models.Q(("reason", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="media_gone_has_a_reason",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="OptOut",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("address", models.CharField(max_length=320)),
                ("at", models.DateTimeField()),
                (
                    "channel",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="opt_outs", to="channels.channel"
                    ),
                ),
                (
                    "entry",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="interactions.intakeentry",
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("channel", "address"), name="one_opt_out_each")],
            },
        ),
        migrations.CreateModel(
            name="Told",
            fields=[
                (
                    "entry",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="told",
                        serialize=False,
                        to="interactions.intakeentry",
                    ),
                ),
                ("external_id", models.CharField(blank=True, max_length=512)),
                ("state", models.CharField(max_length=10)),
                ("at", models.DateTimeField()),
                ("reason", models.TextField(blank=True)),
                ("once_key", models.CharField(max_length=640, unique=True)),
                ("proof", models.JSONField(blank=True, default=dict)),
                (
                    "channel",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="channels.channel",
                    ),
                ),
                (
                    "interaction",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="told",
                        to="interactions.interaction",
                    ),
                ),
            ],
            options={
                "verbose_name_plural": "told",
                "indexes": [
                    models.Index(
                        condition=models.Q(("interaction", None)), fields=["channel", "external_id"], name="told_early"
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["sent", "delivered", "read", "failed"])),
                        name="told_state_known",
                    )
                ],
            },
        ),
        migrations.RemoveConstraint(
            model_name="delivery",
            name="delivery_failure_has_a_reason",
        ),
        migrations.RemoveConstraint(
            model_name="delivery",
            name="delivery_state_known",
        ),
        migrations.RemoveConstraint(
            model_name="intakeentry",
            name="entry_verdict_known",
        ),
        migrations.RemoveConstraint(
            model_name="interaction",
            name="touch_kind_known",
        ),
        migrations.AddField(
            model_name="delivery",
            name="begun_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AlterField(
            model_name="delivery",
            name="state",
            field=models.CharField(
                choices=[
                    ("held", "Held"),
                    ("queued", "Queued"),
                    ("unsure", "Unsure"),
                    ("sent", "Sent"),
                    ("delivered", "Delivered"),
                    ("read", "Read"),
                    ("failed", "Failed"),
                    ("withdrawn", "Withdrawn"),
                ],
                max_length=10,
            ),
        ),
        migrations.AlterField(
            model_name="intakeentry",
            name="channel",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="entries",
                to="channels.channel",
            ),
        ),
        migrations.AlterField(
            model_name="intakeentry",
            name="verdict",
            field=models.CharField(
                choices=[
                    ("pending", "Pending"),
                    ("accepted", "Accepted"),
                    ("noted", "Noted"),
                    ("duplicate", "Duplicate"),
                    ("refused", "Refused"),
                    ("quarantined", "Quarantined"),
                ],
                db_default="pending",
                default="pending",
                max_length=12,
            ),
        ),
        migrations.AlterField(
            model_name="interaction",
            name="kind",
            field=models.CharField(choices=threadline.channels.kinds.choices, max_length=20),
        ),
        migrations.AddIndex(
            model_name="delivery",
            index=models.Index(
                condition=models.Q(("provider_id", ""), _negated=True),
                fields=["provider_id"],
                name="delivery_of_provider",
            ),
        ),
        migrations.AddIndex(
            model_name="intakeentry",
            index=models.Index(fields=["channel", "received_at"], name="entry_of_channel"),
        ),
        migrations.AddConstraint(
            model_name="delivery",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state__in", ["failed", "unsure"]), _negated=True),
                    models.Q(("reason", ""), _negated=True),
                    _connector="OR",
                ),
                name="delivery_failure_has_a_reason",
            ),
        ),
        migrations.AddConstraint(
            model_name="delivery",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("state__in", ["held", "queued", "unsure", "sent", "delivered", "read", "failed", "withdrawn"])
                ),
                name="delivery_state_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="intakeentry",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("verdict__in", ["pending", "accepted", "noted", "duplicate", "refused", "quarantined"])
                ),
                name="entry_verdict_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="interaction",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind__regex", "^[a-z][a-z0-9_]*$")), name="touch_kind_is_a_word"
            ),
        ),
    ]
