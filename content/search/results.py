"""Results of a search, and the rows they show."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import QuerySet

from content.contests.models import Contest
from content.contests.states import PUBLIC_STATUSES as CONTEST_STATUSES
from content.document_reads.found import FoundDocument, FoundUnit, found_documents, found_units
from content.documents.facets import DocumentFacets
from content.events.models import Event
from content.events.states import PUBLIC_STATUSES as EVENT_STATUSES
from content.media.models import Material
from content.media.states import PUBLIC_STATUSES as MATERIAL_STATUSES
from content.qa.models import Question
from content.search.match.parsed_query import ParsedQuery
from content.search.models import ResultKind

SHOWN_ROWS: Mapping[ResultKind, QuerySet[Any]] = {  # the public rows of what is no part of a document
    ResultKind.QUESTION: Question.objects.filter(published_at__isnull=False).only("key", "public_title", "public_text"),
    ResultKind.EVENT: Event.objects.filter(status__in=EVENT_STATUSES).only(
        "key", "title", "text", "status", "starts_at", "ends_at"
    ),
    ResultKind.CONTEST: Contest.objects.filter(status__in=CONTEST_STATUSES).only("key", "title", "text", "status"),
    ResultKind.MATERIAL: Material.objects.filter(status__in=MATERIAL_STATUSES).only(
        "key", "kind", "title", "language", "summary", "full_text", "transcript"
    ),
}


@dataclass
class Hit:
    """One result. `with_rows` fills in the row it shows: `document`, `provision`, `question`, `event` …"""

    kind: ResultKind
    score: float | None  # None: the query names it
    facts: DocumentFacets | None = None  # of its document on the date; None for the others
    pk: int | None = None  # of the provision, question, event, contest or material
    document: FoundDocument | None = None
    provision: FoundUnit | None = None
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
    """Fill in the rows that these hits and their `same_as` show. Hits withdrawn since they were ranked are left out.

    One statement for all documents, one for all provisions, and one for each other kind among the hits.
    """
    shown = [*hits, *(hit.same_as for hit in hits if hit.same_as)]
    public = found_documents({hit.facts.pk for hit in shown if hit.facts})
    provisions = found_units({hit.pk for hit in shown if hit.kind == ResultKind.PROVISION and hit.pk})
    others = {kind: _rows_by_id(kind, shown) for kind in SHOWN_ROWS}
    for hit in shown:
        hit.document = public.get(hit.facts.pk) if hit.facts else None
        is_provision = hit.kind == ResultKind.PROVISION and hit.document
        hit.provision = provisions.get(hit.pk) if is_provision and hit.pk else None
        if hit.kind in others:
            setattr(hit, hit.kind, others[hit.kind].get(hit.pk))
    for hit in hits:
        hit.same_as = hit.same_as if hit.same_as and hit.same_as.provision else None
    return [hit for hit in hits if getattr(hit, hit.kind) is not None]


def _rows_by_id(kind: ResultKind, hits: Iterable[Hit]) -> dict[Any, Any]:
    wanted = {hit.pk for hit in hits if hit.kind == kind}
    return SHOWN_ROWS[kind].in_bulk(wanted) if wanted else {}
