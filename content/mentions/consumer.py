"""Mentions of a name follow the laws that bear it: a consumer of the change log.

A name alone means the law that was in force on its day. Where a name ends is known when the law is public.
"""

from django.db import transaction

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


FIELDS_OF_NAME = ("title", "number", "doc_type", "issued_on")


def point_mentions() -> int:
    """Handle the next changes; returns how many were read."""
    return cursors.consume_changes_one_by_one(CONSUMER, point_mentions_of)


def point_mentions_of(change: Change) -> bool:
    """Point the mentions that may mean the document of the change. A repeat changes nothing. Returns True: done."""
    for document in LegalDocument.objects.filter(key=change.subject):
        if _gives_a_name(change):
            read_name_again(document)
        if change.event_type in OF_EFFECT:
            with transaction.atomic():
                fill_mentions_of(document)
    return True


def _gives_a_name(change: Change) -> bool:
    if change.event_type == EventType.DOCUMENT_CORRECTED:
        corrected = change.facts.get("correction", {}).get("fields", [])
        return any(each["field"] in FIELDS_OF_NAME for each in corrected)
    return change.event_type == EventType.DOCUMENT_PUBLISHED
