"""What lies on the desk and is not in the library yet: begun, written on, kept as a draft, proposed as a correction."""

import datetime
from dataclasses import asdict, replace

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from content.documents import provisions, queries
from content.documents.models import LegalDocument
from content.documents.records import DocumentRecord, OriginalBytes, RecordWarning
from content.editing import services as editing
from content.editing.models import Revision
from content.errors import RuleBroken
from content.law import official_numbers
from content.people import services as people
from content.publishing import document_text, document_writer, policy, services, states
from content.text.vietnamese import nfc

ABANDONED_AFTER = datetime.timedelta(days=30)  # since it was last touched; the desk says so where it lies
DATE_FIELDS = ("issued_on", "effective_on", "expires_on", "gazette_on")
DESCRIPTION_FIELDS = (  # what a person says of a document beside its text and topics: queries.description
    "doc_type", "number", "title", "issuer", "signer", *DATE_FIELDS, "gazette_number", "source", "source_url"
)  # fmt: skip


@transaction.atomic
def start_revision(record, *, by, topics=(), document=None):
    """Put a record on somebody's desk. The library does not change, so nothing is audited. Returns the Revision.

    Raises RuleBroken("invalid_character").
    """
    document_writer.refuse_unstorable_characters(record)
    original = record.original
    revision = Revision.objects.create(
        by=by,
        document=document,
        text=nfc(record.text),
        columns=_description_columns(record),
        seen_at=document and document.updated_at,
        file_name=original.name[:255] if original else "",
        file_type=original.media_type if original else "",
        file_content=original.content if original else None,
    )
    revision.topics.set(topics)
    return revision


def start_revision_of(document, *, by):
    """Take a draft or a published document onto the desk to write on it, or what lies there of it already."""
    standing = Revision.objects.filter(document=document, by=by, proposed_at=None).first()
    if standing and standing.seen_at == document.updated_at:
        return standing
    described = queries.described_fields(document)
    columns = {name: described[name] for name in DESCRIPTION_FIELDS if name not in DATE_FIELDS}
    days = {name: _parse_date(described[name]) for name in DATE_FIELDS}
    record = DocumentRecord(**columns, **days, text="".join(queries.imported_texts(document).values()))
    return start_revision(record, by=by, topics=document.topics.all(), document=document)


@transaction.atomic
def save_revision(revision, record, *, topics, is_whole=False):
    """Put down what the editor wrote. `record.original`, where there is one, takes the place of the file before it.

    `is_whole`: of a partial document, that this is its complete text now. Raises RuleBroken: "invalid_character", and
    "wrong_status" for what was proposed, kept or thrown away meanwhile: what somebody is to confirm stands as it is.
    """
    document_writer.refuse_unstorable_characters(record)
    if _lock_revision(revision).proposed_at:
        raise RuleBroken("wrong_status", _("This is settled already."))
    revision.text, revision.columns = nfc(record.text), _description_columns(record) | {"is_whole": is_whole}
    if original := record.original:
        revision.file_name, revision.file_type = original.name[:255], original.media_type
        revision.file_content = original.content
    revision.save(update_fields=["text", "columns", "file_name", "file_type", "file_content", "touched_at"])
    revision.topics.set(topics)


def record_of_revision(revision):
    """The DocumentRecord of a revision."""
    columns = {name: revision.columns.get(name, "") for name in DESCRIPTION_FIELDS}
    columns |= {name: _parse_date(columns[name]) for name in DATE_FIELDS}
    columns["notes"] = tuple(RecordWarning(*note) for note in revision.columns.get("notes", ()))
    original = None
    if revision.file_content is not None:
        original = OriginalBytes(revision.file_name, revision.file_type, bytes(revision.file_content))
    return DocumentRecord(**columns, text=revision.text, original=original)


def holds_articles_only(revision):
    """Whether it holds only the articles that are here of a partial document: not said to be the whole."""
    document = revision.document
    return bool(document and document.is_partial and not revision.columns.get("is_whole"))


def is_correction_by_issuer(revision):
    """Whether a proposed correction is the issuing body's own (đính chính)."""
    return revision.columns.get("by_issuer", False)


def text_of_revision(revision):
    """The wording (wording.Complete or Partial) of what lies on the desk. Raises RuleBroken("articles_missing")."""
    if not holds_articles_only(revision):
        return document_text.text_of_record(record_of_revision(revision))
    return document_text.PartialText(
        document_text.split_into_articles(revision.text, document_text.current_article_blocks(revision.document))
    )


def _record_to_write(revision):
    """What the library is given: of a partial document its articles, where their words are others than those there."""
    record = record_of_revision(revision)
    if not holds_articles_only(revision) or provisions.text_sha256(revision.text) == revision.document.content_hash:
        return record
    return replace(
        record,
        articles=document_text.split_into_articles(
            record.text, document_text.current_article_blocks(revision.document)
        ),
    )


