"""Who looks at what is forgotten after a crash anyway, so nothing is written twice for it."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("journeys", "0002_append_only")]
    operations = [
        migrations.RunSQL("alter table journeys_onlooker set unlogged", "alter table journeys_onlooker set logged")
    ]
