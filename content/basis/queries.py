from django.db.models import Q

from content.basis.models import BasisChange, Citation


def unsettled_changes(moment=None):
    """Changes nobody has looked at yet; with a `moment`, those nobody had looked at by then."""
    if moment is None:
        return BasisChange.objects.filter(settled_at=None)
    return BasisChange.objects.filter(noted_at__lte=moment).filter(Q(settled_at=None) | Q(settled_at__gt=moment))


def citations_of(document_key, eid=""):
    """Citations of that document; with an eid, of that provision, of one above it or of one under it."""
    return Citation.objects.filter(_touches_eid(eid), document_key=document_key)


def touches(cited, changed):
    """Does a change of the one provision concern who cites the other: the same, one above it or one under it?

    Both are eids; an empty one is the whole document.
    """
    if not cited or not changed:
        return True
    return f"{cited}__".startswith(f"{changed}__") or f"{changed}__".startswith(f"{cited}__")


def _touches_eid(eid):
    """`touches`, in SQL."""
    if not eid:
        return Q()
    parts = eid.split("__")
    above = ["__".join(parts[:depth]) for depth in range(len(parts) + 1)]  # "" too: the whole document
    return Q(eid__in=above) | Q(eid__startswith=f"{eid}__")
