"""What is inside parts, chapters and sections. The eid of an article does not tell: «art_5», not «chp_2__art_5»."""

from collections.abc import Iterable

from content.documents.models import Provision
from content.law.eids import SEPARATOR
from content.law.units import EID_PREFIXES, UnitKind

KINDS_ABOVE_ARTICLES = (UnitKind.PART, UnitKind.CHAPTER, UnitKind.SECTION, UnitKind.SUBSECTION)
_BEGINNINGS = tuple(f"{EID_PREFIXES[kind]}_" for kind in KINDS_ABOVE_ARTICLES)


def with_units_inside(document_id: int, eids: Iterable[str]) -> list[str]:
    """These eids, each once, and behind them the sections and articles inside their parts, chapters and sections.

    What an act says of a chapter it says of each article in it: an event of effect or a doubt must name them. One query
    if there is such a unit among them, else none.
    """
    named = list(dict.fromkeys(eids))
    if not any(eid.rpartition(SEPARATOR)[2].startswith(_BEGINNINGS) for eid in named):
        return named
    kinds = (*KINDS_ABOVE_ARTICLES, UnitKind.ARTICLE)
    rows = Provision.objects.filter(document=document_id, kind__in=kinds).order_by("position")
    inside: set[int] = set()  # ids of named units above articles, and of what is in them
    for pk, parent, eid, kind in rows.values_list("pk", "parent", "eid", "kind"):
        if parent in inside or (eid in named and kind != UnitKind.ARTICLE):
            inside.add(pk)
            named += [] if eid in named else [eid]
    return named
