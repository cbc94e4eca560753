"""What may be done to documents: take one in as a draft, publish it, take a sample out. What staff do at the desk
before and after that stands in editing.py."""

from enum import StrEnum

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from content.changes import event_types
from content.documents import change_log, effect, identity, queries
from content.documents.models import LegalDocument, StatusEvent
from content.documents.passages import services as passages
from content.documents.provisions import text_sha256
from content.errors import RuleBroken
from content.people import services as people
from content.publishing import corrections, document_writer, policy, states
from content.text.vietnamese import nfc
from content.topics.models import Topic


class ImportOutcome(StrEnum):
    CREATED = "created"
    UPDATED = "updated"
    UNCHANGED = "unchanged"


@transaction.atomic
def import_document(record, *, topics=(), correct=False, by=None, reason=""):
    """Take in a document as its source gives it: parsed, as a draft. Returns (document, Outcome).

    The same document again (type, number, day and issuer, see `identity`) updates it, or changes nothing where nothing
    differs; `topics` and those of the record are added to those it has. A partial record adds its articles to a partial
    document; a complete one replaces them and keeps the eids; never does a partial record touch the words of a complete
    document: it brings codes of the codification, topics, and days on which articles were amended. A published document
    is only touched with `correct`, and then the day-book says so. What is in review or withdrawn is not touched. `by`
    (None: the system) and `reason` go into the audit. Raises RuleBroken: "text_required", "title_required", "unknown_issuer",
    "wrong_status", "wrong_status", "withdrawn", "no_free_key", "amended" (another text, while amendments build on
    the one we have), "official_copy" (whoever's copy this is, the one we have was read at an official source).
    """
    document_writer.refuse_unusable_record(record)
    issuer = document_writer.issuer_of_record(record)
    identity.lock_identity(record)
    document = identity.matching_document(record, issuer)
    if document is None:
        document = LegalDocument(key=identity.unused_key(record, issuer))
    else:
        document = LegalDocument.objects.select_for_update().get(pk=document.pk)
        if document.is_official_copy and not (record.is_official_copy or record.is_partial):
            return _compare_with_official_copy(document, record)
    is_new = document._state.adding
    filled = document_writer.write_record(
        document, record, issuer, topics=[*topics, *Topic.objects.filter(key__in=record.topics)]
    )
    if not filled.changed:
        return document, ImportOutcome.UNCHANGED
    _refuse_unless_importable(document, correct)  # rolls back what was written above
    if by:
        document.authors.add(by)
    outcome = ImportOutcome.CREATED if is_new else ImportOutcome.UPDATED
    if document.is_published:
        record_correction(document, filled, by=by, reason=reason, notify=False)
    else:
        people.audit("document.taken_in", document.key, by=by, reason=reason, outcome=outcome)
    return document, outcome


def _compare_with_official_copy(document, record):
    """An unofficial copy of the same words tells nothing new; one of others does not replace the official copy."""
    if document.content_hash != text_sha256(nfc(record.text)):
        message = _("Our copy of %s is official; a copy from elsewhere with other words does not replace it.")
        raise RuleBroken("official_copy", message % document.key)
    return document, ImportOutcome.UNCHANGED


def _refuse_unless_importable(document, correct):
    if document.status == LegalDocument.Status.WITHDRAWN:
        raise RuleBroken("withdrawn", _("The document was withdrawn."))
    if document.status == LegalDocument.Status.IN_REVIEW:
        raise RuleBroken("wrong_status", _("The document is in review: return it to draft first."))
    if document.is_published and not correct:
        raise RuleBroken("wrong_status", _("The document is published; --publish corrects the published copy."))


@transaction.atomic
def publish(document, *, by=None, notify=True, reason="", seen=None):
    """Make a document public and note it in the day-book and the audit; all happen or none. Returns the document.

    `by` is a User, None the system. An approver publishes what is in review and what somebody else wrote; a publisher
    and the system also what is a draft. `notify=False` tells nobody: for stocks of old laws. `seen` is `updated_at` of
    what was read: another wording is refused. Publishing twice is a no-op: the second call records nothing. Raises
    RuleBroken: "wrong_status", "wrong_status", "same_person", "changed_meanwhile".
    """
    document = LegalDocument.objects.select_for_update().get(pk=document.pk)
    if document.is_published:
        return document
    status = states.status_after(document, "publish")
    refuse_if_changed_since(document, seen)
    if by and document.status == LegalDocument.Status.DRAFT and not policy.may_publish_alone(by):
        raise RuleBroken("wrong_status", _("The document was not submitted for review."))
    if by and not policy.is_second_reader(by, document.authors.all()):
        raise RuleBroken("second_person_required", _("Somebody else must publish what you wrote."))
    document.status = status
    document.published_at = timezone.now()
    document.save(update_fields=["status", "published_at", "updated_at"])
    passages.refresh_passages(document)
    change_log.record_change(event_types.DOCUMENT_PUBLISHED, document, event_types.LEGAL, notify=notify)
    people.audit(event_types.DOCUMENT_PUBLISHED, document.key, by=by, reason=reason, notify=notify)
    return document


def refuse_if_changed_since(document, seen):
    """Nobody decides on what they have not read. `seen`: `updated_at` of what was shown; None: not asked."""
    if seen is not None and seen != document.updated_at:
        raise RuleBroken("changed_meanwhile", _("The document changed while you were reading: read it again."))


