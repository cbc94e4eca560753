"""Saying on what content leans, and noticing when that changes."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from content import vietnam_time
from content.basis import queries
from content.basis.models import Basis, BasisChange, Citation
from content.changes import event_types
from content.changes.models import Change
from content.documents import citations as wording
from content.documents import provision_queries, provisions
from content.errors import RuleBroken

MAX_CITATIONS = 50
# what the day-book says that may make content wrong; the whole document is touched where it names no provision
LAW_CHANGING_EVENT_TYPES = (
    event_types.DOCUMENT_CORRECTED,
    event_types.DOCUMENT_WITHDRAWN,
    event_types.DOCUMENT_AMENDED,
    event_types.AMENDMENT_WITHDRAWN,
    event_types.STATUS_ENTERED,
    event_types.STATUS_CHANGED,  # what was entered ahead: whoever looked then looks again on the day
)
EFFECT_FIELDS = {"effective_on", "expires_on"}  # of a description: a correction of others changes no law


@transaction.atomic
def save_basis(citations, *, basis=None, day=None):
    """A basis of these [(LegalDocument, eid)], or `basis` with these instead. Returns the basis.

    `day`: whose law was read, today without it. Whatever had changed since is settled by it: a person has just read
    the law. An empty eid cites the document as a whole. Raises RuleBroken: "unknown_provision", "not_public",
    "too_many_citations".
    """
    day = day or vietnam_time.today()
    citations = list(dict.fromkeys(citations))
    if len(citations) > MAX_CITATIONS:
        raise RuleBroken(
            "too_many_citations", _("At most %d provisions may be cited.") % MAX_CITATIONS, field="citations"
        )
    read = [_unsaved_citation(document, eid, day) for document, eid in citations]
    if basis is None:
        basis = Basis.objects.create(read_on=day)
    else:
        basis.read_on = day
        basis.save(update_fields=["read_on"])
        basis.citations.all().delete()
    for citation in read:
        citation.basis = basis
    Citation.objects.bulk_create(read)
    basis.changes.filter(settled_at=None).update(settled_at=timezone.now())
    return basis


@transaction.atomic
def reconfirm_basis(basis, *, day=None):
    """A person has read the cited provisions again and stands by the content: the day moves, changes are settled.

    Raises RuleBroken("unknown_provision", "not_public") where one of them is no longer there to be read.
    """
    citations = list(basis.citations.select_related("document"))
    for citation in citations:
        if citation.document is None:
            raise RuleBroken("not_public", _("%s is not public.") % citation.words, field="citations")
    return save_basis([(citation.document, citation.eid) for citation in citations], basis=basis, day=day)


@transaction.atomic
def flag_touched_bases(change):
    """Note a line of the day-book with every basis it touches. Returns the ids of those it was not yet noted with.

    A repeat notes nothing and returns none.
    """
    eids = _touched_eids(change)
    if eids:
        Change.objects.select_for_update(no_key=True).get(pk=change.pk)  # of two who read it at once the second waits
    touched = {}
    for changed in eids:
        for citation in queries.citations_of(change.subject, changed):
            touched.setdefault(citation.basis_id, set()).add(citation.eid)
    noted = BasisChange.objects.filter(change=change).values_list("basis", flat=True)
    new = sorted(touched.keys() - set(noted))
    BasisChange.objects.bulk_create(
        (BasisChange(basis_id=pk, change=change, eids=sorted(touched[pk])) for pk in new), ignore_conflicts=True
    )
    return new


def _touched_eids(change):
    """The eids a line touches, [""] where that is the whole document, [] where it changes no law that is cited."""
    if change.event_type not in LAW_CHANGING_EVENT_TYPES:
        return []
    if any(event["scope"] == "whole" for event in change.facts.get("events", [])):
        return [""]
    correction = change.facts.get("correction")
    if correction is None:
        return change.eids or [""]
    effect_changed = EFFECT_FIELDS & {field["field"] for field in correction["fields"]}
    return [""] if effect_changed else [provision["eid"] for provision in correction["provisions"]]


def _unsaved_citation(document, eid, day):
    """A Citation, not yet saved, of what the provision says that day with all under it. Raises RuleBroken."""
    if not document.is_published:
        raise RuleBroken("not_public", _("%s is not public.") % document.number, field="citations")
    columns = {"document": document, "document_key": document.key, "eid": eid}
    if not eid:
        return Citation(words=wording.cite_document(document), text_hash=document.content_hash, **columns)
    context = provision_queries.provision_context(document, eid, day)
    if context is None:
        message = _("%(document)s has no provision %(eid)s on that day.")
        raise RuleBroken("unknown_provision", message % {"document": document.number, "eid": eid}, field="citations")
    words = wording.cite_provision(document, [*context.ancestors, context.provision])
    return Citation(words=words, text_hash=provisions.text_sha256(context.text), **columns)
