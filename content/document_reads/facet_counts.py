"""How many documents a list finds, and how many of them have each value of each facet.

Where a topic and the effect alone narrow the list, the stored counts tell (`document_counts`). Otherwise, or while many
documents wait to be counted, one pass over the documents that the list finds.
"""

import datetime
from collections import Counter, defaultdict
from collections.abc import Collection
from typing import TypedDict

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import QuerySet

from content import sql
from content.document_counts import queries as counts
from content.document_counts.queries import Counted
from content.document_reads import statements
from content.documents.effect import EffectStatus
from content.documents.effect_spans import SpanState
from content.documents.models import LegalDocument
from content.documents.outdated_spans import outdated_states

FACETS = ("type", "issuer", "province", "topic", "status", "year")
_FOUND_COLUMNS = ("pk", "doc_type", "issuer", "province", "issued_on")  # as statements.FACETS names them


class FacetCount(TypedDict):
    """A value of a facet, and how many documents have it."""

    value: str | int | None
    count: int


def facet_counts(
    documents: QuerySet[LegalDocument], day: datetime.date, *, topic: int | None = None
) -> dict[str, int | list[FacetCount]]:
    """{"total": how many, and the values of "type", "issuer", "province", "topic", … with their counts, most first}.

    Exact. `topic`: the id of the topic that alone narrows the documents issued by `day`, 0 where nothing does, None
    where anything else does. Call it in one snapshot (`sql.snapshot`): documents whose effect spans are not written are
    read apart. Raises QueryTooSlow, as `outdated_states`.
    """
    outdated = outdated_states(day)
    stored = None if topic is None else counts.counts_of_facets(topic, day, outdated)
    facets: dict[str, list[FacetCount]] = {name: [] for name in FACETS}
    states: Counter[SpanState] = Counter()
    total = 0
    for row in _counted(documents, day, list(outdated)) if stored is None else stored:
        if row.facet == "total":
            total = row.documents
        elif row.facet == "state":
            status = EffectStatus(row.value) if row.value else None
            states[SpanState(status, bool(row.is_in_doubt))] += row.documents
        else:
            value = row.value if row.year is None else row.year
            facets[row.facet].append(FacetCount(value=value, count=row.documents))
    if outdated:
        present = documents.order_by().filter(pk__in=outdated).values_list("pk", flat=True)
        states.update(outdated[pk] for pk in present)
    facets["status"], doubted = _statuses_and_doubted(states)
    doubts = [FacetCount(value="true", count=doubted), FacetCount(value="false", count=total - doubted)]
    facets["doubt"] = sorted((each for each in doubts if each["count"]), key=lambda each: -each["count"])
    return {"total": total, **facets}


def count_of_documents(
    documents: QuerySet[LegalDocument], day: datetime.date, statuses: Collection[str], *, topic: int
) -> int | None:
    """How many of the documents have one of these statuses on `day`, all if none is named; `topic` as `facet_counts`.

    None where the stored counts do not tell, as long as many documents wait to be counted. Raises as `facet_counts`.
    """
    with sql.snapshot():
        outdated = outdated_states(day) if statuses else {}
        count = counts.count_of_documents(topic, day, statuses, outdated)
        if count is None:
            return None
        wanted = [pk for pk, state in outdated.items() if state.status in statuses]
        return count + (documents.order_by().filter(pk__in=wanted).count() if wanted else 0)


def _counted(documents: QuerySet[LegalDocument], day: datetime.date, left_out: list[int]) -> list[Counted]:
    """The rows of the statement; the effect of the documents `left_out` is not counted."""
    try:
        found, parameters = documents.order_by().values_list(*_FOUND_COLUMNS).query.sql_with_params()
    except EmptyResultSet:  # a filter that nothing can pass
        return []
    with connection.cursor() as cursor:
        cursor.execute(statements.FACETS.replace("{found}", found), [*parameters, day, day, left_out])
        return [Counted(*row) for row in cursor.fetchall()]


def _statuses_and_doubted(states: Counter[SpanState]) -> tuple[list[FacetCount], int]:
    """(the counts of each effect status, how many documents with an effect of their own are in doubt)."""
    statuses: defaultdict[str, int] = defaultdict(int)
    doubted = 0
    for (status, is_in_doubt), count in states.items():
        if status is not None:
            statuses[status.value] += count
            doubted += count if is_in_doubt else 0
    ordered = sorted(statuses.items(), key=lambda each: (-each[1], each[0]))
    return [FacetCount(value=value, count=count) for value, count in ordered], doubted
