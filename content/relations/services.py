"""Proposes relations found in a text, and records which of them are facts."""

import datetime
from collections.abc import Iterable, Sequence
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from content import computed_ahead
from content.changes import event_types
from content.computed_ahead import Reading
from content.copies import refuse_copy
from content.documents import change_log
from content.documents.models import LegalDocument
from content.documents.records import AmendmentRecord
from content.errors import RuleBroken
from content.law import official_numbers
from content.law.doc_types import TYPE_NAMES
from content.law.document_references import DocumentReference
from content.law.local_bodies import body_in
from content.law.unit_numbers import eid_token
from content.parsing import Structure
from content.people import services as people
from content.people.models import User
from content.relations import finder, policy, queries
from content.relations.models import Relation, RelationKind
from content.relations.statement_scanner import RelationStatement

CORRECTABLE_FIELDS = ("kind", "scope", "effective_on", "target", "target_eids")


def propose_relations(
    document: LegalDocument, text: str, structure: Structure, *, effective_on: datetime.date | None = None
) -> None:
    """Replace the document's open proposals with what its text states, in the caller's transaction.

    Confirmed and rejected relations stay and are not proposed again; they quote what the text says now. A target is set
    only if exactly one stored document fits.
    """
    statements = statements_in(
        text, structure, document.doc_type, document.number_key, document.title, effective_on=effective_on
    )
    document.relations.filter(status=Relation.Status.PROPOSED).delete()
    decided = queries.decided_identities(document)
    references = [each.reference for each in statements]
    targets = queries.target_documents(references, document) if references else {}
    rows = [_relation_from_statement(document, each, targets.get(each.reference.key), text) for each in statements]
    _quote_present_text(document, {_identity(row): row for row in rows}, text)
    Relation.objects.bulk_create([row for row in rows if _identity(row) not in decided])


def statements_in(
    text: str, structure: Structure, doc_type: str, own_key: str, title: str, *, effective_on: datetime.date | None
) -> list[RelationStatement]:
    """As `finder.find_statements`, or as it was computed ahead. `structure` is that of `parse_text(text)`."""
    return computed_ahead.result_of(
        (Reading.STATEMENTS, text, doc_type, own_key, title, effective_on),
        lambda: finder.find_statements(
            text, structure, doc_type=doc_type, own_key=own_key, title=title, effective_on=effective_on
        ),
    )


def _quote_present_text(document: LegalDocument, stated: dict[queries.RelationIdentity, Relation], text: str) -> None:
    """Let decided relations quote what the text says now: a correction may have taken words out of it.

    Those that an official source states quote that source, and stay.
    """
    decided = document.relations.exclude(status=Relation.Status.PROPOSED)
    for relation in decided.filter(Q(stated_by="") | Q(amendment__isnull=False)).exclude(evidence=""):
        now = stated.get(_identity(relation))
        evidence = now.evidence if now else relation.evidence
        if not now and evidence not in text:
            evidence = ""
        target_text = now.target_text if now else relation.target_text
        if not now and target_text not in " ".join(text.split()):
            target_text = relation.target_number
        if (evidence, target_text) != (relation.evidence, relation.target_text):
            relation.evidence, relation.target_text = evidence, target_text
            relation.save(update_fields=["evidence", "target_text"])


def _relation_from_statement(
    document: LegalDocument, statement: RelationStatement, target: LegalDocument | None, text: str
) -> Relation:
    reference = statement.reference
    return Relation(
        actor=document,
        kind=statement.kind,
        target=target,
        target_type=reference.doc_type,
        target_text=" ".join(text[reference.start : reference.end].split()),
        target_number=reference.number[:100],
        target_key=reference.key[:160],
        target_issued_on=reference.issued_on,
        scope=statement.scope,
        effective_on=statement.effective_on,
        source_eid=statement.source_eid,
        target_eids=list(statement.target_eids),
        evidence=statement.evidence,
    )


