"""Writes what a record states into a document: its columns, text, topics, and the file it was read from.

These functions are called by the services of publishing and editing, inside their transactions and with the row locked.
"""

import hashlib
import re
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass

from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from content.documents import citations, identity, provision_queries, provisions, queries, span_writer
from content.documents.identity import Origin
from content.documents.models import Amendment, EffectDoubt, LegalDocument, StatusEvent
from content.documents.records import DocumentRecord, OriginalBytes
from content.documents.units_inside import refresh_units_inside
from content.errors import RuleBroken
from content.law import official_numbers
from content.publishing import document_text, effect_statements
from content.publishing.document_text import CompleteText, PartialText
from content.relations import services as relations
from content.text.vietnamese import fold, nfc
from content.topics.models import Topic

Completeness = LegalDocument.Completeness
KEPT_BY_PARTIAL = ("number", "other_number_keys", "issuer", "province", "commune_code", "commune_name", "issued_on")
UNSTORABLE_CHARACTERS = re.compile("[\0\ud800-\udfff]")  # PostgreSQL stores no NUL, UTF-8 has no lone surrogates
# Nor may a document have these. Marks of direction turn the words around them. Letters beyond U+FFFF are two units in
# Dart and JavaScript, where offsets of links would be wrong; variation selectors among them are invisible, and stay.
UNUSABLE_CHARACTERS = re.compile(
    "[\0\ud800-\udfff\u202a-\u202e\u2066-\u2069\U00010000-\U000e00ff\U000e01f0-\U0010ffff]"
)


def refuse_unusable_record(record: DocumentRecord) -> None:
    """Raises RuleBroken: "text_required", "title_required", "invalid_character"."""
    if not (record.is_partial or record.text.strip()):
        raise RuleBroken(
            "text_required", _("The document has no text. Paste the text or choose another file."), field="text"
        )
    if not record.title.strip():
        raise RuleBroken("title_required", _("The document has no title. Enter one."), field="title")
    refuse_characters(record, UNUSABLE_CHARACTERS)


def refuse_characters(record: DocumentRecord, characters: re.Pattern[str]) -> None:
    """Raises RuleBroken("invalid_character") where a text of the record has one of them."""
    texts = [(name, value) for name, value in vars(record).items() if isinstance(value, str)]
    texts += [("articles", text) for article in record.articles for text in vars(article).values()]
    for name, value in texts:
        if found := characters.search(value):
            raise RuleBroken(
                "invalid_character",
                _("The character U+%04X cannot be part of a document. Remove it or write it in other letters.")
                % ord(found[0]),
                field=name,
            )


@dataclass(frozen=True)
class PublishedVersion:
    """The description and the own texts of a document's units."""

    description: dict[str, str]
    texts: dict[str, str]


@dataclass(frozen=True)
class WriteResult:
    """What writing a record changed. `before` is the published version, None for documents that are not public."""

    changed: bool
    eids: list[str]
    hash_before: str
    before: PublishedVersion | None


def write_record(
    document: LegalDocument,
    record: DocumentRecord,
    origin: Origin,
    *,
    topics: Iterable[Topic],
    is_complete_description: bool = False,
) -> WriteResult:
    """Write what a record states into the document (locked or new), its provisions, dates and topics.

    `is_complete_description`: the record is all there is, so dates it does not give and topics not in `topics` are
    removed. Such a record comes from the staff site, where people edit the stored text: as long as the text is the
    same, a partial document stays partial and an official copy stays official.
    """
    hash_before = document.content_hash
    before = None
    if document.is_published:
        before = PublishedVersion(queries.described_fields(document), provision_queries.imported_texts(document))
    eids, changed = _write_columns_text_and_effect(document, record, origin, is_complete_description)
    changed |= _assign_topics(document, topics, is_complete_description)
    if record.is_partial == document.is_partial:  # a record that only brought codes is not the source of the text
        _store_original(document, record.original)
    span_writer.write_own_spans()
    return WriteResult(changed, eids, hash_before, before)


