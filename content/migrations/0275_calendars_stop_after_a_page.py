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
        AddIndexConcurrently(
            "statusevent",
            models.Index(
                models.ExpressionWrapper(ListOrder("on") + F("id"), models.BigIntegerField()),
                condition=Q(on__isnull=False),
                name="status_events_in_order",
            ),
        ),
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
