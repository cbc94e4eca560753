"""The text of a document on a day, or of one unit, with the links in it: what XML and Markdown are written from."""

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import F, Q, QuerySet

from content.documents import provision_queries
from content.documents.models import LegalDocument, Provision
from content.mentions.queries import Link, links_in


@dataclass(frozen=True)
class ShownText:
    """`provisions` in order, each with `heading`, `text` and `version_id` of the day; `links` by the latter."""

    provisions: Sequence[Any]
    links: Mapping[int, Sequence[Link]]


def shown_text(document: LegalDocument, day: datetime.date, eid: str = "") -> ShownText:
    """The units of the document on `day`, or the unit `eid` with those under it; none where it is not there.

    Three queries for a document; for a unit one more for each unit around it.
    """
    shown = provision_queries.provisions_on(document, day).annotate(version_id=F("version__pk"))
    provisions: list[Any] = _with_those_below(document, shown, eid) if eid else list(shown)
    return ShownText(provisions, links_in([each.version_id for each in provisions]))


def _with_those_below(document: LegalDocument, shown: QuerySet[Provision], eid: str) -> list[Any]:
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
    provisions = list(shown.filter(position__lt=behind.position) if behind else shown)
    return provisions if provisions and provisions[0].pk == own.pk else []
