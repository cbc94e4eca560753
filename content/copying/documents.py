"""A legal document as data, and put from data: description, every version of every unit, effect, relations, amendments.

Notes of the parser, counters, authors and what only our own work needs are no part of it. Its public original files are
listed by their SHA-256; their bytes are fetched later.
"""

import json
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from content import sql
from content.copying import plans, provisions, statements
from content.copying.effect import doubts_data, events_data, lacking_acts, put_doubts, put_events
from content.copying.files import files_data, put_files
from content.copying.provisions import amendments_data, put_amendments
from content.copying.relations import put_relations, relations_data
from content.documents import identity, span_writer
from content.documents.models import LegalDocument
from content.law import official_numbers
from content.law.doc_types import DocType
from content.mentions import services as mentions
from content.organisations.models import Organisation, Province
from content.permanent_addresses import services as permanent_addresses
from content.publishing.document_writer import search_key
from content.record_fields import fields
from content.record_fields.fields import Data, RecordRefused, iso_day, iso_moment
from content.relations import services as relations
from content.topics.models import Topic

KEY = re.compile(r"[a-z0-9-]{1,160}")
TEXTS = ("number", "title", "signer", "gazette_number", "source", "source_url", "verified_by", "content_hash",
         "commune_code", "commune_name")  # fmt: skip
DAYS = ("issued_on", "gazette_on", "effect_stated_on")
MOMENTS = ("published_at", "corrected_at", "verified_at")


def as_data(document: LegalDocument) -> dict[str, Any]:
    """All that is public of a published document, as JSON. Two documents with the same data read the same.

    Raises LegalDocument.DoesNotExist for one that is not stored, or not any more.
    """
    found = sql.fetch_prepared(statements.DOCUMENT, [document.pk])
    if found is None:
        raise LegalDocument.DoesNotExist
    rows: dict[str, list[Any]] = {name: each or [] for name, each in json.loads(found[0]).items()}
    refs = {amendment["id"]: ref for ref, amendment in enumerate(rows["amendments"])}
    return {
        **{name: getattr(document, name) for name in TEXTS},
        **{name: iso_day(getattr(document, name)) for name in DAYS},
        **{name: iso_moment(getattr(document, name)) for name in MOMENTS},
        "doc_type": str(document.doc_type),
        "completeness": str(document.completeness),
        "is_official_copy": document.is_official_copy,
        "is_sample": document.is_sample,
        "issuer": document.issuer.key if document.issuer else "",
        "province": document.province.key if document.province else "",
        "topics": rows["topics"],
        "amendments": amendments_data(rows["amendments"]),
        "provisions": provisions.provisions_data(rows["provisions"], rows["versions"], refs),
        "status_events": events_data(rows["status_events"], refs),
        "relations": relations_data(document, rows["relations"]),
        "doubts": doubts_data(rows["doubts"]),
        "files": files_data(rows["files"]),
    }


def put(document: LegalDocument, data: Data, *, may_lack: bool = False) -> LegalDocument:
    """Make the document (new or locked, with its key and home) what the data say. A repeat changes nothing.

    `may_lack`: a new one is written too where an act that makes it doubtful is not here, see `put_doubts`. Raises
    RecordRefused, RecordWaits; the caller's transaction then rolls back.
    """
    may_lack = may_lack or document.pk is not None
    set_columns(document, data)
    topics = fields.known_rows(Topic, fields.texts(data, "topics"), "topic")
    document.save()
    document.topics.set(topics)
    amendments = put_amendments(document, fields.items(data, "amendments"))
    provisions.put_provisions(document, fields.items(data, "provisions"), amendments)
    put_events(document, fields.items(data, "status_events"), amendments)
    put_relations(document, fields.items(data, "relations"))
    put_doubts(document, fields.items(data, "doubts"), may_lack=may_lack)
    put_files(document, fields.items(data, "files"))
    span_writer.write_own_spans()
    _refresh_derived(document)
    return document


def doubting_acts(data: Data) -> set[str]:
    """The keys of the acts that make it doubtful."""
    return {fields.text(row, "act") for row in fields.items(data, "doubts")}


