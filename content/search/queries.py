"""Search documents, provisions, questions, events, contests and materials with one ranking: see docs/search.md."""

import datetime
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any

from django.db.models import Q, QuerySet
from django.db.models.expressions import RawSQL

from content import vietnam_time
from content.contests import queries as contests
from content.contests.models import Contest
from content.documents import effect, effect_queries
from content.documents import queries as documents
from content.documents.facets import facets_of
from content.documents.models import LegalDocument
from content.events import queries as events
from content.events.models import Event
from content.media import queries as media
from content.media.models import Material
from content.named_documents import queries as named_documents
from content.named_documents.queries import NamedUnit
from content.organisations.models import Organisation, Province
from content.passages.models import Passage
from content.qa import queries as questions
from content.qa.models import Question
from content.search.index import postings, statistics
from content.search.limits import SearchLimits
from content.search.match.candidates import Candidates, Source, find_candidates, with_extra_rows
from content.search.match.parsed_query import ParsedQuery, parse_query
from content.search.merged_hits import BINDING_STATUSES, merged_hits
from content.search.models import PASSAGE_KINDS, ResultKind
from content.search.rank.result_order import CandidatePool, candidate_pool
from content.search.results import Hit, SearchResults
from content.search.vectors.similarities import query_similarities
from content.search.vectors.text_encoder import TextEncoder, default_encoder
from content.spelling.corrections import correct_spelling
from content.sql import time_limit
from content.synonyms.queries import synonyms_in
from content.text.lexemes import words
from content.text.vietnamese import nfc
from content.topics.models import Topic
from content.turns import turn

DEFAULT_LIMITS = SearchLimits()
RANKING_TURNS = threading.BoundedSemaphore(1)  # of a process: to rank takes up to 13 MiB, and two are not faster
RANKING_SECONDS = 1  # to wait for a turn. Then it is ranked all the same: a reader loses no answer for our memory
MOST_FEW_NAMED = 500  # documents; a list in its order reads some hundred times as many until a page is full
MAX_SIMILAR_QUESTIONS = 5
MIN_SIMILAR_SHARE = 0.4  # of the weight of the query must be in a similar question
SELECT_NAMED_DOCUMENTS = (
    "SELECT document_id FROM content_passage WHERE provision_id IS NULL AND search_words @@ %s::tsquery"
)


