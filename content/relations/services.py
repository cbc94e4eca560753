"""Proposing relations from a text, and deciding which of them are facts."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from content.changes import event_types
from content.documents import change_log
from content.errors import RuleBroken
from content.law import document_references, official_numbers
from content.law.doc_types import TYPE_NAMES
from content.law.unit_numbers import eid_token
from content.people import services as people
from content.relations import finder, policy, queries
from content.relations.models import Relation, RelationKind

CORRECTABLE_FIELDS = ("kind", "scope", "effective_on", "target", "target_eids")


def propose_relations(document, text, structure, *, effective_on=None):
    """Make the document's open proposals those its text (parsed as `structure`) now says, in the caller's transaction.

    What somebody decided stands, and is not proposed again. The target is filled in where we have it without a doubt.
    """
    found = finder.find_statements(
        text,
        structure,
        doc_type=document.doc_type,
        own_key=document.number_key,
        title=document.title,
        effective_on=effective_on,
    )
    document.relations.filter(status=Relation.Status.PROPOSED).delete()
    decided = queries.decided_identities(document)
    targets = queries.target_documents([each.reference for each in found], document) if found else {}
    rows = [_relation_from_statement(document, each, targets.get(each.reference.key), text) for each in found]
    Relation.objects.bulk_create([row for row in rows if _identity(row) not in decided])


def _relation_from_statement(document, found, target, text):
    named = found.reference
    return Relation(
        actor=document,
        kind=found.kind,
        target=target,
        target_type=named.doc_type,
        target_text=" ".join(text[named.start : named.end].split()),
        target_number=named.number[:100],
        target_key=named.key[:160],
        target_issued_on=named.issued_on,
        scope=found.scope,
        effective_on=found.effective_on,
        source_eid=found.source_eid,
        target_eids=list(found.target_eids),
        evidence=found.evidence,
    )


def _identity(relation):
    return relation.kind, relation.scope, relation.target_key, relation.source_eid


def assign_to_waiting_relations(document):
    """Fill this document in where others named it before we had it, unless another one also fits."""
    for relation in queries.relations_awaiting(document):
        named = document_references.DocumentReference(
            relation.target_type, "", relation.target_number, None, relation.target_issued_on, 0, 0
        )
        if relation.actor_id != document.pk and (
            not relation.target_number or queries.is_only_match(named, document, relation.actor)
        ):
            relation.target = document
            relation.save(update_fields=["target"])


@transaction.atomic
def record_stated_relation(actor, kind, reference, *, stated_by, scope, **columns):
    """Note a relation that an official source states itself (`stated_by` names it): a fact at once. Returns it.

    `reference` is a references.Reference; `columns`: effective_on, source_eid, target_eids, evidence. A proposal of the
    same becomes that fact; what a person rejected stays rejected; a repeat changes nothing.
    """
    targets = queries.target_documents([reference], actor)
    relation = Relation.objects.select_for_update().filter(
        actor=actor, kind=kind, scope=scope, target_key=reference.key, source_eid=columns.get("source_eid", "")
    )
    relation = relation.first() or Relation(
        actor=actor,
        kind=kind,
        scope=scope,
        target=targets.get(reference.key),
        target_type=reference.doc_type,
        target_text=f"{TYPE_NAMES.get(reference.doc_type, '')} {reference.name or reference.number}".strip(),
        target_number=reference.number,
        target_key=reference.key,
        target_issued_on=reference.issued_on,
    )
    if relation.status != Relation.Status.PROPOSED:
        return relation
    if relation.target_eids:  # found in the text, and closer than a source that names whole articles
        columns.pop("target_eids", None)
    for name, value in columns.items():
        setattr(relation, name, value)
    relation.stated_by = stated_by
    return _decide(relation, Relation.Status.CONFIRMED, by=None, reason=stated_by)


@transaction.atomic
def record_stated_amendments(document, changes, *, stated_by):
    """Note which acts amended the document, as an official source says of its articles: facts at once.

    `changes` are records.Amendments. An act we do not have, or have two of, is left out: the next import finds it.
    What a person decided stands; a repeat changes nothing. Returns the Relations that are facts now.
    """
    stated = {}
    for change in changes:
        kind = RelationKind.REPEALS if change.ends else RelationKind.AMENDS
        source = f"art_{eid_token(change.by_article)}" if change.by_article else ""
        stated.setdefault((official_numbers.number_key(change.by), kind, source), []).append(change)
    acts = queries.amending_acts_by_number(document, {key for key, _kind, _source in stated})
    target = document_references.DocumentReference(
        document.doc_type,
        "",
        document.number,
        official_numbers.year_of_number(document.number),
        document.issued_on,
        0,
        0,
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
def confirm_relation(relation, *, by, reason="", **corrections):
    """Make a proposal a fact that everybody is shown; returns it. A person decides: `by` is a User.

    `corrections`: what the finder got wrong, of MAY_BE_CORRECTED. One that was rejected may be confirmed after all.
    Confirming twice is a no-op. Raises RuleBroken: "not_allowed", "self_relation", "already_exists".
    """
    relation = _lock_for_decision(relation, by)
    if relation.status == Relation.Status.CONFIRMED and not corrections:
        return relation
    if unknown := corrections.keys() - set(CORRECTABLE_FIELDS):
        raise TypeError(f"not to be corrected: {', '.join(sorted(unknown))}")
    for name, value in corrections.items():
        setattr(relation, name, value)
    if relation.target_id == relation.actor_id:
        raise RuleBroken("self_relation", _("A document has no relation with itself."), field="target")
    same = Relation.objects.filter(actor=relation.actor_id, target_key=relation.target_key)
    same = same.filter(kind=relation.kind, scope=relation.scope, source_eid=relation.source_eid)
    if same.exclude(pk=relation.pk).exists():
        raise RuleBroken("already_exists", _("This relation is there already."), field="kind")
    return _decide(relation, Relation.Status.CONFIRMED, by=by, reason=reason)


@transaction.atomic
def reject_relation(relation, *, by, reason=""):
    """Say that a proposal is wrong; it is shown to nobody and not proposed again. Returns it.

    A fact may be rejected too: it disappears, and the day-book says that the document's description was bettered.
    Rejecting twice is a no-op. Raises RuleBroken("not_allowed").
    """
    relation = _lock_for_decision(relation, by)
    if relation.status == Relation.Status.REJECTED:
        return relation
    return _decide(relation, Relation.Status.REJECTED, by=by, reason=reason)


def _lock_for_decision(relation, by):
    if not policy.may_decide_on_relations(by):
        raise RuleBroken("not_allowed", _("Only who may publish may do this."))
    return Relation.objects.select_for_update(of=("self",)).select_related("actor", "target").get(pk=relation.pk)


def _decide(relation, status, *, by, reason):
    was_fact = relation.status == Relation.Status.CONFIRMED
    relation.status, relation.decided_at = status, timezone.now()
    relation.save()
    facts = {"relation": relation.kind, "scope": relation.scope, "target": relation.target_text, "status": status}
    people.audit(f"relation.{status}", relation.actor.key, by=by, reason=reason, **facts)
    is_news = was_fact or status == Relation.Status.CONFIRMED
    for document in filter(None, [relation.actor, relation.target] if is_news else []):
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


def _nature_of_change(relation, document):
    """That an act corrects it (đính chính) is the issuing body's correction; any other fact betters our description."""
    is_corrected = relation.kind == RelationKind.CORRECTS and document == relation.target
    is_fact = relation.status == Relation.Status.CONFIRMED
    return event_types.CORRECTION if is_corrected and is_fact else event_types.EDITORIAL