def description_of_record(record, topics):
    """{name: text} of a record, to compare with queries.description."""
    normal = replace(
        record, number=official_numbers.clean_number(record.number), title=nfc(" ".join(record.title.split()))
    )
    texts = {name: str(value) if value else "" for name, value in asdict(normal).items() if name in DESCRIPTION_FIELDS}
    return texts | {"topics": ", ".join(sorted(topic.key for topic in topics))}


@transaction.atomic
def save_as_draft(revision, *, by):
    """Make it a draft of the library, new or written anew, and clear the desk of it. Returns the document.

    Raises what editing.draft raises, then it stays on the desk; and RuleBroken: "settled" where it is kept already,
    "articles_missing".
    """
    revision = _lock_revision(revision)
    document = editing.write_draft(
        _record_to_write(revision),
        topics=revision.topics.all(),
        document=revision.document,
        by=by,
        seen=revision.seen_at,
    )
    revision.delete()
    return document


@transaction.atomic
def propose_correction(revision, *, by, reason, notify=False, by_issuer=False):
    """Hand the correction of a published document to a second pair of eyes. Returns the revision.

    `by_issuer` as in editing.correct. Proposing twice is a no-op. Raises RuleBroken: "reason_required", "wrong_status",
    "changed_meanwhile", and "already_proposed" while another correction of the document waits.
    """
    revision = _lock_revision(revision)
    if revision.proposed_at:
        return revision
    if not reason.strip():
        raise RuleBroken("reason_required", _("Give a reason."), field="reason")
    document = LegalDocument.objects.select_for_update().get(pk=revision.document_id)
    states.status_after(document, "correct")
    services.refuse_if_changed_since(document, revision.seen_at)
    if document.revisions.filter(proposed_at__isnull=False).exists():
        raise RuleBroken("already_proposed", _("Another correction of this document waits to be confirmed."))
    revision.reason, revision.notify, revision.proposed_at = reason.strip(), notify, timezone.now()
    revision.columns["by_issuer"] = by_issuer
    revision.save(update_fields=["reason", "notify", "proposed_at", "columns"])
    people.audit("document.correction_proposed", document.key, by=by, reason=reason, notify=notify)
    return revision


@transaction.atomic
def confirm_correction(revision, *, by, seen=None):
    """Make a proposed correction public and clear the desk of it. Returns the document.

    `seen`: `proposed_at` of what was read (None: not asked); handed back and proposed anew it is another. Raises
    RuleBroken: what editing.correct raises; "changed_meanwhile"; "settled" where it is settled already;
    "articles_missing".
    """
    revision = _lock_revision(revision)
    if seen is not None and seen != revision.proposed_at:
        raise RuleBroken("changed_meanwhile", _("The correction changed while you were reading: read it again."))
    document = services.correct_document(
        revision.document,
        _record_to_write(revision),
        topics=revision.topics.all(),
        reason=revision.reason,
        by=by,
        authors=[revision.by],
        notify=revision.notify,
        seen=revision.seen_at,
        by_issuer=is_correction_by_issuer(revision),
    )
    revision.delete()
    return document


@transaction.atomic
def propose_and_confirm_correction(revision, *, by, reason, **options):
    """What a publisher may do alone. Returns the document."""
    if not policy.may_publish_alone(by):
        raise RuleBroken("second_person_required", _("You wrote this correction. Somebody else must confirm it."))
    return confirm_correction(propose_correction(revision, by=by, reason=reason, **options), by=by)


@transaction.atomic
def return_correction(revision, *, by, reason):
    """Give a proposed correction back to its author's desk. Raises RuleBroken: "reason_required", "wrong_status"."""
    if not reason.strip():
        raise RuleBroken("reason_required", _("Give a reason."), field="reason")
    revision = _lock_revision(revision)
    if not revision.proposed_at:
        raise RuleBroken("wrong_status", _("This is settled already."))
    revision.proposed_at = None
    revision.save(update_fields=["proposed_at", "touched_at"])
    people.audit("document.correction_handed_back", revision.document.key, by=by, reason=reason)
    return revision


def delete_abandoned_revisions():
    """Throw away what nobody touched for long and never kept or proposed. Returns how many. May run twice."""
    left = Revision.objects.filter(proposed_at=None, touched_at__lt=timezone.now() - ABANDONED_AFTER)
    return left.delete()[1].get("content.Revision", 0)


def proposed_corrections():
    """Corrections that wait for a second pair of eyes."""
    return Revision.objects.filter(proposed_at__isnull=False)


def _lock_revision(revision):
    found = Revision.objects.select_for_update().filter(pk=revision.pk).first()
    if found is None:
        raise RuleBroken("wrong_status", _("This is settled already."))
    return found


def _description_columns(record):
    columns = {name: getattr(record, name) for name in DESCRIPTION_FIELDS}
    notes = [[note.code, note.message] for note in record.notes]
    return {name: str(value) if value else "" for name, value in columns.items()} | {"notes": notes}


def _parse_date(text):
    return datetime.date.fromisoformat(text) if text else None
