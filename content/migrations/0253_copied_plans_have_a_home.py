"""Plans may be copies of those of another installation.

The release before writes its own rows as before: its columns have their defaults in the database.
"""

from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models
from django.db.models import Q

DROP = "-- squawk-ignore ban-drop-constraint\nALTER TABLE content_plan DROP CONSTRAINT plans_published_can_be_read;"


class Migration(migrations.Migration):
    dependencies = [("content", "0252_changes_outdate_effect_spans")]
    operations = [
        migrations.AddField(
            model_name="plan",
            name="home",
            field=models.CharField(blank=True, db_default="", default="", max_length=200),
        ),
        # one that lets copies be follows at once: our own plans lose nothing
        migrations.SeparateDatabaseAndState(
            database_operations=[migrations.RunSQL([DROP], migrations.RunSQL.noop)],
            state_operations=[migrations.RemoveConstraint(model_name="plan", name="plans_published_can_be_read")],
        ),
        AddConstraintNotValid(
            model_name="plan",
            constraint=models.CheckConstraint(
                name="plans_published_can_be_read",
                condition=~Q(status="published")
                | Q(document__isnull=False)
                | Q(file__isnull=False)
                | ~Q(source_url="")
                | ~Q(home=""),
            ),
        ),
    ]
