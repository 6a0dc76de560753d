import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.contrib.postgres.search
import django.db.models.deletion
import django.db.models.functions.comparison
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("accounts", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Account",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=160)),
                ("kind", models.CharField(choices=[("company", "company"), ("household", "household")], max_length=12)),
            ],
        ),
        migrations.CreateModel(
            name="IdentityModel",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("version", models.CharField(max_length=80, unique=True)),
                ("at", models.DateTimeField()),
                ("weights", models.JSONField(help_text="as the model writes itself")),
                ("withdrawn_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Customer",
            fields=[
                ("id", models.BigIntegerField(primary_key=True, serialize=False)),
                ("name", models.CharField(blank=True, max_length=255)),
                ("since", models.DateTimeField()),
                (
                    "names",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=255),
                        default=list,
                        help_text="as seen; an alias starts with ~",
                        size=None,
                    ),
                ),
                ("anchored", models.BooleanField(default=False, help_text="some handle of theirs is personal")),
                (
                    "seen",
                    models.JSONField(
                        default=dict, help_text="brand to the moment of the last touch there; 0 is no brand"
                    ),
                ),
                ("about", models.JSONField(default=dict, help_text="brand to the words last said there")),
                (
                    "account",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="customers",
                        to="customers.account",
                    ),
                ),
                (
                    "merged_into",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="absorbed",
                        to="customers.customer",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("merged_into__isnull", False)),
                        fields=["merged_into"],
                        name="customer_merged",
                    ),
                    django.contrib.postgres.indexes.GinIndex(
                        django.contrib.postgres.search.SearchVector("name", config="simple"), name="customer_search"
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("merged_into", None),
                            models.Q(("merged_into", models.F("id")), _negated=True),
                            _connector="OR",
                        ),
                        name="customer_not_merged_into_itself",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Identity",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("scheme", models.CharField(max_length=24)),
                ("value", models.CharField(max_length=320)),
                (
                    "level",
                    models.CharField(
                        choices=[("verified", "verified"), ("observed", "observed"), ("claimed", "claimed")],
                        max_length=10,
                    ),
                ),
                ("shared", models.BooleanField(default=False, help_text="several people use it: it never joins them")),
                ("name", models.CharField(blank=True, help_text="the name last seen with this handle", max_length=255)),
                ("first_seen_at", models.DateTimeField()),
                ("last_seen_at", models.DateTimeField()),
                (
                    "customer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="identities", to="customers.customer"
                    ),
                ),
                (
                    "decision",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.decision"
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["scheme", "value"], name="identity_lookup"),
                    models.Index(fields=["value"], name="identity_prefix", opclasses=["text_pattern_ops"]),
                    django.contrib.postgres.indexes.GinIndex(
                        django.contrib.postgres.search.SearchVector(
                            models.Func(
                                models.F("value"), models.Value("@._-+"), models.Value("     "), function="translate"
                            ),
                            config="simple",
                        ),
                        name="identity_search",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("level", "claimed"), _negated=True),
                        fields=("scheme", "value"),
                        name="one_owner_of_a_proven_handle",
                    ),
                    models.UniqueConstraint(
                        fields=("customer", "scheme", "value"), name="one_identity_per_customer_and_handle"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("value", ""), _negated=True), models.Q(("scheme", ""), _negated=True)
                        ),
                        name="identity_not_empty",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("level__in", ["verified", "observed", "claimed"])),
                        name="identity_level_known",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="IdentityLink",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "standing",
                    models.CharField(
                        choices=[("same", "Same"), ("suggested", "Suggested"), ("apart", "Apart")], max_length=10
                    ),
                ),
                (
                    "bits",
                    models.FloatField(help_text="weight of the evidence: log2 of the odds that both are one person"),
                ),
                ("at", models.DateTimeField()),
                ("superseded_at", models.DateTimeField(blank=True, null=True)),
                (
                    "decision",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.decision"
                    ),
                ),
                (
                    "left",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="links_left", to="customers.identity"
                    ),
                ),
                (
                    "right",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="links_right", to="customers.identity"
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(condition=models.Q(("superseded_at", None)), fields=["right"], name="link_right"),
                    models.Index(
                        condition=models.Q(("standing", "suggested"), ("superseded_at", None)),
                        fields=["-bits", "-id"],
                        name="link_suggested",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("left", models.F("right")), _negated=True), name="link_joins_two_handles"
                    ),
                    models.UniqueConstraint(
                        django.db.models.functions.comparison.Least("left", "right"),
                        django.db.models.functions.comparison.Greatest("left", "right"),
                        condition=models.Q(("superseded_at", None)),
                        name="one_standing_link_per_pair",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("standing__in", ["same", "suggested", "apart"])), name="link_standing_known"
                    ),
                ],
            },
        ),
    ]
