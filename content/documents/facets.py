"""Facts about a document that list views count, fetched for many at once without model instances."""

import datetime
from collections.abc import Iterable
from typing import NamedTuple

from content import sql
from content.documents import effect
from content.documents.effect import EffectStatus
from content.documents.effect_spans import RULES
from content.documents.models import LegalDocument
from content.documents.outdated_spans import states_by_rules, states_if_few

FACET_ROWS_SQL = """
SELECT document.id, document.doc_type, issuer.key, province.key, span.status, span.id IS NULL,
    EXISTS (SELECT FROM content_outdatedspans own WHERE own.document_id = document.id) OR EXISTS (
        SELECT FROM content_effectspan own
         WHERE own.document_id = document.id AND own.valid_until IS NULL AND own.rules <> %s)
FROM content_legaldocument document
LEFT JOIN content_organisation issuer ON issuer.id = document.issuer_id
LEFT JOIN content_province province ON province.id = document.province_id
LEFT JOIN content_effectspan span ON span.document_id = document.id AND span.valid_from <= %s
    AND (span.valid_until IS NULL OR span.valid_until > %s)
WHERE document.id = ANY(%s) ORDER BY document.id
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
    """{pk: facets on that day} of those of these documents that exist. Raises QueryTooSlow, as `states_if_few`."""
    rows = sql.fetch_rows(FACET_ROWS_SQL, [RULES, day, day, list(pks)])
    computed = states_if_few(day, {pk for pk, *_facts, is_outdated in rows if is_outdated})
    computed |= states_by_rules(day, {pk for pk, *_facts, is_missing, _ in rows if is_missing} - computed.keys())
    return {
        pk: DocumentFacets(
            pk, doc_type, issuer, province,
            computed[pk].status if pk in computed else status and EffectStatus(status),
        )
        for pk, doc_type, issuer, province, status, _is_missing, _is_outdated in rows
    }  # fmt: skip
