"""Writes documents that are new here, with what search, citations and addresses read, in the caller's transaction.

The rows are those that `copying.documents.put` writes for one after the other. It costs some forty statements, however
many documents there are.
"""

from collections.abc import Iterable, Mapping, Sequence
from itertools import chain
from typing import Any, NamedTuple

from django.db.models import prefetch_related_objects
from django.utils.translation import gettext as _

from content import sql
from content.copying import plans
from content.copying.documents import same_law, set_columns
from content.copying.effect import event_from
from content.copying.files import MOST_FILES, copied_file
from content.copying.models import CopiedFile
from content.copying.provisions import refuse_bad_units, refuse_circles, version_from
from content.copying.relations import point_to_stored_documents, relation_from
from content.documents import span_writer
from content.documents.models import (
    LegalDocument,
    OutdatedSpans,
    Provision,
    ProvisionVersion,
)
from content.law.doc_types import DocType
from content.mentions import services as mentions
from content.organisations.models import Organisation, Province
from content.passages import services as passages
from content.permanent_addresses import services as permanent_addresses
from content.record_fields import fields
from content.record_fields.fields import Data, RecordRefused, RecordWaits
from content.relations import queries as relation_queries
from content.relations import services as relations
from content.relations.models import Relation
from content.topics.models import Topic

ALONE = ("amendments", "doubts")  # what names acts whose state decides: such a document is put alone


class NotNew(Exception):
    """A document with this key, or one that is the same, is here: each is to be put alone."""


class NewDocument(NamedTuple):
    key: str
    home: str
    data: Data


def can_be_written_with_others(data: Data) -> bool:
    """Whether its rows depend on nothing that another one of the same home may decide meanwhile."""
    return all(data.get(name, []) == [] for name in ALONE)  # what is no list is refused alone


def rows_of(data: Data) -> int:
    """How many rows its texts, events, relations and files are, about. Raises RecordRefused."""
    versions = (max(1, len(fields.items(unit, "versions"))) for unit in fields.items(data, "provisions"))
    return sum(versions) + sum(len(fields.items(data, name)) for name in ("status_events", "relations", "files"))


def keys_of(data: Data) -> set[str]:
    """What relations call the document. Raises RecordRefused."""
    doc_type = fields.choice(data, "doc_type", DocType.values)
    number, title = fields.text(data, "number"), fields.text(data, "title")
    same = LegalDocument(doc_type=doc_type, number=number, title=title, issued_on=fields.day(data, "issued_on"))
    same.number_key = str(same_law(data, lambda model, key, name: None)["number_key"])
    return relation_queries.target_keys_of(same) | {same.number_key}


def keys_named_by(data: Data) -> set[str]:
    """What its relations call other documents. Raises RecordRefused."""
    return {fields.text(row, "target_key") for row in fields.items(data, "relations")}


def names_of_locks(new: Iterable[NewDocument]) -> set[str]:
    """What an import of the same document locks too, see `identity.lock_identity_key`."""
    found = [same_law(each.data, lambda model, key, name: None) for each in new]
    return {f"{each['doc_type']}:{each['number_key']}" for each in found}


def write_new_documents(new: Sequence[NewDocument]) -> list[LegalDocument]:
    """Write them, published, in this order. The caller holds the locks of their names.

    Raises NotNew, RecordRefused, RecordWaits, IntegrityError and DataError; the caller's transaction then rolls back.
    """
    known = KnownRows([each.data for each in new])
    documents = [LegalDocument(key=each.key, home=each.home) for each in new]
    for document, each in zip(documents, new, strict=True):
        set_columns(document, each.data, known.row)
    _refuse_known(documents)
    sql.give_keys(documents)
    sql.copy_rows(documents)
    data = {document: each.data for document, each in zip(documents, new, strict=True)}
    _write_topics(data, known)
    versions = _write_texts(data)
    sql.copy_rows([event_from(document, row, ()) for document, rows in _rows(data, "status_events") for row in rows])
    _write_relations(data)
    _write_files(data)
    _write_derived(documents, versions)
    return documents


class KnownRows:
    """The bodies, provinces and topics that records name: three queries for all of them."""

    def __init__(self, rows: Sequence[Data]) -> None:
        named: dict[Any, set[str]] = {
            Organisation: {fields.text(each, "issuer") for each in rows},
            Province: {fields.text(each, "province") for each in rows},
            Topic: {key for each in rows for key in fields.texts(each, "topics")},
        }
        self._found: dict[Any, dict[str, Any]] = {
            model: {row.key: row for row in model.objects.filter(key__in=keys - {""})} if keys - {""} else {}
            for model, keys in named.items()
        }

    def row(self, model: Any, key: str, name: str) -> Any:
        """As `fields.known_row`: the row with this key, None for "". Raises RecordWaits."""
        if not key:
            return None
        if key not in self._found[model]:
            raise RecordWaits(_("«%(key)s», a %(name)s of the record, is unknown here.") % {"key": key, "name": name})
        return self._found[model][key]


