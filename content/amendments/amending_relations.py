"""The relation between an act and what it amended. The act itself states it, so it is confirmed on application."""

from collections.abc import Collection

from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from content.documents.citations import cite_document
from content.documents.effect import StatusEventKind
from content.documents.models import Amendment, LegalDocument, StatusEvent
from content.people import services as people
from content.people.models import User
from content.relations.models import Relation, RelationKind

ENDING_KINDS = (RelationKind.REPLACES, RelationKind.REPEALS)
SUSPENDING_KINDS = (RelationKind.SUSPENDS, RelationKind.STAYS)


def confirm_amending_relation(amendment: Amendment, whole: Collection[str], *, by: User | None, reason: str) -> None:
    """Confirm «act amends document» (or repeals or suspends it) inside the caller's transaction.

    `whole`: the StatusEventKinds of what becomes of the whole document. No relation says that an act only resumes it.
    A relation that a person confirmed or rejected stays as it is. The change log has no line for this: the line about
    the amendment says it.
    """
    act, document = amendment.act, amendment.document
    if act == document:
        return
    kind = RelationKind.AMENDS
    kinds: tuple[RelationKind, ...] = ()
    if StatusEventKind.EXPIRES in whole:
        kind, kinds = RelationKind.REPEALS, ENDING_KINDS
    elif StatusEventKind.SUSPENDED in whole:
        kind, kinds = RelationKind.SUSPENDS, SUSPENDING_KINDS
    elif StatusEventKind.RESUMED in whole:
        return
    relation = _relation_to_whole(act, document, kinds)
    if relation is None:
        relation, _ = Relation.objects.get_or_create(
            actor=act,
            kind=kind,
            scope=Relation.Scope.WHOLE if kinds else Relation.Scope.PART,
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


def _relation_to_whole(act: LegalDocument, document: LegalDocument, kinds: Collection[RelationKind]) -> Relation | None:
    """The relation of one of the `kinds` to the whole document that was found in the act's text."""
    found = Relation.objects.filter(actor=act, target=document, kind__in=kinds, scope=Relation.Scope.WHOLE)
    return found.order_by("pk").first()


def reopen_amending_relations(amendment: Amendment) -> bool:
    """Make the relation a proposal again if no other applied amendment says the same. Returns whether there was one.

    An amendment that changes the text does not say that the act suspends the document, nor the other way round.
    """
    others = Amendment.objects.filter(act=amendment.act, document=amendment.document, withdrawn_at=None)
    others = others.exclude(pk=amendment.pk)
    is_reopened = False
    for relation in amendment.relations.filter(status=Relation.Status.CONFIRMED):
        relation.amendment = _those_that_say(relation.kind, others).first()
        if relation.amendment is None:
            relation.status, relation.decided_at = Relation.Status.PROPOSED, None
            relation.stated_by, relation.target_eids = "", []
            is_reopened = True
        relation.save()
    return is_reopened


def _those_that_say(kind: str, made: QuerySet[Amendment]) -> QuerySet[Amendment]:
    """Those of these amendments for which `confirm_amending_relation` confirms a relation of that kind."""
    whole = StatusEvent.objects.filter(amendment=OuterRef("pk"), scope=StatusEvent.Scope.WHOLE)
    ends = Exists(whole.filter(kind=StatusEventKind.EXPIRES))
    suspends = Exists(whole.filter(kind=StatusEventKind.SUSPENDED))
    if kind in ENDING_KINDS:
        return made.filter(ends)
    if kind in SUSPENDING_KINDS:
        return made.filter(~ends, suspends)
    return made.filter(~ends, ~suspends, ~Exists(whole.filter(kind=StatusEventKind.RESUMED)))
