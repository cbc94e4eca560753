"""The calendar of effect is read from an index in its order, and public documents are counted in an index
that has what the counts ask for.

A page of the calendar sorted the events of all years. Both are built beside writers; the release before uses neither.
"""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models
from django.db.models import F, Q

from content.documents.models import ListOrder


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("content", "0274_processes_count_requests_together")]

    operations = [
        # a migration that was broken off leaves the first index, whole or invalid: nothing else undoes it
        migrations.RunSQL("DROP INDEX CONCURRENTLY IF EXISTS status_events_in_order", migrations.RunSQL.noop),
        AddIndexConcurrently(
            "statusevent",
            models.Index(
                models.ExpressionWrapper(ListOrder("on") + F("id"), models.BigIntegerField()),
                condition=Q(on__isnull=False),
                name="status_events_in_order",
            ),
        ),
        migrations.RunSQL("DROP INDEX CONCURRENTLY IF EXISTS documents_published", migrations.RunSQL.noop),
        AddIndexConcurrently(
            "legaldocument",
            models.Index(
                fields=["id"],
                include=["doc_type", "issuer", "province", "issued_on"],
                condition=Q(status="published"),
                name="documents_published",
            ),
        ),
        # PostgreSQL counts the values of an expression at the next ANALYZE, which may be months away
        migrations.RunSQL("ANALYZE content_statusevent", migrations.RunSQL.noop),
    ]
