"""A provision with the units around and under it on a day."""

import datetime
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet

from content.documents import provision_queries
from content.documents.models import LegalDocument, Provision
from content.documents.provision_queries import ShownUnit


@dataclass(frozen=True)
class ProvisionContext:
    """A provision on one day, with the units around and under it."""

    provision: Any  # a Provision with `heading` and `text`, or a Unit; so are all of these
    text: str  # its own and that of all units under it
    units: list[Any]  # it and they, in order: their texts joined are `text`
    ancestors: list[Any]  # outermost first
    children: list[Any]
    previous: Any  # None, or the one of its kind before it: of articles in the document, of others in their parent
    next: Any


def provision_context(document: LegalDocument, eid: str, day: datetime.date) -> ProvisionContext | None:
    """The provision of that eid on `day`; None if the document has none then.

    Under a provision are the rows after it, up to the first whose parent is one of its ancestors.
    """
    provisions = provision_queries.provisions_on(document, day)
    own = provisions.filter(eid=eid).first()
    if own is None:
        return None
    ancestors = _ancestors(provisions, own)
    outside = Q(parent=None) | Q(parent__in=[ancestor.pk for ancestor in ancestors])
    after = document.provisions.filter(outside, position__gt=own.position).order_by("position").first()
    behind = provisions.filter(position__gt=own.position)
    under = list(behind.filter(position__lt=after.position) if after else behind)
    alike = provisions.filter(kind=own.kind)
    alike = alike if own.kind == "article" else alike.filter(parent=own.parent_id)
    return ProvisionContext(
        provision=own,
        text="".join(provision.text for provision in [own, *under]),
        units=[own, *under],
        ancestors=ancestors,
        children=[provision for provision in under if provision.parent_id == own.pk],
        previous=alike.filter(position__lt=own.position).last(),
        next=alike.filter(position__gt=own.position).first(),
    )


def children_shown_on(document: LegalDocument, context: ProvisionContext, day: datetime.date) -> list[ShownUnit]:
    """The units directly under the provision on `day`, and those of them that acts removed, as `units_shown_on`."""
    return provision_queries.with_removed_units(document, day, context.children, parent=context.provision)


def _ancestors(provisions: QuerySet[Provision], provision: Provision) -> list[Provision]:
    """From the outermost to the parent; a legal text nests at most seven deep."""
    ancestors: list[Provision] = []
    while provision.parent_id:
        provision = provisions.get(pk=provision.parent_id)
        ancestors.insert(0, provision)
    return ancestors
