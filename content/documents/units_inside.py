"""What is inside parts, chapters and sections. The eid of an article does not tell: «art_5», not «chp_2__art_5»."""

from collections.abc import Iterable, Sequence

from content.documents.models import LegalDocument, Provision
from content.law.eids import is_above_articles
from content.law.units import KINDS_ABOVE_ARTICLES, UnitKind


def with_units_inside(document_id: int, eids: Iterable[str]) -> list[str]:
    """These eids, each once, with the sections and articles inside their parts, chapters and sections; sorted.

    What an act says of a chapter it says of each article in it: an event of effect or a doubt must name them. One query
    if there is such a unit among them, else none.
    """
    named = set(eids)
    if not any(map(is_above_articles, named)):
        return sorted(named)
    kinds = (*KINDS_ABOVE_ARTICLES, UnitKind.ARTICLE)
    rows = Provision.objects.filter(document=document_id, kind__in=kinds).order_by("position")
    inside: set[int] = set()  # ids of named units above articles, and of what is in them
    for pk, parent, eid, kind in rows.values_list("pk", "parent", "eid", "kind"):
        if parent in inside or (eid in named and kind != UnitKind.ARTICLE):
            inside.add(pk)
            named.add(eid)
    return sorted(named)


def outermost_units(document_id: int, eids: Sequence[str]) -> list[str]:
    """The eids without what is inside a part, chapter or section among them: «Chương II», not its articles too."""
    named = list(dict.fromkeys(eids))
    inside: set[str] = set()
    for eid in filter(is_above_articles, named):
        inside |= set(with_units_inside(document_id, [eid])) - {eid}
    return [eid for eid in named if eid not in inside]


def refresh_units_inside(document: LegalDocument) -> None:
    """Let events of parts, chapters and sections name what is inside them after the text was written anew."""
    for event in document.status_events.exclude(eids=[]):
        eids = with_units_inside(document.pk, event.eids)
        if set(eids) != set(event.eids):
            event.eids = eids
            event.save(update_fields=["eids"])