@dataclass(frozen=True)
class SearchFilters:
    """Which rows to search, on a date. An empty filter means all."""

    day: datetime.date
    kinds: tuple[ResultKind, ...] = tuple(ResultKind)
    topics: tuple[Topic, ...] = ()
    doc_types: tuple[str, ...] = ()
    issuers: tuple[Organisation, ...] = ()
    statuses: tuple[str, ...] = ()  # of EffectStatus; in force includes partly expired
    province: Province | None = None  # whose bodies issued it
    applies_in: Province | None = None  # the same, or one merged into it
    level: str = ""  # of OrganisationLevel
    home: str | None = None  # the installation whose objects are wanted; "": ours

    @property
    def has_document_filters(self) -> bool:
        """Whether only documents and their provisions can pass."""
        of_places = self.province or self.applies_in or self.level
        return bool(self.doc_types or self.issuers or self.statuses or of_places)

    @property
    def are_empty(self) -> bool:
        return not (self.has_document_filters or self.topics or self.home is not None)

    def may_have(self, kind: ResultKind) -> bool:
        """Whether rows of this kind can pass."""
        return kind in PASSAGE_KINDS or not self.has_document_filters

    def of_home(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        return rows if self.home is None else rows.filter(home=self.home)

    @cached_property
    def documents(self) -> QuerySet[LegalDocument] | None:
        """The public documents to search, None for all: those that were issued by the day. Valid in one moment."""
        if self.are_empty and self.day >= vietnam_time.today():
            return None
        found: QuerySet[LegalDocument] = LegalDocument.objects.filter(status=LegalDocument.Status.PUBLISHED)
        found = self.of_home(documents.issued_by(found, self.day))
        found = documents.documents_under_topics(found, self.topics) if self.topics else found
        found = found.filter(doc_type__in=self.doc_types) if self.doc_types else found
        found = found.filter(issuer__in=self.issuers) if self.issuers else found
        found = found.filter(province=self.province) if self.province else found
        found = documents.documents_applying_in(found, self.applies_in) if self.applies_in else found
        found = documents.documents_of_level(found, self.level) if self.level else found
        return effect_queries.documents_with_status(found, self.statuses, self.day) if self.statuses else found


def search(
    text: str,
    filters: SearchFilters,
    *,
    in_force_first: bool = True,
    encoder: TextEncoder | None = None,
    limits: SearchLimits = DEFAULT_LIMITS,
) -> SearchResults:
    """Find what matches a query, best first: what it names, then what was ranked.

    After what the query names, what is in force on the date comes before what is not, or is doubtful; of one article in
    several acts too. `in_force_first=False` keeps the ranked order. `encoder` makes the vector of the query, where
    vectors exist; by default that of this process.
    Raises QueryTooSlow.
    """
    with time_limit(limits.statement_ms):
        query = parse_query(text)
        named = _named_units(query, filters, in_force_first)
        found = SearchResults(_named_hits(named, filters, in_force_first), query)
        found.lacks_unit = _lacks_unit(named, query.citation.eid)
        sources = {kind: _source(kind, filters) for kind in filters.kinds if filters.may_have(kind)}
        postings_of = postings.read_postings(sources, query.shares)
        chosen = {kind: find_candidates(source, query, postings_of[kind], limits) for kind, source in sources.items()}
        with turn(RANKING_TURNS, seconds=RANKING_SECONDS):
            pools = {
                kind: _candidate_pool(sources[kind], candidates, query, encoder, limits)
                for kind, candidates in chosen.items()
                if candidates
            }
            found.hits += merged_hits(pools, found.hits, filters.day, in_force_first=in_force_first)
        chosen |= {kind: pool.candidates for kind, pool in pools.items()}
        found.is_cut = {kind: candidates.is_cut for kind, candidates in chosen.items()}
    return found


def search_or_nearest(
    text: str, filters: SearchFilters, *, in_force_first: bool = True, limits: SearchLimits = DEFAULT_LIMITS
) -> SearchResults:
    """As `search`. Where that finds nothing, search without the filters, then for the corrected spelling.

    The results say which in `instead_of`. What is found without the filters is in `without_filters` and never among the
    hits: who asks for what is in force is shown nothing else as an answer.
    """

    def find(words_to_find: str) -> SearchResults:
        found = search(words_to_find, filters, in_force_first=in_force_first, limits=limits)
        if not found.hits and filters != unfiltered:
            others = search(words_to_find, unfiltered, in_force_first=in_force_first, limits=limits)
            found.without_filters = others.hits
        return found

    unfiltered = SearchFilters(day=filters.day, kinds=filters.kinds)
    found = find(text)
    found.instead_of = "filters" if found.without_filters else ""
    corrected = correct_spelling(found.query.text, statistics.term_frequencies)
    is_empty = not (found.hits or found.without_filters)
    if is_empty and words(corrected) not in ([], found.query.words):  # accents alone find nothing else
        found = find(corrected)
        found.instead_of = "spelling" if found.hits or found.without_filters else ""
    found.did_you_mean = corrected
    return found


def similar_questions(text: str, limits: SearchLimits = DEFAULT_LIMITS) -> list[Question]:
    """Up to MAX_SIMILAR_QUESTIONS public questions like this one, to read before asking. Raises QueryTooSlow."""
    with time_limit(limits.statement_ms):
        query = parse_query(text)
        source = Source.of_queryset(ResultKind.QUESTION, Question.objects.filter(published_at__isnull=False))
        lists = postings.read_postings([source.kind], query.shares)[source.kind]
        candidates = find_candidates(source, query, lists, limits)
        if not candidates:
            return []
        with turn(RANKING_TURNS, seconds=RANKING_SECONDS):
            pool = candidate_pool(candidates, query)
            _title_covered, query_covered = pool.name_coverage()
        order = sorted(range(len(candidates)), key=lambda index: (-pool.bm25[index], candidates.ids[index]))
        alike = [candidates.ids[index] for index in order if query_covered[index] >= MIN_SIMILAR_SHARE]
        found = questions.public_questions().in_bulk(alike[:MAX_SIMILAR_QUESTIONS])
    return [found[pk] for pk in alike[:MAX_SIMILAR_QUESTIONS] if pk in found]  # some may be withdrawn by now


def provision_pool(
    text: str,
    *,
    day: datetime.date | None = None,
    encoder: TextEncoder | None = None,
    limits: SearchLimits = DEFAULT_LIMITS,
) -> CandidatePool | None:
    """The provisions that a query would rank on a date (default: today), for the benches. None where there are none."""
    query = parse_query(text)
    source = _source(ResultKind.PROVISION, SearchFilters(day=day or vietnam_time.today()))
    lists = postings.read_postings([source.kind], query.shares)[source.kind]
    candidates = find_candidates(source, query, lists, limits)
    return _candidate_pool(source, candidates, query, encoder, limits) if candidates else None


def matching_documents(found: QuerySet[LegalDocument], text: str) -> QuerySet[LegalDocument]:
    """Narrow documents to those whose number and title hold all words of the text, or of what a synonym in it means.

    Words are folded as in search. A number may be given in part.
    """
    line, spans = named_documents.typed_words(text)
    typed = " ".join(word for word, *_ in spans)
    asked = [text]
    for synonym in synonyms_in(spans, line):
        asked.append(f" {typed} ".replace(f" {' '.join(words(synonym.said))} ", f" {synonym.meant} "))
    conditions = [condition for each in asked for condition in _conditions_of_name(each)]
    if not all(conditions):  # no word at all
        return found
    few = _few_named(conditions)
    return found.filter(Q(*conditions, _connector=Q.OR) if few is None else Q(pk__in=few))


def _few_named(conditions: Iterable[Q]) -> list[int] | None:
    """The primary keys of all documents that one of the conditions holds for; None: more than MOST_FEW_NAMED."""
    # each condition has an index; for all of them PostgreSQL reads a list in its order, to the end where few match
    first, *others = (LegalDocument.objects.order_by().filter(each).values_list("pk", flat=True) for each in conditions)
    rows = list(first.union(*others, all=True)[: MOST_FEW_NAMED + 1])
    return None if len(rows) > MOST_FEW_NAMED else rows


def _conditions_of_name(text: str) -> Iterator[Q]:
    yield documents.holds_words(text)
    if wanted := " & ".join(f"'{word}'" for word in words(nfc(text))):
        yield Q(pk__in=RawSQL(SELECT_NAMED_DOCUMENTS, [wanted]))  # noqa: S611 (our own SQL)


def _source(kind: ResultKind, filters: SearchFilters) -> Source:
    if filters.are_empty and filters.day >= vietnam_time.today():
        return _unfiltered_source(kind, filters.day)
    return Source.of_queryset(kind, _rows(kind, filters))


@lru_cache(maxsize=64)
def _unfiltered_source(kind: ResultKind, day: datetime.date) -> Source:
    return Source.of_queryset(kind, _rows(kind, SearchFilters(day)))  # the same SQL whatever the tables hold


def _rows(kind: ResultKind, filters: SearchFilters) -> QuerySet[Any]:
    """The public rows of a kind that pass the filters."""
    if kind == ResultKind.QUESTION:
        asked: QuerySet[Question] = filters.of_home(questions.questions_published_by(filters.day))
        return questions.questions_about(asked, filters.topics) if filters.topics else asked
    if kind == ResultKind.EVENT:
        announced: QuerySet[Event] = filters.of_home(events.events_announced_by(filters.day))
        return _about(events.events_about, announced, filters)
    if kind == ResultKind.CONTEST:
        held: QuerySet[Contest] = filters.of_home(contests.contests_announced_by(filters.day))
        return _about(contests.contests_about, held, filters)
    if kind == ResultKind.MATERIAL:
        published: QuerySet[Material] = filters.of_home(media.materials_published_by(filters.day))
        return _about(media.materials_about, published, filters)
    rows = Passage.objects.filter(provision__isnull=kind == ResultKind.DOCUMENT)
    rows = rows.filter(
        Q(valid_from=None) | Q(valid_from__lte=filters.day), Q(valid_until=None) | Q(valid_until__gt=filters.day)
    )
    among = filters.documents
    return rows if among is None else rows.filter(document__in=among.order_by().values("pk"))


def _about(about: Callable[..., QuerySet[Any]], rows: QuerySet[Any], filters: SearchFilters) -> QuerySet[Any]:
    """Those of the rows that are about the topics of the filters."""
    return rows.filter(pk__in=about(rows, filters.topics).values("pk")) if filters.topics else rows


def _named_units(query: ParsedQuery, filters: SearchFilters, in_force_first: bool) -> list[NamedUnit]:
    """What the query names among the public documents that pass the filters."""
    if not named_documents.may_name_document(query):
        return []
    public, among = documents.public_documents(), filters.documents
    public = public if among is None else public.filter(pk__in=among.order_by().values("pk"))
    return named_documents.documents_named_by(query, public, filters.day if in_force_first else None)


def _lacks_unit(named: Sequence[NamedUnit], eid: str) -> bool:
    """Whether documents are named and none of them has the unit that is named too."""
    return bool(eid and named) and not any(unit.provision and unit.provision.eid == eid for unit in named)


def _named_hits(named: Sequence[NamedUnit], filters: SearchFilters, in_force_first: bool) -> list[Hit]:
    """These documents and provisions as hits of the wanted kinds, what is in force on the day first."""
    hits = []
    for document, provision in named:
        kind = ResultKind.PROVISION if provision else ResultKind.DOCUMENT
        hit = Hit(kind, None, facets_of(document, filters.day), provision.pk if provision else None)
        status = effect.provision_effect_of(document, provision.eid, filters.day).status if provision else None
        hits.append((hit, status or (hit.facts and hit.facts.status)))
    if in_force_first:
        hits.sort(key=lambda pair: pair[1] not in BINDING_STATUSES)
    return [hit for hit, _ in hits if hit.kind in filters.kinds]


def _candidate_pool(
    source: Source, candidates: Candidates, query: ParsedQuery, encoder: TextEncoder | None, limits: SearchLimits
) -> CandidatePool:
    """The pool of these candidates. Of provisions it includes the nearest in meaning, where vectors exist."""
    if source.kind != ResultKind.PROVISION:
        return candidate_pool(candidates, query)
    similarities = query_similarities(query.text, encoder or default_encoder())
    if similarities is None:
        return candidate_pool(candidates, query)
    nearest = similarities.nearest(limits.nearest_vectors)
    candidates = with_extra_rows(candidates, source, nearest, limits.results_per_kind)
    return candidate_pool(candidates, query, similarities.of_passages(candidates.ids))
