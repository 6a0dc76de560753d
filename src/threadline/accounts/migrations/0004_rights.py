"""Roles with rights, partner teams that end, keys with scopes and an end, and who looked at whom."""

import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import threadline.accounts.models.keys

SUPERVISOR = ["amounts", "answer", "audit", "every_team", "measures", "notes", "organise", "teach", "work"]
GUARD = """
CREATE TRIGGER accounts_sight_update_refused BEFORE UPDATE OR DELETE ON accounts_sight
FOR EACH ROW EXECUTE FUNCTION threadline_refuse('who saw what is append-only');
"""


def first_roles(apps, schema_editor):
    apps.get_model("accounts", "Role").objects.create(name="Supervisor", rights=SUPERVISOR)


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0003_wrong_tries"),
        ("auth", "0012_alter_user_first_name_max_length"),
    ]

    operations = [
        migrations.CreateModel(
            name="Role",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=80, unique=True)),
                (
                    "rights",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=24), blank=True, default=list, size=None
                    ),
                ),
            ],
            options={
                "ordering": ["name"],
            },
        ),
        migrations.CreateModel(
            name="Sight",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField()),
                ("customer_id", models.BigIntegerField()),
                ("journey_id", models.BigIntegerField(blank=True, null=True)),
            ],
        ),
        migrations.AddField(
            model_name="apikey",
            name="expires_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="apikey",
            name="made_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="apikey",
            name="scopes",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(max_length=40),
                default=threadline.accounts.models.keys.every_scope,
                help_text="what it is good for",
                size=None,
            ),
        ),
        migrations.AddField(
            model_name="team",
            name="ends_on",
            field=models.DateField(
                blank=True, help_text="the last day on which a partner team sees anything", null=True
            ),
        ),
        migrations.AddField(
            model_name="team",
            name="partner",
            field=models.BooleanField(default=False, help_text="people of another company"),
        ),
        migrations.AddIndex(
            model_name="event",
            index=models.Index(condition=models.Q(("agent__isnull", False)), fields=["at", "id"], name="event_audit"),
        ),
        migrations.AddIndex(
            model_name="event",
            index=models.Index(
                condition=models.Q(("agent__isnull", False)), fields=["agent", "at", "id"], name="event_of_agent"
            ),
        ),
        migrations.AddIndex(
            model_name="event",
            index=models.Index(
                condition=models.Q(("agent__isnull", False), ("customer_id", None), ("journey_id", None)),
                fields=["id"],
                name="event_of_settings",
            ),
        ),
        migrations.AddConstraint(
            model_name="team",
            constraint=models.CheckConstraint(
                condition=models.Q(("ends_on", None), ("partner", True), _connector="OR"), name="only_partner_teams_end"
            ),
        ),
        migrations.AddField(
            model_name="agent",
            name="role",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="agents",
                to="accounts.role",
            ),
        ),
        migrations.AddConstraint(
            model_name="agent",
            constraint=models.CheckConstraint(
                condition=models.Q(("is_admin", False), ("role", None), _connector="OR"),
                name="admins_have_no_other_role",
            ),
        ),
        migrations.AddField(
            model_name="sight",
            name="agent",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddIndex(
            model_name="sight",
            index=models.Index(fields=["at", "id"], name="sights_in_order"),
        ),
        migrations.AddIndex(
            model_name="sight",
            index=models.Index(fields=["agent", "at", "id"], name="sights_of_agent"),
        ),
        migrations.AddIndex(
            model_name="sight",
            index=models.Index(fields=["customer_id", "at", "id"], name="sights_of_customer"),
        ),
        migrations.RunSQL(GUARD, "DROP TRIGGER accounts_sight_update_refused ON accounts_sight;"),
        migrations.RunPython(first_roles, migrations.RunPython.noop),
    ]
