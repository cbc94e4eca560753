"""Citations of a provision, and changes of cited law that nobody has reviewed."""

import datetime
from collections.abc import Iterable
from functools import reduce
from operator import or_

from django.db.models import Q, QuerySet

from content.basis.models import BasisChange, Citation


def unsettled_changes(moment: datetime.datetime | None = None) -> QuerySet[BasisChange]:
    """Changes that nobody has reviewed; with a `moment`, those not reviewed by then."""
    if moment is None:
        return BasisChange.objects.filter(settled_at=None)
    return BasisChange.objects.filter(noted_at__lte=moment).filter(Q(settled_at=None) | Q(settled_at__gt=moment))


def citations_of(document_key: str, eid: str = "") -> QuerySet[Citation]:
    """Citations of that document; with an eid, of that provision and of those above and under it."""
    return Citation.objects.filter(_touches_eid(eid), document_key=document_key)


def belongs_to(relations: Iterable[str]) -> Q:
    """Citations of what these relations lead to from a basis: "answers", "quiz_question", "material"."""
    return reduce(or_, (Q(**{f"basis__{name}__isnull": False}) for name in relations))


def touches(cited: str, changed: str) -> bool:
    """Whether a change of one provision concerns a citation of the other: the same one, one above or one under it.

    Both are eids; an empty one is the whole document.
    """
    if not cited or not changed:
        return True
    return f"{cited}__".startswith(f"{changed}__") or f"{changed}__".startswith(f"{cited}__")


def _touches_eid(eid: str) -> Q:
    """`touches`, in SQL."""
    if not eid:
        return Q()
    parts = eid.split("__")
    above = ["__".join(parts[:depth]) for depth in range(len(parts) + 1)]  # "" too: the whole document
    return Q(eid__in=above) | Q(eid__startswith=f"{eid}__")
