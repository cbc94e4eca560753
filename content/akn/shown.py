"""The text of a document on a day, or of one unit, with the links in it: what XML and Markdown are written from."""

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import F

from content.documents import provision_queries
from content.documents.models import LegalDocument
from content.mentions.queries import Link, links_in


@dataclass(frozen=True)
class ShownText:
    """`provisions` in order, each with `heading`, `text` and `version_id` of the day; `links` by the latter."""

    provisions: Sequence[Any]
    links: Mapping[int, Sequence[Link]]


def shown_text(document: LegalDocument, day: datetime.date, eid: str = "") -> ShownText:
    """The units of the document on `day`, or the unit `eid` with those under it; none where it is not there. Three
    queries.
    """
    provisions: list[Any] = list(provision_queries.provisions_on(document, day).annotate(version_id=F("version__pk")))
    if eid:
        provisions = _with_those_below(provisions, eid)
    return ShownText(provisions, links_in([each.version_id for each in provisions]))


def _with_those_below(provisions: Sequence[Any], eid: str) -> list[Any]:
    """The unit and all that is under it; articles do not have the eid of their chapter."""
    found: dict[int, Any] = {}
    for each in provisions:
        if each.eid == eid or each.parent_id in found:
            found[each.pk] = each
    return list(found.values())
