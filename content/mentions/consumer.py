"""Mentions of a name follow the law that was in force on their day: a consumer of the change log."""

from content.changes import cursors
from content.changes.event_types import EventType
from content.changes.models import Change
from content.documents.models import LegalDocument
from content.mentions.services import fill_mentions_of

CONSUMER = "mentions"
OF_EFFECT = (  # what may give a document another first or last day, or take it away
    EventType.STATUS_ENTERED,
    EventType.DOCUMENT_AMENDED,
    EventType.AMENDMENT_WITHDRAWN,
    EventType.DOCUMENT_WITHDRAWN,
)


def point_mentions() -> int:
    """Handle the next changes; returns how many were read."""
    return cursors.consume_changes(CONSUMER, point_mentions_of)


def point_mentions_of(change: Change) -> None:
    """Point the mentions that may mean the document of the change. A repeat changes nothing."""
    if change.event_type in OF_EFFECT:
        for document in LegalDocument.objects.filter(key=change.subject):
            fill_mentions_of(document)
