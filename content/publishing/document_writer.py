"""Writing what a record says into a document: its columns, its words, its topics, the bytes it was made of.

Nothing here is a verb of its own: services and editing call it inside theirs, with the row locked.
"""

import hashlib
import re
from dataclasses import asdict, dataclass

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from content.documents import citations, identity, provision_queries, provisions, queries
from content.documents.models import LegalDocument
from content.errors import RuleBroken
from content.law import official_numbers
from content.organisations import queries as organisations
from content.publishing import document_text, effect_statements
from content.relations import services as relations
from content.text.vietnamese import fold, nfc

Completeness = LegalDocument.Completeness
UNSTORABLE_CHARACTERS = re.compile("[\0\ud800-\udfff]")  # PostgreSQL takes no NUL, UTF-8 no lone surrogate


def issuer_of_record(record):
    """The Organisation a record names, None where it names none. Raises RuleBroken("unknown_issuer")."""
    issuer = organisations.organisation_by_name(record.issuer) if record.issuer else None
    if record.issuer and issuer is None:
        raise RuleBroken("unknown_issuer", _("Unknown issuing body «%s».") % record.issuer, field="issuer")
    return issuer


def refuse_unusable_record(record):
    """Raises RuleBroken: "text_required", "title_required", "invalid_character"."""
    if not (record.is_partial or record.text.strip()):
        raise RuleBroken("text_required", _("The document has no text."), field="text")
    if not record.title.strip():
        raise RuleBroken("title_required", _("The document has no title."), field="title")
    refuse_unstorable_characters(record)


def refuse_unstorable_characters(record):
    """Raises RuleBroken("invalid_character") for what PostgreSQL does not take."""
    texts = [(name, value) for name, value in vars(record).items() if isinstance(value, str)]
    texts += [("articles", text) for article in record.articles for text in vars(article).values()]
    for name, value in texts:
        if UNSTORABLE_CHARACTERS.search(value):
            raise RuleBroken("invalid_character", _("A character that cannot be stored: NUL, half a pair."), field=name)


@dataclass(frozen=True)
class WriteResult:
    """What filling a document changed. `before` is its queries.description and own_texts as they were published."""

    changed: bool
    eids: list
    hash_before: str
    before: tuple | None  # of published documents only


def write_record(document, record, issuer, *, topics, exactly=False):
    """Write what a record says into the document (locked or new), its provisions, days and topics. Returns Filled.

    `exactly`: the record is all there is to say: days it does not give and topics not among `topics` are taken off. It
    comes from the desk, where the standing text is written on: while that is the same, a partial document stays partial
    and an official copy official.
    """
    hash_before = document.content_hash
    before = (
        (queries.described_fields(document), provision_queries.imported_texts(document))
        if document.is_published
        else None
    )
    eids, changed = _write_columns_text_and_effect(document, record, issuer, exactly)
    changed |= _assign_topics(document, topics, exactly)
    if record.is_partial == document.is_partial:  # what only brought codes is not what our copy was made of
        _store_original(document, record.original)
    return WriteResult(changed, eids, hash_before, before)


def _write_columns_text_and_effect(document, record, issuer, exactly):
    """Write what the record says of the document, its words and its effect. Returns (eids touched, whether any)."""
    if record.is_partial and not document._state.adding and not document.is_partial:
        coded = provisions.store_codification_codes(document, document_text.text_of_record(record).codes)
        return coded, any(
            [coded, *(effect_statements.store_stated_amendment(document, change) for change in record.amended)]
        )
    words, before = document_text.text_of_record(record), document.content_hash
    if record.is_partial and before not in ("", provisions.text_sha256(words.text)):
        words = document_text.text_of_record(record, document_text.current_article_blocks(document))
    _refuse_if_amended(document, words.text)
    changed = _set_columns(document, record, issuer, words.text, exactly)
    eids = _save_with_provisions(document, record, words, before) if changed else []
    if not eids and words.codes:
        eids = provisions.store_codification_codes(document, words.codes)
        changed |= bool(eids)
    return eids, effect_statements.store_stated_effect(document, record, exactly) or changed


