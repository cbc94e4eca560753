"""Gives published documents their permanent addresses."""

from collections.abc import Mapping, Sequence

from content.documents.models import LegalDocument
from content.permanent_addresses import queries
from content.permanent_addresses.models import Address
from content.permanent_addresses.paths import Scheme, work_paths


def give_addresses(document: LegalDocument) -> list[Address]:
    """Give a published document an address of each scheme, the first of its paths that nobody else has.

    Call it in the transaction that publishes it or corrects its number, date or issuer. One that it has stays, and a
    repeat makes none. Without a year it gets none. Returns the new addresses.
    """
    if not document.is_published:
        return []
    paths = _paths_of(document)
    own = set(Address.objects.filter(document=document).values_list("scheme", "path"))
    return _give(document, paths, own)


def give_first_addresses(documents: Sequence[LegalDocument]) -> None:
    """As `give_addresses`, for published documents that the caller's transaction made, in their order."""
    paths = {each: _paths_of(each) for each in documents}
    every = [path for each in paths.values() for path in set().union(*each.values())]
    if len(set(every)) < len(every):  # which of two gets a path depends on what the one before it got
        for document in documents:
            _give(document, paths[document], set())
        return
    wanted = [
        Address(document=document, scheme=scheme, path=each[0])
        for document in documents
        for scheme, each in paths[document].items()
        if each
    ]
    Address.objects.bulk_create(wanted, ignore_conflicts=True)
    found = Address.objects.filter(document__in=documents).values_list("document", "scheme")
    given = {(pk, Scheme(scheme)) for pk, scheme in found}
    for document in documents:
        _give(document, {
            scheme: each[1:] for scheme, each in paths[document].items() if (document.pk, scheme) not in given
        }, set())  # fmt: skip


def _paths_of(document: LegalDocument) -> dict[Scheme, list[str]]:
    place = queries.place_of(document)
    return {scheme: work_paths(document, scheme, place) for scheme in Scheme}


def _give(document: LegalDocument, paths: Mapping[Scheme, list[str]], own: set[tuple[str, str]]) -> list[Address]:
    """Of each scheme the first path that nobody else has; none where it has that already.

    The unique path decides: of two at the same moment the second waits for the commit of the first, and gets the next.
    """
    given: list[Address] = []
    left = {scheme: each for scheme, each in paths.items() if each and (scheme, each[0]) not in own}
    while left:
        wanted = [Address(document=document, scheme=scheme, path=each[0]) for scheme, each in left.items()]
        Address.objects.bulk_create(wanted, ignore_conflicts=True)
        found = Address.objects.filter(document=document, path__in=[each.path for each in wanted])
        new = {Scheme(each.scheme): each for each in found}
        given += new.values()
        left = {scheme: each[1:] for scheme, each in left.items() if scheme not in new}
        left = {scheme: each for scheme, each in left.items() if each and (scheme, each[0]) not in own}
    return given
