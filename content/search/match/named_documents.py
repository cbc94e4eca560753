"""A query that names a document or one of its units is answered by it, before anything is ranked."""

import re

from django.db.models import Q

from content.documents import effect_queries
from content.documents import queries as documents
from content.documents.models import Provision
from content.text import lexemes

MAX_NAMED_DOCUMENTS = 5
_NAME_BEGINNINGS = ("luat", "bo luat", "phap lenh", "hien phap", "nghi dinh", "thong tu", "nghi quyet", "quyet dinh")
_LEADING_UNIT = re.compile(r"^(?:(?:diem \S+ )?khoan \S+ )?dieu \S+ (?:cua )?")
_TRAILING_YEAR = re.compile(r" (?:nam )?((?:19|20)\d\d)$")
_NAME_SUFFIX = (
    r"(?:\W+sua\W+doi\W?)?(?:\W+cua\W+quoc\W+hoi)?(?:\W+so\W+\S+)?(?:\W+(?:nam\W+)?\d{4})?$"  # as sources write titles
)


def documents_named_by(reading, public, binding_on=None):
    """[(LegalDocument, Provision or None)] a query names, among `public` documents; [] where it names none.

    Of several that bear the name the newest comes first: which is meant, its status says. Where there are more than are
    named, those that bind on the day `binding_on` go before them.
    """
    bearing = _candidate_documents(reading, public)
    found = list(bearing[:MAX_NAMED_DOCUMENTS])
    if binding_on and len(found) == MAX_NAMED_DOCUMENTS:
        binding = list(effect_queries.documents_binding_on(bearing, binding_on)[:MAX_NAMED_DOCUMENTS])
        found = [*binding, *(document for document in found if document not in binding)][:MAX_NAMED_DOCUMENTS]
    eid = reading.address.eid
    if not eid:
        return [(document, None) for document in found]
    units = Provision.objects.filter(document__in=found, eid=eid)
    by_document = {unit.document_id: unit for unit in units}
    return [(document, by_document[document.pk]) for document in found if document.pk in by_document]


def may_name_document(reading):
    """Whether the query may name a document at all."""
    return bool(reading.address.number_key or reading.address.serial or any(_possible_names(reading)))


def _candidate_documents(reading, public):
    address = reading.address
    if address.number_key:
        return documents.documents_with_number(public, address.number_key)
    if address.serial:
        start = f"{address.serial}-{address.year}-" if address.year else f"{address.serial}-"
        return public.filter(doc_type=address.doc_type, number_key__startswith=start)
    for name, year in _possible_names(reading):
        alike = public.filter(search_key__regex=r"^\S* " + r"\W+".join(map(re.escape, name.split())) + _NAME_SUFFIX)
        if year:
            alike = alike.filter(Q(issued_on__year=year) | Q(search_key__endswith=f" {year}"))
        if alike.exists():
            return alike
    return public.none()


def _possible_names(reading):
    """(folded name, year or "") that the query may be: as typed, and as its aliases mean it."""
    text = _LEADING_UNIT.sub("", " ".join(reading.words))
    year = _TRAILING_YEAR.search(text)
    name = text[: year.start()] if year else text
    if name.startswith(_NAME_BEGINNINGS) and len(name.split()) > 1:
        yield name, year[1] if year else ""
    for said, meant in reading.aliases:
        if " ".join(lexemes.words(said)) == name:
            yield " ".join(lexemes.words(meant)), year[1] if year else ""
