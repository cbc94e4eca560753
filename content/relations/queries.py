from django.db.models import Q

from content.documents import identity
from content.documents.models import LegalDocument
from content.law import document_references, official_numbers
from content.law.doc_types import TYPES_CITED_BY_NAME
from content.relations.models import Relation, RelationKind

PUBLIC_STATUSES = (Relation.Status.CONFIRMED, Relation.Status.PROPOSED)  # what was rejected is shown to nobody


def public_relations(document):
    """What it does to others and others do to it, as far as both are public or the other is not in the house.

    Oldest first. A relation whose actor is a draft says something that is not published yet.
    """
    published = LegalDocument.Status.PUBLISHED
    return (
        Relation.objects.filter(Q(actor=document) | Q(target=document, actor__status=published))
        .filter(status__in=PUBLIC_STATUSES)
        .select_related("actor", "target")
        .order_by("pk")
    )


def amending_acts_by_number(document, keys):
    """{number key: the one document of that number that can have amended this one}; numbers need their year."""
    found = {}
    for act in LegalDocument.objects.filter(number_key__in=keys).exclude(pk=document.pk):
        if official_numbers.year_of_number(act.number) and not identity.is_local_number(act.number):
            found.setdefault(act.number_key, []).append(act)
    return {key: acts[0] for key, acts in found.items() if len(acts) == 1}


def documents_consolidated_by(document):
    """The published documents that this consolidated text is known to merge, in the order it names them."""
    facts = document.relations.filter(kind=RelationKind.CONSOLIDATES, status=Relation.Status.CONFIRMED)
    facts = facts.filter(target__status=LegalDocument.Status.PUBLISHED).select_related("target").order_by("pk")
    return [fact.target for fact in facts]


def proposed_relations():
    """What was read from texts and nobody has looked at."""
    return Relation.objects.filter(status=Relation.Status.PROPOSED)


def decided_identities(document):
    """Identities (kind, scope, target_key, source_eid) of its relations that somebody confirmed or rejected."""
    rows = document.relations.exclude(status=Relation.Status.PROPOSED)
    return set(rows.values_list("kind", "scope", "target_key", "source_eid"))


def target_documents(given, actor):
    """{key: LegalDocument} of those references (or relations) whose document we have, without a doubt. Two queries.

    A reference that fits two documents, or that a number without its issuer leaves open, stays without one.
    """
    found = {}
    by_number = {each.key: each for each in given if each.number}
    by_name = {each.key: each for each in given if not each.number and each.year}
    candidates = list(LegalDocument.objects.filter(number_key__in=by_number)) if by_number else []
    for key, reference in by_number.items():
        fitting = [
            document
            for document in candidates
            if document.number_key == key and matches_reference(reference, document, actor)
        ]
        if len(fitting) == 1:
            found[key] = fitting[0]
    named = _documents_of_named_years(by_name.values()) if by_name else []
    for key in by_name:
        fitting = [document for document in named if key in target_keys_of(document)]
        if len(fitting) == 1:
            found[key] = fitting[0]
    return {key: document for key, document in found.items() if document.pk != actor.pk}


def _documents_of_named_years(given):
    types, years = {each.doc_type for each in given}, {each.year for each in given}
    return list(LegalDocument.objects.filter(doc_type__in=types, issued_on__year__in=years))


def relations_awaiting(document):
    """Relations whose actor named this document before we had it."""
    return Relation.objects.filter(target=None, target_key__in=target_keys_of(document)).select_related("actor")


def target_keys_of(document):
    """The keys under which others may wait for it: its number, its name and year."""
    keys = {document.number_key} if document.number else set()
    issued = document.issued_on.year if document.issued_on else official_numbers.year_of_number(document.number)
    if document.doc_type in TYPES_CITED_BY_NAME and issued:
        name = document_references.bare_name(document.doc_type, document.title)
        keys.add(document_references.name_key(document.doc_type, name, issued))
    return keys


def matches_reference(named, document, actor):
    """Whether the document can be the one that is named: of the same type and day where they are given.

    A number without a year recurs every year: only the day tells. One of a province recurs in every other: the actor's
    own is meant where the actor is of that province, else a person finds out.
    """
    if named.doc_type and named.doc_type != document.doc_type:
        return False
    if named.issued_on and document.issued_on and named.issued_on != document.issued_on:
        return False
    if official_numbers.year_of_number(named.number) is None:
        return named.issued_on is not None and named.issued_on == document.issued_on
    if identity.is_local_number(named.number):
        return document.issuer_id is not None and document.issuer_id == actor.issuer_id
    return True


def is_only_match(named, document, actor):
    """Whether the document, and no other of that number, can be the one that is named."""
    alike = LegalDocument.objects.filter(number_key=document.number_key)
    return [each.pk for each in alike if matches_reference(named, each, actor)] == [document.pk]
