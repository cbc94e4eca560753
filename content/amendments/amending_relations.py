"""The relation between an act and what it amended: applied, it is a fact that the act itself states."""

from django.utils import timezone

from content.documents.citations import cite_document
from content.documents.models import Amendment
from content.people import services as people
from content.relations.models import Relation, RelationKind


def confirm_amending_relation(amendment, *, ends_the_whole, by, reason):
    """Make «act amends document» (or repeals it) a fact, inside the caller's transaction. What a person decided stands.

    The line of the day-book about the amendment tells it; there is none of its own.
    """
    act, document = amendment.act, amendment.document
    if act == document:
        return
    kind = RelationKind.REPEALS if ends_the_whole else RelationKind.AMENDS
    source = amendment.instructions[0]["source"].split("__")[0]
    relation, _ = Relation.objects.get_or_create(
        actor=act,
        kind=kind,
        scope=Relation.Scope.WHOLE if ends_the_whole else Relation.Scope.PART,
        target_key=document.number_key[:160],
        source_eid=source,
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
    facts = {"relation": str(kind), "target": document.key}
    people.audit("relation.confirmed", act.key, by=by, reason=reason, **facts)


def reopen_amending_relations(amendment):
    """Without a standing amendment the relation is a proposal again, as a text says it and nobody decided it."""
    others = Amendment.objects.filter(act=amendment.act, document=amendment.document, withdrawn_at=None)
    others = others.exclude(pk=amendment.pk)
    ending = others.filter(status_events__kind="expires", status_events__scope="whole")
    for relation in amendment.relations.filter(status=Relation.Status.CONFIRMED):
        relation.amendment = (ending if relation.kind == RelationKind.REPEALS else others).first()
        if relation.amendment is None:
            relation.status, relation.decided_at = Relation.Status.PROPOSED, None
            relation.stated_by, relation.target_eids = "", []
        relation.save()
