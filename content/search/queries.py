"""One ranking over the rooms: documents, their provisions, public questions, events."""

import datetime
from dataclasses import dataclass, field
from functools import lru_cache

import numpy as np
from django.db.models import Q
from django.db.models.expressions import RawSQL

from content import vietnam_time
from content.documents import effect_queries
from content.documents import queries as documents
from content.documents.effect import EffectStatus
from content.documents.facets import DocumentFacets, facets_of, facets_on
from content.documents.models import LegalDocument, Provision
from content.documents.passages.models import Passage
from content.events import queries as events
from content.events.models import Event
from content.qa import queries as questions
from content.qa.models import Question
from content.search.index import postings, statistics, suggestions
from content.search.match import candidates, named_documents
from content.search.match.parsed_query import parse_query
from content.search.rank import features, result_order
from content.search.vectors import similarities, text_encoder
from content.sql import time_limit
from content.text.lexemes import words
from content.text.vietnamese import nfc

MAX_PER_KIND = 200  # candidates of each kind: what is ranked and shown
MAX_SIMILAR_QUESTIONS = 5
MIN_SIMILAR_SHARE = 0.4  # of the weight of what was typed stands in the question
RESULT_KINDS = ("document", "provision", "question", "event")
PASSAGE_KINDS = ("document", "provision")  # kinds; the others are rows of their own
SHOWN_COLUMNS = (
    "key",
    "number",
    "title",
    "doc_type",
    "issued_on",
    "issuer",
    "is_sample",
    "completeness",
)  # of a document
BINDING_STATUSES = (EffectStatus.IN_FORCE, EffectStatus.PARTLY_EXPIRED)


@dataclass(frozen=True)
class SearchFilters:
    """Which rows are asked for. Empty means all of them."""

    day: datetime.date
    kinds: tuple = RESULT_KINDS
    topics: tuple = ()
    doc_type: str = ""
    issuer: object = None
    status: str = ""

    @property
    def is_of_documents(self):
        return bool(self.doc_type or self.issuer or self.status)

    def documents(self):
        """The public documents among which is looked, None where all are."""
        if not (self.is_of_documents or self.topics):
            return None
        found = LegalDocument.objects.filter(status=LegalDocument.Status.PUBLISHED)
        found = documents.documents_under_topics(found, self.topics) if self.topics else found
        found = found.filter(doc_type=self.doc_type) if self.doc_type else found
        found = found.filter(issuer=self.issuer) if self.issuer else found
        if self.status == EffectStatus.IN_FORCE:
            return effect_queries.documents_binding_on(found, self.day)
        return effect_queries.documents_with_status(found, self.status, self.day) if self.status else found


@dataclass
class Hit:
    """One result. `filled` gives it what it shows: `document`, `provision`, `question`, `event`."""

    kind: str
    score: float | None  # None: named by the query
    facts: DocumentFacets | None = None  # of its document on the day; None: of a question or an event
    pk: int | None = None  # of the provision, question or event
    document: LegalDocument | None = None
    provision: Provision | None = None
    question: Question | None = None
    event: Event | None = None
    same_as: object = None  # the Hit of the same article in another act that was put before it


@dataclass
class SearchResults:
    hits: list
    reading: object
    is_cut: dict = field(default_factory=dict)  # {kind: whether more rows hold some of the words}
    did_you_mean: str = ""
    instead_of: str = ""  # nothing was found: this is what is there without the "filters", or for another "spelling"


def search(text, wanted, *, in_force_first=True, encoder=None):
    """All that was Found for what somebody typed, best first: what it names, then what was ranked.

    At most MOST of each kind are ranked. Of one article in several acts the one in force on the day stands before the
    others, unless not `in_force_first`. `encoder`: of its vectors, where there are any; that of this process, if it has
    one. Raises TooSlow.
    """
    with time_limit():
        reading = parse_query(text)
        counted = statistics.corpus_statistics()
        frequencies = statistics.term_frequencies(list(reading.weights))
        found = SearchResults(_named_hits(reading, wanted, in_force_first), reading)
        rooms = {
            kind: _source(kind, wanted) for kind in wanted.kinds if kind in PASSAGE_KINDS or not wanted.is_of_documents
        }
        kept = postings.read_postings(rooms, list(reading.weights))
        pools = {}
        for kind, room in rooms.items():
            some = candidates.find_candidates(room, reading, counted, frequencies, kept[kind], MAX_PER_KIND)
            found.is_cut[kind] = some.is_cut
            if some:
                pools[kind] = _candidate_pool(room, some, reading, counted, frequencies, encoder)
                found.is_cut[kind] = pools[kind].candidates.is_cut
        found.hits += _merged_hits(pools, found.hits, wanted, in_force_first)
    return found


