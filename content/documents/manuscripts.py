"""What lies on the desk and is not in the library yet: begun, written on, kept as a draft, proposed as a correction."""

import datetime
from dataclasses import asdict, replace

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from content.documents import editing, filling, numbers, policy, provisions, queries, services, states, wording
from content.documents.models import LegalDocument, Manuscript
from content.documents.records import DocumentRecord, Note, Original
from content.errors import RuleBroken
from content.people import services as people
from content.text.vietnamese import nfc

ABANDONED = datetime.timedelta(days=30)  # since it was last touched; the desk says so where it lies
DAYS = ("issued_on", "effective_on", "expires_on", "gazette_on")
COLUMNS = (  # what a person says of a document beside its text and topics: queries.description
    "doc_type", "number", "title", "issuer", "signer", *DAYS, "gazette_number", "source", "source_url"
)  # fmt: skip


@transaction.atomic
def begin(record, *, by, topics=(), document=None):
    """Put a record on somebody's desk. The library does not change, so nothing is audited. Returns the Manuscript.

    Raises RuleBroken("bad_character").
    """
    filling.refuse_unstorable(record)
    original = record.original
    manuscript = Manuscript.objects.create(
        by=by,
        document=document,
        text=nfc(record.text),
        columns=_columns(record),
        seen_at=document and document.updated_at,
        file_name=original.name[:255] if original else "",
        file_type=original.media_type if original else "",
        file_content=original.content if original else None,
    )
    manuscript.topics.set(topics)
    return manuscript


def begin_from(document, *, by):
    """Take a draft or a published document onto the desk to write on it, or what lies there of it already."""
    standing = Manuscript.objects.filter(document=document, by=by, proposed_at=None).first()
    if standing and standing.seen_at == document.updated_at:
        return standing
    described = queries.description(document)
    columns = {name: described[name] for name in COLUMNS if name not in DAYS}
    days = {name: _day(described[name]) for name in DAYS}
    record = DocumentRecord(**columns, **days, text="".join(queries.own_texts(document).values()))
    return begin(record, by=by, topics=document.topics.all(), document=document)


@transaction.atomic
def write(manuscript, record, *, topics, is_whole=False):
    """Put down what the editor wrote. `record.original`, where there is one, takes the place of the file before it.

    `is_whole`: of a partial document, that this is its complete text now. Raises RuleBroken: "bad_character", and
    "settled" for what was proposed, kept or thrown away meanwhile: what somebody is to confirm stands as it is.
    """
    filling.refuse_unstorable(record)
    if _locked(manuscript).proposed_at:
        raise RuleBroken("settled", _("This is settled already."))
    manuscript.text, manuscript.columns = nfc(record.text), _columns(record) | {"is_whole": is_whole}
    if original := record.original:
        manuscript.file_name, manuscript.file_type = original.name[:255], original.media_type
        manuscript.file_content = original.content
    manuscript.save(update_fields=["text", "columns", "file_name", "file_type", "file_content", "touched_at"])
    manuscript.topics.set(topics)


def record_of(manuscript):
    """The DocumentRecord of a manuscript."""
    columns = {name: manuscript.columns.get(name, "") for name in COLUMNS}
    columns |= {name: _day(columns[name]) for name in DAYS}
    columns["notes"] = tuple(Note(*note) for note in manuscript.columns.get("notes", ()))
    original = None
    if manuscript.file_content is not None:
        original = Original(manuscript.file_name, manuscript.file_type, bytes(manuscript.file_content))
    return DocumentRecord(**columns, text=manuscript.text, original=original)


def is_of_articles(manuscript):
    """Whether it holds only the articles that are here of a partial document: not said to be the whole."""
    document = manuscript.document
    return bool(document and document.is_partial and not manuscript.columns.get("is_whole"))


def is_of_issuer(manuscript):
    """Whether a proposed correction is the issuing body's own (đính chính)."""
    return manuscript.columns.get("by_issuer", False)


def wording_of(manuscript):
    """The wording (wording.Complete or Partial) of what lies on the desk. Raises RuleBroken("articles_missing")."""
    if not is_of_articles(manuscript):
        return wording.of(record_of(manuscript))
    return wording.Partial(wording.articles_in(manuscript.text, wording.standing_blocks(manuscript.document)))


def _record_to_settle(manuscript):
    """What the library is given: of a partial document its articles, where their words are others than those there."""
    record = record_of(manuscript)
    if not is_of_articles(manuscript) or provisions.sha256(manuscript.text) == manuscript.document.content_hash:
        return record
    return replace(record, articles=wording.articles_in(record.text, wording.standing_blocks(manuscript.document)))


def description_of(record, topics):
    """{name: text} of a record, to compare with queries.description."""
    normal = replace(record, number=numbers.clean(record.number), title=nfc(" ".join(record.title.split())))
    texts = {name: str(value) if value else "" for name, value in asdict(normal).items() if name in COLUMNS}
    return texts | {"topics": ", ".join(sorted(topic.key for topic in topics))}


