"""The text of a document on a day, or of one unit, with the links in it: what XML and Markdown are written from."""

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Q, QuerySet

from content.documents import provision_queries
from content.documents.models import LegalDocument, Provision
from content.documents.provision_queries import Unit
from content.mentions.queries import Link, links_in


@dataclass(frozen=True)
class ShownText:
    """`provisions` in order, with their texts of the day; `links` by the primary key of the version."""

    provisions: Sequence[Unit]
    links: Mapping[int, Sequence[Link]]


def shown_text(document: LegalDocument, day: datetime.date, eid: str = "") -> ShownText:
    """The units of the document on `day`, or the unit `eid` with those under it; none where it is not there.

    Three queries for a document; for a unit one more for each unit around it.
    """
    if not eid:
        return shown_texts([document], day)[document]
    units = _with_those_below(document, provision_queries.provisions_on(document, day), eid)
    return ShownText(units, links_in([each.version_pk for each in units if each.version_pk]))


def shown_texts(documents: Sequence[LegalDocument], day: datetime.date) -> dict[LegalDocument, ShownText]:
    """{document: its whole text on `day`}, in their order. Three queries."""
    texts = provision_queries.units_of_documents([each.pk for each in documents], day)
    links = links_in([unit.version_pk for units in texts.values() for unit in units if unit.version_pk])
    return {
        document: ShownText(
            texts[document.pk],
            {unit.version_pk: links[unit.version_pk] for unit in texts[document.pk] if unit.version_pk in links},
        )
        for document in documents
    }


def _with_those_below(document: LegalDocument, shown: QuerySet[Provision], eid: str) -> list[Unit]:
    """The unit and the rows after it, up to the first whose parent is around it: articles do not have the eid of their
    chapter.
    """
    own = document.provisions.filter(eid=eid).first()
    if own is None:
        return []
    around, parent = [], own.parent_id
    while parent:
        around.append(parent)
        parent = document.provisions.values_list("parent", flat=True).get(pk=parent)
    outside = Q(parent=None) | Q(parent__in=around)
    behind = document.provisions.filter(outside, position__gt=own.position).order_by("position").first()
    shown = shown.filter(position__gte=own.position)
    units = provision_queries.units_of(shown.filter(position__lt=behind.position) if behind else shown)
    return units if units and units[0].pk == own.pk else []
