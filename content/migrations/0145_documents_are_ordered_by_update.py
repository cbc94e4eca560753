from django.contrib.postgres.operations import AddIndexConcurrently, RemoveIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    """Documents of one moment, as a service or an import may leave thousands, have an order too: pages need it."""

    atomic = False  # writers go on while it is built

    dependencies = [("content", "0136_last_days_of_doubts_are_validated")]

    operations = [
        AddIndexConcurrently("legaldocument", models.Index("updated_at", "id", name="documents_by_update")),
        RemoveIndexConcurrently("legaldocument", "documents_updated_at"),
    ]