def _write_columns_text_and_effect(
    document: LegalDocument, record: DocumentRecord, origin: Origin, is_complete_description: bool
) -> tuple[list[str], bool]:
    """Write what the record states about the document, its text and its effect. Returns (changed eids, whether any)."""
    if record.is_partial and not document._state.adding and not document.is_partial:
        coded = provisions.store_codification_codes(document, document_text.text_of_record(record).codes)
        return coded, any(
            [coded, *(effect_statements.store_stated_amendment(document, change) for change in record.amended)]
        )
    new_text, before = document_text.text_of_record(record), document.content_hash
    if record.is_partial and before not in ("", provisions.text_sha256(new_text.text)):
        new_text = document_text.text_of_record(record, document_text.current_article_blocks(document))
    _refuse_if_amended(document, new_text)
    changed = _set_columns(document, record, origin, new_text.text, is_complete_description)
    eids = _save_with_provisions(document, record, new_text, before) if changed else []
    if not eids and new_text.codes:
        eids = provisions.store_codification_codes(document, new_text.codes)
        changed |= bool(eids)
    return eids, effect_statements.store_stated_effect(document, record, is_complete_description) or changed


def _refuse_if_amended(document: LegalDocument, new_text: CompleteText | PartialText) -> None:
    """Amendments build on the stored text: they must be withdrawn first, and applied again to the new text.

    Not those by which the act dated its own units, while the units are there and the clauses that say so are the same;
    nor those by which another act only changed the effect of the whole.
    """
    if not document.pk or document.content_hash == provisions.text_sha256(new_text.text):
        return
    of_text_or_own = Q(versions_made__isnull=False) | Q(versions_ended__isnull=False) | Q(act=document)
    amendments = list(document.amendments.filter(of_text_or_own, withdrawn_at=None).distinct())
    if not amendments:
        return
    before = provision_queries.imported_texts(document)
    after = {unit.eid: new_text.text[unit.start : unit.end] for unit in new_text.structure.units}
    if not all(_gives_the_same_days(amendment, before, after) for amendment in amendments):
        message = _("Amendments build on the stored text. Withdraw them, correct the text, and apply them again.")
        raise RuleBroken("amended", message)


def _gives_the_same_days(amendment: Amendment, before: Mapping[str, str], after: Mapping[str, str]) -> bool:
    """Whether the act dates its own units only, and would in the text `after` as in that `before`: {eid: own text}."""
    return amendment.act_id == amendment.document_id and all(
        facts["action"] == StatusEvent.Kind.TAKES_EFFECT
        and (not facts["eid"] or facts["eid"] in after)
        and before.get(facts["source"]) == after.get(facts["source"])
        for facts in amendment.instructions
    )


def stored_title(record: DocumentRecord) -> str:
    return nfc(" ".join(record.title.split()))


def search_key(number: str, title: str) -> str:
    """Number and title, folded, for the search by words in lists."""
    return f"{official_numbers.number_key(number)} {' '.join(fold(title).split())}"