def lacking_of(data: Data) -> list[str]:
    """The keys of acts that the copy waits for, though it is written: what they say is shown without them."""
    return lacking_acts(fields.items(data, "doubts"))


def set_columns(document: LegalDocument, data: Data, known_row: Callable[..., Any] = fields.known_row) -> None:
    """Set what the data say in columns of the document itself. Raises RecordRefused, RecordWaits."""
    columns: dict[str, Any] = {name: fields.text(data, name) for name in TEXTS}
    columns |= {name: fields.day(data, name) for name in DAYS}
    columns |= {name: fields.moment(data, name) for name in MOMENTS}
    columns["doc_type"] = fields.choice(data, "doc_type", DocType.values)
    columns["completeness"] = fields.choice(data, "completeness", LegalDocument.Completeness.values)
    columns |= {name: fields.flag(data, name) for name in ("is_official_copy", "is_sample")}
    columns["issuer"] = known_row(Organisation, fields.text(data, "issuer"), "body")
    columns["province"] = known_row(Province, fields.text(data, "province"), "province")
    columns["lacks_province"] = columns["province"] is None and identity.is_local_number(columns["number"])
    if not KEY.fullmatch(document.key) or not columns["title"].strip() or not columns["published_at"]:
        raise RecordRefused(_("The record has no key, no title or no day of publication."))
    for name, value in columns.items():
        setattr(document, name, value)
    document.number_key = identity.identity_key(document.number, document.title)
    document.other_number_keys = official_numbers.other_keys(document.number)
    document.search_key = search_key(document.number, document.title)
    document.warnings = []
    document.status, document.withdrawn_at, document.withdrawal_reason = LegalDocument.Status.PUBLISHED, None, ""
    try:
        document.clean_fields(exclude=["issuer", "province"])
    except ValidationError as error:
        field, messages = next(iter(error.message_dict.items()))
        raise RecordRefused(f"«{field}»: {messages[0]}") from error


def _refresh_derived(document: LegalDocument) -> None:
    """What search, citations and addresses read. It is made here, as for our own documents."""
    relations.assign_to_waiting_relations(document)
    mentions.refresh_texts(document)
    mentions.fill_mentions_of(document)
    permanent_addresses.give_addresses(document)
    plans.link_documents([document])


def words_of(data: Data) -> object:
    """What the data say is the law: each version of each unit with its days, and what happens to its effect.

    Two installations that say the same hold the same law, whoever describes it, and when.
    """
    versions = [
        [fields.text(unit, "eid"), *(each.get(name) for name in ("heading", "text", "valid_from", "valid_until"))]
        for unit in fields.items(data, "provisions")
        for each in fields.items(unit, "versions")
    ]
    events = [
        [each.get(name) for name in ("kind", "scope", "on", "eids")] for each in fields.items(data, "status_events")
    ]
    return [versions, events]


def scope_of(data: Data) -> Sequence[str]:
    """Keys of the bodies and provinces that the object speaks for."""
    return [each for each in (fields.text(data, "issuer"),) if each]


def find_same(data: Data) -> LegalDocument | None:
    """The document of ours or another home that the data are about, locked; None without one."""
    same = same_law(data)
    identity.lock_identity_key(same["doc_type"], same["number_key"])  # an import of the same law waits
    return LegalDocument.objects.select_for_update(no_key=True).filter(**same).first()


def is_same(document: LegalDocument, data: Data) -> bool:
    """Whether the document has the number that the data say, or the name where there is none."""
    return bool(document.number_key == same_law(data)["number_key"])


def same_law(data: Data, known_row: Callable[..., Any] = fields.known_row) -> Mapping[str, Any]:
    """The columns that tell which document the data are about."""
    return {
        "doc_type": fields.text(data, "doc_type"),
        "number_key": identity.identity_key(fields.text(data, "number"), fields.text(data, "title")),
        "issued_on": fields.day(data, "issued_on"),
        "issuer": known_row(Organisation, fields.text(data, "issuer"), "body"),
        "province": known_row(Province, fields.text(data, "province"), "province"),
        "commune_code": fields.text(data, "commune_code"),
    }