def search_or_nearest(text, wanted, *, in_force_first=True):
    """As `search`; where that finds nothing, what is nearest, and the Found says so."""
    found = search(text, wanted, in_force_first=in_force_first)
    corrected = suggestions.did_you_mean(found.reading.text)
    if not found.hits and (wanted.topics or wanted.is_of_documents):
        wanted = SearchFilters(day=wanted.day, kinds=wanted.kinds)
        found = search(text, wanted, in_force_first=in_force_first)
        found.instead_of = "filters" if found.hits else ""
    if not found.hits and words(corrected) not in ([], found.reading.words):  # accents alone find nothing else
        found = search(corrected, wanted, in_force_first=in_force_first)
        found.instead_of = "spelling" if found.hits else ""
    found.did_you_mean = corrected
    return found


def similar_questions(text):
    """Up to five public questions like this one, the most alike first: to be read before asking. Raises TooSlow."""
    with time_limit():
        reading = parse_query(text)
        counted, frequencies = statistics.corpus_statistics(), statistics.term_frequencies(list(reading.weights))
        room = candidates.Source.of("question", Question.objects.filter(published_at__isnull=False))
        kept = postings.read_postings(["question"], list(reading.weights))["question"]
        some = candidates.find_candidates(room, reading, counted, frequencies, kept, MAX_PER_KIND)
        if not some:
            return []
        pool = result_order.candidate_pool(some, reading, counted, frequencies)
        _title_covered, held = features.name_coverage(pool.counts, pool.asked, counted)
        order = sorted(range(len(some)), key=lambda place: (-pool.base[place], some.ids[place]))
        alike = [some.ids[place] for place in order if held[place] >= MIN_SIMILAR_SHARE][:MAX_SIMILAR_QUESTIONS]
        found = questions.public_questions().in_bulk(alike)
    return [found[pk] for pk in alike if pk in found]  # not those taken back since they were ranked


def matching_documents(found, text):
    """Narrow documents to those whose number and title hold all words of the text, or of what an alias in it means.

    Words are compared as search keeps them; a number may be given in part.
    """
    reading = parse_query(text)
    holding = _with_words_in_name(found, text)
    for said, meant in reading.aliases:
        rest = f" {' '.join(reading.words)} ".replace(f" {' '.join(words(said))} ", f" {meant} ")
        holding = holding | _with_words_in_name(found, rest)
    return holding


def _with_words_in_name(found, text):
    wanted = " & ".join(f"'{word}'" for word in words(nfc(text)))
    as_named = found.filter(pk__in=RawSQL(SELECT_NAMED_DOCUMENTS, [wanted]))  # noqa: S611 (our own SQL)
    return (
        documents.documents_matching_words(found, text) | as_named
        if wanted
        else documents.documents_matching_words(found, text)
    )


SELECT_NAMED_DOCUMENTS = (
    "SELECT document_id FROM content_passage WHERE provision_id IS NULL AND search_words @@ %s::tsquery"
)


def _source(kind, wanted):
    """The candidates.Room among which is looked."""
    if wanted.topics or wanted.is_of_documents:
        return candidates.Source.of(kind, _rows(kind, wanted))
    return _unfiltered_source(kind, wanted.day)


@lru_cache(maxsize=64)
def _unfiltered_source(kind, day):
    return candidates.Source.of(kind, _rows(kind, SearchFilters(day)))  # the same SQL whatever the tables hold


def _rows(kind, wanted):
    if kind == "question":
        rows = questions.questions_published_by(wanted.day)
        return questions.questions_about(rows, wanted.topics) if wanted.topics else rows
    if kind == "event":
        rows = events.events_announced_by(wanted.day)
        return rows.filter(pk__in=events.events_about(rows, wanted.topics).values("pk")) if wanted.topics else rows
    rows = Passage.objects.filter(provision__isnull=kind == "document")
    rows = rows.filter(
        Q(valid_from=None) | Q(valid_from__lte=wanted.day), Q(valid_until=None) | Q(valid_until__gt=wanted.day)
    )
    among = wanted.documents()
    return rows if among is None else rows.filter(document__in=among.order_by().values("pk"))


def _named_hits(reading, wanted, in_force_first):
    if not named_documents.may_name_document(reading):
        return []
    public = documents.public_documents()
    among = wanted.documents()
    public = public if among is None else public.filter(pk__in=among.order_by().values("pk"))
    named = []
    for document, unit in named_documents.documents_named_by(reading, public, wanted.day if in_force_first else None):
        kind = "provision" if unit else "document"
        named.append(Hit(kind, None, facets_of(document, wanted.day), unit and unit.pk))
    if in_force_first:
        named.sort(key=lambda hit: hit.facts.status not in BINDING_STATUSES)
    return [hit for hit in named if hit.kind in wanted.kinds]


