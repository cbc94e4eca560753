"""The changes of one object are found without reading the whole log: an export asks what happened to what it holds."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("content", "0152_first_days_in_doubt")]

    operations = [
        AddIndexConcurrently(
            model_name="change", index=models.Index(fields=["subject", "id"], name="changes_by_subject")
        ),
    ]
