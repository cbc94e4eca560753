"""One ranking over the rooms: documents, their provisions, public questions, events."""

import contextlib
import datetime
from dataclasses import dataclass, field

import numpy as np
from django.db import OperationalError, connection, transaction
from django.db.models import Q, prefetch_related_objects
from django.utils.translation import gettext as _
from psycopg.errors import QueryCanceled

from content.documents import effect
from content.documents import queries as documents
from content.documents.effect import EffectStatus, effect_of
from content.documents.models import LegalDocument, Provision, StatusEvent
from content.documents.passages.models import Passage
from content.errors import TooSlow
from content.events import queries as events
from content.events.models import Event
from content.qa import queries as questions
from content.qa.models import Question
from content.search import candidates, features, naming, ranking, statistics, suggestions
from content.search.reading import read
from content.text.lexemes import words

PROMISING = 600  # candidates of each kind: BM25 is computed of so many
MOST = 200  # the best of them: what is ranked and shown
MOST_SIMILAR = 5
LIKE_ENOUGH = 0.4  # of the weight of what was typed stands in the question
LONGEST_MS = 3_000  # of one statement
KINDS = ("document", "provision", "question", "event")
OF_PASSAGES = ("document", "provision")  # kinds; the others are rows of their own
SHOWN = ("key", "number", "title", "doc_type", "issued_on", "issuer", "is_specimen", "completeness")  # of a document
BINDING = (EffectStatus.IN_FORCE, EffectStatus.PARTLY_EXPIRED)


@dataclass(frozen=True)
class Wanted:
    """Which rows are asked for. Empty means all of them."""

    day: datetime.date
    kinds: tuple = KINDS
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
        found = LegalDocument.objects.filter(state=LegalDocument.State.PUBLISHED)
        found = documents.filed_under(found, self.topics) if self.topics else found
        found = found.filter(doc_type=self.doc_type) if self.doc_type else found
        found = found.filter(issuer=self.issuer) if self.issuer else found
        if self.status == EffectStatus.IN_FORCE:
            return documents.binding(found, self.day)
        return documents.of_status(found, self.status, self.day) if self.status else found


@dataclass
class Hit:
    """One result. `filled` gives it what it shows: `provision`, `question`, `event`; `document` is there."""

    kind: str
    score: float | None  # None: named by the query
    document: LegalDocument | None = None
    status: str | None = None  # of the document on the day
    pk: int | None = None  # of the provision, question or event
    provision: Provision | None = None
    question: Question | None = None
    event: Event | None = None
    same_as: object = None  # the Hit of the same article in another act that was put before it


@dataclass
class Found:
    hits: list
    reading: object
    is_cut: dict = field(default_factory=dict)  # {kind: whether more rows hold some of the words}
    did_you_mean: str = ""
    instead_of: str = ""  # nothing was found: this is what is there without the "filters", or for another "spelling"


