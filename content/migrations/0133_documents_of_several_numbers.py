from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False  # writers go on while it is built

    dependencies = [("content", "0132_endings_are_found_by_key")]

    operations = [
        AddIndexConcurrently(
            "legaldocument",
            GinIndex(
                fields=["other_number_keys"],
                condition=~models.Q(other_number_keys=[]),
                name="documents_of_several_numbers",
            ),
        ),
    ]
