from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False  # writers go on while it is built

    dependencies = [("content", "0131_suspended_until")]

    operations = [
        AddIndexConcurrently("endingcase", models.Index("target_key", name="ending_cases_by_target_key")),
    ]
