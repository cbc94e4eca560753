"""The first stage of a search: choose the rows of a kind that may answer it. Filters apply before the best are kept.

Posting lists (index/postings.py) give the best rows of common words; the index of the rows finds rare words. The sums
of both order the rows almost as BM25 does, so only the best few hundred are read for the second stage (rank/).
"""

import datetime
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numpy as np
from django.db.models import QuerySet
from numpy.typing import NDArray

from content import sql
from content.search.index.postings import Postings, PostingsByLexeme, postings_in_rows
from content.search.limits import SearchLimits
from content.search.match.parsed_query import ParsedQuery
from content.search.models import PASSAGE_KINDS, ResultKind
from content.text import lexemes

MAX_LEXEMES = 40  # looked up in the index for one query
MIN_KNOWN_LEXEMES = 3  # looked up however common they are
COMMON_SHARE = 0.05  # of all passages: a lexeme that more of them hold says little
MAX_INDEX_ROWS = 60_000  # read from the index for one query; the rarest lexemes come first
ASSUMED_PART = 0.6  # of BM25, without the inverse frequency: assumed of a lexeme that no posting list has
OVERSAMPLING = 1.2  # this many times the wanted rows are read first: few of them belong to another day
# a passage that changes gets another id; questions, events, contests and materials keep theirs
CHANGED_AT_COLUMN = {
    ResultKind.QUESTION: "public_changed_at",
    **dict.fromkeys((ResultKind.EVENT, ResultKind.CONTEST, ResultKind.MATERIAL), "changed_at"),
}
FRESH_AT_ONCE = 100  # rows compared at once: a thousand at once took 17 MiB more in each search
MAX_REBUILD_TIME = datetime.timedelta(hours=1)  # a rebuild takes no longer

# OFFSET 0 in these: each lexeme or id is looked up in an index. Joined freely, every row may be compared with every one
SELECT_ROWS_WITH_LEXEMES = """
SELECT source.id, sum(asked.weight)
FROM unnest(%s::tsquery[], %s::real[]) AS asked(word, weight)
CROSS JOIN LATERAL (SELECT id FROM ({rows}) AS source WHERE search_words @@ asked.word OFFSET 0) AS source
GROUP BY source.id ORDER BY 2 DESC, 1 LIMIT %s
"""
SELECT_FRESH_ROWS = """
SELECT id, search_codes FROM ({rows}) AS source
WHERE {changed} > %s AND search_codes <> '' ORDER BY {changed} DESC LIMIT %s
"""
SELECT_CODES = """
SELECT source.id, source.search_codes{extra}
FROM unnest(%s::bigint[]) WITH ORDINALITY AS wanted(id, place)
CROSS JOIN LATERAL (SELECT * FROM ({rows}) AS source WHERE source.id = wanted.id OFFSET 0) AS source
ORDER BY wanted.place LIMIT %s
"""


class PassageKeys(NamedTuple):
    """What a passage belongs to. `provision` is None for the name of a document."""

    document: int
    provision: int | None


@dataclass(frozen=True)
class Source:
    """The rows of a kind that pass the filters, as SQL: compiled once and used in several statements."""

    kind: ResultKind
    rows_sql: str
    parameters: tuple[Any, ...]

    @classmethod
    def of_queryset(cls, kind: ResultKind, rows: QuerySet[Any]) -> "Source":
        """`rows`: of a model with search_words and search_codes."""
        columns = ["id", "search_words", "search_codes"]
        if kind in PASSAGE_KINDS:
            columns += ["document_id", "provision_id"]
        if kind in CHANGED_AT_COLUMN:
            columns.append(CHANGED_AT_COLUMN[kind])
        return cls(kind, *rows.order_by().values_list(*columns).query.sql_with_params())

    def fetch(self, template: str, before: Sequence[Any], after: Sequence[Any], **parts: str) -> list[tuple[Any, ...]]:
        """Rows of a statement that reads from `{rows}`; `before` and `after`: parameters around those of the rows."""
        return sql.fetch_rows(template.format(rows=self.rows_sql, **parts), [*before, *self.parameters, *after])


@dataclass(frozen=True)
class Candidates:
    """The chosen rows of a kind, the most promising first."""

    ids: list[int]
    codes: list[bytes]  # word codes of each
    is_cut: bool  # whether more rows hold some of the words
    passages: list[PassageKeys] = field(default_factory=list)  # of each; empty where the rows are no passages

    def __len__(self) -> int:
        return len(self.ids)


class _ScoredRows(NamedTuple):
    """Ids of rows and what the lexemes found in them add up to. Arrays of equal length."""

    ids: NDArray[Any]
    scores: NDArray[Any]


