"""The role that most teams need on their first day; they change or delete it as they like."""

from django.db import migrations

SUPERVISOR = ["amounts", "answer", "audit", "every_team", "measures", "notes", "organise", "teach", "work"]


def first_role(apps, schema_editor):
    apps.get_model("accounts", "Role").objects.create(name="Supervisor", rights=SUPERVISOR)


class Migration(migrations.Migration):
    dependencies = [("accounts", "0002_append_only")]
    operations = [migrations.RunPython(first_role, migrations.RunPython.noop)]