def _refuse_if_amended(document, text):
    """Amendments build on the text that was there: they are taken back first, and applied again to the new one."""
    same = not document.pk or document.content_hash == provisions.text_sha256(text)
    if not same and document.amendments.filter(withdrawn_at=None).exists():
        message = _("Amendments build on the text we have; withdraw them, correct it, and apply them again.")
        raise RuleBroken("amended", message)


def search_key(number, title):
    return f"{official_numbers.number_key(number)} {' '.join(fold(title).split())}"


def _set_columns(document, record, issuer, text, exactly):
    """Set the columns the record speaks of; returns whether any of them differs now.

    A partial record knows its document from a remark: it completes what we know, and never takes from it. Staff
    (`exactly`) who leave the text as it stands change neither how much of it is here nor where it was read.
    """
    columns = {
        "number": official_numbers.clean_number(record.number),
        "number_key": identity.identity_key(record.number, record.title),
        "other_number_keys": official_numbers.other_keys(record.number),
        "is_sample": official_numbers.number_key(record.number)
        == official_numbers.number_key(official_numbers.SAMPLE_NUMBER),
        "doc_type": record.doc_type,
        "title": nfc(" ".join(record.title.split())),
        "search_key": search_key(record.number, record.title),
        "issuer": issuer,
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
    if record.is_partial and document.pk and not exactly:
        known = {name: getattr(document, name) for name in ("number", "other_number_keys", "issuer", "issued_on")}
        columns |= {name: value for name, value in known.items() if value}
        if document.title != citations.cite_by_number(record.doc_type, record.number):
            columns |= {"title": document.title, "search_key": document.search_key}
    if exactly and document.content_hash == columns["content_hash"]:
        columns["completeness"] = document.completeness
        if (document.source, document.source_url) == (record.source, record.source_url):
            columns["is_official_copy"] = document.is_official_copy
    changed = any(getattr(document, name) != value for name, value in columns.items())
    for name, value in columns.items():
        setattr(document, name, value)
    try:
        document.clean_fields(exclude=["issuer", "key"])
    except ValidationError as error:
        field, messages = next(iter(error.message_dict.items()))
        raise RuleBroken("invalid", messages[0], field=field) from error
    return changed


def _save_with_provisions(document, record, words, hash_before):
    """Save the document; parse and write its provisions where the text is another. Returns the eids touched."""
    if document.content_hash == hash_before:
        document.save()
        relations.assign_to_waiting_relations(document)
        return []
    notes = [asdict(note) | {"start": 0} for note in record.notes]
    document.warnings = notes + [asdict(warning) for warning in words.structure.warnings]
    document.verified_at, document.verified_by = None, ""  # nobody has compared this text with the original
    document.save()
    if not record.is_partial:
        relations.propose_relations(document, words.text, words.structure, effective_on=record.effective_on)
    relations.assign_to_waiting_relations(document)
    return provisions.store_provisions(document, words.text, words.structure.units, words.codes)


def _store_original(document, original):
    """Keep the bytes beside what was made of them. The same bytes again are not kept twice."""
    if original:
        columns = {"name": original.name[:255], "media_type": original.media_type, "size": len(original.content)}
        sha256 = hashlib.sha256(original.content).hexdigest()
        if not document.original_files.filter(sha256=sha256).exists():  # the document is locked
            document.original_files.create(sha256=sha256, content=original.content, **columns)


def _assign_topics(document, topics, exactly):
    wanted, filed = set(topics), set(document.topics.all())
    missing, extra = wanted - filed, filed - wanted if exactly else set()
    document.topics.add(*missing)
    document.topics.remove(*extra)
    return bool(missing or extra)
