"""Mentions of a name follow the laws that bear it: a consumer of the change log.

A name alone means the law that was in force on its day. Where a name ends is known when the law is public.
"""

from content.changes import cursors
from content.changes.event_types import EventType
from content.changes.models import Change
from content.documents.models import LegalDocument
from content.mentions.services import fill_mentions_of, read_name_again

CONSUMER = "mentions"
OF_EFFECT = (  # what may give a document another first or last day, or take it away
    EventType.STATUS_ENTERED,
    EventType.DOCUMENT_AMENDED,
    EventType.AMENDMENT_WITHDRAWN,
    EventType.DOCUMENT_WITHDRAWN,
)


OF_NAME = (EventType.DOCUMENT_PUBLISHED, EventType.DOCUMENT_CORRECTED)  # what may give a document its name


def point_mentions() -> int:
    """Handle the next changes; returns how many were read."""
    return cursors.consume_changes(CONSUMER, point_mentions_of)


def point_mentions_of(change: Change) -> None:
    """Point the mentions that may mean the document of the change. A repeat changes nothing."""
    for document in LegalDocument.objects.filter(key=change.subject):
        if change.event_type in OF_NAME:
            read_name_again(document)
        if change.event_type in OF_EFFECT:
            fill_mentions_of(document)
