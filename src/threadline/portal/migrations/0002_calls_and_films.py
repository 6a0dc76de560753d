import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "__first__"),
        ("interactions", "0002_ledger"),
        ("portal", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Call",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("from_us", models.BooleanField()),
                ("asked_at", models.DateTimeField()),
                ("answered_at", models.DateTimeField(blank=True, null=True)),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
                ("why", models.CharField(blank=True, help_text="why it ended", max_length=20)),
                ("here_at", models.DateTimeField(help_text="one of the two browsers was last heard of")),
                ("video_ours", models.BooleanField(default=False)),
                ("video_theirs", models.BooleanField(default=False)),
                ("record_ours", models.BooleanField(default=False)),
                ("record_theirs", models.BooleanField(default=False)),
                (
                    "recording_since",
                    models.DateTimeField(blank=True, help_text="both first agreed to record", null=True),
                ),
                (
                    "recording_until",
                    models.DateTimeField(blank=True, help_text="one of them last took that back", null=True),
                ),
                ("agreed", models.JSONField(blank=True, default=list)),
                ("touch", models.BigIntegerField(blank=True, null=True)),
                (
                    "agent",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "chat",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="calls", to="portal.chat"
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(condition=models.Q(("touch", None)), fields=["ended_at"], name="calls_to_keep")
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("ended_at", None)), fields=("chat",), name="one_call_of_a_chat"
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("ended_at", None)), fields=("agent",), name="one_call_of_an_agent"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("ended_at", None), models.Q(("why", ""), _negated=True), _connector="OR"),
                        name="call_ended_for_a_reason",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("ended_at", None), ("ended_at__gte", models.F("asked_at")), _connector="OR"
                        ),
                        name="call_ends_after_it_began",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="CallPiece",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("part", models.PositiveSmallIntegerField()),
                ("number", models.PositiveIntegerField()),
                ("data", models.BinaryField()),
                (
                    "call",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="pieces", to="portal.call"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("call", "part", "number"), name="one_piece_of_a_recording")
                ],
            },
        ),
        migrations.CreateModel(
            name="CallSignal",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("ours", models.BooleanField()),
                ("data", models.JSONField()),
                (
                    "call",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="signals", to="portal.call"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Film",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.CharField(max_length=24, unique=True)),
                ("journey", models.BigIntegerField()),
                ("made_at", models.DateTimeField()),
                ("seconds", models.PositiveSmallIntegerField(default=0)),
                ("captions", models.TextField(blank=True, help_text="WebVTT")),
                ("ends_at", models.DateTimeField()),
                (
                    "touch",
                    models.BigIntegerField(blank=True, help_text="the answer that its link went out with", null=True),
                ),
                ("withdrawn_at", models.DateTimeField(blank=True, null=True)),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "upload",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="interactions.upload"
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["journey"], name="films_of_journey"),
                    models.Index(condition=models.Q(("touch", None)), fields=["made_at"], name="film_never_sent"),
                ],
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("key", ""), _negated=True), name="film_has_a_key"),
                    models.CheckConstraint(
                        condition=models.Q(("ends_at__gt", models.F("made_at"))), name="film_ends_after_it_began"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Viewing",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("once", models.CharField(max_length=40, unique=True)),
                ("at", models.DateTimeField()),
                (
                    "film",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="viewings", to="portal.film"
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["film", "at"], name="viewings_of_film")],
            },
        ),
    ]
