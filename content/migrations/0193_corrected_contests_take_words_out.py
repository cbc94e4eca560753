"""A corrected or cancelled contest may take words out. The former index is removed when the new one is complete."""

from django.contrib.postgres.operations import AddIndexConcurrently, RemoveIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("content", "0192_event_types_of_contests_are_validated")]

    operations = [
        AddIndexConcurrently(
            model_name="change",
            index=models.Index(
                fields=["id"],
                name="changes_that_remove_words",
                condition=models.Q(
                    reader=None,
                    event_type__in=[
                        "document.withdrawn",
                        "document.corrected",
                        "document.amendment_withdrawn",
                        "question.withdrawn",
                        "question.answered",
                        "event.corrected",
                        "event.cancelled",
                        "event.recorded",
                        "contest.corrected",
                        "contest.cancelled",
                    ],
                ),
            ),
        ),
        RemoveIndexConcurrently(model_name="change", name="changes_that_take_words_out"),
    ]