def find_candidates(source: Source, query: ParsedQuery, postings: PostingsByLexeme, limits: SearchLimits) -> Candidates:
    """The most promising rows of the source, at most `limits.results_per_kind`. `postings`: those of its kind."""
    most = limits.results_per_kind
    postings = postings if source.kind in query.statistics.newest_ids else {}
    scored, is_whole = _scored_rows(source, query, postings, limits)
    ids = _best_ids(scored, limits.rows_compared + 1)
    is_whole = is_whole and len(ids) <= limits.rows_compared
    first = int(most * OVERSAMPLING)
    found = _fetch_candidates(source, ids[:first], most, is_whole and len(ids) <= first)
    if len(found) < most and len(ids) > first:
        found = _fetch_candidates(source, ids[: limits.rows_compared], most, is_whole)
    if len(found) == most or is_whole or not postings:
        return found
    return _with_rows_looked_up(found, source, query, limits)


def _scored_rows(
    source: Source, query: ParsedQuery, postings: PostingsByLexeme, limits: SearchLimits
) -> tuple[list[_ScoredRows], bool]:
    """(rows of the index, of fresh rows, of each posting list; whether these are all rows that hold any lexeme)."""
    frequencies: Mapping[str, int] = query.frequencies
    if source.kind in query.statistics.newest_ids:  # without a list it is in few rows of the kind, if in many passages
        frequencies = {lexeme: min(passages, limits.common_rows) for lexeme, passages in frequencies.items()}
    rare = lexemes_to_look_up(query.weights.keys() - postings.keys(), frequencies, query, limits)
    scored = [_rows_with_lexemes(source, rare, query, limits)]
    is_whole = len(scored[0].ids) < limits.rows_compared and len(rare) + len(postings) == len(query.weights)
    if not postings:
        return scored, is_whole
    fresh, of_fresh = _fresh_rows(source, postings, query, limits)
    scored.append(of_fresh)
    # a changed question, event, contest or material keeps its id: its posting may be outdated; a passage gets a new id
    changed = fresh if source.kind in CHANGED_AT_COLUMN else ()
    scored += [_unchanged_rows(changed, each, query.weights[lexeme]) for lexeme, each in postings.items()]
    # a posting list that was cut short has more rows than are compared, so the caller's count reveals it
    return scored, is_whole and len(fresh) < limits.fresh_rows


def _with_rows_looked_up(found: Candidates, source: Source, query: ParsedQuery, limits: SearchLimits) -> Candidates:
    """Fill up candidates from the index: the filters left few of the rows in the posting lists."""
    rare = lexemes_to_look_up(query.weights, query.frequencies, query, limits)
    holding = _rows_with_lexemes(source, rare, query, limits)
    is_whole = len(holding.ids) < limits.rows_compared and len(rare) == len(query.weights)
    ids = _best_ids([holding], limits.rows_compared)
    ids = np.concatenate([found.ids, ids[~np.isin(ids, found.ids)]])  # more is known of those found by posting lists
    return _fetch_candidates(source, ids.astype(np.int64), limits.results_per_kind, is_whole)


def with_extra_rows(candidates: Candidates, source: Source, ids: NDArray[np.int64], most: int) -> Candidates:
    """Add the rows of the source with these ids. Where that makes more than `most`, they replace the last ones."""
    ids = ids[~np.isin(ids, candidates.ids)]
    extra = _fetch_candidates(source, ids, len(ids), is_whole=True)
    left = slice(most - len(extra))
    return Candidates(
        candidates.ids[left] + extra.ids,
        candidates.codes[left] + extra.codes,
        candidates.is_cut or len(candidates) + len(extra) > most,
        candidates.passages[left] + extra.passages,
    )


def lexemes_to_look_up(
    lexemes: Iterable[str], frequencies: Mapping[str, int], query: ParsedQuery, limits: SearchLimits
) -> list[str]:
    """Those to find in the index, the rarest first: as many as the limits allow, and at least MIN_KNOWN_LEXEMES.

    `frequencies`: {lexeme: number of rows that may hold it}; what was never counted is tried too.
    """
    most = max(limits.few_passages, COMMON_SHARE * query.statistics.passages)
    chosen: list[str] = []
    rows = known = 0
    for lexeme in sorted(lexemes, key=lambda lexeme: (frequencies.get(lexeme, 0), lexeme)):
        passages = frequencies.get(lexeme, 0)
        rows += passages
        is_rare = passages <= most and rows <= MAX_INDEX_ROWS and len(chosen) < MAX_LEXEMES
        if is_rare or (passages and known < MIN_KNOWN_LEXEMES):
            chosen.append(lexeme)
            known += passages > 0
    return chosen


