"""Supervisors may see hidden numbers whole, each look noted; not where somebody changed what the role may do."""

from django.db import migrations

BEFORE = ["amounts", "answer", "audit", "every_team", "measures", "notes", "organise", "teach", "work"]
AFTER = sorted([*BEFORE, "numbers"])


def give(apps, schema_editor):
    apps.get_model("accounts", "Role").objects.filter(name="Supervisor", rights=BEFORE).update(rights=AFTER)


def take_back(apps, schema_editor):
    apps.get_model("accounts", "Role").objects.filter(name="Supervisor", rights=AFTER).update(rights=BEFORE)


class Migration(migrations.Migration):
    dependencies = [("accounts", "0005_saml_and_allowances")]
    operations = [migrations.RunPython(give, take_back)]
