"""An index has the lines about plans that may take words out of what is public. It is built while writers go on.

A repeat after a broken build drops what that left. The release before reads its older index until the new one is whole.
"""

from django.contrib.postgres.operations import AddIndexConcurrently, RemoveIndexConcurrently
from django.db import migrations, models

REMOVING = [
    "document.withdrawn", "document.corrected", "document.amendment_withdrawn", "question.withdrawn",
    "question.answered", "event.corrected", "event.cancelled", "event.recorded", "contest.corrected",
    "contest.cancelled", "material.corrected", "material.withdrawn", "layer.withdrawn", "plan.corrected",
    "plan.withdrawn",
]  # fmt: skip


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("content", "0254_published_plans_can_be_read_is_validated")]

    operations = [
        migrations.RunSQL("DROP INDEX CONCURRENTLY IF EXISTS changes_that_took_words_out;", migrations.RunSQL.noop),
        AddIndexConcurrently(
            model_name="change",
            index=models.Index(
                fields=["id"],
                name="changes_that_took_words_out",
                condition=models.Q(reader=None, event_type__in=REMOVING),
            ),
        ),
        RemoveIndexConcurrently(model_name="change", name="changes_that_take_out_words"),
    ]
