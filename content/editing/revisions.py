"""Revisions: texts that an editor starts, edits, and saves as a draft or proposes as a correction."""

import datetime
from collections.abc import Collection, Iterable, Mapping
from dataclasses import asdict, replace
from typing import Any, cast

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from content.copies import refuse_copy
from content.documents import provision_queries, provisions, queries
from content.documents.models import LegalDocument
from content.documents.records import DocumentRecord, OriginalBytes, RecordWarning
from content.editing import services as editing
from content.editing.models import Revision
from content.errors import RuleBroken
from content.law import official_numbers
from content.parsing import ParserWarning
from content.people import services as people
from content.people.models import User
from content.people.text_input import is_blank
from content.publishing import document_text, document_writer, heavy_notices, policy, services, states
from content.publishing.document_text import CompleteText, PartialText
from content.publishing.heavy_notices import HeavyNotice
from content.text.vietnamese import nfc
from content.topics.models import Topic

ABANDONED_AFTER = datetime.timedelta(days=30)  # since the last change; the staff site says so
DATE_FIELDS = ("issued_on", "effective_on", "expires_on", "gazette_on")
DESCRIPTION_FIELDS = (  # the description of a document beside its text and topics: queries.described_fields
    "doc_type", "number", "title", "issuer", "province", "commune_code", "commune_name", "signer", *DATE_FIELDS,
    "gazette_number", "source", "source_url"
)  # fmt: skip


@transaction.atomic
def start_revision(
    record: DocumentRecord,
    *,
    by: User,
    topics: Iterable[Topic] = (),
    document: LegalDocument | None = None,
) -> Revision:
    """Start a revision from a record. No document changes, so nothing is audited. Returns the Revision.

    Raises RuleBroken("invalid_character").
    """
    document_writer.refuse_characters(record, document_writer.UNSTORABLE_CHARACTERS)
    original = record.original
    revision = Revision.objects.create(
        by=by,
        document=document,
        text=nfc(record.text),
        columns=_description_columns(record),
        seen_at=document.updated_at if document else None,
        file_name=original.name[:255] if original else "",
        file_type=original.media_type if original else "",
        file_content=original.content if original else None,
    )
    revision.topics.set(topics)
    return revision


def start_revision_of(document: LegalDocument, *, by: User) -> Revision:
    """Start a revision of a draft or a published document, or return the editor's current one of the same version."""
    current = Revision.objects.filter(document=document, by=by, proposed_at=None).first()
    if current and current.seen_at == document.updated_at:
        return current
    return start_revision(record_of_document(document), by=by, topics=document.topics.all(), document=document)


def record_of_document(document: LegalDocument) -> DocumentRecord:
    """The record of the stored description and text of a document."""
    described = queries.described_fields(document)
    return record_of_description(described, text="".join(provision_queries.imported_texts(document).values()))


def is_outdated(revision: Revision) -> bool:
    """Whether its document was changed since the revision was started, or since the editor was shown that."""
    return revision.document is not None and revision.seen_at != revision.document.updated_at


@transaction.atomic
def save_revision(
    revision: Revision,
    record: DocumentRecord,
    *,
    topics: Iterable[Topic],
    is_whole: bool = False,
    seen: datetime.datetime | None = None,
) -> None:
    """Save what the editor wrote. `record.original`, if there is one, replaces the file that was read before.

    `is_whole`: the text is now the complete text of a partial document. `seen`: `updated_at` of a newer version of the
    document that the editor was shown beside this text; the revision may then replace that one. Raises RuleBroken:
    "invalid_character", and "wrong_status" if the revision was proposed, saved as a draft or discarded meanwhile: what
    somebody is to confirm must not change.
    """
    document_writer.refuse_characters(record, document_writer.UNUSABLE_CHARACTERS)
    if _lock_revision(revision).proposed_at:
        raise RuleBroken(
            "wrong_status", _("This revision was saved, proposed or discarded already. Open the document to see it.")
        )
    revision.text, revision.columns = nfc(record.text), _description_columns(record) | {"is_whole": is_whole}
    if original := record.original:
        revision.file_name, revision.file_type = original.name[:255], original.media_type
        revision.file_content = original.content
    revision.seen_at = seen or revision.seen_at
    saved = ["text", "columns", "file_name", "file_type", "file_content", "seen_at", "touched_at"]
    revision.save(update_fields=saved)
    revision.topics.set(topics)


