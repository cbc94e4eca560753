from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False  # writers go on while it is built

    dependencies = [("content", "0100_common_words")]

    operations = [
        AddIndexConcurrently(
            "passage",
            GinIndex(
                fields=["search_words"],
                fastupdate=False,
                condition=models.Q(provision=None),
                name="passages_of_names",
            ),
        ),
    ]
