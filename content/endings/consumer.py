"""Reads the change log for documents that became public, were corrected or withdrawn, and settles what they say."""

import itertools
import logging
from collections.abc import Collection, Sequence

from django.db import transaction

from content import locks
from content.changes import cursors, event_types
from content.changes.models import Change
from content.documents.models import LegalDocument
from content.endings import case_services, services
from content.endings.acts import acts_to_read
from content.endings.models import EndingCase
from content.locks import Lock

log = logging.getLogger(__name__)
CONSUMER = "endings"
CHANGES_AT_ONCE = 20  # each may ask for an act to be read, a third of a second; then others have their turn
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
    """Handle the next changes. Returns how many: 0 when there are none, or while an import carries out.

    An act that several of them concern is read once.
    """
    return cursors.consume_changes_together(CONSUMER, _settle, limit=CHANGES_AT_ONCE)


def _settle(changes: Sequence[Change]) -> int:
    """Read the acts that the changes concern, each in a transaction of its own. Returns how many changes are done with.

    While somebody else carries out, those whose acts were not read yet are not. A change met again does nothing.
    """
    documents = {each.key: each for each in LegalDocument.objects.filter(key__in={each.subject for each in changes})}
    that_say = set(EndingCase.objects.filter(act__in=documents.values()).values_list("act", flat=True))
    concerned: list[tuple[Change, list[LegalDocument]]] = []
    for change in changes:
        acts = _acts_or_log(change, documents.get(change.subject), that_say)
        if acts is None:
            break
        concerned.append((change, acts))
    told: dict[int, tuple[LegalDocument, bool]] = {}
    for change, acts in concerned:
        for act in acts:
            told.setdefault(act.pk, (act, change.notify))
    done = set()
    for act, notify in told.values():
        if not _read_act(act, notify=notify):
            break
        done.add(act.pk)
    return len(list(itertools.takewhile(lambda each: all(act.pk in done for act in each[1]), concerned)))


def _acts_or_log(
    change: Change, document: LegalDocument | None, that_say: Collection[int]
) -> list[LegalDocument] | None:
    """As `_acts_of`; None while somebody else decides on cases, and the change is about a withdrawn amendment.

    A change of which it cannot be told is logged and skipped: it must not hold back the rest.
    """
    try:
        with transaction.atomic():
            if change.event_type == event_types.AMENDMENT_WITHDRAWN and not locks.try_hold(Lock.ENDINGS):
                return None
            return _acts_of(change, document, that_say)
    except cursors.TRANSIENT:
        raise
    except Exception:
        log.exception("change %s could not be handled and is skipped", change.pk)
        return []


def _acts_of(change: Change, document: LegalDocument | None, that_say: Collection[int]) -> list[LegalDocument]:
    """The acts to read after the change of the document. `that_say`: ids of those of which a case is stored."""
    if change.event_type not in HANDLED or document is None:
        return []
    if change.event_type == event_types.EFFECT_DOUBTED and document.pk not in that_say:
        return []  # an import leaves thousands of these
    if change.event_type == event_types.AMENDMENT_WITHDRAWN:
        case_services.record_withdrawn_amendments(document)
    acts = acts_to_read(
        document,
        is_new=change.event_type in OTHERS_OF_ITS_NUMBER,
        is_corrected=change.event_type == event_types.DOCUMENT_CORRECTED,
        is_only_doubted=change.event_type == event_types.EFFECT_DOUBTED,
    )
    settled_by = change.facts["act"]["key"] if change.event_type == event_types.DOUBT_SETTLED else ""
    return [act for act in acts if act.key != settled_by]  # it was read, or its case decided, when that was recorded


def _read_act(act: LegalDocument, *, notify: bool) -> bool:
    """Read one act, unless somebody else carries out: a job never waits for that. Returns whether it is done with.

    What cannot be read is told in the log of the worker, and does not hold back the next.
    """
    try:
        with transaction.atomic():
            if not locks.try_hold(Lock.ENDINGS):
                return False
            services.read_act(act, notify=notify)
    except cursors.TRANSIENT:
        raise
    except Exception:  # whatever it is: it would come again each minute, and nothing after it
        log.exception("%s could not be read and is skipped", act.key)
    return True
