"""What staff do with documents before and after publication. Each service is one transaction with one audit row.

`by` is a User, or None for the system. `seen` is `updated_at` of what the person was shown (None: not checked), so that
nobody decides about a text they did not read. All raise RuleBroken("wrong_status") if the status does not allow the
transition (states.py), and "changed_meanwhile". Publishing and correcting are in publishing.services.
"""

import datetime
from collections.abc import Collection, Iterable

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from content.amendments import services as amendments
from content.changes import event_types
from content.copies import refuse_copy
from content.documents import change_log, identity
from content.documents.models import LegalDocument
from content.documents.records import DocumentRecord
from content.editing.models import Revision
from content.endings import amendment_cases, effect_doubts
from content.endings import services as endings
from content.errors import RuleBroken
from content.mentions import services as mentions
from content.people import services as people
from content.people.models import User
from content.publishing import document_writer, heavy_notices, origins, services, states
from content.publishing.states import DocumentTransition
from content.topics.models import Topic


@transaction.atomic
def write_draft(
    record: DocumentRecord,
    *,
    topics: Iterable[Topic],
    document: LegalDocument | None = None,
    by: User | None = None,
    reason: str = "",
    seen: datetime.datetime | None = None,
) -> LegalDocument:
    """Write a new draft, or replace a draft, with exactly what the record states. Returns the document.

    A draft has no permanent address yet: its key changes when number, type or date change. The same content again
    changes and records nothing. Raises RuleBroken: "already_exists", and what `publishing.services.import_document`
    raises about a record.
    """
    document_writer.refuse_unusable_record(record)
    origin = origins.origin_of_record(record)
    identity.lock_identity(record)
    document = services.lock_for_transition(document, DocumentTransition.DRAFT, seen) if document else LegalDocument()
    existing = identity.matching_document(record, origin)
    if existing and existing.pk != document.pk:
        message = _("This document already exists: %s.") % f"{existing} ({existing.get_status_display()})"
        raise RuleBroken("already_exists", message, field="number")
    former = document.key
    document.key = identity.unused_key(record, origin, own=document.pk)
    written = document_writer.write_record(document, record, origin, topics=topics, is_complete_description=True)
    if not written.changed:
        return document
    _touch_updated_at(document)
    if by:
        document.authors.add(by)
    moved = {"former_key": former} if former not in ("", document.key) else {}
    people.audit("document.drafted", document.key, by=by, reason=reason, eids=len(written.eids), **moved)
    return document


@transaction.atomic
def submit_for_review(
    document: LegalDocument,
    *,
    by: User | None = None,
    reason: str = "",
    seen: datetime.datetime | None = None,
    accepted: Collection[str] = (),
) -> LegalDocument:
    """Submit a draft for review by a second person. Who submits it counts as an author. Returns the document.

    `accepted`: ids of its heavy notices, all of them, with a `reason`; whoever publishes it accepts them again.
    Submitting twice is a no-op. Raises RuleBroken: "heavy_notices", "reason_required".
    """
    document = LegalDocument.objects.select_for_update(no_key=True).get(pk=document.pk)
    refuse_copy(document)
    if document.status == states.Status.IN_REVIEW:
        return document
    services.refuse_if_changed_since(document, seen)
    heavy = heavy_notices.heavy_notices(document)
    heavy_notices.refuse_unless_accepted(heavy, accepted, reason)
    if by:
        document.authors.add(by)
    facts = heavy_notices.facts_of_accepted(heavy)
    states.apply_transition(document, DocumentTransition.SUBMIT_FOR_REVIEW, by=by, reason=reason, facts=facts)
    return document


@transaction.atomic
def return_to_draft(
    document: LegalDocument, *, reason: str, by: User | None = None, seen: datetime.datetime | None = None
) -> LegalDocument:
    """Return a document in review to its authors. Returns the document. Raises RuleBroken("reason_required")."""
    services.refuse_without_reason(reason)
    document = services.lock_for_transition(document, DocumentTransition.RETURN_TO_DRAFT, seen)
    states.apply_transition(document, DocumentTransition.RETURN_TO_DRAFT, by=by, reason=reason)
    return document


@transaction.atomic
def withdraw_document(
    document: LegalDocument,
    *,
    reason: str,
    by: User | None = None,
    notify: bool = False,
    seen: datetime.datetime | None = None,
) -> LegalDocument:
    """Withdraw a published document. Its address stays and shows the reason; nothing else of it is public any more.

    `reason` is public. Proposed corrections and started revisions of the document are deleted, and its amendments of
    other documents are withdrawn, so these read as before. Withdrawing twice is a no-op. Raises RuleBroken:
    "reason_required", "amended_since" if amendments that a person entered for another act build on its own.
    """
    services.refuse_without_reason(reason)
    list(
        Revision.objects.select_for_update().filter(document=document.pk)
    )  # locked first, as everywhere both are locked
    document = LegalDocument.objects.select_for_update(no_key=True).get(pk=document.pk)
    refuse_copy(document)
    if document.status == states.Status.WITHDRAWN:
        return document
    services.refuse_if_changed_since(document, seen)
    effect_doubts.lock_affected(document)
    amendment_cases.take_back_built_upon(document)
    amendments.withdraw_amendments_by(document, by=by, reason=reason, notify=notify)
    endings.forget_act(document)
    states.apply_transition(
        document,
        DocumentTransition.WITHDRAW,
        by=by,
        reason=reason,
        withdrawn_at=timezone.now(),
        withdrawal_reason=reason.strip(),
    )
    facts, gone = {"reason": document.withdrawal_reason}, {"hash_before": document.content_hash, "hash_after": ""}
    mentions.refresh_texts(document)
    document.revisions.all().delete()
    change_log.record_change(
        event_types.DOCUMENT_WITHDRAWN, document, event_types.WITHDRAWAL, notify=notify, facts=facts, **gone
    )
    return document


def _touch_updated_at(document: LegalDocument) -> None:
    """Change `updated_at` for whoever is reading, also if only dates or topics changed."""
    document.save(update_fields=["updated_at"])
