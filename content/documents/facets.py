"""Facts about a document that list views count, fetched for many at once without model instances."""

import datetime
from collections.abc import Iterable
from functools import lru_cache
from itertools import groupby
from typing import Any, NamedTuple

from django.db import connection

from content.documents import effect
from content.documents.effect import EffectStatus
from content.documents.models import LegalDocument
from content.law.doc_types import DocType

FACET_ROWS_SQL = """
SELECT document.id, document.doc_type, issuer.key, province.key, event.kind, event.scope, event.on, event.stated_on,
    event.eids, event.id,
    ARRAY(SELECT DISTINCT doubt.kind::text FROM content_effectdoubt doubt WHERE doubt.document_id = document.id
        AND doubt.scope = 'whole' AND doubt.from_on <= %s AND doubt.kind <> 'amends' ORDER BY 1)
FROM content_legaldocument document
LEFT JOIN content_organisation issuer ON issuer.id = document.issuer_id
LEFT JOIN content_province province ON province.id = document.province_id
LEFT JOIN content_statusevent event ON event.document_id = document.id
WHERE document.id = ANY(%s) ORDER BY document.id, event.on, event.id
"""


class DocumentFacets(NamedTuple):
    pk: int
    doc_type: str
    issuer: str | None  # its key
    province: str | None  # the key of that of a local act
    status: EffectStatus | None  # on the day; None: it has no effect of its own, see effect.effect_of


def facets_of(document: LegalDocument, day: datetime.date) -> DocumentFacets:
    """The facets of a document whose issuer, province and status events are prefetched."""
    issuer = document.issuer.key if document.issuer else None
    province = document.province.key if document.province else None
    return DocumentFacets(document.pk, document.doc_type, issuer, province, effect.effect_of(document, day).status)


def facets_on(day: datetime.date, pks: Iterable[int]) -> dict[int, DocumentFacets]:
    """{pk: facets on that day} of those of these documents that exist."""
    with connection.cursor() as cursor:
        cursor.execute(FACET_ROWS_SQL, [day, list(pks)])
        rows = cursor.fetchall()
    return {pk: _facets_from_rows(pk, list(of_one), day) for pk, of_one in groupby(rows, key=lambda row: row[0])}


def _facets_from_rows(pk: int, rows: list[tuple[Any, ...]], day: datetime.date) -> DocumentFacets:
    _pk, doc_type, issuer, province, *_event, doubted = rows[0]
    if doc_type == DocType.CONSOLIDATED_TEXT:
        return DocumentFacets(pk, doc_type, issuer, province, None)
    events = tuple((*dated, tuple(eids), number) for _, _, _, _, *dated, eids, number, _ in rows if number)
    return DocumentFacets(pk, doc_type, issuer, province, _status_from_events(events, tuple(doubted), day))


@lru_cache(maxsize=20_000)
def _status_from_events(
    events: tuple[tuple[Any, ...], ...], doubted: tuple[str, ...], day: datetime.date
) -> EffectStatus | None:
    """The status that follows from these (kind, scope, on, stated_on, eids, pk) and kinds of doubts that count on the
    day. Pure, hence cached."""
    doubts = [effect.UncheckedStatement(kind, effect.StatusEventScope.WHOLE, day) for kind in doubted]
    return effect.effect_on([effect.EffectEvent(*event) for event in events], day, doubts).status
