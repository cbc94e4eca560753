"""An export asks at each request which changes since took words out: that does not read the tail of the log."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("content", "0153_changes_are_found_by_subject")]

    operations = [
        AddIndexConcurrently(
            model_name="change",
            index=models.Index(
                fields=["id"],
                name="changes_that_may_remove",
                condition=models.Q(
                    reader=None,
                    event_type__in=[
                        "document.withdrawn",
                        "document.corrected",
                        "question.withdrawn",
                        "question.answered",
                        "event.corrected",
                        "event.cancelled",
                        "event.recorded",
                    ],
                ),
            ),
        ),
    ]
