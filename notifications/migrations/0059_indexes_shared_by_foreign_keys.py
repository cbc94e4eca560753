"""Three indexes go: another index of the table begins with the same column, and each row was written to both.

They are dropped beside readers and writers. The release before finds its rows by the other index, too.
"""

import django.db.models.deletion
from django.db import migrations, models
from django.db.migrations.operations.base import Operation


def without_index(name: str, place: str, state_operation: Operation) -> migrations.RunSQL:
    """Drop that index of a foreign key. `place`: its table and column. A repeat after a break does the rest."""
    dropped = f"DROP INDEX CONCURRENTLY IF EXISTS {name}"
    made = f"CREATE INDEX CONCURRENTLY {name} ON {place}"
    return migrations.RunSQL([dropped], [dropped, made], state_operations=[state_operation])


class Migration(migrations.Migration):
    atomic = False

    dependencies = [
        ("content", "0276_indexes_shared_by_foreign_keys"),
        ("notifications", "0058_messages_to_crowds_are_found_at_once"),
    ]

    operations = [
        without_index(
            "notifications_wiresubscription_device_id_d7bd033f",
            "notifications_fcmsubscription (device_id)",
            migrations.AlterField(
                "fcmsubscription",
                "device",
                models.ForeignKey(
                    db_index=False,
                    on_delete=django.db.models.deletion.CASCADE,
                    related_name="subscriptions",
                    to="notifications.device",
                ),
            ),
        ),
        without_index(
            "notifications_follow_reader_id_9ef58a99",
            "notifications_follow (reader_id)",
            migrations.AlterField(
                "follow",
                "reader",
                models.ForeignKey(
                    db_index=False,
                    on_delete=django.db.models.deletion.CASCADE,
                    related_name="follows",
                    to="content.reader",
                ),
            ),
        ),
        without_index(
            "notifications_readmark_reader_id_64c47c0f",
            "notifications_readmark (reader_id)",
            migrations.AlterField(
                "readmark",
                "reader",
                models.ForeignKey(
                    db_index=False,
                    on_delete=django.db.models.deletion.CASCADE,
                    related_name="read_marks",
                    to="content.reader",
                ),
            ),
        ),
    ]
