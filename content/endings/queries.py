"""Which stored documents the references of an act mean, and which cases and acts wait."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Q, QuerySet

from content.documents import identity
from content.documents.models import LegalDocument
from content.endings.models import EndingCase, MachineSwitch
from content.law import document_references, official_numbers
from content.law.doc_types import TYPES_CITED_BY_NAME, DocType
from content.law.document_references import DocumentReference
from content.named_documents import territory
from content.text.vietnamese import fold, slug

AUTOMATIC_ENDINGS = "endings"  # name of the switch
MIN_NAME_LENGTH = 4  # letters of a slug: a shorter name means nothing


@dataclass(frozen=True)
class Candidates:
    """The stored public documents that a reference may mean: those that fit in all it says, and those nearly so."""

    exact: list[LegalDocument] = field(default_factory=list)
    near: list[LegalDocument] = field(default_factory=list)  # another day or name, or found by name alone

    @property
    def all(self) -> list[LegalDocument]:
        return [*self.exact, *self.near]


def candidates_of(references: Iterable[DocumentReference], act: LegalDocument) -> dict[str, Candidates]:
    """{key of the reference: Candidates}. Two queries, however many references. Drafts and samples are left out."""
    wanted = {each.key: each for each in references}
    if not wanted:
        return {}
    public = LegalDocument.objects.filter(status=LegalDocument.Status.PUBLISHED).exclude(pk=act.pk)
    public = (
        public.exclude(doc_type=DocType.CONSOLIDATED_TEXT)
        .filter(is_sample=act.is_sample)
        .select_related("issuer", *territory.PLACES)
    )
    keys = [each.key for each in wanted.values() if each.number]
    by_number = list(public.filter(Q(number_key__in=keys) | Q(other_number_keys__overlap=keys))) if keys else []
    named = [each for each in wanted.values() if each.name and each.doc_type in TYPES_CITED_BY_NAME]
    by_name = list(_documents_named(public, named)) if named else []
    return {key: _candidates(each, by_number, by_name, act) for key, each in wanted.items()}


def _documents_named(
    public: QuerySet[LegalDocument], references: Sequence[DocumentReference]
) -> QuerySet[LegalDocument]:
    types = {each.doc_type for each in references}
    names = Q()
    for each in references:
        names |= Q(search_key__contains=" ".join(fold(_plain_name(each.name)).split()))
    return public.filter(names, doc_type__in=types)


def _candidates(
    reference: DocumentReference,
    by_number: Collection[LegalDocument],
    by_name: Collection[LegalDocument],
    act: LegalDocument,
) -> Candidates:
    found = Candidates()
    if reference.number:
        for document in by_number:
            if reference.key == document.number_key or reference.key in document.other_number_keys:
                fits = _fits_number(reference, document)
                (found.exact if fits else found.near).append(document)
    if identity.is_local_number(reference.number):
        found = _in_territory(reference, found, act)
    if found.all:
        return found
    for document in by_name:
        if document.doc_type == reference.doc_type and _same_name(reference, document):
            year = document.issued_on.year if document.issued_on else None
            if reference.year and year != reference.year:
                continue
            dated = not reference.issued_on or reference.issued_on == document.issued_on
            is_exact = not reference.number and reference.year is not None and dated
            (found.exact if is_exact else found.near).append(document)
    return found


def _in_territory(reference: DocumentReference, found: Candidates, act: LegalDocument) -> Candidates:
    """Those of a number of every province that an act of this place means: only a certain one is exact."""
    origin = identity.origin_of(act)
    meant = territory.documents_meant(found.exact, reference.body, reference.issued_on, origin)
    if meant.is_certain:
        return Candidates(meant.documents)
    near = territory.documents_meant(found.all, reference.body, reference.issued_on, origin)
    return Candidates([], meant.documents or near.documents)


def _fits_number(reference: DocumentReference, document: LegalDocument) -> bool:
    """Whether type, day, issuer and name agree, as far as the reference gives them."""
    if reference.doc_type and reference.doc_type != document.doc_type:
        return False
    if reference.issued_on and document.issued_on and reference.issued_on != document.issued_on:
        return False
    if official_numbers.year_of_number(reference.number) is None and reference.issued_on != document.issued_on:
        return False
    return not reference.name or reference.doc_type not in TYPES_CITED_BY_NAME or _same_name(reference, document)


def _same_name(reference: DocumentReference, document: LegalDocument) -> bool:
    """Whether the names are the same, but for «về», a year, and how an amending law is called."""
    title = document.title.replace(document.number, "").strip(" ,") if document.number else document.title
    title = title.removesuffix(" số")
    own = slug(_plain_name(document_references.bare_name(document.doc_type, title)))
    other = slug(_plain_name(reference.name))
    if min(len(own), len(other)) < MIN_NAME_LENGTH:
        return False
    if _is_amending(own) or _is_amending(other):
        return _is_amending(own) and _is_amending(other) and own.split("-cua-")[-1] == other.split("-cua-")[-1]
    return own == other


def _plain_name(name: str) -> str:
    words = " ".join(name.split())
    return words[3:] if words.lower().startswith("về ") else words


def _is_amending(name_slug: str) -> bool:
    return name_slug.startswith(("sua-doi", "bo-sung"))


def is_machine_on(name: str = AUTOMATIC_ENDINGS) -> bool:
    """Whether something may be carried out by itself; it may where nobody switched it off."""
    return not MachineSwitch.objects.filter(name=name, is_on=False).exists()


def amendments_carried_out_by_itself() -> QuerySet[EndingCase, Any]:
    """The ids of amendments that no person entered or confirmed: an act says them, and the machine carried them out."""
    by_machine = EndingCase.objects.filter(state=EndingCase.State.CARRIED_OUT, decided_by=None)
    return by_machine.filter(amendment__isnull=False).values("amendment")


def acts_waiting_for(keys: Collection[str]) -> list[LegalDocument]:
    """The acts that wait for a document of one of these keys, in the order of their first days and of import."""
    waiting = EndingCase.objects.filter(state=EndingCase.State.WAITING, waits_for__overlap=list(keys))
    acts = LegalDocument.objects.filter(pk__in=waiting.values("act"), status=LegalDocument.Status.PUBLISHED)
    return list(acts.order_by("issued_on", "pk"))


def acts_that_name(document: LegalDocument, keys: Collection[str]) -> list[LegalDocument]:
    """The public acts with a statement about one of these keys that was taken to mean another document, or several."""
    named = EndingCase.objects.filter(target_key__in=keys).exclude(target=document).exclude(kind=EndingCase.Kind.AMENDS)
    return _public_acts_of(named.exclude(state=EndingCase.State.REJECTED))


def acts_about(document: LegalDocument, *, also_carried_out: bool = False) -> list[LegalDocument]:
    """The public acts that say something about the document that nobody decided, or that was known already."""
    states = [EndingCase.State.READ, EndingCase.State.OPEN, EndingCase.State.CONTESTED]
    states += [EndingCase.State.CARRIED_OUT] if also_carried_out else []
    return _public_acts_of(EndingCase.objects.filter(state__in=states, target=document))


def _public_acts_of(cases: QuerySet[EndingCase]) -> list[LegalDocument]:
    return list(LegalDocument.objects.filter(pk__in=cases.values("act"), status=LegalDocument.Status.PUBLISHED))


def unsettled_amendments_before(case: EndingCase) -> QuerySet[EndingCase]:
    """Cases of earlier acts about the words of the same document that were not carried out wholly."""
    cases = EndingCase.objects.filter(target=case.target, kind=EndingCase.Kind.AMENDS)
    cases = cases.filter(state__in=[EndingCase.State.OPEN, EndingCase.State.WAITING, EndingCase.State.CONTESTED])
    return cases.filter(on__lte=case.on).exclude(act=case.act) if case.on else cases.none()
