"""Reads the change log for documents that became public, were corrected or withdrawn, and settles what they say."""

from django.db import transaction

from content import locks
from content.changes import event_types
from content.changes.cursors import consume_changes_one_by_one
from content.changes.models import Change
from content.documents.models import LegalDocument
from content.endings import case_services, services
from content.endings.acts import acts_to_read
from content.errors import RuleBroken
from content.locks import Lock

CONSUMER = "endings"
HANDLED = (
    event_types.DOCUMENT_PUBLISHED,
    event_types.DOCUMENT_CORRECTED,
    event_types.DOCUMENT_WITHDRAWN,
    event_types.DOCUMENT_AMENDED,
    event_types.AMENDMENT_WITHDRAWN,
    event_types.STATUS_ENTERED,
    event_types.EFFECT_DOUBTED,
    event_types.DOUBT_SETTLED,
)
OTHERS_OF_ITS_NUMBER = (event_types.DOCUMENT_PUBLISHED, event_types.DOCUMENT_WITHDRAWN)  # there is one more, or less


def settle_changes() -> int:
    """Handle the next changes. Returns how many: 0 when there are none, or while an import carries out."""
    return consume_changes_one_by_one(CONSUMER, _handle)


def _handle(change: Change) -> bool:
    """Settle one change, each act in a transaction of its own; False while somebody else carries out.

    A change met again does nothing.
    """
    if change.event_type not in HANDLED:
        return True
    document = LegalDocument.objects.filter(key=change.subject).first()
    if document is None:
        return True
    if change.event_type == event_types.AMENDMENT_WITHDRAWN:
        case_services.record_withdrawn_amendments(document)
    acts = acts_to_read(
        document,
        is_new=change.event_type in OTHERS_OF_ITS_NUMBER,
        is_corrected=change.event_type == event_types.DOCUMENT_CORRECTED,
    )
    return all(_read_act(act, notify=change.notify) for act in acts)


def _read_act(act: LegalDocument, *, notify: bool) -> bool:
    """Read one act, unless somebody else carries out: a job never waits for that. Returns whether it was read."""
    try:
        with transaction.atomic():
            if not locks.try_hold(Lock.ENDINGS):
                return False
            services.read_act(act, notify=notify)
    except RuleBroken as refusal:  # told in the log of the worker; the next changes are not held back
        raise ValueError(str(refusal)) from refusal
    return True