def record_of_revision(revision: Revision) -> DocumentRecord:
    """The record of the text and description in a revision."""
    description = {name: revision.columns.get(name, "") for name in DESCRIPTION_FIELDS}
    notes = tuple(RecordWarning(*note) for note in revision.columns.get("notes", ()))
    original = None
    if revision.file_content is not None:
        original = OriginalBytes(revision.file_name, revision.file_type, bytes(revision.file_content))
    return replace(record_of_description(description, text=revision.text), original=original, notes=notes)


def record_of_description(description: Mapping[str, str], *, text: str = "") -> DocumentRecord:
    """The record of a description (dates in ISO format, "" for none) and a text."""
    fields: dict[str, Any] = {name: description[name] for name in DESCRIPTION_FIELDS if name not in DATE_FIELDS}
    dates = {name: _parse_date(description[name]) for name in DATE_FIELDS}
    return DocumentRecord(**fields | dates, text=text)


def holds_articles_only(revision: Revision) -> bool:
    """Whether it has only the stored articles of a partial document, and was not marked as the whole text."""
    return _partial_document_of(revision) is not None


def _partial_document_of(revision: Revision) -> LegalDocument | None:
    """The partial document of which the revision has the articles, or None."""
    document = revision.document
    if document is None or not document.is_partial or revision.columns.get("is_whole"):
        return None
    return document


def is_correction_by_issuer(revision: Revision) -> bool:
    """Whether the issuing body itself made the proposed correction (đính chính)."""
    return bool(revision.columns.get("by_issuer", False))


def deletes_files(revision: Revision) -> bool:
    """Whether the proposed correction also deletes the files that the document was read from."""
    return bool(revision.columns.get("delete_files", False))


def text_of_revision(revision: Revision) -> CompleteText | PartialText:
    """The text of a revision with its units. Raises RuleBroken("articles_missing")."""
    document = _partial_document_of(revision)
    if document is None:
        return document_text.text_of_record(record_of_revision(revision))
    stored = document_text.current_article_blocks(document)
    return document_text.PartialText(document_text.split_into_articles(revision.text, stored))


def heavy_notices_of(revision: Revision, parsed: Iterable[ParserWarning]) -> list[HeavyNotice]:
    """The heavy notices that the document would have if the revision were saved. `parsed`: what the parser says of it.

    Of a correction only those that the published copy does not have.
    """
    record, document = record_of_revision(revision), revision.document
    notes = [HeavyNotice(note.code, note.message) for note in record.notes]
    found = heavy_notices.heavy_among(
        [*notes, *parsed],
        doc_type=record.doc_type,
        title=" ".join(record.title.split()),
        issued_on=record.issued_on,
        effective_on=record.effective_on,
        is_partial=holds_articles_only(revision),
    )
    if document is None or not document.is_published:
        return found
    return heavy_notices.new_notices(heavy_notices.heavy_notices(document), found)


def _record_to_write(revision: Revision) -> DocumentRecord:
    """The record to store: for a partial document its articles, if their text changed."""
    record = record_of_revision(revision)
    document = _partial_document_of(revision)
    if document is None or provisions.text_sha256(revision.text) == document.content_hash:
        return record
    stored = document_text.current_article_blocks(document)
    return replace(record, articles=document_text.split_into_articles(record.text, stored))


def description_of_record(record: DocumentRecord, topics: Iterable[Topic]) -> dict[str, str]:
    """{name: text} of a record, to compare with queries.described_fields."""
    normal = replace(
        record, number=official_numbers.clean_number(record.number), title=nfc(" ".join(record.title.split()))
    )
    texts = {name: str(value) if value else "" for name, value in asdict(normal).items() if name in DESCRIPTION_FIELDS}
    return texts | {"topics": ", ".join(sorted(topic.key for topic in topics))}


