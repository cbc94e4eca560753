"""A withdrawn amendment takes words out too. The former index is removed when the new one is complete."""

from django.contrib.postgres.operations import AddIndexConcurrently, RemoveIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("content", "0160_statistics_know_their_last_change")]

    operations = [
        AddIndexConcurrently(
            model_name="change",
            index=models.Index(
                fields=["id"],
                name="changes_that_take_words_out",
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
                    ],
                ),
            ),
        ),
        RemoveIndexConcurrently(model_name="change", name="changes_that_may_remove"),
    ]
