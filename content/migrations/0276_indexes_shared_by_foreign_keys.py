"""Seven indexes go: another index of the table begins with the same column, and each row was written to both.

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
        ("content", "0275_calendars_stop_after_a_page"),
    ]

    operations = [
        without_index(
            "content_mention_target_id_39332f8f",
            "content_mention (target_id)",
            migrations.AlterField(
                "mention",
                "target",
                models.ForeignKey(
                    blank=True,
                    db_index=False,
                    null=True,
                    on_delete=django.db.models.deletion.SET_NULL,
                    related_name="mentions",
                    to="content.legaldocument",
                ),
            ),
        ),
        without_index(
            "content_mention_version_id_fe8ea0df",
            "content_mention (version_id)",
            migrations.AlterField(
                "mention",
                "version",
                models.ForeignKey(
                    db_index=False,
                    on_delete=django.db.models.deletion.CASCADE,
                    related_name="mentions",
                    to="content.provisionversion",
                ),
            ),
        ),
        without_index(
            "content_passage_document_id_8e6ed79e",
            "content_passage (document_id)",
            migrations.AlterField(
                "passage",
                "document",
                models.ForeignKey(
                    db_index=False,
                    on_delete=django.db.models.deletion.CASCADE,
                    related_name="passages",
                    to="content.legaldocument",
                ),
            ),
        ),
        without_index(
            "content_provision_document_id_8d4526c5",
            "content_provision (document_id)",
            migrations.AlterField(
                "provision",
                "document",
                models.ForeignKey(
                    db_index=False,
                    on_delete=django.db.models.deletion.CASCADE,
                    related_name="provisions",
                    to="content.legaldocument",
                ),
            ),
        ),
        without_index(
            "content_provisionversion_provision_id_48d23243",
            "content_provisionversion (provision_id)",
            migrations.AlterField(
                "provisionversion",
                "provision",
                models.ForeignKey(
                    db_index=False,
                    on_delete=django.db.models.deletion.CASCADE,
                    related_name="versions",
                    to="content.provision",
                ),
            ),
        ),
        without_index(
            "content_relation_actor_id_43cd2e58",
            "content_relation (actor_id)",
            migrations.AlterField(
                "relation",
                "actor",
                models.ForeignKey(
                    db_index=False,
                    on_delete=django.db.models.deletion.CASCADE,
                    related_name="relations",
                    to="content.legaldocument",
                ),
            ),
        ),
        without_index(
            "content_statusevent_document_id_2653bd0b",
            "content_statusevent (document_id)",
            migrations.AlterField(
                "statusevent",
                "document",
                models.ForeignKey(
                    db_index=False,
                    on_delete=django.db.models.deletion.CASCADE,
                    related_name="status_events",
                    to="content.legaldocument",
                ),
            ),
        ),
    ]
