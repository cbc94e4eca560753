"""Reads the change log for documents that became public, were corrected or withdrawn, and settles what they say."""

from content.changes import event_types
from content.changes.cursors import consume_changes
from content.changes.models import Change
from content.documents.models import LegalDocument
from content.endings import services
from content.errors import RuleBroken

CONSUMER = "endings"


def settle_changes() -> int:
    """Handle the next changes. Returns how many were read; 0 when there are none."""
    return consume_changes(CONSUMER, _handle)


def _handle(change: Change) -> bool:
    """Settle one change; whether anything was done. A change met again does nothing."""
    if not change.event_type.startswith("document."):
        return False
    document = LegalDocument.objects.filter(key=change.subject).first()
    if document is None:
        return False
    try:
        if change.event_type == event_types.AMENDMENT_WITHDRAWN:
            return services.record_withdrawn_amendments(document) > 0
        if change.event_type in (event_types.DOCUMENT_PUBLISHED, event_types.DOCUMENT_CORRECTED):
            return services.settle_document(document, notify=change.notify).acts > 0
    except RuleBroken as refusal:  # told in the log of the worker; the next changes are not held back
        raise ValueError(str(refusal)) from refusal
    return False