def _merged_hits(pools, named, wanted, in_force_first):
    """The candidates of all kinds as Hits in one order."""
    of_passages = [pools[kind].candidates for kind in PASSAGE_KINDS if kind in pools]
    facts = facets_on(wanted.day, {document for some in of_passages for document, _ in some.others})
    merged = []
    for kind, pool in pools.items():
        ranked = result_order.rank_candidates(pool, learnt_scores=kind == "provision")
        if kind not in PASSAGE_KINDS:
            merged += [(each.score, Hit(kind, each.score, pk=each.pk)) for each in ranked]
            continue
        rows = dict(zip(pool.candidates.ids, pool.candidates.others, strict=True))
        ranked = [each for each in ranked if rows[each.pk][0] in facts]
        if kind == "provision" and in_force_first:
            ranked = _put_in_force_first(ranked, pool.counts, rows, facts)
        merged += _hits(kind, ranked, rows, facts)
    taken = {(hit.facts.pk, hit.pk) for hit in named}
    merged.sort(key=lambda pair: -pair[0])
    return [hit for _, hit in merged if not hit.facts or (hit.facts.pk, hit.pk) not in taken]


def with_rows(hits):
    """These hits with the rows they show, and those of the hits that stand before them as the same article.

    Without those that were taken back since they were ranked.
    """
    shown = [*hits, *(hit.same_as for hit in hits if hit.same_as)]
    standing = _public_documents({hit.facts.pk for hit in shown if hit.facts})
    units = _rows_by_id("provision", shown, Provision.objects.all)
    answered = _rows_by_id("question", shown, questions.public_questions)
    announced = _rows_by_id("event", shown, events.public_events)
    for hit in shown:
        hit.document = standing.get(hit.facts.pk) if hit.facts else None
        hit.provision = units.get(hit.pk) if hit.kind == "provision" and hit.document else None
        hit.question = answered.get(hit.pk) if hit.kind == "question" else None
        hit.event = announced.get(hit.pk) if hit.kind == "event" else None
    for hit in hits:
        hit.same_as = hit.same_as if hit.same_as and hit.same_as.provision else None
    return [hit for hit in hits if getattr(hit, hit.kind) is not None]


def _public_documents(wanted):
    """{pk: LegalDocument} of those of these that are public, with what is shown of one."""
    public = LegalDocument.objects.filter(status=LegalDocument.Status.PUBLISHED)
    return public.only(*SHOWN_COLUMNS).prefetch_related("issuer", "status_events").in_bulk(wanted) if wanted else {}


def _rows_by_id(kind, hits, rows):
    wanted = {hit.pk for hit in hits if hit.kind == kind}
    return rows().in_bulk(wanted) if wanted else {}


def _hits(kind, ranked, rows, facts):
    """(score to merge by, Hit) in order; the score never rises, so that a version put first stays first."""
    hits, least = {}, np.inf
    for each in ranked:
        least = min(least, each.score)
        document, provision = rows[each.pk]
        hits[each.pk] = Hit(kind, each.score, facts[document], provision)
        yield least, hits[each.pk]
    for each in ranked:
        hits[each.pk].same_as = hits.get(each.group)


def _put_in_force_first(ranked, counts, rows, facts):
    for group in list(result_order.same_article_groups(ranked, counts, {pk: row[0] for pk, row in rows.items()})):
        binding = {each.pk for each in group if facts[rows[each.pk][0]].status in BINDING_STATUSES}
        ranked = result_order.put_first_in_group(ranked, group, binding)
    return ranked


def _candidate_pool(room, some, reading, counted, frequencies, encoder):
    """The ranking.Pool of Candidates; of provisions with those that mean what was typed, where there are vectors."""
    meant = (
        similarities.query_similarities(reading.text, encoder or text_encoder.default_encoder())
        if room.kind == "provision"
        else None
    )
    some = candidates.with_extra_rows(some, room, meant.nearest(), MAX_PER_KIND) if meant else some
    return result_order.candidate_pool(some, reading, counted, frequencies, meant)


def provision_pool(text, *, day=None, encoder=None):
    """The ranking.Pool of all provisions for a query on that day (today), before they are ordered; None: of none."""
    reading = parse_query(text)
    counted, frequencies = statistics.corpus_statistics(), statistics.term_frequencies(list(reading.weights))
    room = _source("provision", SearchFilters(day=day or vietnam_time.today()))
    kept = postings.read_postings(["provision"], list(reading.weights))["provision"]
    some = candidates.find_candidates(room, reading, counted, frequencies, kept, MAX_PER_KIND)
    return _candidate_pool(room, some, reading, counted, frequencies, encoder) if some else None
