"""Finding files by the words of their names."""

import django.contrib.postgres.indexes
import django.contrib.postgres.search
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("interactions", "0002_ledger"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="attachment",
            index=django.contrib.postgres.indexes.GinIndex(
                django.contrib.postgres.search.SearchVector(
                    models.Func(models.F("name"), models.Value("._-"), models.Value("   "), function="translate"),
                    config="simple",
                ),
                name="attachment_search",
            ),
        ),
    ]