@transaction.atomic
def save_as_draft(revision: Revision, *, by: User) -> LegalDocument:
    """Make a new draft of the revision, or replace its draft, and delete the revision. Returns the document.

    Raises what `services.write_draft` raises; then the revision stays. Also raises RuleBroken: "wrong_status" if it was
    saved already, "articles_missing".
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
def propose_correction(
    revision: Revision,
    *,
    by: User,
    reason: str,
    notify: bool = False,
    by_issuer: bool = False,
    delete_files: bool = False,
) -> Revision:
    """Propose a correction of a published document to a second person. Returns the revision.

    `by_issuer` and `delete_files` as in `correct_document`. Proposing twice is a no-op. Raises RuleBroken:
    "reason_required", "wrong_status", "changed_meanwhile", "already_proposed" while another correction of the document
    is proposed.
    """
    revision = _lock_revision(revision)
    if revision.proposed_at:
        return revision
    if is_blank(reason):
        raise RuleBroken("reason_required", _("Give a reason."), field="reason")
    document = LegalDocument.objects.select_for_update(no_key=True).get(pk=cast(int, revision.document_id))
    refuse_copy(document)
    states.status_after(document, "correct")
    services.refuse_if_changed_since(document, revision.seen_at)
    if document.revisions.filter(proposed_at__isnull=False).exists():
        raise RuleBroken(
            "already_proposed",
            _("Another correction of this document is already proposed. Confirm or return it first."),
        )
    revision.reason, revision.notify, revision.proposed_at = reason.strip(), notify, timezone.now()
    revision.columns |= {"by_issuer": by_issuer, "delete_files": delete_files}
    revision.save(update_fields=["reason", "notify", "proposed_at", "columns"])
    people.audit("document.correction_proposed", document.key, by=by, reason=reason, notify=notify)
    return revision


@transaction.atomic
def confirm_correction(
    revision: Revision, *, by: User, seen: datetime.datetime | None = None, accepted: Collection[str] = ()
) -> LegalDocument:
    """Publish a proposed correction and delete the revision. Returns the document.

    `seen`: `proposed_at` of what the person read (None: not checked); a correction that was returned and proposed again
    has another. `accepted`: ids of the heavy notices that it brings. Raises RuleBroken: what `correct_document` raises;
    "changed_meanwhile"; "wrong_status" if it is settled already; "articles_missing".
    """
    revision = _lock_revision(revision)
    if seen is not None and seen != revision.proposed_at:
        raise RuleBroken("changed_meanwhile", _("The correction changed while you were reading. Read it again."))
    document = services.correct_document(
        _corrected_document(revision),
        _record_to_write(revision),
        topics=revision.topics.all(),
        reason=revision.reason,
        by=by,
        authors=[revision.by],
        notify=revision.notify,
        seen=revision.seen_at,
        by_issuer=is_correction_by_issuer(revision),
        delete_files=deletes_files(revision),
        accepted=accepted,
    )
    revision.delete()
    return document


@transaction.atomic
def propose_and_confirm_correction(
    revision: Revision,
    *,
    by: User,
    reason: str,
    notify: bool = False,
    by_issuer: bool = False,
    delete_files: bool = False,
    accepted: Collection[str] = (),
) -> LegalDocument:
    """Propose and confirm a correction in one step, as publishers may. Returns the document."""
    if not policy.may_publish_alone(by):
        raise RuleBroken("second_person_required", _("You wrote this correction. Somebody else must confirm it."))
    ticks = {"notify": notify, "by_issuer": by_issuer, "delete_files": delete_files}
    proposed = propose_correction(revision, by=by, reason=reason, **ticks)
    return confirm_correction(proposed, by=by, accepted=accepted)


@transaction.atomic
def return_correction(revision: Revision, *, by: User, reason: str) -> Revision:
    """Return a proposed correction to its author. Raises RuleBroken: "reason_required", "wrong_status"."""
    if is_blank(reason):
        raise RuleBroken("reason_required", _("Give a reason."), field="reason")
    revision = _lock_revision(revision)
    if not revision.proposed_at:
        raise RuleBroken(
            "wrong_status", _("This revision was saved, proposed or discarded already. Open the document to see it.")
        )
    revision.proposed_at = None
    revision.save(update_fields=["proposed_at", "touched_at"])
    people.audit("document.correction_handed_back", _corrected_document(revision).key, by=by, reason=reason)
    return revision


def delete_abandoned_revisions() -> int:
    """Delete revisions that were not changed for ABANDONED_AFTER and are not proposed. Returns how many. Repeatable."""
    left = Revision.objects.filter(proposed_at=None, touched_at__lt=timezone.now() - ABANDONED_AFTER)
    return left.delete()[1].get("content.Revision", 0)


def proposed_corrections() -> QuerySet[Revision]:
    """Corrections that wait for a second person."""
    return Revision.objects.filter(proposed_at__isnull=False)


def _corrected_document(revision: Revision) -> LegalDocument:
    return cast(LegalDocument, revision.document)  # a constraint: what is proposed has a document


def _lock_revision(revision: Revision) -> Revision:
    found = Revision.objects.select_for_update().filter(pk=revision.pk).first()
    if found is None:
        raise RuleBroken(
            "wrong_status", _("This revision was saved, proposed or discarded already. Open the document to see it.")
        )
    return found


def _description_columns(record: DocumentRecord) -> dict[str, Any]:
    columns = {name: getattr(record, name) for name in DESCRIPTION_FIELDS}
    notes = [[note.code, note.message] for note in record.notes]
    return {name: str(value) if value else "" for name, value in columns.items()} | {"notes": notes}


def _parse_date(text: str) -> datetime.date | None:
    return datetime.date.fromisoformat(text) if text else None
