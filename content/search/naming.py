"""A query that names a document or one of its units is answered by it, before anything is ranked."""

import re

from django.db.models import Q

from content.documents import queries as documents
from content.documents.models import Provision
from content.text import lexemes

MOST_NAMED = 5
_LAW = ("luat", "bo luat", "phap lenh", "hien phap", "nghi dinh", "thong tu", "nghi quyet", "quyet dinh")
_UNIT = re.compile(r"^(?:(?:diem \S+ )?khoan \S+ )?dieu \S+ (?:cua )?")
_YEAR = re.compile(r" (?:nam )?((?:19|20)\d\d)$")
_AFTER_A_NAME = (
    r"(?:\W+sua\W+doi\W?)?(?:\W+cua\W+quoc\W+hoi)?(?:\W+so\W+\S+)?(?:\W+(?:nam\W+)?\d{4})?$"  # as sources write titles
)


def named(reading, public, binding_on=None):
    """[(LegalDocument, Provision or None)] a query names, among `public` documents; [] where it names none.

    Of several that bear the name the newest comes first: which is meant, its status says. Where there are more than are
    named, those that bind on the day `binding_on` go before them.
    """
    bearing = _documents(reading, public)
    found = list(bearing[:MOST_NAMED])
    if binding_on and len(found) == MOST_NAMED:
        binding = list(documents.binding(bearing, binding_on)[:MOST_NAMED])
        found = [*binding, *(document for document in found if document not in binding)][:MOST_NAMED]
    eid = reading.address.eid
    if not eid:
        return [(document, None) for document in found]
    units = Provision.objects.filter(document__in=found, eid=eid)
    by_document = {unit.document_id: unit for unit in units}
    return [(document, by_document[document.pk]) for document in found if document.pk in by_document]


def names_any(reading):
    """Whether the query may name a document at all."""
    return bool(reading.address.number_key or reading.address.serial or any(_names(reading)))


def _documents(reading, public):
    address = reading.address
    if address.number_key:
        return documents.numbered(public, address.number_key)
    if address.serial:
        start = f"{address.serial}-{address.year}-" if address.year else f"{address.serial}-"
        return public.filter(doc_type=address.doc_type, number_key__startswith=start)
    for name, year in _names(reading):
        alike = public.filter(search_key__regex=r"^\S* " + r"\W+".join(map(re.escape, name.split())) + _AFTER_A_NAME)
        if year:
            alike = alike.filter(Q(issued_on__year=year) | Q(search_key__endswith=f" {year}"))
        if alike.exists():
            return alike
    return public.none()


def _names(reading):
    """(folded name, year or "") that the query may be: as typed, and as its aliases mean it."""
    text = _UNIT.sub("", " ".join(reading.words))
    year = _YEAR.search(text)
    name = text[: year.start()] if year else text
    if name.startswith(_LAW) and len(name.split()) > 1:
        yield name, year[1] if year else ""
    for said, meant in reading.aliases:
        if " ".join(lexemes.words(said)) == name:
            yield " ".join(lexemes.words(meant)), year[1] if year else ""
