"""Stories that wait, with all that the wallboard reads of them; stories by their last touch and by their end."""

from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0006_measures"),
        ("channels", "0001_initial"),
        ("customers", "0007_learned"),
        ("journeys", "0006_promises"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name="journey",
            name="queue_open",
        ),
        migrations.AddIndex(
            model_name="journey",
            index=models.Index(
                condition=models.Q(("joined_into", None), ("status", "open")),
                fields=["waiting_since", "id"],
                include=("customer", "owner", "team", "intent", "channels"),
                name="queue_open",
            ),
        ),
        migrations.AddIndex(
            model_name="journey",
            index=models.Index(condition=models.Q(("joined_into", None)), fields=["last_at"], name="journeys_lively"),
        ),
        migrations.AddIndex(
            model_name="journey",
            index=models.Index(
                condition=models.Q(("joined_into", None), ("status", "done")),
                fields=["closed_at"],
                name="journeys_finished",
            ),
        ),
    ]
