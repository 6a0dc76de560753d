"""The lists of what nobody has taken and of what a team owes."""

from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("channels", "0001_initial"),
        ("customers", "0003_search"),
        ("journeys", "0002_append_only"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddIndex(
            model_name="journey",
            index=models.Index(
                condition=models.Q(("joined_into", None), ("owner", None), ("status", "open")),
                fields=["waiting_since", "id"],
                name="queue_nobodys",
            ),
        ),
        migrations.AddIndex(
            model_name="journey",
            index=models.Index(
                condition=models.Q(("joined_into", None), ("status", "open")),
                fields=["team", "waiting_since", "id"],
                name="queue_team",
            ),
        ),
    ]
