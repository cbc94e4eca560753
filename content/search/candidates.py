"""The first stage: which rows of a kind may answer a query. Filters are part of it: K counts what is wanted.

Rare words are looked up in the index of the rows, common ones in what is kept of them (postings.py).
"""

import datetime
from dataclasses import dataclass

import numpy as np
from django.db import connection

from content.search import postings
from content.search.statistics import FEW

MOST_LEXEMES = 40
COMMON = 0.05  # of all passages: what stands in more of them says little
POSTINGS = 60_000  # read for one query at the most; the rarest words come first
PART = 0.6  # of BM25, without the weight of the word, is taken for granted where nothing is kept of it
LOOKED_AT = 2_000  # rows: those with the rarest words, and of all those that are tried against the filters
FRESH = 1_000  # rows newer than what is kept of common words
# a passage that changes gets another id; the others keep theirs, and may be older than what was published before them
CHANGED = {"question": "public_changed_at", "event": "changed_at"}
COUNTING = datetime.timedelta(hours=1)  # takes no longer

HOLDING = """
SELECT room.id, sum(asked.weight)
FROM unnest(%s::tsquery[], %s::real[]) AS asked(word, weight)
-- OFFSET 0: each word is looked up in the index; joined freely, every row may be compared with every word
CROSS JOIN LATERAL (SELECT id FROM ({rows}) AS room WHERE search_words @@ asked.word OFFSET 0) AS room
GROUP BY room.id ORDER BY 2 DESC, 1 LIMIT %s
"""
NEWER = """
WITH fresh AS MATERIALIZED ({rows})
SELECT fresh.id, sum(asked.weight)
FROM unnest(%s::tsquery[], %s::real[]) AS asked(word, weight) JOIN fresh ON fresh.search_words @@ asked.word
GROUP BY fresh.id
"""
CODES = """
SELECT room.id, room.search_codes
FROM unnest(%s::bigint[]) WITH ORDINALITY AS wanted(id, place) JOIN ({rows}) AS room ON room.id = wanted.id
ORDER BY wanted.place LIMIT %s
"""


@dataclass(frozen=True)
class Candidates:
    ids: list
    codes: list  # bytes of each
    is_cut: bool  # whether there are more

    def __len__(self):
        return len(self.ids)

    def only(self, places):
        """Those at these places, in their order."""
        return Candidates([self.ids[place] for place in places], [self.codes[place] for place in places], is_cut=True)


def find(kind, rows, reading, counted, frequencies, most):
    """The Candidates of that kind among `rows` (a queryset of a model with search_words and search_codes): those that
    promise most, at the most `most`.
    """
    weights = {lexeme: share * counted.weight(frequencies.get(lexeme, 0)) for lexeme, share in reading.weights.items()}
    kept, sizes = {}, frequencies
    if kind in counted.newest:
        kept = postings.read(kind, list(weights))
        sizes = {lexeme: min(passages, postings.COMMON) for lexeme, passages in frequencies.items()}
    rare = chosen(weights.keys() - kept.keys(), sizes, counted)
    found = [_holding(rows, rare, weights)]
    is_whole = len(found[0][0]) < LOOKED_AT and len(rare) + len(kept) == len(weights)
    if kept:
        found.append(_newer(_fresh(kind, rows, counted), kept, weights))
        found += [(each.rows, each.parts * weights[lexeme]) for lexeme, each in kept.items()]
        is_whole = is_whole and all(each.is_whole for each in kept.values())
    ids = _summed(found)
    is_whole = is_whole and len(ids) <= LOOKED_AT
    some = _with_codes(rows, ids[:LOOKED_AT], most, is_whole)
    if len(some) == most or is_whole or not kept:
        return some
    rare = chosen(weights, frequencies, counted)  # the filters leave few of the rows kept: all of theirs are looked at
    holding = _holding(rows, rare, weights)
    is_whole = len(holding[0]) < LOOKED_AT and len(rare) == len(weights)
    ids = _summed([holding])
    ids = np.concatenate([ids, np.setdiff1d(some.ids, ids)])  # rare words may stand in none of what common ones found
    return _with_codes(rows, ids.astype(np.int64), most, is_whole)


def chosen(lexemes, frequencies, counted):
    """Those to look for: the rarest first, as many as the bounds allow, three that are known at the least."""
    most = max(FEW, COMMON * counted.passages)
    wanted, postings_, known = [], 0, 0
    for lexeme in sorted(lexemes, key=lambda lexeme: (frequencies.get(lexeme, 0), lexeme)):
        passages = frequencies.get(lexeme, 0)
        postings_ += passages
        is_rare = passages <= most and postings_ <= POSTINGS and len(wanted) < MOST_LEXEMES
        if is_rare or (passages and known < 3):
            wanted.append(lexeme)
            known += passages > 0
    return wanted


def _holding(rows, lexemes, weights):
    """(ids, what the words in them promise): LOOKED_AT rows that hold any of the words."""
    if not lexemes:
        return _arrays([])
    sql, parameters = _sql(HOLDING, rows, "search_words")
    return _fetched(sql, [*_asked(lexemes, weights), *parameters, LOOKED_AT])


def _fresh(kind, rows, counted):
    """Those of which what they say now may not be kept yet, the newest first."""
    column = CHANGED.get(kind, "id")
    since = counted.counted_at - COUNTING if kind in CHANGED else counted.newest[kind]
    return rows.filter(**{f"{column}__gt": since}).order_by(f"-{column}")[:FRESH]


def _newer(fresh, lexemes, weights):
    """The same of common words in fresh rows."""
    sql, parameters = fresh.values("id", "search_words").query.sql_with_params()
    return _fetched(NEWER.format(rows=sql), [*parameters, *_asked(lexemes, weights)])


def _with_codes(rows, ids, most, is_whole):
    """Candidates of the first `most` of these ids that are among the rows."""
    sql, parameters = _sql(CODES, rows, "search_codes")
    with connection.cursor() as cursor:
        cursor.execute(sql, [ids.tolist(), *parameters, most + 1])
        found = cursor.fetchall()
    kept = found[:most]
    return Candidates([pk for pk, _ in kept], [bytes(codes) for _, codes in kept], len(found) > most or not is_whole)


def _sql(template, rows, column):
    sql, parameters = rows.order_by().values("id", column).query.sql_with_params()
    return template.format(rows=sql), parameters


def _asked(lexemes, weights):
    return [f"'{lexeme}'" for lexeme in lexemes], [weights[lexeme] * PART for lexeme in lexemes]


def _fetched(sql, parameters):
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        return _arrays(cursor.fetchall())


def _arrays(pairs):
    return np.array([pk for pk, _ in pairs], np.int64), np.array([weight for _, weight in pairs], np.float32)


def _summed(found):
    """The ids of several (ids, parts), those with the most together first."""
    ids, cell = np.unique(np.concatenate([ids for ids, _ in found]), return_inverse=True)
    sums = np.bincount(cell, np.concatenate([parts for _, parts in found]), len(ids))
    return ids[np.lexsort((ids, -sums))]