def _set_columns(
    document: LegalDocument,
    record: DocumentRecord,
    origin: Origin,
    text: str,
    is_complete_description: bool,
) -> bool:
    """Set the columns that the record states. Returns whether any of them changed.

    A partial record knows its document from a remark only: it adds to what is stored and removes nothing. Staff
    (`is_complete_description`) who leave the text as it is change neither its completeness nor its source.
    """
    columns = {
        "number": official_numbers.clean_number(record.number),
        "number_key": identity.identity_key(record.number, record.title),
        "other_number_keys": official_numbers.other_keys(record.number),
        "is_sample": official_numbers.number_key(record.number)
        == official_numbers.number_key(official_numbers.SAMPLE_NUMBER),
        "doc_type": record.doc_type,
        "title": stored_title(record),
        "search_key": search_key(record.number, record.title),
        "issuer": origin.issuer,
        "province": origin.province,
        "commune_code": origin.commune_code,
        "commune_name": origin.commune_name,
        "lacks_province": document.lacks_province and origin.province is None,
        "signer": nfc(record.signer),
        "issued_on": record.issued_on,
        "gazette_number": record.gazette_number,
        "gazette_on": record.gazette_on,
        "source": record.source,
        "source_url": record.source_url,
        "completeness": Completeness.PARTIAL if record.is_partial else Completeness.COMPLETE,
        "is_official_copy": record.is_official_copy,
        "content_hash": provisions.text_sha256(text),
    }
    if record.is_partial and document.pk and not is_complete_description:
        known = {name: getattr(document, name) for name in KEPT_BY_PARTIAL}
        columns |= {name: value for name, value in known.items() if value}
        if document.title != citations.cite_by_number(record.doc_type, record.number):
            columns |= {"title": document.title, "search_key": document.search_key}
    if is_complete_description and document.content_hash == columns["content_hash"]:
        columns["completeness"] = document.completeness
        if (document.source, document.source_url) == (record.source, record.source_url):
            columns["is_official_copy"] = document.is_official_copy
    changed = any(getattr(document, name) != value for name, value in columns.items())
    for name, value in columns.items():
        setattr(document, name, value)
    try:
        document.clean_fields(exclude=["issuer", "province", "key"])
    except ValidationError as error:
        field, messages = next(iter(error.message_dict.items()))
        raise RuleBroken("invalid", messages[0], field=field) from error
    return changed


def _take_back_quotations(document: LegalDocument, text: str) -> None:
    """Empty the words that doubts about other documents quote from this one and that its new text does not have.

    They may be what a correction had to take out. The act is read again soon, and quoted again.
    """
    doubts = EffectDoubt.objects.filter(act=document).exclude(words="")
    quoted = list(doubts.values_list("pk", "document", "words"))
    words = " ".join(text.split()) if quoted else ""
    gone = {pk: other for pk, other, said in quoted if " ".join(said.split()) not in words}
    EffectDoubt.objects.filter(pk__in=gone).update(words="")
    LegalDocument.objects.filter(pk__in=gone.values()).update(updated_at=timezone.now())


def _save_with_provisions(
    document: LegalDocument, record: DocumentRecord, new_text: CompleteText | PartialText, hash_before: str
) -> list[str]:
    """Save the document; write its provisions if the text changed. Returns the changed eids."""
    if document.content_hash == hash_before:
        document.save()
        relations.assign_to_waiting_relations(document)
        return []
    notes = [asdict(note) | {"start": 0} for note in record.notes]
    document.warnings = notes + [asdict(warning) for warning in new_text.structure.warnings]
    document.verified_at, document.verified_by = None, ""  # the new text was not compared with the original
    document.save()
    _take_back_quotations(document, new_text.text)
    if not record.is_partial:
        relations.propose_relations(document, new_text.text, new_text.structure, effective_on=record.effective_on)
    relations.assign_to_waiting_relations(document)
    changed = provisions.store_provisions(document, new_text.text, new_text.structure.units, new_text.codes)
    refresh_units_inside(document)
    return changed


def _store_original(document: LegalDocument, original: OriginalBytes | None) -> None:
    """Store the file that the document was read from. The same bytes are stored once."""
    if original:
        columns = {"name": original.name[:255], "media_type": original.media_type, "size": len(original.content)}
        sha256 = hashlib.sha256(original.content).hexdigest()
        if not document.original_files.filter(sha256=sha256).exists():  # the document is locked
            document.original_files.create(sha256=sha256, content=original.content, **columns)


def _assign_topics(document: LegalDocument, topics: Iterable[Topic], is_complete_description: bool) -> bool:
    wanted, filed = set(topics), set(document.topics.all())
    missing, extra = wanted - filed, filed - wanted if is_complete_description else set()
    document.topics.add(*missing)
    document.topics.remove(*extra)
    return bool(missing or extra)
