"""Rebuild the glossary from the text of public documents."""

from content.glossary import definitions
from content.glossary.models import GlossaryEntry

ROWS_PER_BATCH = 5_000


def rebuild_glossary() -> None:
    """Replace all entries. Call it in a transaction: readers see the old entries until it commits."""
    GlossaryEntry.objects.all().delete()
    GlossaryEntry.objects.bulk_create(definitions.extract_entries(), batch_size=ROWS_PER_BATCH)
