"""Reads the change log for documents whose effect an act changed, and compares them with the lists stored before."""

from django.db import transaction

from content import locks
from content.changes import event_types
from content.changes.cursors import consume_changes_one_by_one
from content.changes.models import Change
from content.documents.effect import StatusEventScope
from content.documents.models import LegalDocument
from content.locks import Lock
from content.official_statuses import services

CONSUMER = "official_statuses"
ENTERED = (event_types.STATUS_ENTERED, event_types.DOCUMENT_AMENDED)


def compare_changes() -> int:
    """Handle the next changes. Returns how many: 0 when there are none, or while an import carries out."""
    return consume_changes_one_by_one(CONSUMER, _handle)


def _handle(change: Change) -> bool:
    """Compare the document of one change; False while somebody else carries out. A change met again does nothing."""
    if not (_is_changed_by_act(change) or change.event_type == event_types.AMENDMENT_WITHDRAWN):
        return True
    document = LegalDocument.objects.filter(key=change.subject).first()
    if document is None or not document.official_statuses.exists():
        return True
    with transaction.atomic():
        if not locks.try_hold(Lock.ENDINGS):  # a job never waits for that
            return False
        services.compare_again(document)
    return True


def _is_changed_by_act(change: Change) -> bool:
    """Whether an act changed the effect of the whole document. What a list or a person entered has no act."""
    if change.event_type not in ENTERED or "act" not in change.facts:
        return False
    return any(event["scope"] == StatusEventScope.WHOLE for event in change.facts.get("events", []))
