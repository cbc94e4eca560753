"""What staff do with documents at the desk. Each verb is one transaction with one row of the audit in it.

`by` is a User, None the system; `seen` is `updated_at` of what was shown to whoever decides (None: not asked), so that
nobody decides on what they have not read. All raise RuleBroken("wrong_status") where the status does not allow the act
(states.py), and "changed_meanwhile". Publishing is services.publish.
"""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from content.amendments import services as amendments
from content.changes import event_types
from content.documents import change_log, identity
from content.documents.models import LegalDocument
from content.documents.passages import services as passages
from content.editing.models import Revision
from content.errors import RuleBroken
from content.people import services as people
from content.publishing import document_writer, services, states


@transaction.atomic
def write_draft(record, *, topics, document=None, by=None, reason="", seen=None):
    """Write a new draft, or a draft anew: exactly what the record says. Returns the document.

    What was never public has no permanent address yet: it moves where number, type or day are others now. The same
    words again change nothing and record nothing. Raises RuleBroken: "already_exists", and what services.take_in raises
    about a record.
    """
    document_writer.refuse_unusable_record(record)
    issuer = document_writer.issuer_of_record(record)
    identity.lock_identity(record)
    document = services.lock_for_transition(document, "draft", seen) if document else LegalDocument()
    standing = identity.matching_document(record, issuer)
    if standing and standing.pk != document.pk:
        message = _("This document already exists: %s.") % f"{standing} ({standing.get_status_display()})"
        raise RuleBroken("already_exists", message, field="number")
    former = document.key
    document.key = identity.unused_key(record, issuer, own=document.pk)
    filled = document_writer.write_record(document, record, issuer, topics=topics, is_complete_description=True)
    if not filled.changed:
        return document
    _touch_updated_at(document)
    if by:
        document.authors.add(by)
    moved = {"former_key": former} if former not in ("", document.key) else {}
    people.audit("document.drafted", document.key, by=by, reason=reason, eids=len(filled.eids), **moved)
    return document


@transaction.atomic
def submit_for_review(document, *, by=None, reason="", seen=None):
    """Hand a draft to a second pair of eyes; whoever hands it over answers for it as an author does.

    Submitting twice is a no-op: the second call records nothing.
    """
    document = LegalDocument.objects.select_for_update().get(pk=document.pk)
    if document.status == states.Status.IN_REVIEW:
        return document
    services.refuse_if_changed_since(document, seen)
    if by:
        document.authors.add(by)
    return _change_status(document, "submit_for_review", "document.submitted", by, reason)


@transaction.atomic
def return_to_draft(document, *, reason, by=None, seen=None):
    """Give a document in review back to be written on. Raises RuleBroken("reason_required")."""
    services.refuse_without_reason(reason)
    return _change_status(
        services.lock_for_transition(document, "return_to_draft", seen),
        "return_to_draft",
        "document.returned",
        by,
        reason,
    )


@transaction.atomic
def withdraw_document(document, *, reason, by=None, notify=False, seen=None):
    """Take a published document back. Its address stays and says why; nothing else of it is public any more.

    `reason` is public. Corrections that wait for somebody, and what lies on desks to become one, go with it; so does
    what it did to other documents: they read again as before it. Withdrawing twice is a no-op: the second call records
    nothing. Raises RuleBroken: "reason_required", and "amended_since" where another act's amendments build on its own.
    """
    services.refuse_without_reason(reason)
    list(Revision.objects.select_for_update().filter(document=document.pk))  # first, as all who lock both
    document = LegalDocument.objects.select_for_update().get(pk=document.pk)
    if document.status == states.Status.WITHDRAWN:
        return document
    services.refuse_if_changed_since(document, seen)
    amendments.withdraw_amendments_by(document, by=by, reason=reason, notify=notify)
    document.withdrawn_at, document.withdrawal_reason = timezone.now(), reason.strip()
    facts, gone = {"reason": document.withdrawal_reason}, {"hash_before": document.content_hash, "hash_after": ""}
    document = _change_status(document, "withdraw", event_types.DOCUMENT_WITHDRAWN, by, reason)
    passages.refresh_passages(document)
    document.revisions.all().delete()
    change_log.record_change(
        event_types.DOCUMENT_WITHDRAWN, document, event_types.WITHDRAWAL, notify=notify, facts=facts, **gone
    )
    return document


def _change_status(document, act, action, by, reason):
    document.status = states.status_after(document, act)
    document.save(update_fields=["status", "withdrawn_at", "withdrawal_reason", "updated_at"])
    people.audit(action, document.key, by=by, reason=reason)
    return document


def _touch_updated_at(document):
    """Another version for whoever is reading, also where only its days or topics are others."""
    document.save(update_fields=["updated_at"])
