"""Services of public documents: import, publish, correct, enter status events, remove samples.

What staff do before and after publication is in `content.editing`.
"""

import datetime
from collections.abc import Collection, Iterable
from enum import StrEnum

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from content import vietnam_time
from content.changes import event_types
from content.copies import refuse_copy
from content.documents import change_log, identity, provision_queries, queries
from content.documents.effect import StatusEventKind, StatusEventScope
from content.documents.models import LegalDocument, StatusEvent
from content.documents.provisions import text_sha256
from content.documents.records import DocumentRecord
from content.documents.units_inside import with_units_inside
from content.errors import RuleBroken
from content.law import official_numbers
from content.mentions import services as mentions
from content.people import services as people
from content.people.models import User
from content.people.text_input import is_blank
from content.permanent_addresses import services as permanent_addresses
from content.publishing import corrections, document_writer, heavy_notices, original_files, origins, policy, states
from content.publishing.document_writer import WriteResult
from content.publishing.heavy_notices import HeavyNotice
from content.publishing.states import DocumentTransition
from content.text.vietnamese import nfc
from content.topics.models import Topic


class ImportOutcome(StrEnum):
    """What an import did to a document."""

    CREATED = "created"
    UPDATED = "updated"
    UNCHANGED = "unchanged"


@transaction.atomic
def import_document(
    record: DocumentRecord,
    *,
    topics: Iterable[Topic] = (),
    correct: bool = False,
    by: User | None = None,
    reason: str = "",
    accepted: Collection[str] = (),
) -> tuple[LegalDocument, ImportOutcome]:
    """Store a document as its source gives it: parsed, as a draft. Returns (document, outcome).

    The same document again (type, number, date and issuer, see `identity`) is updated, or left alone if nothing
    differs; `topics` and those of the record are added to those it has. A partial record adds its articles to a partial
    document; a complete one replaces them and preserves the eids. A partial record never changes the text of a complete
    document: it adds codes of the codification, topics, and days on which articles were amended. A published document
    is only changed with `correct`, and the change log records it. Documents in review or withdrawn are not changed.
    `by` (None: the system) and `reason` go into the audit. `accepted`: the heavy notices that a published text may get,
    as `publish` takes them. Raises RuleBroken: "text_required", "title_required", "unknown_issuer", "wrong_status",
    "withdrawn", "no_free_key", "amended" (another text, while amendments build on the stored one), "official_copy" (the
    stored copy was read from an official source, and this one was not), "heavy_notices", "province_needed" and what
    `origins.origin_of_record` raises.
    """
    document_writer.refuse_unusable_record(record)
    origin = origins.origin_of_record(record)
    origins.refuse_without_province(official_numbers.clean_number(record.number), origin.province)
    identity.lock_identity(record)
    document = identity.matching_document(record, origin) or origins.stored_before_provinces(record, origin)
    if document is None:
        document = LegalDocument(key=identity.unused_key(record, origin))
    else:
        document = LegalDocument.objects.select_for_update(no_key=True).get(pk=document.pk)
        refuse_copy(document)
        if document.is_official_copy and not (record.is_official_copy or record.is_partial):
            return _compare_with_official_copy(document, record)
    is_new, heavy_before = document._state.adding, heavy_notices.heavy_notices(document)
    written = document_writer.write_record(
        document, record, origin, topics=[*topics, *Topic.objects.filter(key__in=record.topics)]
    )
    if not written.changed:
        return document, ImportOutcome.UNCHANGED
    _refuse_unless_importable(document, correct)  # rolls back what was written above
    if by:
        document.authors.add(by)
    outcome = ImportOutcome.CREATED if is_new else ImportOutcome.UPDATED
    if document.is_published:
        heavy = _accepted_in_correction(document, heavy_before, accepted, reason)
        record_correction(document, written, by=by, reason=reason, notify=False, accepted=heavy)
    else:
        people.audit("document.taken_in", document.key, by=by, reason=reason, outcome=outcome)
    return document, outcome


def _compare_with_official_copy(document: LegalDocument, record: DocumentRecord) -> tuple[LegalDocument, ImportOutcome]:
    """An unofficial copy with the same text changes nothing. One with another text is refused."""
    if document.content_hash != text_sha256(nfc(record.text)):
        message = _(
            "The stored copy of %s is official. A copy from another source with another text cannot replace it."
        )
        raise RuleBroken("official_copy", message % document.key)
    return document, ImportOutcome.UNCHANGED


