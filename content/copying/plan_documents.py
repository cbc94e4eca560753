"""Copied plans get the document that they name when it is published here: a consumer of the change log."""

from content.changes import cursors
from content.changes.event_types import EventType
from content.changes.models import Change
from content.copying import plans
from content.documents.models import LegalDocument

CONSUMER = "copied_plans"
MOST_AT_ONCE = 1_000  # changes; nearly all say nothing of it


def link_published_documents() -> int:
    """Handle the next changes; returns how many were read."""
    return cursors.consume_changes(CONSUMER, link_published, limit=MOST_AT_ONCE)


def link_published(change: Change) -> None:
    """Give the document that a change published to the copied plans that name it. A repeat changes nothing."""
    if change.event_type == EventType.DOCUMENT_PUBLISHED:
        plans.link_documents(LegalDocument.objects.filter(key=change.subject).exclude(published_at=None))
