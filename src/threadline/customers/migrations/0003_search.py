"""Finding people by the words of a name, an address or a handle."""

import django.contrib.postgres.indexes
import django.contrib.postgres.search
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("customers", "0002_append_only"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="customer",
            index=django.contrib.postgres.indexes.GinIndex(
                django.contrib.postgres.search.SearchVector("name", config="simple"), name="customer_search"
            ),
        ),
        migrations.AddIndex(
            model_name="identity",
            index=django.contrib.postgres.indexes.GinIndex(
                django.contrib.postgres.search.SearchVector(
                    models.Func(models.F("value"), models.Value("@._-+"), models.Value("     "), function="translate"),
                    config="simple",
                ),
                name="identity_search",
            ),
        ),
    ]