def _refuse_unless_importable(document: LegalDocument, correct: bool) -> None:
    if document.status == LegalDocument.Status.WITHDRAWN:
        raise RuleBroken("withdrawn", _("The document was withdrawn. It cannot be imported again."))
    if document.status == LegalDocument.Status.IN_REVIEW:
        raise RuleBroken("wrong_status", _("The document is in review. Return it to draft first."))
    if document.is_published and not correct:
        raise RuleBroken(
            "wrong_status", _("The document is published. Import it with --publish to correct the published copy.")
        )


@transaction.atomic
def publish(
    document: LegalDocument,
    *,
    by: User | None = None,
    notify: bool = True,
    reason: str = "",
    seen: datetime.datetime | None = None,
    accepted: Collection[str] = (),
) -> LegalDocument:
    """Make a document public and record it in the change log and the audit, in one transaction. Returns the document.

    `by` None is the system. An approver publishes documents in review that somebody else wrote; a publisher and the
    system also drafts. `notify=False` notifies nobody: for imports of old laws. `seen` is `updated_at` of what the
    person read; if the document changed since, it is refused. `accepted`: ids or codes of the heavy notices that may
    stay; all of them must be there, with a `reason`, and the audit names them. Publishing twice is a no-op. Raises
    RuleBroken: "wrong_status", "second_person_required", "changed_meanwhile", "heavy_notices", "reason_required",
    "province_needed".
    """
    document = LegalDocument.objects.select_for_update(no_key=True).get(pk=document.pk)
    refuse_copy(document)
    if document.is_published:
        return document
    states.status_after(document, DocumentTransition.PUBLISH)
    refuse_if_changed_since(document, seen)
    if by and document.status == LegalDocument.Status.DRAFT and not policy.may_publish_alone(by):
        raise RuleBroken("wrong_status", _("The document was not submitted for review. Submit it first."))
    if by and not policy.is_second_reader(by, document.authors.all()):
        raise RuleBroken("second_person_required", _("You wrote this document. Somebody else must publish it."))
    origins.refuse_without_province(document.number, document.province)
    heavy = heavy_notices.heavy_notices(document)
    heavy_notices.refuse_unless_accepted(heavy, accepted, reason)
    columns = {"published_at": timezone.now()}
    facts = {"notify": notify} | heavy_notices.facts_of_accepted(heavy)
    states.apply_transition(document, DocumentTransition.PUBLISH, by=by, reason=reason, facts=facts, **columns)
    mentions.refresh_texts(document)
    mentions.fill_mentions_of(document)
    permanent_addresses.give_addresses(document)
    change_log.record_change(event_types.DOCUMENT_PUBLISHED, document, event_types.LEGAL, notify=notify)
    return document


def refuse_if_changed_since(document: LegalDocument, seen: datetime.datetime | None) -> None:
    """Raise RuleBroken("changed_meanwhile") if the document changed after it was shown.

    `seen`: `updated_at` of what was shown; None: not checked.
    """
    if seen is not None and seen != document.updated_at:
        raise RuleBroken("changed_meanwhile", _("The document changed while you were reading. Read it again."))


