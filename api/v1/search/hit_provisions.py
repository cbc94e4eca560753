"""What the results of one page show of their provisions: path, citation, effect and text, fetched for all at once."""

import datetime
from collections.abc import Iterable, Sequence
from functools import reduce
from typing import Any

from django.db.models import Q

from content.documents import provision_queries
from content.documents.citations import cite_provision
from content.documents.effect import Effect, prepared_events, provision_effect_of
from content.documents.models import LegalDocument, Provision
from content.law.eids import eid_lineage
from content.search.results import Hit
from content.text.snippets import SnippetSource


def ancestors_of(hits: Iterable[Hit]) -> dict[int, list[Provision]]:
    """{pk of a provision: the units above it, outermost first} for the provisions of these hits."""
    provisions = [hit.provision for hit in hits if hit.provision]
    above: dict[int, Provision] = {}
    wanted = {provision.parent_id for provision in provisions} - {None}
    while wanted:
        rows = Provision.objects.in_bulk(wanted)
        above |= rows
        wanted = {row.parent_id for row in rows.values()} - {None} - above.keys()
    return {provision.pk: _line_above(provision, above) for provision in provisions}


def _line_above(provision: Provision, above: dict[int, Provision]) -> list[Provision]:
    line: list[Provision] = []
    parent = provision.parent_id
    while parent:
        line.insert(0, above[parent])
        parent = above[parent].parent_id
    return line


def hit_citation(hit: Hit, ancestors: Sequence[Provision]) -> str:
    """«Điều 15 Luật …» of a hit that shows a provision."""
    document, provision = shown_provision(hit)
    citation: str = cite_provision(document, [*ancestors, provision])
    return citation


def hit_effect(hit: Hit, day: datetime.date, events_of: dict[int, Any]) -> Effect:
    """The effect of the hit's provision on a date. `events_of`: cache {document: status events}, filled here."""
    document, provision = shown_provision(hit)
    known = events_of.setdefault(document.pk, prepared_events(document.status_events.all()))
    effect: Effect = provision_effect_of(document, provision.eid, day, known)
    return effect


def shown_provision(hit: Hit) -> tuple[LegalDocument, Provision]:
    """(document, provision) of a hit that shows a provision. Raises ValueError for any other."""
    if hit.document is None or hit.provision is None:
        raise ValueError("The hit shows no provision.")
    return hit.document, hit.provision


def provision_texts(hits: Iterable[Hit], day: datetime.date) -> dict[int, list[SnippetSource]]:
    """{pk of a provision: it and all units under it with their own text, in order} on a date."""
    shown = [shown_provision(hit) for hit in hits if hit.provision]
    found: dict[int, list[SnippetSource]] = {provision.pk: [] for _, provision in shown}
    if not shown:
        return found
    places = [
        Q(document=document.pk) & (Q(eid=provision.eid) | Q(eid__startswith=f"{provision.eid}__"))
        for document, provision in shown
    ]
    rows = provision_queries.provisions_with_text_on(Provision.objects.filter(reduce(Q.__or__, places)), day)
    tops = {(document.pk, provision.eid): provision.pk for document, provision in shown}
    columns = ("document", "eid", "heading", "text")
    for document_pk, eid, heading, text in rows.order_by("document", "position").values_list(*columns):
        for top in eid_lineage(eid):
            if (document_pk, top) in tops:
                found[tops[document_pk, top]].append(SnippetSource(eid, heading, text))
    return found