def _identity(relation: Relation) -> queries.RelationIdentity:
    return relation.kind, relation.scope, relation.target_key, relation.source_eid


def assign_to_waiting_relations_of(documents: Sequence[LegalDocument]) -> None:
    """As `assign_to_waiting_relations`, for several that no relation can mean at once. One query reads what waits.

    The rows are locked in one order, whatever that of the documents is: else two transactions could wait in a circle.
    """
    named = {key: document for document in documents for key in queries.target_keys_of(document)}
    for relation in queries.relations_awaiting(named):
        _assign(relation, named[relation.target_key])


def assign_to_waiting_relations(document: LegalDocument) -> None:
    """Set the document as target of the relations that named it before it was stored, if no other document fits."""
    for relation in queries.relations_awaiting(queries.target_keys_of(document)):
        _assign(relation, document)


def _assign(relation: Relation, document: LegalDocument) -> None:
    reference = DocumentReference(
        doc_type=relation.target_type,
        name="",
        number=relation.target_number,
        year=None,
        issued_on=relation.target_issued_on,
        start=0,
        end=0,
        body=body_in(relation.target_text),
    )
    if relation.actor_id != document.pk and (
        not relation.target_number or queries.is_only_match(reference, document, relation.actor)
    ):
        relation.target = document
        relation.save(update_fields=["target"])


@transaction.atomic
def record_stated_relation(
    actor: LegalDocument,
    kind: RelationKind,
    reference: DocumentReference,
    *,
    stated_by: str,
    scope: Relation.Scope,
    **columns: Any,
) -> Relation:
    """Store a relation that an official source (named in `stated_by`) states: it is confirmed at once.

    Returns the Relation. `columns`: effective_on, source_eid, target_eids, evidence. An equal proposal is confirmed and
    keeps the provisions its text names, which are more exact than a source's articles. A relation that a person
    rejected stays rejected. A repeat changes nothing.
    """
    refuse_copy(actor)
    targets = queries.target_documents([reference], actor)
    same = Relation.objects.select_for_update(no_key=True).filter(
        actor=actor, kind=kind, scope=scope, target_key=reference.key, source_eid=columns.get("source_eid", "")
    )
    type_name = TYPE_NAMES.get(reference.doc_type, "")
    relation = same.first() or Relation(
        actor=actor,
        kind=kind,
        scope=scope,
        target=targets.get(reference.key),
        target_type=reference.doc_type,
        target_text=f"{type_name} {reference.name or reference.number}".strip(),
        target_number=reference.number,
        target_key=reference.key,
        target_issued_on=reference.issued_on,
    )
    if relation.status != Relation.Status.PROPOSED:
        return relation
    if relation.target_eids:  # of the text: more exact than a source that names whole articles
        columns.pop("target_eids", None)
    for name, value in columns.items():
        setattr(relation, name, value)
    relation.stated_by = stated_by
    return _decide(relation, Relation.Status.CONFIRMED, by=None, reason=stated_by)


@transaction.atomic
def record_stated_amendments(
    document: LegalDocument, changes: Iterable[AmendmentRecord], *, stated_by: str
) -> list[Relation]:
    """Store which acts amended the document's articles, as an official source states it: confirmed at once.

    An act that is not stored, or is stored twice under its number, is skipped; the next import finds it. What a person
    decided stays. A repeat changes nothing. Returns the Relations.
    """
    stated: dict[tuple[str, RelationKind, str], list[AmendmentRecord]] = {}
    for change in changes:
        kind = RelationKind.REPEALS if change.ends else RelationKind.AMENDS
        source = f"art_{eid_token(change.by_article)}" if change.by_article else ""
        stated.setdefault((official_numbers.number_key(change.by), kind, source), []).append(change)
    acts = queries.amending_acts_by_number(document, {key for key, _kind, _source in stated})
    target = DocumentReference(
        doc_type=document.doc_type,
        name="",
        number=document.number,
        year=official_numbers.year_of_number(document.number),
        issued_on=document.issued_on,
        start=0,
        end=0,
    )
    return [
        record_stated_relation(
            acts[key],
            kind,
            target,
            stated_by=stated_by,
            scope=Relation.Scope.PART,
            source_eid=source,
            effective_on=min(change.on for change in group),
            target_eids=sorted({f"art_{eid_token(change.article)}" for change in group}),
        )
        for (key, kind, source), group in stated.items()
        if key in acts
    ]


