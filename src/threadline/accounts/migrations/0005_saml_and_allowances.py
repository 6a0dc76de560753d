from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0004_density"),
    ]

    operations = [
        migrations.CreateModel(
            name="Allowance",
            fields=[
                (
                    "key",
                    models.CharField(
                        help_text="what is limited, and whom it counts for",
                        max_length=120,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("left", models.FloatField()),
                ("at", models.DateTimeField(db_index=True)),
            ],
            options={
                "verbose_name_plural": "allowances",
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("left__gte", 0)), name="allowance_not_overdrawn")
                ],
            },
        ),
        migrations.AddField(
            model_name="provider",
            name="kind",
            field=models.CharField(
                choices=[("oidc", "OpenID Connect"), ("saml", "SAML 2.0")], default="oidc", max_length=8
            ),
        ),
        migrations.AddField(
            model_name="provider",
            name="metadata",
            field=models.TextField(
                blank=True, help_text="what a SAML service says of itself: its address and its keys"
            ),
        ),
        migrations.AddConstraint(
            model_name="provider",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("kind", "oidc"), ("metadata", "")),
                    models.Q(("kind", "saml"), models.Q(("metadata", ""), _negated=True)),
                    _connector="OR",
                ),
                name="saml_providers_have_metadata",
            ),
        ),
    ]