def _refuse_known(documents: Sequence[LegalDocument]) -> None:
    if LegalDocument.objects.filter(key__in=[each.key for each in documents]).exists():
        raise NotNew
    columns = ("doc_type", "number_key", "issued_on", "issuer", "province", "commune_code")
    alike = LegalDocument.objects.filter(number_key__in={each.number_key for each in documents})
    taken = set(alike.values_list(*columns))
    for each in documents:
        own = (
            str(each.doc_type), each.number_key, each.issued_on, each.issuer_id, each.province_id, each.commune_code,
        )  # fmt: skip
        if own in taken:
            raise NotNew
        taken.add(own)


def _rows(data: Mapping[LegalDocument, Data], name: str) -> Iterable[tuple[LegalDocument, Sequence[Data]]]:
    return ((document, fields.items(each, name)) for document, each in data.items())


def _write_topics(data: Mapping[LegalDocument, Data], known: KnownRows) -> None:
    through: Any = LegalDocument.topics.through
    sql.copy_rows([
        through(legaldocument=document, topic=known.row(Topic, key, "topic"))
        for document, each in data.items()
        for key in dict.fromkeys(fields.texts(each, "topics"))
    ])  # fmt: skip


def _write_texts(data: Mapping[LegalDocument, Data]) -> dict[LegalDocument, list[ProvisionVersion]]:
    """Write the units and their versions. Returns the versions of each document, in order."""
    units = {document: _units(document, rows) for document, rows in _rows(data, "provisions")}
    every = list(chain.from_iterable(each.values() for each in units.values()))
    sql.give_keys(every)
    for document, rows in _rows(data, "provisions"):
        for row in rows:
            if row.get("parent"):
                units[document][row["eid"]].parent = units[document][row["parent"]]
    sql.copy_rows(every)
    versions = {document: _versions(units[document], rows) for document, rows in _rows(data, "provisions")}
    written = list(chain.from_iterable(versions.values()))
    sql.give_keys(written)
    sql.copy_rows(written)
    return versions


def _units(document: LegalDocument, rows: Sequence[Data]) -> dict[str, Provision]:
    refuse_bad_units(rows)
    refuse_circles(rows)
    return {
        row["eid"]: Provision(
            document=document, eid=row["eid"], kind=row["kind"], position=position,
            number=fields.text(row, "number", most=60),
            codification_code=fields.text(row, "codification_code", most=40),
        )
        for position, row in enumerate(rows)
    }  # fmt: skip


def _versions(units: Mapping[str, Provision], rows: Sequence[Data]) -> list[ProvisionVersion]:
    found: list[ProvisionVersion] = []
    for row in rows:
        of_unit = [version_from(units[row["eid"]], each, ()) for each in fields.items(row, "versions")]
        if len({each.valid_from for each in of_unit}) < len(of_unit):
            raise RecordRefused(_("Two versions of %s begin on one day.") % row["eid"])
        found += of_unit
    return passages.in_order(found)


def _write_relations(data: Mapping[LegalDocument, Data]) -> None:
    """None of them names another one of these documents: see `keys_named_by`."""
    wanted: list[Relation] = []
    for document, rows in _rows(data, "relations"):
        if rows:
            of_document = [relation_from(document, row) for row in rows]
            point_to_stored_documents(document, of_document)
            wanted += of_document
    Relation.objects.bulk_create(wanted)


def _write_files(data: Mapping[LegalDocument, Data]) -> None:
    for document, rows in _rows(data, "files"):
        found = [file for row in rows if (file := copied_file(document, row))][:MOST_FILES]
        CopiedFile.objects.bulk_create({each.sha256: each for each in found}.values())


def _write_derived(
    documents: Sequence[LegalDocument], versions: Mapping[LegalDocument, Sequence[ProvisionVersion]]
) -> None:
    """What search, citations and addresses read, as `copying.documents` makes it for one."""
    prefetch_related_objects(documents, "status_events", "effect_doubts", "effect_spans")
    sql.copy_rows([span for each in documents for span in span_writer.new_spans(each)])
    OutdatedSpans.objects.filter(document_id__in=[each.pk for each in documents]).delete()  # a trigger marked each
    passages.write_first_passages(versions)
    mentions.write_first_mentions(versions)
    relations.assign_to_waiting_relations_of(documents)  # from here rows of others are locked: as late as can be
    mentions.fill_mentions_of_all(documents)
    permanent_addresses.give_first_addresses(documents)
    plans.link_documents(documents)
