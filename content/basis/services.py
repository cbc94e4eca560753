"""Saying on what content leans, and noticing when that changes."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from content.basis import queries
from content.basis.models import Basis, BasisChange, Citation
from content.changes import kinds
from content.documents import effect, provisions
from content.documents import queries as documents
from content.errors import RuleBroken

MOST_CITATIONS = 50
# what the day-book says that may make content wrong; the whole document is touched where it names no provision
TOUCHING = (kinds.DOCUMENT_CORRECTED, kinds.DOCUMENT_WITHDRAWN)


@transaction.atomic
def lean_on(citations, *, basis=None, day=None):
    """A basis of these [(document, eid)], or `basis` with these instead; `day`: whose law was read, today without it.

    Whatever had changed since is settled by it: a person has just read the law. Returns the basis. Raises RuleBroken:
    "no_such_provision", "too_many_citations".
    """
    day = day or effect.today()
    citations = list(dict.fromkeys(citations))
    if len(citations) > MOST_CITATIONS:
        raise RuleBroken("too_many_citations", _("At most %d provisions may be cited.") % MOST_CITATIONS)
    hashes = {(document, eid): _text_hash(document, eid, day) for document, eid in citations}
    basis = basis or Basis.objects.create(read_on=day)
    Basis.objects.filter(pk=basis.pk).update(read_on=day)
    basis.citations.all().delete()
    Citation.objects.bulk_create(
        Citation(basis=basis, document=document, eid=eid, text_hash=hashed)
        for (document, eid), hashed in hashes.items()
    )
    settle(basis)
    return basis


@transaction.atomic
def read_again(basis, *, day=None):
    """A person has read the cited provisions again and stands by the content: the day moves, changes are settled."""
    citations = [(citation.document, citation.eid) for citation in basis.citations.select_related("document")]
    return lean_on(citations, basis=basis, day=day)


def settle(basis):
    basis.changes.filter(settled_at=None).update(settled_at=timezone.now())


@transaction.atomic
def note(change):
    """Note a line of the day-book with every basis it touches. Returns the bases it was not yet noted with.

    A repeat notes nothing and returns none.
    """
    if change.kind not in TOUCHING:
        return []
    touched = {}
    for citation in Citation.objects.filter(document__key=change.subject):
        if any(queries.touches(citation.eid, eid) for eid in change.eids or [""]):
            touched.setdefault(citation.basis_id, []).append(citation.eid)
    noted = set(BasisChange.objects.filter(change=change).values_list("basis_id", flat=True))
    new = {pk: eids for pk, eids in touched.items() if pk not in noted}
    BasisChange.objects.bulk_create(
        (BasisChange(basis_id=pk, change=change, eids=eids) for pk, eids in new.items()), ignore_conflicts=True
    )
    return list(Basis.objects.filter(pk__in=new))


def _text_hash(document, eid, day):
    """Of what the provision says that day with all under it. Raises RuleBroken where it says nothing."""
    if not eid:
        return document.content_hash
    rows = documents.provisions_on(document, day)
    texts = [row.text for row in rows if row.eid == eid or row.eid.startswith(f"{eid}__")]
    if not texts:
        message = _("%(document)s has no provision %(eid)s on that day.")
        raise RuleBroken("no_such_provision", message % {"document": document.number, "eid": eid}, field="citations")
    return provisions.sha256("".join(texts))
