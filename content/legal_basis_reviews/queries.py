"""Which documents are to be reviewed because of what happened to their legal basis."""

import datetime
from dataclasses import dataclass

from django.db.models import Exists, F, FilteredRelation, OuterRef, Q, QuerySet

from content.documents import effect_queries, queries
from content.documents.models import LegalDocument, StatusEvent
from content.legal_basis_reviews.models import BasisReview
from content.relations.models import Relation, RelationKind

REVIEWED_EVENT_KINDS = (StatusEvent.Kind.AMENDED, StatusEvent.Kind.EXPIRES)
BASIS_RELATION_KINDS = (RelationKind.BASED_ON, RelationKind.IMPLEMENTS, RelationKind.GUIDES)


@dataclass(frozen=True)
class PendingLegalBasisReview:
    """`event` happened to `parent`, the legal basis of `document` according to `relation`. Not reviewed yet."""

    document: LegalDocument
    parent: LegalDocument
    relation: Relation
    event: StatusEvent


def pending_legal_basis_reviews(day: datetime.date) -> list[PendingLegalBasisReview]:
    """The pending reviews on `day`, newest event first. Only documents that bind on that day are included."""
    by_target: dict[int | None, list[Relation]] = {}
    for relation in _basis_relations(day).select_related("actor", "target"):
        by_target.setdefault(relation.target_id, []).append(relation)
    events = StatusEvent.objects.filter(document__in=by_target, kind__in=REVIEWED_EVENT_KINDS, on__lte=day)
    reviewed = set(BasisReview.objects.values_list("document_id", "event_id"))
    pending: dict[tuple[int, int], PendingLegalBasisReview] = {}
    for event in events.order_by("-on", "-pk"):
        for relation in by_target[event.document_id]:
            issued_on = relation.actor.issued_on
            is_after_issue = issued_on is None or (event.on is not None and event.on >= issued_on)
            key = (relation.actor_id, event.pk)
            if is_after_issue and key not in reviewed and relation.target:
                pending.setdefault(key, PendingLegalBasisReview(relation.actor, relation.target, relation, event))
    return list(pending.values())


def count_pending_legal_basis_reviews(day: datetime.date) -> int:
    """The number of pending_legal_basis_reviews(day), in one query."""
    events = "target__status_events"
    event = FilteredRelation(
        events, condition=Q(**{f"{events}__kind__in": REVIEWED_EVENT_KINDS, f"{events}__on__lte": day})
    )
    reviewed = BasisReview.objects.filter(document=OuterRef("actor"), event=OuterRef("basis_event"))
    pending = (
        _basis_relations(day)
        .annotate(basis_event=event)
        .filter(
            Q(actor__issued_on=None) | Q(basis_event__on__gte=F("actor__issued_on")),
            ~Exists(reviewed),
            basis_event__isnull=False,
        )
    )
    return pending.order_by().values("actor", "basis_event").distinct().count()


def _basis_relations(day: datetime.date) -> QuerySet[Relation]:
    """Relations to their legal basis of the documents that bind on that day, without rejected ones."""
    binding = effect_queries.documents_binding_on(queries.public_documents(), day).values("pk")
    relations = Relation.objects.filter(kind__in=BASIS_RELATION_KINDS, target__isnull=False, actor__in=binding)
    return relations.exclude(status=Relation.Status.REJECTED)
