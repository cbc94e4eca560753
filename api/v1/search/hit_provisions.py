"""What a result shows of its provision: path, citation and effect."""

import datetime

from content.document_reads.found import FoundDocument, FoundUnit
from content.documents.citations import cite_provision
from content.documents.effect import EffectStatus, provision_effect_of
from content.search.results import Hit


def hit_citation(hit: Hit) -> str:
    """«Điều 15 Luật …» of a hit that shows a provision."""
    document, provision = shown_provision(hit)
    citation: str = cite_provision(document, [*provision.ancestors, provision])
    return citation


class HitEffects:
    """The effects of the provisions of one page on a date, each computed once.

    Provisions of a document without an event or doubt of a part have the same.
    """

    def __init__(self, day: datetime.date) -> None:
        self._day = day
        self._known: dict[tuple[int, str], EffectStatus | None] = {}

    def status_of(self, hit: Hit) -> EffectStatus | None:
        """The status of the hit's provision. Raises ValueError for a hit that shows none."""
        document, provision = shown_provision(hit)
        place = (document.pk, provision.eid if document.has_parts else "")
        if place not in self._known:
            self._known[place] = provision_effect_of(document, provision.eid, self._day).status
        return self._known[place]


def shown_provision(hit: Hit) -> tuple[FoundDocument, FoundUnit]:
    """(document, provision) of a hit that shows a provision. Raises ValueError for any other."""
    if hit.document is None or hit.provision is None:
        raise ValueError("The hit shows no provision.")
    return hit.document, hit.provision
