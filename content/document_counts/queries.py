"""Counts of all public documents, or of those of a topic, on a day: as many rows are read for many as for few."""

import datetime
from collections.abc import Collection, Iterable
from typing import Any, NamedTuple

from django.db import connection
from django.utils import timezone

from content import vietnam_time
from content.document_counts import statements
from content.document_counts.models import CountedFacet, OutdatedCount

MOST_APART = 500  # documents; to count them apart takes longer than to count all
LATE = datetime.timedelta(minutes=10)
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
    apart, *counted = _fetched(statements.FACETS, _parameters(topic, day, left_out, CountedFacet))
    return None if apart[-1] > MOST_APART else [Counted(*row) for row in counted]


def count_of_documents(
    topic: int, day: datetime.date, statuses: Collection[str], left_out: Collection[int]
) -> int | None:
    """How many documents there are, with one of these statuses if any is named; all else as `counts_of_facets`."""
    asked = _parameters(topic, day, left_out, STATES if statuses else [CountedFacet.TYPE])
    apart, *counted = _fetched(statements.COUNTS, asked)
    if apart[-1] > MOST_APART:
        return None
    return sum(int(count) for _facet, value, count in counted if not statuses or value in statuses)


def late_count() -> int:
    """How many documents have waited more than LATE to be counted."""
    late = OutdatedCount.objects.filter(marked_at__lt=timezone.now() - LATE)
    return late.values("document_id").distinct().count()


def differences() -> list[str]:
    """What is counted wrongly, in words for an operator: documents by key, and sums. What is marked is not wrong."""
    return [words for (words,) in _fetched(statements.DIFFERENCES, {"are_all_issued": False, "left_out": []})]


def _parameters(
    topic: int, day: datetime.date, left_out: Collection[int], facets: Iterable[CountedFacet]
) -> dict[str, Any]:
    """What the statements ask for."""
    return {
        "topic": topic,
        "day": day,
        "new_year": day.replace(month=1, day=1),
        "facets": [each.value for each in facets],
        "are_all_issued": day >= vietnam_time.today(),  # as documents.queries.issued_by
        "left_out": list(left_out),
        "most": MOST_APART + 1,
    }


def _fetched(statement: str, parameters: dict[str, Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        rows: list[tuple[Any, ...]] = cursor.fetchall()
        return rows
