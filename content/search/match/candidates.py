"""The first stage: which rows of a kind may answer a query. Filters are part of it: K counts what is wanted.

Rare words are looked up in the index of the rows, the others in what is kept of them (postings.py).
"""

import datetime
from dataclasses import dataclass, field

import numpy as np

from content import sql
from content.search.index import postings
from content.search.index.statistics import FEW_PASSAGES
from content.text import lexemes

MAX_LEXEMES = 40
COMMON_SHARE = 0.05  # of all passages: what stands in more of them says little
MAX_INDEX_ROWS = 60_000  # read for one query at the most; the rarest words come first
ASSUMED_PART = 0.6  # of BM25, without the weight of the word, is taken for granted where nothing is kept of it
MAX_ROWS_COMPARED = 2_000  # rows: those with the rarest words, and of all those that are tried against the filters
OVERSAMPLING = 1.2  # times as many as are wanted are tried first: few rows are of another day
MAX_FRESH_ROWS = 1_000  # rows newer than what is kept of common words
# a passage that changes gets another id; the others keep theirs, and may be older than what was published before them
CHANGED_AT_COLUMN = {"question": "public_changed_at", "event": "changed_at"}
MAX_REBUILD_TIME = datetime.timedelta(hours=1)  # takes no longer
PASSAGE_COLUMNS = ("document_id", "provision_id")
EXTRA_COLUMNS = {
    "document": PASSAGE_COLUMNS,
    "provision": PASSAGE_COLUMNS,
    "question": (),
    "event": (),
}  # what else is told

SELECT_ROWS_WITH_LEXEMES = """
SELECT room.id, sum(asked.weight)
FROM unnest(%s::tsquery[], %s::real[]) AS asked(word, weight)
-- OFFSET 0, here and below: each is looked up in the index; joined freely, every row may be compared with every one
CROSS JOIN LATERAL (SELECT id FROM ({rows}) AS room WHERE search_words @@ asked.word OFFSET 0) AS room
GROUP BY room.id ORDER BY 2 DESC, 1 LIMIT %s
"""
SELECT_FRESH_ROWS = """
SELECT id, search_codes FROM ({rows}) AS room
WHERE {changed} > %s AND search_codes <> '' ORDER BY {changed} DESC LIMIT %s
"""
SELECT_CODES = """
SELECT room.id, room.search_codes{others}
FROM unnest(%s::bigint[]) WITH ORDINALITY AS wanted(id, place)
CROSS JOIN LATERAL (SELECT * FROM ({rows}) AS room WHERE room.id = wanted.id OFFSET 0) AS room
ORDER BY wanted.place LIMIT %s
"""


@dataclass(frozen=True)
class Source:
    """Rows of a kind that are wanted, as SQL: it is made once, and asked several times."""

    kind: str
    sql: str
    parameters: tuple

    @classmethod
    def of(cls, kind, rows):
        """`rows`: a queryset of a model with search_words and search_codes."""
        columns = [
            "id",
            "search_words",
            "search_codes",
            *EXTRA_COLUMNS[kind],
            *({CHANGED_AT_COLUMN.get(kind)} - {None}),
        ]
        return cls(kind, *rows.order_by().values_list(*columns).query.sql_with_params())

    def fetched(self, template, before, after, **parts):
        return sql.fetch_rows(template.format(rows=self.sql, **parts), [*before, *self.parameters, *after])


@dataclass(frozen=True)
class Candidates:
    ids: list
    codes: list  # bytes of each
    is_cut: bool  # whether there are more
    others: list = field(default_factory=list)  # of each the other columns asked for

    def __len__(self):
        return len(self.ids)


def find_candidates(room, reading, counted, frequencies, kept, most):
    """The Candidates among the rows of a Room: those that promise most, at the most `most`.

    `kept`: {lexeme: Postings} of that kind.
    """
    weights = {lexeme: share * counted.weight(frequencies.get(lexeme, 0)) for lexeme, share in reading.weights.items()}
    kept, sizes = kept if room.kind in counted.newest else {}, frequencies
    if room.kind in counted.newest:  # what is not kept there stands in few of its rows, in however many passages
        sizes = {lexeme: min(passages, postings.COMMON_ROWS) for lexeme, passages in frequencies.items()}
    rare = lexemes_to_look_up(weights.keys() - kept.keys(), sizes, counted)
    found = [_rows_with_lexemes(room, rare, weights)]
    is_whole = len(found[0][0]) < MAX_ROWS_COMPARED and len(rare) + len(kept) == len(weights)
    if kept:
        fresh, of_fresh = _fresh_rows(room, kept, weights, counted)
        found.append(of_fresh)
        changed = fresh if room.kind in CHANGED_AT_COLUMN else ()  # of the others nothing is kept
        found += [_unchanged_rows(changed, each.rows, each.parts * weights[lexeme]) for lexeme, each in kept.items()]
        is_whole = (
            is_whole and len(fresh) < MAX_FRESH_ROWS
        )  # a word of which not all is kept has more rows than LOOKED_AT
    ids = _best_ids(found, MAX_ROWS_COMPARED + 1)
    is_whole = is_whole and len(ids) <= MAX_ROWS_COMPARED
    first = int(most * OVERSAMPLING)
    some = _fetch_candidates(room, ids[:first], most, is_whole and len(ids) <= first)
    if len(some) < most and len(ids) > first:
        some = _fetch_candidates(room, ids[:MAX_ROWS_COMPARED], most, is_whole)
    if len(some) == most or is_whole or not kept:
        return some
    rare = lexemes_to_look_up(
        weights, frequencies, counted
    )  # the filters leave few of the rows kept: all of theirs are looked at
    holding = _rows_with_lexemes(room, rare, weights)
    is_whole = len(holding[0]) < MAX_ROWS_COMPARED and len(rare) == len(weights)
    ids = _best_ids([holding], MAX_ROWS_COMPARED)
    ids = np.concatenate([some.ids, ids[~np.isin(ids, some.ids)]])  # of those found by what is kept more is known
    return _fetch_candidates(room, ids.astype(np.int64), most, is_whole)


