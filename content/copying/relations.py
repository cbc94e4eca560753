"""The confirmed relations of a document to others, as data and put from data.

Which stored document a relation means is found out in each installation: it may have others.
"""

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _

from content.documents.citations import cite_document
from content.documents.models import LegalDocument
from content.law.doc_types import DocType
from content.law.document_references import DocumentReference
from content.record_fields import fields
from content.record_fields.eids import refuse_unknown_eids
from content.record_fields.fields import Data, RecordRefused
from content.relations import queries
from content.relations.models import Relation, RelationKind

TEXTS = {
    "target_text": fields.MAX_TEXT, "target_number": 100, "target_key": 160, "source_eid": 120,
    "evidence": fields.MAX_TEXT, "stated_by": 300,
}  # fmt: skip


def relations_data(document: LegalDocument, stored: Sequence[Data]) -> list[dict[str, Any]]:
    """The confirmed relations in a fixed order."""
    own = cite_document(document)[:300]
    rows = [
        {name: value for name, value in each.items() if name != "amendment"} | _who_states(own, each) for each in stored
    ]
    return sorted(rows, key=lambda row: (row["kind"], row["scope"], row["target_key"], row["source_eid"]))


def _who_states(own: str, relation: Data) -> dict[str, Any]:
    """Of what the document carried out it is the document itself, as it is called now, not as it was called then."""
    is_itself = relation["amendment"] is not None or relation["stated_by"] == own
    return {"stated_by": "" if is_itself else relation["stated_by"], "is_carried_out": is_itself}


def put_relations(document: LegalDocument, rows: Sequence[Data]) -> None:
    """Make the confirmed relations those of the record."""
    stored = {_identity(each): each for each in document.relations.all()}
    wanted = [relation_from(document, row) for row in rows]
    for each in wanted:
        former = stored.pop(_identity(each), None)
        if former:
            each.pk, each.found_at, each.target = former.pk, former.found_at, former.target
            each.amendment = former.amendment
    point_to_stored_documents(document, wanted)
    gone = [each.pk for each in stored.values() if each.status == Relation.Status.CONFIRMED]
    document.relations.filter(pk__in=gone).delete()
    for each in wanted:
        each.save()


def relation_from(document: LegalDocument, row: Data) -> Relation:
    """The unsaved relation that a row says. Raises RecordRefused."""
    decided_at, eids = fields.moment(row, "decided_at"), fields.texts(row, "target_eids", most=120)
    refuse_unknown_eids(eids)
    if decided_at is None:
        raise RecordRefused(_("A relation of the record does not say when it was confirmed."))
    said = {name: fields.text(row, name, most=most) for name, most in TEXTS.items()}
    if fields.flag(row, "is_carried_out"):
        said["stated_by"] = cite_document(document)[:300]
    return Relation(
        **said,
        actor=document, kind=fields.choice(row, "kind", RelationKind.values),
        scope=fields.choice(row, "scope", Relation.Scope.values),
        target_type=fields.choice(row, "target_type", ["", *DocType.values]),
        target_issued_on=fields.day(row, "target_issued_on"), effective_on=fields.day(row, "effective_on"),
        target_eids=eids, decided_at=decided_at, status=Relation.Status.CONFIRMED,
    )  # fmt: skip


def point_to_stored_documents(document: LegalDocument, rows: Sequence[Relation]) -> None:
    """Set the targets of those that have none and mean exactly one stored document."""
    references = [
        DocumentReference(
            doc_type=each.target_type, name="", number=each.target_number, year=None, issued_on=each.target_issued_on,
            start=0, end=0,
        )
        for each in rows
        if each.target_id is None and each.target_number
    ]  # fmt: skip
    found = queries.target_documents(references, document)
    by_name = _documents_by_name_key({each.target_key for each in rows if not each.target_number})
    for each in rows:
        target = each.target or found.get(each.target_key) or by_name.get(each.target_key)
        each.target = target if target != document else None


def _documents_by_name_key(keys: set[str]) -> dict[str, LegalDocument]:
    """{key of a name and a year: the one stored law of that name and year}; keys are «ten:law:dat-dai:2024»."""
    years = {key.rpartition(":")[2] for key in keys}
    years = {year for year in years if year.isdecimal() and len(year) == 4}
    if not years:
        return {}
    found: dict[str, list[LegalDocument]] = {}
    for each in LegalDocument.objects.filter(issued_on__year__in=[int(year) for year in years]):
        for key in queries.target_keys_of(each) & keys:
            found.setdefault(key, []).append(each)
    return {key: rows[0] for key, rows in found.items() if len(rows) == 1}


def _identity(relation: Relation) -> tuple[str, str, str, str]:
    return str(relation.kind), str(relation.scope), relation.target_key, relation.source_eid
