"""Gives published documents their permanent addresses."""

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
    place = queries.place_of(document)
    new = (_give(document, scheme, work_paths(document, scheme, place)) for scheme in Scheme)
    return [address for address in new if address]


def _give(document: LegalDocument, scheme: Scheme, paths: list[str]) -> Address | None:
    """The first path that nobody else has; None where it has that already. Of two at the same moment one gets the next.

    The unique path decides: who is second waits for the commit of the first.
    """
    own = set(Address.objects.filter(document=document, scheme=scheme).values_list("path", flat=True))
    for path in paths:
        if path in own:
            return None
        Address.objects.bulk_create([Address(document=document, scheme=scheme, path=path)], ignore_conflicts=True)
        address = Address.objects.get(path=path)
        if address.document_id == document.pk:
            return address
    return None
