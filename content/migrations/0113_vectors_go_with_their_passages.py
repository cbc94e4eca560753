"""The database itself takes vectors away with their passages."""

import django.db.models.deletion
from django.db import migrations, models

CASCADE = """
ALTER TABLE content_passagevector ADD CONSTRAINT passage_vectors_go_with_passages
FOREIGN KEY (passage_id) REFERENCES content_passage (id) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED
"""
NONE = "ALTER TABLE content_passagevector DROP CONSTRAINT passage_vectors_go_with_passages"


class Migration(migrations.Migration):
    """The version before took passages back without a look at vectors: with these its corrections would have failed,
    while both run and after a step back.
    """

    dependencies = [("content", "0112_more_aliases")]

    operations = [
        migrations.AlterField(
            "passagevector",
            "passage",
            models.OneToOneField(
                db_constraint=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="vector",
                to="content.passage",
            ),
        ),
        migrations.RunSQL(CASCADE, NONE),
    ]
