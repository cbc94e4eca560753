from django.db.models import Exists, OuterRef

from content.basis.models import Basis, BasisChange, Citation


def with_basis_changed(rows, *, basis="basis"):
    """Annotate `basis_changed` on rows that have a basis: something it leans on changed and nobody has looked yet."""
    unsettled = BasisChange.objects.filter(basis=OuterRef(f"{basis}_id"), settled_at=None)
    return rows.annotate(basis_changed=Exists(unsettled))


def leaning_on(document, eid=""):
    """Bases that cite this document; with an eid, those that cite that provision, one above or one under it."""
    citations = Citation.objects.filter(document=document)
    if eid:
        citations = [each for each in citations if touches(each.eid, eid)]
        return Basis.objects.filter(pk__in=[each.basis_id for each in citations])
    return Basis.objects.filter(pk__in=citations.values("basis"))


def touches(cited, changed):
    """Does a change of the one provision concern who cites the other: the same, one above it or one under it?

    Both are eids; an empty one is the whole document.
    """
    return (
        not cited or not changed or f"{cited}__".startswith(f"{changed}__") or f"{changed}__".startswith(f"{cited}__")
    )
