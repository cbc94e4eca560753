"""An index has the queued messages to a topic or condition, so that a claim does not read past those to devices.

It is built while senders go on. A repeat after a broken build drops what that left.
"""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("notifications", "0057_follows_of_playlists_are_unique")]

    operations = [
        migrations.RunSQL("DROP INDEX CONCURRENTLY IF EXISTS deliveries_to_crowds;", migrations.RunSQL.noop),
        AddIndexConcurrently(
            model_name="delivery",
            index=models.Index(
                models.F("next_try_at"),
                condition=models.Q(status="queued", device=None),
                name="deliveries_to_crowds",
            ),
        ),
    ]
