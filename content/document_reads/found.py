"""What results show of documents and provisions: a statement for all documents, one for all provisions, one for texts.

The rows have the names of the models where the rules of effect and citation ask for them, and cost a tenth of an
instance. Everything read here is of the transaction of the search.
"""

import datetime
import json
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from content import sql
from content.document_reads.shown import Fetched, LinkedDocument, day_of
from content.documents.effect import EffectEvent, StatusEventScope, UncheckedStatement
from content.documents.models import LegalDocument
from content.law.doc_types import DocType
from content.text.snippets import SnippetSource

LAST_POSITION = 2**31 - 1
# an amendment in part changes no unit's effect, and that of the document is known from its facets
EFFECT_COLUMNS = """
    (SELECT json_agg(json_build_array(e.kind, e.scope, e."on", e.stated_on, e.eids, e.id))::text
       FROM content_statusevent e WHERE e.document_id = d.id AND NOT (e.scope = 'part' AND e.kind = 'amended')),
    (SELECT json_agg(json_build_array(u.kind, u.scope, u.from_on, u.eids, u.until_on))::text
       FROM content_effectdoubt u WHERE u.document_id = d.id)
"""
SELECT_DOCUMENTS = f"""
SELECT d.id, d.key, d.number, d.title, d.doc_type, d.issued_on, d.is_sample, d.completeness, {EFFECT_COLUMNS}
FROM content_legaldocument d WHERE d.id = ANY(%s::bigint[]) AND d.status = %s
"""  # noqa: S608 (our own SQL)
SELECT_DOCUMENTS_WITH_PARTS = f"""
SELECT d.id, d.doc_type, {EFFECT_COLUMNS}
FROM content_legaldocument d WHERE d.id = ANY(%s::bigint[]) AND (
    EXISTS (SELECT FROM content_statusevent e
             WHERE e.document_id = d.id AND e.scope = 'part' AND e.kind <> 'amended')
    OR EXISTS (SELECT FROM content_effectdoubt u WHERE u.document_id = d.id AND u.scope = 'part'))
"""  # noqa: S608 (our own SQL)
SELECT_EIDS = "SELECT p.id, p.eid FROM content_provision p WHERE p.id = ANY(%s::bigint[])"
# Under a unit are the rows from it to the first whose parent is a unit above it, or that has none (0), as in
# statements.PROVISION.
SELECT_UNITS = """
WITH RECURSIVE own AS MATERIALIZED (
    SELECT p.id, p.document_id, p.parent_id, p.eid, p.kind, p.number, p.position
      FROM content_provision p WHERE p.id = ANY(%s::bigint[])
), above AS (
    SELECT own.id AS below, p.id, p.parent_id, p.eid, p.kind, p.number, 1 AS steps
      FROM own JOIN content_provision p ON p.id = own.parent_id
    UNION ALL
    SELECT above.below, p.id, p.parent_id, p.eid, p.kind, p.number, steps + 1
      FROM above JOIN content_provision p ON p.id = above.parent_id
)
SELECT own.id, own.eid, own.kind, own.number, own.document_id, own.position, COALESCE(
    (SELECT p.position FROM content_provision p
      WHERE p.document_id = own.document_id AND p.position > own.position AND COALESCE(p.parent_id, 0) = ANY(
            ARRAY(SELECT above.id FROM above WHERE above.below = own.id UNION ALL SELECT 0))
      ORDER BY p.position LIMIT 1), %s),
    (SELECT json_agg(json_build_array(above.eid, above.kind, above.number) ORDER BY above.steps DESC)::text
       FROM above WHERE above.below = own.id)
FROM own
"""
# OFFSET 0: each unit is looked up in an index, however many documents there are
SELECT_TEXTS = """
SELECT asked.place, unit.eid, unit.heading, unit.text
FROM unnest(%s::bigint[], %s::text[], %s::int[], %s::int[])
     WITH ORDINALITY AS asked(document_id, eid, first, behind, place)
CROSS JOIN LATERAL (
    SELECT p.eid, v.heading, v.text, p.position
      FROM content_provision p
      JOIN content_provisionversion v ON v.provision_id = p.id
       AND (v.valid_from IS NULL OR v.valid_from <= %s) AND (v.valid_until IS NULL OR v.valid_until > %s)
     WHERE p.document_id = asked.document_id AND p.position >= asked.first AND p.position < asked.behind
       AND (p.eid = asked.eid OR starts_with(p.eid, asked.eid || '__')) OFFSET 0) AS unit
ORDER BY asked.place, unit.position
"""


@dataclass(slots=True)
class DocumentWithParts:
    """A document of which some part may have another effect than the others, with what decides that of each."""

    doc_type: str
    status_events: Fetched  # of EffectEvent, without amendments in part
    effect_doubts: Fetched  # of UncheckedStatement

    @property
    def has_effect(self) -> bool:
        """As LegalDocument.has_effect."""
        return self.doc_type != DocType.CONSOLIDATED_TEXT

    def named_eids(self) -> set[str]:
        """The units that its events and doubts name. Units with the same of these around them have one effect."""
        return {eid for each in (*self.status_events, *self.effect_doubts) for eid in each.eids}


