"""What agents ruled, by story, and what was noticed, by touch: the reports read both."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0005_sign_in"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="event",
            index=models.Index(
                condition=models.Q(("verb__in", ["waited", "done"])), fields=["journey_id"], name="event_ruled"
            ),
        ),
        migrations.AddIndex(
            model_name="event",
            index=models.Index(
                condition=models.Q(("facts__has_key", "noticed"), ("verb", "received")),
                fields=["interaction_id"],
                name="event_noticed",
            ),
        ),
    ]
