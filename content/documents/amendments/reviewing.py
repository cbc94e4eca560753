"""Documents that may no longer hold because one they rest on was amended or ended: for people, nothing ends by itself.

Law 64/2025/QH15 Art. 57(2); the law of 2015 ended them with their parent.
"""

from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from content.documents import queries
from content.documents.amendments.models import BasisReview
from content.documents.models import LegalDocument, StatusEvent
from content.documents.relations.models import Relation, RelationKind
from content.errors import RuleBroken
from content.people import services as people

RESTS_ON = (RelationKind.BASED_ON, RelationKind.IMPLEMENTS, RelationKind.GUIDES)


@dataclass(frozen=True)
class Waiting:
    """`document` rests on `parent` (as `relation` says), to which `event` happened; nobody has looked since."""

    document: LegalDocument
    parent: LegalDocument
    relation: Relation
    event: StatusEvent


def awaiting_review(day):
    """[Waiting] on `day`, newest event first: only documents that bind on that day, relations nobody rejected."""
    binding = queries.binding(queries.public_documents(), day).values("pk")
    relations = (
        Relation.objects.filter(kind__in=RESTS_ON, target__isnull=False, actor__in=binding)
        .exclude(state=Relation.State.REJECTED)
        .select_related("actor", "target")
    )
    by_target = {}
    for relation in relations:
        by_target.setdefault(relation.target_id, []).append(relation)
    events = StatusEvent.objects.filter(document__in=by_target, kind__in=("amended", "expires"), on__lte=day)
    looked_at = set(BasisReview.objects.values_list("document_id", "event_id"))
    waiting = {}
    for event in events.order_by("-on", "-pk"):
        for relation in by_target[event.document_id]:
            is_after = relation.actor.issued_on is None or event.on >= relation.actor.issued_on
            key = (relation.actor_id, event.pk)
            if is_after and key not in looked_at:
                waiting.setdefault(key, Waiting(relation.actor, relation.target, relation, event))
    return list(waiting.values())


@transaction.atomic
def conclude(document, event, conclusion, *, by):
    """Note that somebody looked and what they found; what follows from it is entered by its own verb.

    A repeat is a no-op. Raises RuleBroken("no_reason") without words.
    """
    if not conclusion.strip():
        raise RuleBroken("no_reason", _("Say what you found."), field="conclusion")
    review, created = BasisReview.objects.get_or_create(
        document=document, event=event, defaults={"conclusion": conclusion.strip(), "by": by}
    )
    if created:
        people.audit("document.basis_reviewed", document.key, by=by, reason=conclusion.strip(), event=event.pk)
    return review