@transaction.atomic
def enter_status_event(
    document: LegalDocument,
    kind: StatusEventKind,
    *,
    on: datetime.date | None,
    scope: StatusEventScope = StatusEventScope.WHOLE,
    eids: Collection[str] = (),
    cause: str = "",
    by: User | None = None,
    notify: bool = True,
) -> StatusEvent:
    """Enter something that happens to the effect of a public document: a repeal, a suspension, its end.

    `eids` name the units of an event in part, a chapter for all that is in it. Entering it again is a no-op. What only
    an amendment said until then stays also if the amendment is withdrawn. Returns the StatusEvent. Raises RuleBroken:
    "not_public", "unknown_provision".
    """
    document = LegalDocument.objects.select_for_update(no_key=True).get(pk=document.pk)
    refuse_copy(document)
    if not document.is_published:
        raise RuleBroken("not_public", _("The document is not public. Publish it first."))
    known = set(document.provisions.filter(eid__in=eids).values_list("eid", flat=True))
    if unknown := sorted(set(eids) - known):
        raise RuleBroken(
            "unknown_provision",
            _("The document has no provision %s. Check the eids.") % ", ".join(unknown),
            field="eids",
        )
    event, created = document.status_events.get_or_create(
        kind=kind,
        scope=scope,
        on=on,
        eids=with_units_inside(document.pk, eids),
        defaults={"stated_on": vietnam_time.today(), "cause": cause},
    )
    if event.amendment_id:
        event.amendment, event.cause = None, cause or event.cause
        event.save(update_fields=["amendment", "cause"])
        people.audit(event_types.STATUS_ENTERED, document.key, by=by, reason=cause, events=[str(event)], on=str(on))
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
def verify_copy(document: LegalDocument, *, by: User, office: str, reason: str = "") -> LegalDocument:
    """Record that a person compared our copy with the original and found no difference. Returns the document.

    `office` is public; the person is named in the audit only. A later change of the text removes the mark. Raises
    RuleBroken: "not_allowed", "office_required".
    """
    if not (by.is_active and by.has_perm("content.publish_legaldocument")):
        raise RuleBroken("not_allowed", _("You need the right to publish for this."))
    if not office.strip():
        raise RuleBroken("office_required", _("Enter the office that compared the copy."), field="office")
    document = LegalDocument.objects.select_for_update(no_key=True).get(pk=document.pk)
    refuse_copy(document)
    document.verified_at, document.verified_by = timezone.now(), nfc(office.strip())
    document.save(update_fields=["verified_at", "verified_by", "updated_at"])
    people.audit("document.verified", document.key, by=by, reason=reason, sha256=document.content_hash)
    if document.is_published:
        change_log.record_change(
            event_types.DOCUMENT_CORRECTED, document, event_types.EDITORIAL, notify=False, facts={"verified": True}
        )
    return document


@transaction.atomic
def remove_sample(document: LegalDocument, *, by: User | None = None, reason: str = "") -> None:
    """Delete a sample with its provisions. If it was public, the change log records its withdrawal.

    Nobody is notified. Removing it twice is a no-op. Raises RuleBroken: "not_a_sample" (law is never deleted),
    "amends_another".
    """
    stored = LegalDocument.objects.select_for_update().filter(pk=document.pk).first()
    if stored is None:
        return
    document = stored
    refuse_copy(document)
    if not document.is_sample:
        raise RuleBroken("not_a_sample", _("Only samples can be removed. Withdraw this document instead."))
    if document.is_published:
        change_log.record_change(
            event_types.DOCUMENT_WITHDRAWN,
            document,
            event_types.WITHDRAWAL,
            notify=False,
            hash_before=document.content_hash,
            hash_after="",
        )
    people.audit("document.removed", document.key, by=by, reason=reason)
    refuse_while_amending_others(document)
    document.amendments_made.all().delete()
    document.delete()


def refuse_while_amending_others(document: LegalDocument) -> None:
    """Raise RuleBroken("amends_another") while amendments by this document apply to other documents."""
    if document.amendments_made.filter(withdrawn_at=None).exclude(document=document).exists():
        raise RuleBroken("amends_another", _("This act amends other documents. Withdraw these amendments first."))


