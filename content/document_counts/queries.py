"""Counts of all public documents, or of those of a topic, on a day: as many rows are read for many as for few."""

import datetime
from collections.abc import Collection
from typing import Any, NamedTuple

from django.db import connection

from content import vietnam_time
from content.document_counts import statements
from content.document_counts.models import CountedFacet

MOST_APART = 500  # documents; to count them apart takes longer than to count all
STATES = (CountedFacet.STATE, CountedFacet.DOUBTED_STATE)


class Counted(NamedTuple):
    """Documents that have a value; the columns that do not belong to the facet are None."""

    facet: str
    value: str | None
    year: int | None
    is_in_doubt: bool | None
    documents: int


def counts_of_facets(topic: int, day: datetime.date, left_out: Collection[int]) -> list[Counted] | None:
    """The counts of all facets, in the order of an answer; None where too many documents would be counted apart.

    `topic`: the id of the only topic that the documents are narrowed by, 0: by none. The effect of the documents
    `left_out` is not counted. Call it in one snapshot (`sql.snapshot`).
    """
    asked = _parameters(topic, day, left_out, list(CountedFacet))
    if asked is None:
        return None
    statement = statements.FACETS_WITH_APART if asked["apart"] else statements.FACETS
    return [Counted(*row) for row in _fetched(statement, asked)]


def count_with_status(
    topic: int, day: datetime.date, statuses: Collection[str], left_out: Collection[int]
) -> int | None:
    """How many documents have one of these statuses; all else as `counts_of_facets`."""
    asked = _parameters(topic, day, left_out, STATES)
    if asked is None:
        return None
    statement = statements.COUNTS_WITH_APART if asked["apart"] else statements.COUNTS
    return sum(int(count) for _facet, value, count in _fetched(statement, asked) if value in statuses)


def differences() -> list[str]:
    """What is counted wrongly, in words for an operator: documents by id, and sums. What is marked is not wrong."""
    return [words for (words,) in _fetched(statements.DIFFERENCES, {"are_all_issued": False, "left_out": []})]


def _parameters(
    topic: int, day: datetime.date, left_out: Collection[int], facets: Collection[CountedFacet]
) -> dict[str, Any] | None:
    """What the statements ask for; None where too many documents would be counted apart."""
    asked = {
        "topic": topic,
        "day": day,
        "new_year": day.replace(month=1, day=1),
        "facets": [each.value for each in facets],
        "are_all_issued": day >= vietnam_time.today(),  # as documents.queries.issued_by
        "left_out": list(left_out),
        "most": MOST_APART + 1,
    }
    apart = [pk for (pk,) in _fetched(statements.APART, asked)]
    return None if len(apart) > MOST_APART else asked | {"apart": apart}


def _fetched(statement: str, parameters: dict[str, Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        rows: list[tuple[Any, ...]] = cursor.fetchall()
        return rows
