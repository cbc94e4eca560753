"""Documents that may no longer hold because one they rest on was amended or ended: for people, nothing ends by itself.

Law 64/2025/QH15 Art. 57(2); the law of 2015 ended them with their parent.
"""

from dataclasses import dataclass

from django.db import transaction
from django.db.models import Exists, F, FilteredRelation, OuterRef, Q
from django.utils.translation import gettext as _

from content.amendments.models import BasisReview
from content.documents import effect_queries, queries
from content.documents.models import LegalDocument, StatusEvent
from content.errors import RuleBroken
from content.people import services as people
from content.relations.models import Relation, RelationKind

REVIEWED_EVENT_KINDS = (StatusEvent.Kind.AMENDED, StatusEvent.Kind.EXPIRES)
BASIS_RELATION_KINDS = (RelationKind.BASED_ON, RelationKind.IMPLEMENTS, RelationKind.GUIDES)


@dataclass(frozen=True)
class PendingBasisReview:
    """`document` rests on `parent` (as `relation` says), to which `event` happened; nobody has looked since."""

    document: LegalDocument
    parent: LegalDocument
    relation: Relation
    event: StatusEvent


def pending_basis_reviews(day):
    """[Waiting] on `day`, newest event first: only documents that bind on that day, relations nobody rejected."""
    by_target = {}
    for relation in _basis_relations(day).select_related("actor", "target"):
        by_target.setdefault(relation.target_id, []).append(relation)
    events = StatusEvent.objects.filter(document__in=by_target, kind__in=REVIEWED_EVENT_KINDS, on__lte=day)
    looked_at = set(BasisReview.objects.values_list("document_id", "event_id"))
    waiting = {}
    for event in events.order_by("-on", "-pk"):
        for relation in by_target[event.document_id]:
            is_after = relation.actor.issued_on is None or event.on >= relation.actor.issued_on
            key = (relation.actor_id, event.pk)
            if is_after and key not in looked_at:
                waiting.setdefault(key, PendingBasisReview(relation.actor, relation.target, relation, event))
    return list(waiting.values())


def count_pending_basis_reviews(day):
    """How many awaiting_review(day) has, in one query."""
    events = "target__status_events"
    moved = FilteredRelation(
        events, condition=Q(**{f"{events}__kind__in": REVIEWED_EVENT_KINDS, f"{events}__on__lte": day})
    )
    looked_at = BasisReview.objects.filter(document=OuterRef("actor"), event=OuterRef("moved"))
    waiting = (
        _basis_relations(day)
        .annotate(moved=moved)
        .filter(
            Q(actor__issued_on=None) | Q(moved__on__gte=F("actor__issued_on")), ~Exists(looked_at), moved__isnull=False
        )
    )
    return waiting.order_by().values("actor", "moved").distinct().count()


def _basis_relations(day):
    """Relations nobody rejected of documents that bind on that day to what they rest on."""
    binding = effect_queries.documents_binding_on(queries.public_documents(), day).values("pk")
    relations = Relation.objects.filter(kind__in=BASIS_RELATION_KINDS, target__isnull=False, actor__in=binding)
    return relations.exclude(status=Relation.Status.REJECTED)


@transaction.atomic
def conclude_basis_review(document, event, conclusion, *, by):
    """Note that somebody looked and what they found; what follows from it is entered by its own verb.

    A repeat is a no-op. Raises RuleBroken("reason_required") without words.
    """
    if not conclusion.strip():
        raise RuleBroken("reason_required", _("Say what you found."), field="conclusion")
    review, created = BasisReview.objects.get_or_create(
        document=document, event=event, defaults={"conclusion": conclusion.strip(), "by": by}
    )
    if created:
        people.audit("document.basis_reviewed", document.key, by=by, reason=conclusion.strip(), event=event.pk)
    return review
