"""Wrong tries to sign in, kept for minutes."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0002_append_only"),
    ]

    operations = [
        migrations.CreateModel(
            name="WrongTry",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("email", models.CharField(max_length=254)),
                ("source", models.GenericIPAddressField(help_text="where the try came from")),
                ("at", models.DateTimeField()),
            ],
            options={
                "verbose_name_plural": "wrong tries",
                "indexes": [
                    models.Index(fields=["email", "source", "at"], name="wrong_tries"),
                    models.Index(fields=["at"], name="wrong_tries_old"),
                ],
            },
        ),
    ]
