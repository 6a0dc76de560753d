import django.db.models.deletion
from django.db import migrations, models

import threadline.lib.sealed


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Brand",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=80, unique=True)),
            ],
        ),
        migrations.CreateModel(
            name="Channel",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("email", "Email"),
                            ("chat", "Chat"),
                            ("phone", "Phone"),
                            ("sms", "Text message"),
                            ("whatsapp", "WhatsApp"),
                            ("x", "X"),
                            ("facebook", "Facebook"),
                            ("review", "Review"),
                            ("community", "Community"),
                            ("store", "Store"),
                            ("web", "Web"),
                            ("purchase", "Purchase"),
                            ("app", "App"),
                            ("survey", "Survey"),
                            ("signal", "Signal"),
                        ],
                        max_length=20,
                    ),
                ),
                ("address", models.CharField(max_length=255)),
                ("name", models.CharField(blank=True, max_length=120)),
                ("active", models.BooleanField(default=True)),
                ("trouble", models.TextField(blank=True, help_text="why the channel is paused, in words")),
                ("settings", models.JSONField(blank=True, default=dict)),
                ("secrets", threadline.lib.sealed.SecretField(blank=True)),
                ("cursor", models.CharField(blank=True, max_length=120)),
                ("seen_at", models.DateTimeField(blank=True, null=True)),
                (
                    "brand",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="channels",
                        to="channels.brand",
                    ),
                ),
            ],
            options={
                "ordering": ["kind", "address"],
                "constraints": [models.UniqueConstraint(fields=("kind", "address"), name="one_channel_per_address")],
            },
        ),
        migrations.CreateModel(
            name="ChannelLog",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField(auto_now_add=True)),
                ("direction", models.CharField(choices=[("in", "in"), ("out", "out")], max_length=3)),
                ("ok", models.BooleanField()),
                ("text", models.TextField()),
                (
                    "channel",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="log", to="channels.channel"
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["channel", "-id"], name="channel_log_newest")],
            },
        ),
    ]
