"""Looks up documents by a permanent address that somebody gives: candidates, never the first match."""

import datetime

from django.conf import settings

from content.documents import queries
from content.mentions.resolver import MAX_CANDIDATES, Candidate, Certainty, NamedCandidates, units_of
from content.permanent_addresses.paths import Scheme, read_address
from content.permanent_addresses.queries import document_at, documents_meant


def documents_of_address(scheme: Scheme, given: str, day: datetime.date) -> NamedCandidates:
    """The public documents with this address, with the unit that it names; ours may begin with PUBLIC_URL.

    `exact` where the address is stored, `likely` where one document fits one that nobody has.
    """
    address = read_address(given.strip().removeprefix(settings.PUBLIC_URL))
    if address is None or address.scheme is not scheme:
        return NamedCandidates(Certainty.UNKNOWN)
    wanted = [each.pk for each in documents_meant(address)]
    found = list(queries.public_documents().filter(pk__in=wanted)[: MAX_CANDIDATES + 1])
    if not found:
        return NamedCandidates(Certainty.UNKNOWN)
    certainty = Certainty.AMBIGUOUS
    if len(found) == 1:
        certainty = Certainty.EXACT if document_at(address.work) else Certainty.LIKELY
    shown = found[:MAX_CANDIDATES]
    units = units_of(shown, [address.eid] if address.eid else [], day)
    return NamedCandidates(certainty, [Candidate(each, units[each.pk]) for each in shown])
