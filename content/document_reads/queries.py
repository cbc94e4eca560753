"""States of public reads: the text of everything from the database that an answer shows, in one statement each."""

import datetime
import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import QuerySet

from content import vietnam_time
from content.document_reads import statements
from content.document_reads.shown import PageRow, ShownDocument, ShownProvision
from content.documents.models import LegalDocument
from content.law.doc_types import DocType
from content.law.units import KINDS_BELOW_ARTICLE

_OF_DOCUMENT: dict[str, Any] = {
    "below": [kind.value for kind in KINDS_BELOW_ARTICLE],
    "consolidated": DocType.CONSOLIDATED_TEXT.value,
}


@dataclass(frozen=True)
class State:
    """`text`: what the answer shows. `modified_at`: when that last changed, as `effect_queries.last_modified`."""

    text: str
    modified_at: datetime.datetime


def document_state(key: str, day: datetime.date) -> State | None:
    """The state of a public document and its outline on `day`; None if there is no public document of that key."""
    return _one(statements.DOCUMENT, key, day, _OF_DOCUMENT)


def shown_documents(ids: Collection[int], day: datetime.date) -> dict[int, ShownDocument]:
    """{primary key: what is shown of it on `day`} of those of these documents that are public, in one statement."""
    parameters = _OF_DOCUMENT | {"ids": list(ids), "day": day, "until": min(day, vietnam_time.today())}
    with connection.cursor() as cursor:
        cursor.execute(statements.DOCUMENTS, parameters)
        shown = [ShownDocument(json.loads(text)) for text, _updated_at, _changed_on in cursor.fetchall()]
    return {each.document.pk: each for each in shown}


def provision_state(key: str, eid: str, day: datetime.date) -> State | None:
    """The state of a provision and of what is around it on `day`; None if there is no public document of that key.

    Without `units` where the document has no such provision then.
    """
    return _one(statements.PROVISION, key, day, {"eid": eid})


def text_state(key: str, day: datetime.date) -> State | None:
    """The state of the full text of a document, without the text; None if there is no public document of that key."""
    return _one(statements.TEXT, key, day, {})


def page_state(page: QuerySet[LegalDocument]) -> str:
    """The state of a page of documents, in their order. `page` is ordered and cut to the rows of the page."""
    try:
        sql, parameters = page.values_list("pk", flat=True).query.sql_with_params()
    except EmptyResultSet:  # a filter that nothing can pass
        return "[]"
    with connection.cursor() as cursor:
        cursor.execute(statements.PAGE.replace("{page}", sql), parameters)
        return cursor.fetchone()[0] or "[]"


def shown_document(state: State) -> ShownDocument:
    return ShownDocument(json.loads(state.text))


def shown_provision(state: State) -> ShownProvision:
    return ShownProvision(json.loads(state.text))


def rows_of_page(state: str, *, unknown_day: datetime.date = datetime.date.min) -> list[PageRow]:
    """The rows of a page. `unknown_day`: the place, in an order by it, of a document without a first day of effect."""
    return [PageRow(each, unknown_day) for each in json.loads(state)]


def _one(statement: str, key: str, day: datetime.date, parameters: Mapping[str, Any]) -> State | None:
    until = min(day, vietnam_time.today())
    with connection.cursor() as cursor:
        cursor.execute(statement, {**parameters, "key": key, "day": day, "until": until})
        found = cursor.fetchone()
    if found is None:
        return None
    text, updated_at, changed_on = found
    midnight = changed_on and datetime.datetime.combine(changed_on, datetime.time(), vietnam_time.VIETNAM_TIME)
    return State(text, max(updated_at, midnight) if midnight else updated_at)