def _rows_with_lexemes(source: Source, lexemes: Sequence[str], query: ParsedQuery, limits: SearchLimits) -> _ScoredRows:
    """The best rows that hold any of the lexemes, at most `limits.rows_compared`."""
    if not lexemes:
        return _scored([])
    asked = [f"'{lexeme}'" for lexeme in lexemes], [query.weights[lexeme] * ASSUMED_PART for lexeme in lexemes]
    return _scored(source.fetch(SELECT_ROWS_WITH_LEXEMES, asked, [limits.rows_compared]))


def _fresh_rows(
    source: Source, postings: PostingsByLexeme, query: ParsedQuery, limits: SearchLimits
) -> tuple[Sequence[int], _ScoredRows]:
    """(ids of rows added or changed since the last rebuild, those that hold lexemes with a posting list).

    They are scored by their own codes, since the posting lists do not have them or have what they said before.
    """
    changed = CHANGED_AT_COLUMN.get(source.kind, "id")
    since: int | datetime.datetime = query.statistics.newest_ids[source.kind]
    if source.kind in CHANGED_AT_COLUMN and query.statistics.counted_at:
        since = query.statistics.counted_at - MAX_REBUILD_TIME
    rows = source.fetch(SELECT_FRESH_ROWS, [], [since, limits.fresh_rows], changed=changed)
    if not rows:
        return (), _scored([])
    words = sorted(postings, key=lexemes.lexeme_code)
    known = np.array([lexemes.lexeme_code(word) for word in words], np.uint64)
    weights = np.array([query.weights[word] for word in words], np.float32)
    holding_ids, scores = [], []
    for start in range(0, len(rows), FRESH_AT_ONCE):
        batch_ids, codes = zip(*rows[start : start + FRESH_AT_ONCE], strict=True)
        found = postings_in_rows(np.array(batch_ids), codes, known, query.statistics.mean_length)
        holding, cell = np.unique(found["row"], return_inverse=True)
        holding_ids.append(holding)
        scores.append(np.bincount(cell, found["part"] * weights[found["word"]], len(holding)))
    ids = np.concatenate(holding_ids)
    rising = np.argsort(ids)
    return [pk for pk, _ in rows], _ScoredRows(ids[rising], np.concatenate(scores)[rising])


def _unchanged_rows(changed: Sequence[int], postings: Postings, weight: float) -> _ScoredRows:
    """The rows of a posting list without those that changed since it was written."""
    same = ~np.isin(postings.rows, changed) if len(changed) else slice(None)
    scores = postings.parts * weight
    return _ScoredRows(postings.rows[same], scores[same])


def _fetch_candidates(source: Source, ids: NDArray[np.int64], most: int, is_whole: bool) -> Candidates:
    """Candidates of the first `most` of these ids that pass the filters."""
    if not len(ids):
        return Candidates([], [], not is_whole)
    is_of_passages = source.kind in PASSAGE_KINDS
    extra = ", source.document_id, source.provision_id" if is_of_passages else ""
    found = source.fetch(SELECT_CODES, [sql.array_literal(ids.tolist())], [most + 1], extra=extra)
    rows = found[:most]
    return Candidates(
        [pk for pk, *_ in rows],
        [codes for _, codes, *_ in rows],
        len(found) > most or not is_whole,
        [PassageKeys(*keys) for _, _, *keys in rows] if is_of_passages else [],
    )


def _scored(pairs: Collection[tuple[Any, ...]]) -> _ScoredRows:
    """Rows of (id, score)."""
    return _ScoredRows(np.array([pk for pk, _ in pairs], np.int64), np.array([each for _, each in pairs], np.float32))


def _best_ids(scored: Iterable[_ScoredRows], most: int) -> NDArray[np.int64]:
    """The ids with the highest sums over all, best first, at most `most`. No id occurs twice in one of `scored`.

    An array has a sum for every possible id, and only those that occur are touched: faster than sorting, since the
    system provides no memory before it is written to.
    """
    found = [(each.ids.astype(np.intp), each.scores) for each in scored]
    sums = np.zeros(max(int(ids.max(initial=0)) for ids, _ in found) + 1, np.float32)
    for ids, scores in found:
        sums[ids] += scores
    best_ids, best_sums = [], []
    for ids, _ in found:
        own = sums[ids]
        best_ids.append(ids[own > 0])
        best_sums.append(own[own > 0])
        sums[ids] = 0
    ids, totals = np.concatenate(best_ids), np.concatenate(best_sums)
    if len(ids) > most:
        first = np.argpartition(-totals, most)[:most]
        ids, totals = ids[first], totals[first]
    return ids[np.lexsort((ids, -totals))]
