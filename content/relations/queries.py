"""Relations as rows: public ones, proposals, and the documents that references mean."""

from collections.abc import Collection, Iterable

from django.db.models import Q, QuerySet

from content.documents import identity
from content.documents.models import LegalDocument
from content.law import document_references, official_numbers
from content.law.doc_types import TYPES_CITED_BY_NAME
from content.law.document_references import DocumentReference
from content.named_documents import territory
from content.relations.models import Relation, RelationKind

PUBLIC_STATUSES = (Relation.Status.CONFIRMED, Relation.Status.PROPOSED)
RelationIdentity = tuple[str, str, str, str]  # kind, scope, target_key, source_eid: unique for one actor


def public_relations(document: LegalDocument) -> QuerySet[Relation]:
    """Relations of the document with others, in both directions, oldest first. Rejected ones are left out.

    The other document is public or not stored yet. A relation whose actor is a draft is not public.
    """
    published = LegalDocument.Status.PUBLISHED
    return (
        Relation.objects.filter(Q(actor=document) | Q(target=document, actor__status=published))
        .filter(status__in=PUBLIC_STATUSES)
        .select_related("actor", "target")
        .order_by("pk")
    )


def amending_acts_by_number(document: LegalDocument, keys: Collection[str]) -> dict[str, LegalDocument]:
    """{number key: the one document with that number that can have amended this one}.

    Numbers without a year and numbers of local bodies are left out, and so are numbers that two documents have.
    """
    found: dict[str, list[LegalDocument]] = {}
    for act in LegalDocument.objects.filter(number_key__in=keys).exclude(pk=document.pk):
        if official_numbers.year_of_number(act.number) and not identity.is_local_number(act.number):
            found.setdefault(act.number_key, []).append(act)
    return {key: acts[0] for key, acts in found.items() if len(acts) == 1}


def documents_consolidated_by(document: LegalDocument) -> list[LegalDocument]:
    """The published documents that this consolidated text is confirmed to merge, in the order it names them."""
    facts = document.relations.filter(kind=RelationKind.CONSOLIDATES, status=Relation.Status.CONFIRMED)
    facts = facts.filter(target__status=LegalDocument.Status.PUBLISHED).select_related("target").order_by("pk")
    return [fact.target for fact in facts if fact.target]


def replacing_documents(documents: Iterable[LegalDocument]) -> dict[int, list[LegalDocument]]:
    """{primary key: the published documents that are confirmed to replace the whole of it}. One query."""
    facts = Relation.objects.filter(
        target__in=[each.pk for each in documents], kind=RelationKind.REPLACES, scope=Relation.Scope.WHOLE,
        status=Relation.Status.CONFIRMED, actor__status=LegalDocument.Status.PUBLISHED,
    )  # fmt: skip
    found: dict[int, list[LegalDocument]] = {}
    for fact in facts.select_related("actor").order_by("pk"):
        if fact.target_id is not None and fact.actor not in found.setdefault(fact.target_id, []):
            found[fact.target_id].append(fact.actor)
    return found


def proposed_relations() -> QuerySet[Relation]:
    """Relations that nobody has confirmed or rejected yet."""
    return Relation.objects.filter(status=Relation.Status.PROPOSED)


def decided_identities(document: LegalDocument) -> set[RelationIdentity]:
    """Identities of the document's relations that were confirmed or rejected."""
    rows = document.relations.exclude(status=Relation.Status.PROPOSED)
    return set(rows.values_list("kind", "scope", "target_key", "source_eid"))


def target_documents(references: Iterable[DocumentReference], actor: LegalDocument) -> dict[str, LegalDocument]:
    """{key of the reference: LegalDocument} for references that mean exactly one stored document. Two queries.

    A reference that fits two documents is left out, and so is a local number that is not certainly of one body.
    """
    found = {}
    by_number = {each.key: each for each in references if each.number}
    by_name = {each.key: each for each in references if not each.number and each.year}
    candidates = list(_with_places().filter(number_key__in=by_number)) if by_number else []
    for key, reference in by_number.items():
        fitting = documents_fitting(reference, [each for each in candidates if each.number_key == key], actor)
        if len(fitting) == 1:
            found[key] = fitting[0]
    named = _documents_of_named_years(by_name.values()) if by_name else []
    for key in by_name:
        fitting = [document for document in named if key in target_keys_of(document)]
        if len(fitting) == 1:
            found[key] = fitting[0]
    return {key: document for key, document in found.items() if document.pk != actor.pk}


def _documents_of_named_years(references: Iterable[DocumentReference]) -> list[LegalDocument]:
    types, years = {each.doc_type for each in references}, {each.year for each in references if each.year}
    return list(LegalDocument.objects.filter(doc_type__in=types, issued_on__year__in=years))


def relations_awaiting(keys: Collection[str]) -> QuerySet[Relation]:
    """Relations without a target whose actor named a document by one of these keys, in the order to lock them."""
    waiting = Relation.objects.filter(target=None, target_key__in=keys)
    return waiting.order_by("target_key", "pk").select_related("actor")


def target_keys_of(document: LegalDocument) -> set[str]:
    """The `target_key` values that mean this document: its number, and its name with the year."""
    keys = {document.number_key} if document.number else set()
    issued = document.issued_on.year if document.issued_on else official_numbers.year_of_number(document.number)
    if document.doc_type in TYPES_CITED_BY_NAME and issued:
        name = document_references.bare_name(document.doc_type, document.title)
        keys.add(document_references.name_key(document.doc_type, name, issued))
    return keys


def matches_reference(reference: DocumentReference, document: LegalDocument) -> bool:
    """Whether the reference can mean the document: type and date of issue agree where they are given.

    A number without a year is used again every year, so the date must be given and equal.
    """
    if reference.doc_type and reference.doc_type != document.doc_type:
        return False
    if reference.issued_on and document.issued_on and reference.issued_on != document.issued_on:
        return False
    if official_numbers.year_of_number(reference.number) is None:
        return reference.issued_on is not None and reference.issued_on == document.issued_on
    return True


def documents_fitting(
    reference: DocumentReference, alike: Iterable[LegalDocument], actor: LegalDocument
) -> list[LegalDocument]:
    """Those of one number that the reference can mean; of local ones only what is certain, see `territory`."""
    fitting = [each for each in alike if matches_reference(reference, each)]
    if identity.is_local_number(reference.number):
        meant = territory.documents_meant(fitting, reference.body, reference.issued_on, identity.origin_of(actor))
        return meant.documents if meant.is_certain else []
    return fitting


def _with_places() -> QuerySet[LegalDocument]:
    return LegalDocument.objects.select_related(*territory.PLACES)


def is_only_match(reference: DocumentReference, document: LegalDocument, actor: LegalDocument) -> bool:
    """Whether the document, and no other with its number, can be meant by the reference."""
    alike = _with_places().filter(number_key=document.number_key)
    return [each.pk for each in documents_fitting(reference, alike, actor)] == [document.pk]
