"""Materials may be copies of those of another installation.

The release before writes its own rows as before: its column has its default in the database.
"""

from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models
from django.db.models import Q

DROP = (
    "-- squawk-ignore ban-drop-constraint\n"
    "ALTER TABLE content_material DROP CONSTRAINT materials_published_by_somebody;"
)


class Migration(migrations.Migration):
    dependencies = [("content", "0257_wishes_name_what_was_copied")]
    operations = [
        migrations.AddField(
            model_name="material",
            name="home",
            field=models.CharField(blank=True, db_default="", default="", max_length=200),
        ),
        # one that lets copies be follows at once: our own materials lose nothing
        migrations.SeparateDatabaseAndState(
            database_operations=[migrations.RunSQL([DROP], migrations.RunSQL.noop)],
            state_operations=[
                migrations.RemoveConstraint(model_name="material", name="materials_published_by_somebody")
            ],
        ),
        AddConstraintNotValid(
            model_name="material",
            constraint=models.CheckConstraint(
                name="materials_published_by_somebody",
                condition=Q(status__in=["draft", "in_review"])
                | Q(approved_by__isnull=False)
                | Q(is_sample=True)
                | ~Q(home=""),
            ),
        ),
    ]