@contextlib.contextmanager
def within_time():
    """Statements in it take LONGEST_MS at the most, also when it stands in another. Raises TooSlow."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SHOW statement_timeout")
            (before,) = cursor.fetchone()
            cursor.execute("SELECT set_config('statement_timeout', %s, true)", [str(LONGEST_MS)])
            yield
            cursor.execute("SELECT set_config('statement_timeout', %s, true)", [before])
    except OperationalError as error:
        if isinstance(error.__cause__, QueryCanceled):
            raise TooSlow("search_too_slow", _("The search took too long and was ended.")) from error
        raise


def search(text, wanted, *, in_force_first=True):
    """All that was Found for what somebody typed, best first: what it names, then what was ranked.

    At most MOST of each kind are ranked. Of one article in several acts the one in force on the day stands before the
    others, unless not `in_force_first`. Raises TooSlow.
    """
    with within_time():
        reading = read(text)
        counted = statistics.counted()
        frequencies = statistics.frequencies(list(reading.weights))
        found = Found(_named(reading, wanted, in_force_first), reading)
        pools = []
        for kind in wanted.kinds:
            rows = _rows(kind, wanted)
            some = candidates.find(kind, rows, reading, counted, frequencies, PROMISING) if rows is not None else None
            if some:
                pool = ranking.pool(some, reading, counted, frequencies, MOST)
                found.is_cut[kind] = pool.candidates.is_cut
                pools.append((kind, ranking.rank(pool, learnt_scores=kind == "provision"), pool.counts))
        found.hits += _merged(pools, found.hits, wanted, in_force_first)
    return found


def search_or_nearest(text, wanted, *, in_force_first=True):
    """As `search`; where that finds nothing, what is nearest, and the Found says so."""
    found = search(text, wanted, in_force_first=in_force_first)
    corrected = suggestions.did_you_mean(found.reading.text)
    if not found.hits and (wanted.topics or wanted.is_of_documents):
        wanted = Wanted(day=wanted.day, kinds=wanted.kinds)
        found = search(text, wanted, in_force_first=in_force_first)
        found.instead_of = "filters" if found.hits else ""
    if not found.hits and corrected:
        found = search(corrected, wanted, in_force_first=in_force_first)
        found.instead_of = "spelling" if found.hits else ""
    found.did_you_mean = corrected
    return found


def similar_questions(text):
    """Up to five public questions like this one, the most alike first: to be read before asking. Raises TooSlow."""
    with within_time():
        reading = read(text)
        counted, frequencies = statistics.counted(), statistics.frequencies(list(reading.weights))
        rows = Question.objects.filter(published_at__isnull=False)
        some = candidates.find("question", rows, reading, counted, frequencies, PROMISING)
        if not some:
            return []
        pool = ranking.pool(some, reading, counted, frequencies, MOST)
        some = pool.candidates
        held = pool.rows[:, features.NAMES.index("cover_all")]
        order = sorted(range(len(some)), key=lambda place: (-pool.base[place], some.ids[place]))
        alike = [some.ids[place] for place in order if held[place] >= LIKE_ENOUGH][:MOST_SIMILAR]
        found = questions.public_questions().in_bulk(alike)
    return [found[pk] for pk in alike if pk in found]  # not those taken back since they were ranked


def matching_documents(found, text):
    """Narrow documents to those whose number and title hold all words of the text, or of what an alias in it means."""
    reading = read(text)
    holding = documents.matching(found, text)
    for said, meant in reading.aliases:
        rest = f" {' '.join(reading.words)} ".replace(f" {' '.join(words(said))} ", f" {meant} ")
        holding = holding | documents.matching(found, rest)
    return holding


def _rows(kind, wanted):
    """The rows of a room among which is looked; None where a filter leaves none."""
    if kind not in OF_PASSAGES and wanted.is_of_documents:
        return None
    if kind == "question":
        rows = questions.published_by(wanted.day)
        return questions.about(rows, wanted.topics) if wanted.topics else rows
    if kind == "event":
        rows = events.announced_by(wanted.day)
        return rows.filter(pk__in=events.about(rows, wanted.topics).values("pk")) if wanted.topics else rows
    rows = Passage.objects.filter(provision__isnull=kind == "document")
    rows = rows.filter(
        Q(valid_from=None) | Q(valid_from__lte=wanted.day), Q(valid_until=None) | Q(valid_until__gt=wanted.day)
    )
    among = wanted.documents()
    return rows if among is None else rows.filter(document__in=among.order_by().values("pk"))


def _named(reading, wanted, in_force_first):
    public = documents.public_documents()
    among = wanted.documents()
    public = public if among is None else public.filter(pk__in=among.order_by().values("pk"))
    named = [
        Hit(
            "provision" if unit else "document",
            None,
            document=document,
            status=effect_of(document, wanted.day).status,
            pk=unit and unit.pk,
        )
        for document, unit in naming.named(reading, public, wanted.day if in_force_first else None)
    ]
    if in_force_first:
        named.sort(key=lambda hit: hit.status not in BINDING)
    return [hit for hit in named if hit.kind in wanted.kinds]


def _merged(pools, named, wanted, in_force_first):
    """The ranked of all kinds as Hits in one order."""
    rows, documents_of = {}, {}
    for kind, ranked, _counts in pools:
        if kind in OF_PASSAGES:
            found = Passage.objects.filter(pk__in=[each.pk for each in ranked])
            rows |= {pk: pair for pk, *pair in found.values_list("pk", "document", "provision")}
    public = LegalDocument.objects.prefetch_related("issuer").only(*SHOWN)
    documents_of = public.in_bulk({document for document, _ in rows.values()})
    statuses = _statuses(documents_of, wanted.day)
    merged = []
    for kind, ranked, counts in pools:
        if kind not in OF_PASSAGES:
            merged += [(each.score, Hit(kind, each.score, pk=each.pk)) for each in ranked]
            continue
        ranked = [each for each in ranked if each.pk in rows]  # not those rewritten or taken back since they were found
        if kind == "provision" and in_force_first:
            ranked = _in_force_first(ranked, counts, rows, statuses)
        merged += _hits(kind, ranked, rows, documents_of, statuses)
    taken = {(hit.document.pk, hit.pk) for hit in named}
    merged.sort(key=lambda pair: -pair[0])
    return [hit for _, hit in merged if not hit.document or (hit.document.pk, hit.pk) not in taken]


def _statuses(documents_of, day):
    """{pk of the document: its status on that day}. For hundreds: a prefetch would make a query set for each."""
    told = {pk: [] for pk in documents_of}
    events_ = StatusEvent.objects.filter(document__in=documents_of).order_by("on", "pk")
    for event in events_.values_list("pk", "document_id", "kind", "scope", "on", "stated_on", "eids", named=True):
        told[event.document_id].append(event)
    return {
        pk: effect.effect_on(told[pk], day).status if document.has_effect else None
        for pk, document in documents_of.items()
    }


def filled(hits):
    """These hits with the rows they show, and those of the hits that stand before them as the same article.

    Without those that were taken back since they were ranked.
    """
    shown = [*hits, *(hit.same_as for hit in hits if hit.same_as)]
    units = _of_kind("provision", shown, Provision.objects)
    answered = _of_kind("question", shown, questions.public_questions())
    announced = _of_kind("event", shown, events.public_events())
    prefetch_related_objects([hit.document for hit in shown if hit.document], "status_events")
    for hit in shown:
        hit.provision = units.get(hit.pk) if hit.kind == "provision" else None
        hit.question = answered.get(hit.pk) if hit.kind == "question" else None
        hit.event = announced.get(hit.pk) if hit.kind == "event" else None
    return [hit for hit in hits if getattr(hit, hit.kind) is not None]


def _of_kind(kind, hits, rows):
    wanted = {hit.pk for hit in hits if hit.kind == kind}
    return rows.in_bulk(wanted) if wanted else {}


def _hits(kind, ranked, rows, documents_of, statuses):
    """(score to merge by, Hit) in order; the score never rises, so that a version put first stays first."""
    hits, least = {}, np.inf
    for each in ranked:
        least = min(least, each.score)
        document, provision = rows[each.pk]
        hits[each.pk] = Hit(kind, each.score, documents_of[document], statuses[document], provision)
        yield least, hits[each.pk]
    for each in ranked:
        hits[each.pk].same_as = hits.get(each.group)


def _in_force_first(ranked, counts, rows, statuses):
    for group in list(ranking.alike(ranked, counts, {pk: row[0] for pk, row in rows.items()})):
        binding = {each.pk for each in group if statuses[rows[each.pk][0]] in BINDING}
        ranked = ranking.put_first(ranked, group, binding)
    return ranked


def provisions_for(text, *, day=None):
    """The ranking.Pool of all provisions for a query on that day (today), before they are ordered; None: of none."""
    reading = read(text)
    counted, frequencies = statistics.counted(), statistics.frequencies(list(reading.weights))
    rows = _rows("provision", Wanted(day=day or effect.today()))
    some = candidates.find("provision", rows, reading, counted, frequencies, PROMISING)
    return ranking.pool(some, reading, counted, frequencies, MOST) if some else None
