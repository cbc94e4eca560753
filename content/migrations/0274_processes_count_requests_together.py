"""All processes of an installation count the requests of a caller together.

UNLOGGED: a count writes nothing to the log, so no standby confirms it, and it begins anew after a crash.
"""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("content", "0273_passages_wait_to_be_indexed_together")]

    operations = [
        migrations.CreateModel(
            name="RequestCount",
            fields=[
                ("key", models.UUIDField(primary_key=True, serialize=False)),
                ("ends_at", models.DateTimeField()),
                ("count", models.IntegerField()),
            ],
        ),
        migrations.RunSQL(
            "ALTER TABLE content_requestcount SET UNLOGGED", "ALTER TABLE content_requestcount SET LOGGED"
        ),
    ]