@transaction.atomic
def correct_document(
    document: LegalDocument,
    record: DocumentRecord,
    *,
    topics: Iterable[Topic],
    reason: str,
    by: User | None = None,
    authors: Collection[User] = (),
    notify: bool = False,
    seen: datetime.datetime | None = None,
    by_issuer: bool = False,
    delete_files: bool = False,
    accepted: Collection[str] = (),
) -> LegalDocument:
    """Replace the published copy with exactly what the record states. Eids stay.

    Change log and audit say what changed. `authors` wrote the correction; somebody else, or a publisher, must confirm
    it. Nobody is notified unless `notify`. `by_issuer`: the issuing body corrected its text (đính chính) and our copy
    follows; otherwise only our copy was wrong. The address stays, even if the number changes. `delete_files`: the
    files that the document was read from are deleted, but for one that the record brings; alone it is a correction too.
    `accepted` as `publish` takes it, of the heavy notices that the published copy does not have. Raises RuleBroken:
    "reason_required", "second_person_required", "no_change", "already_exists", and what `import_document` raises about
    a record.
    """
    refuse_without_reason(reason)
    if by and not policy.is_second_reader(by, authors):
        raise RuleBroken("second_person_required", _("You wrote this correction. Somebody else must confirm it."))
    document_writer.refuse_unusable_record(record)
    origin = origins.origin_of_record(record)
    origins.refuse_without_province(official_numbers.clean_number(record.number), origin.province)
    identity.lock_identity(record)
    document = lock_for_transition(document, DocumentTransition.CORRECT, seen)
    existing = identity.matching_document(record, origin)
    if existing and existing.pk != document.pk:
        raise RuleBroken("already_exists", _("This document already exists: %s.") % existing, field="number")
    heavy_before = heavy_notices.heavy_notices(document)
    written = document_writer.write_record(document, record, origin, topics=topics, is_complete_description=True)
    if not written.changed and not (delete_files and document.original_files.exists()):
        raise RuleBroken("no_change", _("The correction changes nothing. Edit the text or the description first."))
    heavy = _accepted_in_correction(document, heavy_before, accepted, reason)
    document.authors.add(*authors)
    nature = event_types.CORRECTION if by_issuer else event_types.EDITORIAL
    record_correction(
        document,
        written,
        by=by,
        reason=reason,
        notify=notify,
        nature=nature,
        accepted=heavy,
    )
    if delete_files:
        original_files.delete_original_files(document, by=by, reason=reason, keep=record.original)
    return document


def _accepted_in_correction(
    document: LegalDocument, before: Iterable[HeavyNotice], accepted: Collection[str], reason: str
) -> list[HeavyNotice]:
    """The heavy notices that a correction brings into a published text, if all are accepted. Else as `publish`."""
    brought = heavy_notices.new_notices(before, heavy_notices.heavy_notices(document))
    heavy_notices.refuse_unless_accepted(brought, accepted, reason)
    return brought


def record_correction(
    document: LegalDocument,
    written: WriteResult,
    *,
    by: User | None,
    reason: str,
    notify: bool,
    nature: str = event_types.EDITORIAL,
    accepted: Iterable[HeavyNotice] = (),
) -> None:
    """Record a correction of a published document in change log and audit, so that no change is silent.

    `nature` says whether the issuing body corrected its text or we corrected our copy; `accepted` are the heavy notices
    that somebody accepted with it. The original files stay, also those with words that it takes out.
    """
    document.corrected_at = timezone.now()
    document.save(update_fields=["corrected_at", "updated_at"])
    mentions.refresh_texts(document)
    mentions.fill_mentions_of(document)
    permanent_addresses.give_addresses(document)
    before = written.before or document_writer.PublishedVersion({}, {})
    changed = corrections.correction_facts(
        corrections.field_changes(before.description, queries.described_fields(document)),
        corrections.unit_changes(before.texts, provision_queries.imported_texts(document)),
    )
    what = {"eids": written.eids, "hash_before": written.hash_before}
    change_log.record_change(
        event_types.DOCUMENT_CORRECTED, document, nature, notify=notify, facts={"correction": changed}, **what
    )
    fields = [change["field"] for change in changed["fields"]]
    people.audit(
        event_types.DOCUMENT_CORRECTED,
        document.key,
        by=by,
        reason=reason,
        eids=written.eids,
        fields=fields,
        notify=notify,
        **heavy_notices.facts_of_accepted(accepted),
    )


def lock_for_transition(
    document: LegalDocument, transition: DocumentTransition, seen: datetime.datetime | None
) -> LegalDocument:
    """Lock the row and return it. Raises RuleBroken: "wrong_status", "changed_meanwhile"."""
    key_stays = transition != DocumentTransition.DRAFT  # a draft gets another key with another number
    document = LegalDocument.objects.select_for_update(no_key=key_stays).get(pk=document.pk)
    refuse_copy(document)
    states.status_after(document, transition)
    refuse_if_changed_since(document, seen)
    return document


def refuse_without_reason(reason: str) -> None:
    """Raise RuleBroken("reason_required") if the reason says nothing."""
    if is_blank(reason):
        raise RuleBroken("reason_required", _("Give a reason."), field="reason")