def with_extra_rows(some, room, ids, most):
    """Candidates and, in the place of the last where there are `most`, the rows of the Room with these ids."""
    ids = np.asarray(ids)[~np.isin(ids, some.ids)]
    more = _fetch_candidates(room, ids, len(ids), is_whole=True)
    left = slice(most - len(more))
    return Candidates(
        some.ids[left] + more.ids,
        some.codes[left] + more.codes,
        some.is_cut or len(some) + len(more) > most,
        some.others[left] + more.others,
    )


def lexemes_to_look_up(lexemes, frequencies, counted):
    """Those to look for: the rarest first, as many as the bounds allow, three that are known at the least."""
    most = max(FEW_PASSAGES, COMMON_SHARE * counted.passages)
    wanted, postings_, known = [], 0, 0
    for lexeme in sorted(lexemes, key=lambda lexeme: (frequencies.get(lexeme, 0), lexeme)):
        passages = frequencies.get(lexeme, 0)
        postings_ += passages
        is_rare = passages <= most and postings_ <= MAX_INDEX_ROWS and len(wanted) < MAX_LEXEMES
        if is_rare or (passages and known < 3):
            wanted.append(lexeme)
            known += passages > 0
    return wanted


def _rows_with_lexemes(room, lexemes, weights):
    """(ids, what the words in them promise): LOOKED_AT rows that hold any of the words."""
    if not lexemes:
        return _ids_and_scores([])
    asked = [f"'{lexeme}'" for lexeme in lexemes], [weights[lexeme] * ASSUMED_PART for lexeme in lexemes]
    return _ids_and_scores(room.fetched(SELECT_ROWS_WITH_LEXEMES, asked, [MAX_ROWS_COMPARED]))


def _fresh_rows(room, kept, weights, counted):
    """(ids of rows of which what they say now may not be kept yet, the same as above of them by the words that are
    kept): from their codes.
    """
    changed = CHANGED_AT_COLUMN.get(room.kind, "id")
    since = counted.counted_at - MAX_REBUILD_TIME if room.kind in CHANGED_AT_COLUMN else counted.newest[room.kind]
    rows = room.fetched(SELECT_FRESH_ROWS, [], [since, MAX_FRESH_ROWS], changed=changed)
    if not rows:
        return (), _ids_and_scores([])
    words = sorted(kept, key=lexemes.lexeme_code)
    known = np.array([lexemes.lexeme_code(word) for word in words], np.uint64)
    ids, blobs = zip(*rows, strict=True)
    found = postings.postings_in_rows(np.array(ids), blobs, known, counted.mean_length)
    parts = found["part"] * np.array([weights[word] for word in words], np.float32)[found["word"]]
    holding, cell = np.unique(found["row"], return_inverse=True)
    return ids, (holding, np.bincount(cell, parts, len(holding)))


def _unchanged_rows(changed, rows, parts):
    """Of kept rows those that did not change since: a question keeps its id, and may not say now what is kept of it."""
    same = ~np.isin(rows, changed) if len(changed) else slice(None)
    return rows[same], parts[same]


def _fetch_candidates(room, ids, most, is_whole):
    """Candidates of the first `most` of these ids that are among the rows."""
    others = "".join(f", room.{column}" for column in EXTRA_COLUMNS[room.kind])
    found = room.fetched(SELECT_CODES, [sql.array_literal(ids.tolist())], [most + 1], others=others)
    kept = found[:most]
    return Candidates(
        [pk for pk, *_ in kept],
        [codes for _, codes, *_ in kept],
        len(found) > most or not is_whole,
        [others for _, _, *others in kept],
    )


def _ids_and_scores(pairs):
    return np.array([pk for pk, _ in pairs], np.int64), np.array([weight for _, weight in pairs], np.float32)


def _best_ids(found, most):
    """The ids with the most together in several (different ids, parts), best first, at the most so many.

    There is a sum for each id there may be, and only those that are met are looked at: sooner done than sorting, since
    the system gives no memory before it is touched.
    """
    found = [(ids.astype(np.intp), parts) for ids, parts in found]
    sums = np.zeros(max(int(ids.max(initial=0)) for ids, _ in found) + 1, np.float32)
    for ids, parts in found:
        sums[ids] += parts
    met = []
    for ids, _ in found:
        own = sums[ids]
        met.append((ids[own > 0], own[own > 0]))
        sums[ids] = 0
    ids, sums = (np.concatenate(each) for each in zip(*met, strict=True))
    if len(ids) > most:
        first = np.argpartition(-sums, most)[:most]
        ids, sums = ids[first], sums[first]
    return ids[np.lexsort((ids, -sums))]