@transaction.atomic
def enter_status_event(document, kind, *, on, scope=StatusEvent.Scope.WHOLE, eids=(), cause="", by=None, notify=True):
    """Enter something that happens to the effect of a public document: a repeal, a suspension, its end.

    `eids` name the units of an event in part. Entered again it is a no-op. Returns the StatusEvent. Raises RuleBroken:
    "not_public", "unknown_provision".
    """
    document = LegalDocument.objects.select_for_update().get(pk=document.pk)
    if not document.is_published:
        raise RuleBroken("not_public", _("Publish the document first."))
    known = set(document.provisions.filter(eid__in=eids).values_list("eid", flat=True))
    if unknown := sorted(set(eids) - known):
        raise RuleBroken("unknown_provision", _("The document has no %s.") % ", ".join(unknown), field="eids")
    event, created = document.status_events.get_or_create(
        kind=kind, scope=scope, on=on, eids=sorted(eids), defaults={"stated_on": effect.today(), "cause": cause}
    )
    if created:
        document.save(update_fields=["updated_at"])
        facts = change_log.status_event_facts([event], when="entered")
        change_log.record_change(
            event_types.STATUS_ENTERED, document, event_types.LEGAL, facts=facts, notify=notify, eids=event.eids
        )
        people.audit(
            event_types.STATUS_ENTERED, document.key, by=by, reason=cause, events=facts["events"], on=facts["on"]
        )
    return event


@transaction.atomic
def verify_copy(document, *, by, office, reason=""):
    """Note that a person compared our copy with the original and found it the same; returns the document.

    `office` is shown to everybody; who it was stands only in the audit. Another text later undoes it. Raises
    RuleBroken: "not_allowed", "office_required".
    """
    if not (by.is_active and by.has_perm("content.publish_legaldocument")):
        raise RuleBroken("not_allowed", _("You need the right to publish for this."))
    if not office.strip():
        raise RuleBroken("office_required", _("Say which office compared it."), field="office")
    document = LegalDocument.objects.select_for_update().get(pk=document.pk)
    document.verified_at, document.verified_by = timezone.now(), nfc(office.strip())
    document.save(update_fields=["verified_at", "verified_by", "updated_at"])
    people.audit("document.verified", document.key, by=by, reason=reason, sha256=document.content_hash)
    if document.is_published:
        change_log.record_change(
            event_types.DOCUMENT_CORRECTED, document, event_types.EDITORIAL, notify=False, facts={"verified": True}
        )
    return document


@transaction.atomic
def remove_sample(document, *, by=None, reason=""):
    """Take a sample out again, with its provisions; where it was public, the day-book says that it was withdrawn.

    Nobody is told. Removing it twice is a no-op. Raises RuleBroken: "not_a_sample" (law is never removed), and
    "amends_another".
    """
    document = LegalDocument.objects.select_for_update().filter(pk=document.pk).first()
    if document is None:
        return
    if not document.is_sample:
        raise RuleBroken("not_a_sample", _("Only a sample can be taken out."))
    if document.is_published:
        gone = {"hash_before": document.content_hash, "hash_after": ""}
        change_log.record_change(event_types.DOCUMENT_WITHDRAWN, document, event_types.WITHDRAWAL, notify=False, **gone)
    people.audit("document.removed", document.key, by=by, reason=reason)
    refuse_while_amending_others(document)
    document.amendments_made.all().delete()
    document.delete()


def refuse_while_amending_others(document):
    """Others read as this act made them read: what it did is taken back first. Raises RuleBroken("amends_another")."""
    if document.amendments_made.filter(withdrawn_at=None).exclude(document=document).exists():
        raise RuleBroken("amends_another", _("Withdraw first what it did to other documents."))


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
    refuse_without_reason(reason)
    if by and not policy.is_second_reader(by, authors):
        raise RuleBroken("second_person_required", _("Somebody else must confirm the correction you wrote."))
    document_writer.refuse_unusable_record(record)
    issuer = document_writer.issuer_of_record(record)
    identity.lock_identity(record)
    document = lock_for_transition(document, "correct", seen)
    standing = identity.matching_document(record, issuer)
    if standing and standing.pk != document.pk:
        raise RuleBroken("already_exists", _("This document is here already: %s.") % standing, field="number")
    filled = document_writer.write_record(document, record, issuer, topics=topics, exactly=True)
    if not filled.changed:
        raise RuleBroken("no_change", _("The correction changes nothing."))
    document.authors.add(*authors)
    nature = event_types.CORRECTION if by_issuer else event_types.EDITORIAL
    record_correction(document, filled, by=by, reason=reason, notify=notify, nature=nature)
    return document


def record_correction(document, filled, *, by, reason, notify, nature=event_types.EDITORIAL):
    """Put a correction of a published document into day-book and audit: never a silent change. `nature`: whose correction it is."""
    document.corrected_at = timezone.now()
    document.save(update_fields=["corrected_at", "updated_at"])
    passages.refresh_passages(document)
    description, texts = filled.before
    changed = corrections.correction_facts(
        corrections.field_changes(description, queries.described_fields(document)),
        corrections.unit_changes(texts, queries.imported_texts(document)),
    )
    what = {"eids": filled.eids, "hash_before": filled.hash_before}
    change_log.record_change(
        event_types.DOCUMENT_CORRECTED, document, nature, notify=notify, facts={"correction": changed}, **what
    )
    fields = [change["field"] for change in changed["fields"]]
    people.audit(
        event_types.DOCUMENT_CORRECTED,
        document.key,
        by=by,
        reason=reason,
        eids=filled.eids,
        fields=fields,
        notify=notify,
    )


def lock_for_transition(document, act, seen):
    """The row as it stands, nobody else moving it meanwhile."""
    document = LegalDocument.objects.select_for_update().get(pk=document.pk)
    states.status_after(document, act)
    refuse_if_changed_since(document, seen)
    return document


def refuse_without_reason(reason):
    if not reason.strip():
        raise RuleBroken("reason_required", _("Give a reason."), field="reason")