@transaction.atomic
def keep(manuscript, *, by):
    """Make it a draft of the library, new or written anew, and clear the desk of it. Returns the document.

    Raises what editing.draft raises, then it stays on the desk; and RuleBroken: "settled" where it is kept already,
    "articles_missing".
    """
    manuscript = _locked(manuscript)
    document = editing.draft(
        _record_to_settle(manuscript),
        topics=manuscript.topics.all(),
        document=manuscript.document,
        by=by,
        seen=manuscript.seen_at,
    )
    manuscript.delete()
    return document


@transaction.atomic
def propose(manuscript, *, by, reason, notify=False, by_issuer=False):
    """Hand the correction of a published document to a second pair of eyes. Returns the manuscript.

    `by_issuer` as in editing.correct. Proposing twice is a no-op. Raises RuleBroken: "no_reason", "wrong_state",
    "changed_meanwhile", and "already_proposed" while another correction of the document waits.
    """
    manuscript = _locked(manuscript)
    if manuscript.proposed_at:
        return manuscript
    if not reason.strip():
        raise RuleBroken("no_reason", _("Say why."), field="reason")
    document = LegalDocument.objects.select_for_update().get(pk=manuscript.document_id)
    states.after(document, "correct")
    services.refuse_if_changed(document, manuscript.seen_at)
    if document.manuscripts.filter(proposed_at__isnull=False).exists():
        raise RuleBroken("already_proposed", _("Another correction of this document waits to be confirmed."))
    manuscript.reason, manuscript.notify, manuscript.proposed_at = reason.strip(), notify, timezone.now()
    manuscript.columns["by_issuer"] = by_issuer
    manuscript.save(update_fields=["reason", "notify", "proposed_at", "columns"])
    people.audit("document.correction_proposed", document.key, by=by, reason=reason, notify=notify)
    return manuscript


@transaction.atomic
def confirm(manuscript, *, by, seen=None):
    """Make a proposed correction public and clear the desk of it. Returns the document.

    `seen`: `proposed_at` of what was read (None: not asked); handed back and proposed anew it is another. Raises
    RuleBroken: what editing.correct raises; "changed_meanwhile"; "settled" where it is settled already;
    "articles_missing".
    """
    manuscript = _locked(manuscript)
    if seen is not None and seen != manuscript.proposed_at:
        raise RuleBroken("changed_meanwhile", _("The correction changed while you were reading: read it again."))
    document = editing.correct(
        manuscript.document,
        _record_to_settle(manuscript),
        topics=manuscript.topics.all(),
        reason=manuscript.reason,
        by=by,
        authors=[manuscript.by],
        notify=manuscript.notify,
        seen=manuscript.seen_at,
        by_issuer=is_of_issuer(manuscript),
    )
    manuscript.delete()
    return document


@transaction.atomic
def propose_and_confirm(manuscript, *, by, reason, **options):
    """What a publisher may do alone. Returns the document."""
    if not policy.may_publish_alone(by):
        raise RuleBroken("same_person", _("Somebody else must confirm the correction you wrote."))
    return confirm(propose(manuscript, by=by, reason=reason, **options), by=by)


@transaction.atomic
def hand_back(manuscript, *, by, reason):
    """Give a proposed correction back to its author's desk. Raises RuleBroken: "no_reason", "settled"."""
    if not reason.strip():
        raise RuleBroken("no_reason", _("Say why."), field="reason")
    manuscript = _locked(manuscript)
    if not manuscript.proposed_at:
        raise RuleBroken("settled", _("This is settled already."))
    manuscript.proposed_at = None
    manuscript.save(update_fields=["proposed_at", "touched_at"])
    people.audit("document.correction_handed_back", manuscript.document.key, by=by, reason=reason)
    return manuscript


def sweep_abandoned():
    """Throw away what nobody touched for long and never kept or proposed. Returns how many. May run twice."""
    left = Manuscript.objects.filter(proposed_at=None, touched_at__lt=timezone.now() - ABANDONED)
    return left.delete()[1].get("content.Manuscript", 0)


def proposals():
    """Corrections that wait for a second pair of eyes."""
    return Manuscript.objects.filter(proposed_at__isnull=False)


def _locked(manuscript):
    found = Manuscript.objects.select_for_update().filter(pk=manuscript.pk).first()
    if found is None:
        raise RuleBroken("settled", _("This is settled already."))
    return found


def _columns(record):
    columns = {name: getattr(record, name) for name in COLUMNS}
    notes = [[note.code, note.message] for note in record.notes]
    return {name: str(value) if value else "" for name, value in columns.items()} | {"notes": notes}


def _day(text):
    return datetime.date.fromisoformat(text) if text else None
