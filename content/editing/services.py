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
from content.publishing import document_writer, policy, services, states
from content.publishing.states import DocumentTransition


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
    document = _lock_document(document, DocumentTransition.DRAFT, seen) if document else LegalDocument()
    standing = identity.matching_document(record, issuer)
    if standing and standing.pk != document.pk:
        message = _("This document is here already: %s.") % f"{standing} ({standing.get_status_display()})"
        raise RuleBroken("already_exists", message, field="number")
    former = document.key
    document.key = identity.unused_key(record, issuer, own=document.pk)
    filled = document_writer.write_record(document, record, issuer, topics=topics, exactly=True)
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
    states.apply_transition(document, DocumentTransition.SUBMIT_FOR_REVIEW, by=by, reason=reason)
    return document


@transaction.atomic
def return_to_draft(document, *, reason, by=None, seen=None):
    """Give a document in review back to be written on. Raises RuleBroken("reason_required")."""
    _refuse_without_reason(reason)
    document = _lock_document(document, DocumentTransition.RETURN_TO_DRAFT, seen)
    states.apply_transition(document, DocumentTransition.RETURN_TO_DRAFT, by=by, reason=reason)
    return document


@transaction.atomic
def correct_document(
    document, record, *, topics, reason, by=None, authors=(), notify=False, seen=None, by_issuer=False
):
    """Better the published copy: exactly what the record says. Day-book and audit say what changed; eids stay.

    `authors`: Users who wrote the correction; somebody else must confirm it, or a publisher. Nobody is pushed anything
    unless `notify`. `by_issuer`: the issuing body corrected its text (đính chính), and our copy follows; without it our
    copy alone was wrong. Its address stays whatever its number is now. Raises RuleBroken: "reason_required", "second_person_required",
    "no_change", "already_exists", and what services.take_in raises about a record.
    """
    _refuse_without_reason(reason)
    if by and not policy.is_second_reader(by, authors):
        raise RuleBroken("second_person_required", _("Somebody else must confirm the correction you wrote."))
    document_writer.refuse_unusable_record(record)
    issuer = document_writer.issuer_of_record(record)
    identity.lock_identity(record)
    document = _lock_document(document, DocumentTransition.CORRECT, seen)
    standing = identity.matching_document(record, issuer)
    if standing and standing.pk != document.pk:
        raise RuleBroken("already_exists", _("This document is here already: %s.") % standing, field="number")
    filled = document_writer.write_record(document, record, issuer, topics=topics, exactly=True)
    if not filled.changed:
        raise RuleBroken("no_change", _("The correction changes nothing."))
    document.authors.add(*authors)
    nature = event_types.CORRECTION if by_issuer else event_types.EDITORIAL
    services.record_correction(document, filled, by=by, reason=reason, notify=notify, nature=nature)
    return document


@transaction.atomic
def withdraw_document(document, *, reason, by=None, notify=False, seen=None):
    """Take a published document back. Its address stays and says why; nothing else of it is public any more.

    `reason` is public. Corrections that wait for somebody, and what lies on desks to become one, go with it; so does
    what it did to other documents: they read again as before it. Withdrawing twice is a no-op: the second call records
    nothing. Raises RuleBroken: "reason_required", and "amended_since" where another act's amendments build on its own.
    """
    _refuse_without_reason(reason)
    list(Revision.objects.select_for_update().filter(document=document.pk))  # first, as all who lock both
    document = LegalDocument.objects.select_for_update().get(pk=document.pk)
    if document.status == states.Status.WITHDRAWN:
        return document
    services.refuse_if_changed_since(document, seen)
    amendments.withdraw_amendments_by(document, by=by, reason=reason, notify=notify)
    columns = {"withdrawn_at": timezone.now(), "withdrawal_reason": reason.strip()}
    states.apply_transition(document, DocumentTransition.WITHDRAW, by=by, reason=reason, **columns)
    facts, gone = {"reason": document.withdrawal_reason}, {"hash_before": document.content_hash, "hash_after": ""}
    passages.refresh_passages(document)
    document.revisions.all().delete()
    change_log.record_change(
        event_types.DOCUMENT_WITHDRAWN, document, event_types.WITHDRAWAL, notify=notify, facts=facts, **gone
    )
    return document


def _lock_document(document, transition, seen):
    """The row as it stands, nobody else moving it meanwhile."""
    document = LegalDocument.objects.select_for_update().get(pk=document.pk)
    states.status_after(document, transition)
    services.refuse_if_changed_since(document, seen)
    return document


def _touch_updated_at(document):
    """Another version for whoever is reading, also where only its days or topics are others."""
    document.save(update_fields=["updated_at"])


def _refuse_without_reason(reason):
    if not reason.strip():
        raise RuleBroken("reason_required", _("Say why."), field="reason")
