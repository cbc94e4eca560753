"""Results of a search, and the rows they show."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import QuerySet

from content.contests import queries as contests
from content.contests.models import Contest
from content.documents.facets import DocumentFacets
from content.documents.models import LegalDocument, Provision
from content.events import queries as events
from content.events.models import Event
from content.media import queries as media
from content.media.models import Material
from content.qa import queries as questions
from content.qa.models import Question
from content.search.match.parsed_query import ParsedQuery
from content.search.models import ResultKind

SHOWN_COLUMNS = (  # of a document
    "key", "number", "title", "doc_type", "issued_on", "issuer", "province", "is_sample", "completeness",
)  # fmt: skip

PUBLIC_ROWS: Mapping[ResultKind, Callable[[], QuerySet[Any]]] = {  # what is no part of a document
    ResultKind.QUESTION: questions.public_questions,
    ResultKind.EVENT: events.public_events,
    ResultKind.CONTEST: contests.public_contests,
    ResultKind.MATERIAL: media.public_materials,
}


@dataclass
class Hit:
    """One result. `with_rows` fills in the row it shows: `document`, `provision`, `question`, `event` …"""

    kind: ResultKind
    score: float | None  # None: the query names it
    facts: DocumentFacets | None = None  # of its document on the date; None for the others
    pk: int | None = None  # of the provision, question, event, contest or material
    document: LegalDocument | None = None
    provision: Provision | None = None
    question: Question | None = None
    event: Event | None = None
    contest: Contest | None = None
    material: Material | None = None
    same_as: "Hit | None" = None  # the same article in another act, listed before this one


@dataclass
class SearchResults:
    """What a search found, best first, and how complete it is."""

    hits: list[Hit]
    query: ParsedQuery
    is_cut: dict[ResultKind, bool] = field(default_factory=dict)  # whether more rows of a kind hold some of the words
    lacks_unit: bool = False  # the query names a unit that none of the documents it names has
    did_you_mean: str = ""
    instead_of: str = ""  # "filters": found without them; "spelling": found for `did_you_mean`; "": as asked
    without_filters: list[Hit] = field(default_factory=list)  # where no hit passes the filters: those without them


def with_rows(hits: Sequence[Hit]) -> list[Hit]:
    """Fill in the rows that these hits and their `same_as` show. Hits withdrawn since they were ranked are left out."""
    shown = [*hits, *(hit.same_as for hit in hits if hit.same_as)]
    public = _public_documents({hit.facts.pk for hit in shown if hit.facts})
    provisions = _rows_by_id(ResultKind.PROVISION, shown, Provision.objects.all)
    others = {kind: _rows_by_id(kind, shown, rows) for kind, rows in PUBLIC_ROWS.items()}
    for hit in shown:
        hit.document = public.get(hit.facts.pk) if hit.facts else None
        hit.provision = provisions.get(hit.pk) if hit.kind == ResultKind.PROVISION and hit.document else None
        if hit.kind in others:
            setattr(hit, hit.kind, others[hit.kind].get(hit.pk))
    for hit in hits:
        hit.same_as = hit.same_as if hit.same_as and hit.same_as.provision else None
    return [hit for hit in hits if getattr(hit, hit.kind) is not None]


def _public_documents(wanted: Collection[int]) -> dict[int, LegalDocument]:
    """{pk: document} of the public ones among these, with the columns that a result shows."""
    public = LegalDocument.objects.filter(status=LegalDocument.Status.PUBLISHED)
    return (
        public.only(*SHOWN_COLUMNS).prefetch_related("issuer", "status_events", "effect_doubts").in_bulk(wanted)
        if wanted
        else {}
    )


def _rows_by_id(kind: ResultKind, hits: Iterable[Hit], rows: Callable[[], QuerySet[Any]]) -> dict[Any, Any]:
    wanted = {hit.pk for hit in hits if hit.kind == kind}
    return rows().in_bulk(wanted) if wanted else {}
