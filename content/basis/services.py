"""Save which provisions content cites, and flag the content when they change."""

import datetime
from collections.abc import Iterable, Mapping

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from content import vietnam_time
from content.basis import queries
from content.basis.models import Basis, BasisChange, Citation
from content.changes.event_types import EventType
from content.changes.models import Change
from content.document_reads import contexts
from content.documents import citations as wording
from content.documents import provisions
from content.documents.effect import StatusEventKind
from content.documents.models import LegalDocument
from content.errors import RuleBroken

MAX_CITATIONS = 50
# changes that may make content wrong; a change without provisions touches the whole document
LAW_CHANGING_EVENT_TYPES = (
    EventType.DOCUMENT_CORRECTED,
    EventType.DOCUMENT_WITHDRAWN,
    EventType.DOCUMENT_AMENDED,
    EventType.AMENDMENT_WITHDRAWN,
    EventType.STATUS_ENTERED,
    EventType.STATUS_CHANGED,  # entered before: it is reviewed again on the day
)
FIELDS_OF_A_CITATION = {
    "doc_type",
    "number",
    "title",
    "issued_on",
}  # of a description: `documents.citations` reads them
EFFECT_FIELDS = {"effective_on", "expires_on"}  # of a description; a correction of other fields does not change the law


@transaction.atomic
def save_basis(
    citations: Iterable[tuple[LegalDocument, str]], *, basis: Basis | None = None, day: datetime.date | None = None
) -> Basis:
    """Create a basis with these [(LegalDocument, eid)], or replace the citations of `basis`. Returns the basis.

    `day` is the day whose law was read, today by default. Open changes of the basis are settled, because a person has
    just read the law. An empty eid cites the document as a whole. Raises RuleBroken: "unknown_provision", "not_public",
    "too_many_citations".
    """
    day = day or vietnam_time.today()
    citations = list(dict.fromkeys(citations))
    if len(citations) > MAX_CITATIONS:
        raise RuleBroken("too_many_citations", _("Cite at most %d provisions.") % MAX_CITATIONS, field="citations")
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
def reconfirm_basis(basis: Basis, *, day: datetime.date | None = None) -> Basis:
    """Record that a person has read the cited provisions again and the content is still correct.

    The day of reading becomes `day`, and open changes are settled. Raises RuleBroken("unknown_provision", "not_public")
    if a cited provision no longer exists.
    """
    citations = []
    for citation in basis.citations.select_related("document"):
        if citation.document is None:
            raise RuleBroken("not_public", _("%s is not public.") % citation.words, field="citations")
        citations.append((citation.document, citation.eid))
    return save_basis(citations, basis=basis, day=day)


def bases_citing(key: str) -> QuerySet[Basis]:
    """The bases that cite the document or a provision of it."""
    return Basis.objects.filter(citations__document__key=key).distinct()


def restate_citations(key: str, *, besides: QuerySet[Basis]) -> list[int]:
    """Cite a document as it is called now, or by its number if it is not public any more.

    An earlier title may have words that were taken out. `besides` stay as they are. Returns the ids of the bases with
    another citation now; a repeat none.
    """
    restated = []
    citations = Citation.objects.filter(document__key=key).exclude(basis__in=besides)
    citations = citations.select_related("document", "basis").order_by("pk")
    for citation in citations.select_for_update(no_key=True, of=("self",)):
        words = _current_words(citation, citation.document) if citation.document else citation.words
        if words != citation.words:
            citation.words = words
            citation.save(update_fields=["words"])
            restated.append(citation.basis_id)
    return restated


def is_renaming(change: Change) -> bool:
    """Whether a document is cited otherwise since the change: it was withdrawn, or its title or number corrected."""
    corrected = change.facts.get("correction", {}).get("fields", [])
    is_corrected = bool(FIELDS_OF_A_CITATION & {field["field"] for field in corrected})
    return is_corrected or change.event_type == EventType.DOCUMENT_WITHDRAWN


def _current_words(citation: Citation, document: LegalDocument) -> str:
    """How the document and the provision are cited now. A document that is not public is cited by its number."""
    if not document.is_published:
        document.title = wording.cite_by_number(document.doc_type, document.number)
    context = citation.eid and contexts.provision_context(document, citation.eid, citation.basis.read_on)
    lineage = [*context.ancestors, context.provision] if context else []
    return wording.cite_provision(document, lineage)


@transaction.atomic
def bases_to_flag(change: Change, *, of: Iterable[str]) -> dict[int, list[str]]:
    """{id: those of its cited provisions that `change` touches} of the bases it is not stored with yet.

    `of`: names of the relations from a basis to what has it; each consumer of the change log flags its own. Of two
    transactions that handle a change at once the second waits here.
    """
    eids = _touched_eids(change)
    if eids:
        Change.objects.select_for_update(no_key=True).get(pk=change.pk)
    touched: dict[int, set[str]] = {}
    for changed in eids:
        for citation in queries.citations_of(change.subject, changed).filter(queries.belongs_to(of)):
            touched.setdefault(citation.basis_id, set()).add(citation.eid)
    noted = set(BasisChange.objects.filter(change=change).values_list("basis", flat=True))
    return {pk: sorted(found) for pk, found in touched.items() if pk not in noted}


