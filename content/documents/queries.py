from dataclasses import dataclass

from django.db.models import OuterRef, Prefetch, Q, Subquery

from content.documents import numbers
from content.documents.models import LegalDocument, Provision, ProvisionVersion, StatusEvent
from content.topics.queries import with_descendants


def public_documents():
    """What everybody may read, newest issued first, with what a list shows prefetched."""
    return (
        LegalDocument.objects.filter(state=LegalDocument.State.PUBLISHED)
        .select_related("issuer")
        .prefetch_related("topics", Prefetch("status_events", StatusEvent.objects.order_by("on", "pk")))
        .order_by("-list_order")
    )


def filed_under(documents, topics):
    """Narrow to those filed under one of these topics or under a heading of theirs."""
    filed = LegalDocument.topics.through.objects.filter(topic__in=with_descendants(topics))
    return documents.filter(pk__in=filed.values("legaldocument"))


def numbered(documents, number):
    """Narrow to those of that official number, accents and leading zeros aside. Several may share it."""
    return documents.filter(number_key=numbers.key(number))


def provisions_on(document, day):
    """The document's provisions in order, each with `heading` and `text` as they stand on `day`.

    A provision without a version on that day is left out.
    """
    version = ProvisionVersion.objects.filter(
        Q(valid_from=None) | Q(valid_from__lte=day),
        Q(valid_until=None) | Q(valid_until__gt=day),
        provision=OuterRef("pk"),
    )
    return (
        Provision.objects.filter(document=document)
        .annotate(heading=Subquery(version.values("heading")[:1]), text=Subquery(version.values("text")[:1]))
        .exclude(text=None)
        .order_by("position")
    )


@dataclass(frozen=True)
class Context:
    """A provision with what surrounds it, as all of it stands on one day."""

    provision: Provision
    text: str  # its own and that of all units under it
    ancestors: list  # outermost first
    children: list


def in_context(document, eid, day):
    """The Context of that provision on `day`; None if the document has none of that eid then.

    What lies under a provision are the rows after it, up to the first whose parent is one of its ancestors.
    """
    provisions = provisions_on(document, day)
    own = provisions.filter(eid=eid).first()
    if own is None:
        return None
    ancestors = _ancestors(provisions, own)
    outside = Q(parent=None) | Q(parent__in=[ancestor.pk for ancestor in ancestors])
    after = document.provisions.filter(outside, position__gt=own.position).order_by("position").first()
    under = provisions.filter(position__gt=own.position)
    under = list(under.filter(position__lt=after.position) if after else under)
    return Context(
        provision=own,
        text="".join(provision.text for provision in [own, *under]),
        ancestors=ancestors,
        children=[provision for provision in under if provision.parent_id == own.pk],
    )


def _ancestors(provisions, provision):
    """From the outermost to the parent; a legal text nests seven deep at the most."""
    ancestors = []
    while provision.parent_id:
        provision = provisions.get(pk=provision.parent_id)
        ancestors.insert(0, provision)
    return ancestors
