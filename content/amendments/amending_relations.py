"""The relation between an act and what it amended. The act itself states it, so it is confirmed on application."""

from django.utils import timezone

from content.documents.citations import cite_document
from content.documents.models import Amendment, LegalDocument, StatusEvent
from content.people import services as people
from content.people.models import User
from content.relations.models import Relation, RelationKind

ENDING_KINDS = (RelationKind.REPLACES, RelationKind.REPEALS)


def confirm_amending_relation(amendment: Amendment, *, ends_whole_document: bool, by: User | None, reason: str) -> None:
    """Confirm «act amends document» (or repeals it) inside the caller's transaction.

    A relation that a person confirmed or rejected stays as it is. The change log has no line for this: the line about
    the amendment says it.
    """
    act, document = amendment.act, amendment.document
    if act == document:
        return
    relation = _ending_relation(act, document) if ends_whole_document else None
    kind = RelationKind.REPEALS if ends_whole_document else RelationKind.AMENDS
    if relation is None:
        relation, _ = Relation.objects.get_or_create(
            actor=act,
            kind=kind,
            scope=Relation.Scope.WHOLE if ends_whole_document else Relation.Scope.PART,
            target_key=document.number_key[:160],
            source_eid=amendment.instructions[0]["source"].split("__")[0],
            defaults={"target_text": cite_document(document), "target_number": document.number},
        )
    if relation.status != Relation.Status.PROPOSED:
        return
    relation.target, relation.target_type = document, document.doc_type
    relation.amendment = amendment
    relation.effective_on, relation.stated_by = amendment.on, cite_document(act)[:300]
    relation.target_eids = sorted({each["eid"] for each in amendment.instructions if each["eid"]})
    relation.status, relation.decided_at = Relation.Status.CONFIRMED, timezone.now()
    relation.save()
    people.audit("relation.confirmed", act.key, by=by, reason=reason, relation=str(relation.kind), target=document.key)


def _ending_relation(act: LegalDocument, document: LegalDocument) -> Relation | None:
    """The relation found in the act's text by which it replaces or repeals the whole document."""
    found = Relation.objects.filter(actor=act, target=document, kind__in=ENDING_KINDS, scope=Relation.Scope.WHOLE)
    return found.order_by("pk").first()


def reopen_amending_relations(amendment: Amendment) -> None:
    """Make the relation a proposal again, as found in the text, if no other applied amendment supports it."""
    others = Amendment.objects.filter(act=amendment.act, document=amendment.document, withdrawn_at=None)
    others = others.exclude(pk=amendment.pk)
    ending = others.filter(status_events__kind=StatusEvent.Kind.EXPIRES, status_events__scope=StatusEvent.Scope.WHOLE)
    for relation in amendment.relations.filter(status=Relation.Status.CONFIRMED):
        relation.amendment = (ending if relation.kind in ENDING_KINDS else others).first()
        if relation.amendment is None:
            relation.status, relation.decided_at = Relation.Status.PROPOSED, None
            relation.stated_by, relation.target_eids = "", []
        relation.save()