@transaction.atomic
def flag_bases(change: Change, touched: Mapping[int, list[str]]) -> list[int]:
    """Store the change with those of these bases that are still there. Returns them by id. A repeat stores nothing.

    Lock what has the bases first: who deletes it holds it while it deletes the basis.
    """
    there = Basis.objects.select_for_update(no_key=True).filter(pk__in=touched).order_by("pk")
    flagged = list(there.values_list("pk", flat=True))
    rows = [BasisChange(basis_id=pk, change=change, eids=touched[pk]) for pk in flagged]
    BasisChange.objects.bulk_create(rows, ignore_conflicts=True)
    return flagged


def bases_read_since(change: Change, touched: Mapping[int, list[str]]) -> set[int]:
    """Those of these bases, which cite what `change` touches, that somebody read after it.

    The record of a copy may come before our log has handled the change. Where the change is in the words of a provision
    today, the hash of these words tells. A change of the effect, or of a later day, leaves the words as they are: then
    the provision must have been read on a later day.
    """
    document = LegalDocument.objects.filter(key=change.subject, status=LegalDocument.Status.PUBLISHED).first()
    if document is None:
        return set()
    citations = Citation.objects.filter(basis__in=touched, document_key=change.subject).select_related("basis")
    concerned = [each for each in citations if each.eid in touched[each.basis_id]]
    unread = {each.basis_id for each in concerned if not _is_read_since(change, each, document)}
    return touched.keys() - unread


def _is_read_since(change: Change, citation: Citation, document: LegalDocument) -> bool:
    today = vietnam_time.today()
    try:
        present = _unsaved_citation(document, citation.eid, today)
    except RuleBroken:  # the provision is gone
        return False
    days = (citation.basis.read_on - _day_at_home(change)).days
    is_in_words = _is_in_words_of(change, citation.eid, today)
    return present.text_hash == citation.text_hash and (days > 0 or (days == 0 and is_in_words))


def _day_at_home(change: Change) -> datetime.date:
    """The day in Viet Nam on which a change was written; that of a copy as its home says, if that is a day at all."""
    said = (change.facts.get("origin") or {}).get("changed_at")
    try:
        moment = datetime.datetime.fromisoformat(said or "").astimezone(vietnam_time.VIETNAM_TIME)
    except (ValueError, OverflowError):  # nothing, or a moment at the end of time
        moment = change.changed_at.astimezone(vietnam_time.VIETNAM_TIME)
    return moment.date()


def _is_in_words_of(change: Change, cited: str, day: datetime.date) -> bool:
    """Whether the words of the cited provision differ on that day because of the change."""
    facts = change.facts
    is_of_words = change.event_type == EventType.DOCUMENT_AMENDED or "correction" in facts
    if not (cited and is_of_words) or _is_more_than_words(change) or str(facts.get("on") or "") > str(day):
        return False
    return any(f"{each}__".startswith(f"{cited}__") for each in _touched_eids(change))


def _is_more_than_words(change: Change) -> bool:
    """Whether the change does more to the effect of units than to give them other words, or to take them out."""
    return not all(
        event.get("kind") == StatusEventKind.AMENDED
        or (event.get("kind") == StatusEventKind.EXPIRES and _are_rewritten(event.get("eids"), change))
        for event in change.facts.get("events", [])
    )


def _are_rewritten(eids: object, change: Change) -> bool:
    """Whether these are units whose text the change touches."""
    return isinstance(eids, list) and all(eid in change.eids for eid in eids)


def _touched_eids(change: Change) -> list[str]:
    """The eids that a change touches: [""] for the whole document, [] if it does not change the law."""
    if change.event_type not in LAW_CHANGING_EVENT_TYPES:
        return []
    if any(event["scope"] == "whole" for event in change.facts.get("events", [])):
        return [""]
    correction = change.facts.get("correction")
    if correction is None:
        return change.eids or [""]
    effect_changed = EFFECT_FIELDS & {field["field"] for field in correction["fields"]}
    return [""] if effect_changed else [provision["eid"] for provision in correction["provisions"]]


def _unsaved_citation(document: LegalDocument, eid: str, day: datetime.date) -> Citation:
    """An unsaved Citation of the provision's text on that day, with all units under it. Raises RuleBroken."""
    if not document.is_published:
        raise RuleBroken("not_public", _("%s is not public.") % document.number, field="citations")
    columns = {"document": document, "document_key": document.key, "eid": eid}
    if not eid:
        return Citation(words=wording.cite_document(document), text_hash=document.content_hash, **columns)
    context = contexts.provision_context(document, eid, day)
    if context is None:
        message = _("%(document)s has no provision %(eid)s on that day.")
        raise RuleBroken("unknown_provision", message % {"document": document.number, "eid": eid}, field="citations")
    words = wording.cite_provision(document, [*context.ancestors, context.provision])
    return Citation(words=words, text_hash=provisions.text_sha256(context.text), **columns)