@transaction.atomic
def confirm_relation(relation: Relation, *, by: User, reason: str = "", **corrections: Any) -> Relation:
    """Confirm a proposal, so that it is shown as a fact. Returns the Relation.

    `corrections`: new values of CORRECTABLE_FIELDS where the finder was wrong. A rejected relation may be confirmed
    too. Confirming twice is a no-op. Raises RuleBroken: "not_allowed", "self_relation", "already_exists".
    """
    relation = _lock_for_decision(relation, by)
    if relation.status == Relation.Status.CONFIRMED and not corrections:
        return relation
    if unknown := corrections.keys() - set(CORRECTABLE_FIELDS):
        raise TypeError(f"fields that cannot be corrected: {', '.join(sorted(unknown))}")
    for name, value in corrections.items():
        setattr(relation, name, value)
    if relation.target_id == relation.actor_id:
        raise RuleBroken(
            "self_relation",
            _("A document cannot have a relation with itself. Choose another document."),
            field="target",
        )
    same = Relation.objects.filter(actor=relation.actor_id, target_key=relation.target_key)
    same = same.filter(kind=relation.kind, scope=relation.scope, source_eid=relation.source_eid)
    if same.exclude(pk=relation.pk).exists():
        raise RuleBroken("already_exists", _("This relation already exists."), field="kind")
    return _decide(relation, Relation.Status.CONFIRMED, by=by, reason=reason)


@transaction.atomic
def reject_relation(relation: Relation, *, by: User, reason: str = "") -> Relation:
    """Reject a proposal: it is no longer shown and is not proposed again. Returns the Relation.

    A confirmed relation can be rejected too; then the change log records a correction of both documents. Rejecting
    twice is a no-op. Raises RuleBroken("not_allowed").
    """
    relation = _lock_for_decision(relation, by)
    if relation.status == Relation.Status.REJECTED:
        return relation
    return _decide(relation, Relation.Status.REJECTED, by=by, reason=reason)


def _lock_for_decision(relation: Relation, by: User) -> Relation:
    if not policy.may_decide_on_relations(by):
        raise RuleBroken("not_allowed", _("You need the right to publish for this."))
    locked = Relation.objects.select_for_update(no_key=True, of=("self",))
    relation = locked.select_related("actor", "target").get(pk=relation.pk)
    refuse_copy(relation.actor)
    return relation


def _decide(relation: Relation, status: Relation.Status, *, by: User | None, reason: str) -> Relation:
    was_fact = relation.status == Relation.Status.CONFIRMED
    relation.status, relation.decided_at = status, timezone.now()
    relation.save()
    facts = {"relation": relation.kind, "scope": relation.scope, "target": relation.target_text, "status": status}
    people.audit(f"relation.{status}", relation.actor.key, by=by, reason=reason, **facts)
    is_public_change = was_fact or status == Relation.Status.CONFIRMED
    for document in filter(None, [relation.actor, relation.target] if is_public_change else []):
        if document.is_published:
            document.save(update_fields=["updated_at"])
            change_log.record_change(
                event_types.DOCUMENT_CORRECTED,
                document,
                _nature_of_change(relation, document),
                notify=False,
                facts=facts,
            )
    return relation


def _nature_of_change(relation: Relation, document: LegalDocument) -> str:
    """Correction by the issuer if an act corrects the document (đính chính); in all other cases editorial."""
    is_corrected = relation.kind == RelationKind.CORRECTS and document == relation.target
    is_fact = relation.status == Relation.Status.CONFIRMED
    return event_types.CORRECTION if is_corrected and is_fact else event_types.EDITORIAL