@dataclass(slots=True)
class FoundDocument(LinkedDocument):
    """A document as a result shows it, with what decides the effect of its provisions."""

    status_events: Fetched  # of EffectEvent, without amendments in part
    effect_doubts: Fetched  # of UncheckedStatement

    @property
    def has_effect(self) -> bool:
        """As LegalDocument.has_effect."""
        return self.doc_type != DocType.CONSOLIDATED_TEXT

    @property
    def has_parts(self) -> bool:
        """Whether some of its provisions may have another effect than the others."""
        return any(each.scope == StatusEventScope.PART for each in (*self.status_events, *self.effect_doubts))


@dataclass(slots=True)
class PathUnit:
    """A provision in the path of a result."""

    eid: str
    kind: str
    number: str


@dataclass(slots=True)
class FoundUnit(PathUnit):
    """A provision as a result shows it. It and what is under it have positions from `position` to before `behind`."""

    pk: int
    document_pk: int
    position: int
    behind: int
    ancestors: list[PathUnit]  # outermost first


def found_documents(wanted: Collection[int]) -> dict[int, FoundDocument]:
    """{primary key: document} of the public ones among these."""
    if not wanted:
        return {}
    rows = sql.fetch_rows(SELECT_DOCUMENTS, [list(wanted), LegalDocument.Status.PUBLISHED.value])
    return {row[0]: _found_document(*row) for row in rows}


def _found_document(
    pk: int, key: str, number: str, title: str, doc_type: str, issued_on: datetime.date | None, is_sample: bool,
    completeness: str, events: str | None, doubts: str | None,
) -> FoundDocument:  # fmt: skip
    """The document of a row of SELECT_DOCUMENTS."""
    own = (pk, key, number, title, doc_type, issued_on, is_sample, completeness)
    return FoundDocument(*own, _events(events), _doubts(doubts))


def documents_with_parts(among: Collection[int]) -> dict[int, DocumentWithParts]:
    """{primary key: document} of those of `among` whose parts may differ in effect.

    These have an event or a doubt of a part. An amendment of a part does not count: it changes no effect.
    """
    rows = sql.fetch_rows(SELECT_DOCUMENTS_WITH_PARTS, [list(among)]) if among else []
    return {pk: DocumentWithParts(kind, _events(events), _doubts(doubts)) for pk, kind, events, doubts in rows}


def eids_of(units: Collection[int]) -> dict[int, str]:
    """{primary key: eid} of the provisions among `units` that exist."""
    return dict(sql.fetch_rows(SELECT_EIDS, [list(units)])) if units else {}


def _events(events: str | None) -> Fetched:
    return Fetched(
        EffectEvent(kind, scope, day_of(on), datetime.date.fromisoformat(stated_on), frozenset(eids), pk)
        for kind, scope, on, stated_on, eids, pk in json.loads(events or "[]")
    )


def _doubts(doubts: str | None) -> Fetched:
    return Fetched(
        UncheckedStatement(kind, scope, datetime.date.fromisoformat(first), frozenset(eids), day_of(until))
        for kind, scope, first, eids, until in json.loads(doubts or "[]")
    )


def found_units(wanted: Collection[int]) -> dict[int, FoundUnit]:
    """{primary key: provision} of those of these that exist."""
    if not wanted:
        return {}
    rows = sql.fetch_rows(SELECT_UNITS, [list(wanted), LAST_POSITION])
    return {
        pk: FoundUnit(eid, kind, number, pk, document, position, behind, _path(ancestors))
        for pk, eid, kind, number, document, position, behind, ancestors in rows
    }


def _path(ancestors: str | None) -> list[PathUnit]:
    return [PathUnit(*each) for each in json.loads(ancestors)] if ancestors else []


def unit_texts(units: Iterable[FoundUnit], day: datetime.date) -> dict[int, list[SnippetSource]]:
    """{primary key of a provision: it and all units under it with their own text, in order} on a date."""
    asked: Sequence[FoundUnit] = list({unit.pk: unit for unit in units}.values())
    texts: dict[int, list[SnippetSource]] = {unit.pk: [] for unit in asked}
    if not asked:
        return texts
    columns: list[list[int] | list[str]] = [
        [unit.document_pk for unit in asked],
        [unit.eid for unit in asked],
        [unit.position for unit in asked],
        [unit.behind for unit in asked],
    ]
    for place, eid, heading, text in sql.fetch_rows(SELECT_TEXTS, [*columns, day, day]):
        texts[asked[place - 1].pk].append(SnippetSource(eid, heading, text))
    return texts
