"""Of each word the rows it says most about, best first: written when words are counted, read when it is typed.

That a word stands in a row tells little; how often, whether in the title and in how short a text does. All rows of a
common one cannot be looked at while somebody waits. So the first of them are kept, in the order of their part of BM25.
Words of a few rows are not kept: those are looked up.
"""

from contextlib import ExitStack
from dataclasses import dataclass
from itertools import islice
from tempfile import TemporaryFile

import numpy as np
from django.db import connection

from content import sql
from content.search.models import PostingList, TermFrequency
from content.search.rank import bm25
from content.text import lexemes

COMMON_ROWS = 64  # rows: of a word that stands in more they are kept
MAX_ROWS_KEPT = 24_000  # rows of each
MAX_ROWS_READ = 120_000  # rows of a kind are read for a query, of all its words together
MIN_ROWS_READ_PER_LEXEME = 4_000  # at the least, of however many words
ROWS_PER_BATCH = 200  # rows are read
LISTS_PER_BATCH = 500  # words
POSTINGS_PER_FILE = 1_000_000  # postings
MAX_FILES = 200
ROWS_BY_KIND = {  # kind of result: where its rows are
    "document": "content_passage WHERE provision_id IS NULL",
    "provision": "content_passage WHERE provision_id IS NOT NULL",
    "question": "content_question WHERE published_at IS NOT NULL",
    "event": "content_event WHERE status <> 'draft'",
}
SELECT_POSTINGS = """
SELECT kind, lexeme, substring(best FOR %s), substring(parts FOR %s)
FROM content_postinglist WHERE kind = ANY(%s) AND lexeme = ANY(%s)
"""
SELECT_NEWEST_ID = "SELECT coalesce(max(id), 0) FROM {rows}"
SELECT_COMMON_LEXEMES = "SELECT word, ndoc FROM ts_stat($$SELECT search_words FROM {rows}$$) WHERE ndoc > %s"
SELECT_CODES = """
SELECT id, search_codes FROM {rows} AND id > %s AND id <= %s AND search_codes <> '' ORDER BY id LIMIT %s
"""
_PART_SCALE = np.iinfo(np.uint16).max


@dataclass(frozen=True)
class Postings:
    rows: np.ndarray  # ids, best first
    parts: np.ndarray  # of BM25, without the weight of the word


def read_postings(kinds, words):
    """{kind: {lexeme: Postings}} of those of these words that are common among the rows of that kind.

    The more words, the fewer rows of each.
    """
    found = {kind: {} for kind in kinds}
    most = max(MIN_ROWS_READ_PER_LEXEME, min(MAX_ROWS_KEPT, MAX_ROWS_READ // max(len(words), 1)))
    for kind, lexeme, best, parts in sql.fetch_rows(SELECT_POSTINGS, [most * 4, most * 2, list(kinds), list(words)]):
        parts = np.frombuffer(parts, np.uint16).astype(np.float32) / _PART_SCALE
        found[kind][lexeme] = Postings(np.frombuffer(best, np.uint32), parts)
    return found


def write_postings(kind, mean_length):
    """Make all postings of that kind anew. Returns the highest id they know."""
    newest, common = _newest_id(kind), _common_lexemes(kind)
    PostingList.objects.filter(kind=kind).delete()
    words = _posting_lists(kind, newest, common, mean_length)
    while some := list(islice(words, LISTS_PER_BATCH)):
        PostingList.objects.bulk_create(some)
    return newest


def _newest_id(kind):
    with connection.cursor() as cursor:
        cursor.execute(SELECT_NEWEST_ID.format(rows=ROWS_BY_KIND[kind]))
        return cursor.fetchone()[0]


def _common_lexemes(kind):
    """{lexeme: in how many rows}. Those of provisions were counted just before."""
    if kind == "provision":
        return dict(TermFrequency.objects.filter(passages__gt=COMMON_ROWS).values_list("lexeme", "passages"))
    with connection.cursor() as cursor:
        cursor.execute(SELECT_COMMON_LEXEMES.format(rows=ROWS_BY_KIND[kind]), [COMMON_ROWS])
        return dict(cursor.fetchall())


def _posting_lists(kind, newest, common, mean_length):
    """A CommonWord of each common word with its first KEPT rows.

    The postings of all of them may be more than memory holds. So they are laid into files first, some words to each.
    """
    words = sorted(common, key=lexemes.lexeme_code)
    known = np.array([lexemes.lexeme_code(word) for word in words], np.uint64)
    borders = _file_starts([common[word] for word in words])
    with ExitStack() as stack:
        files = [stack.enter_context(TemporaryFile()) for _ in borders]
        for ids, blobs in _code_batches(kind, newest) if words else ():
            found = postings_in_rows(np.array(ids), blobs, known, mean_length)
            for file, some in zip(files, np.split(found, np.searchsorted(found["word"], borders[1:])), strict=True):
                file.write(some.tobytes())
        for file in files:
            file.seek(0)
            kept = _best_postings(np.frombuffer(file.read(), POSTING_DTYPE))
            for of_word in np.split(kept, np.flatnonzero(np.diff(kept["word"])) + 1) if len(kept) else ():
                word = words[of_word["word"][0]]
                parts = np.round(of_word["part"] * _PART_SCALE).astype(np.uint16)
                best, parts = of_word["row"].tobytes(), parts.tobytes()
                yield PostingList(kind=kind, lexeme=word, best=best, parts=parts)


def _file_starts(rows):
    """Of words that stand in so many rows the places at which another file begins."""
    sums = np.cumsum(rows, dtype=np.int64)
    if not len(sums):
        return sums
    of_a_file = max(POSTINGS_PER_FILE, sums[-1] // MAX_FILES)
    return np.unique(np.searchsorted(sums, np.arange(0, sums[-1], of_a_file)))


POSTING_DTYPE = np.dtype([("word", np.uint32), ("row", np.uint32), ("part", np.float32)])


def _code_batches(kind, newest):
    """(ids, codes) of all rows up to the newest, some at a time."""
    last = 0
    while True:
        with connection.cursor() as cursor:
            cursor.execute(SELECT_CODES.format(rows=ROWS_BY_KIND[kind]), [last, newest, ROWS_PER_BATCH])
            rows = cursor.fetchall()
        if not rows:
            return
        last = rows[-1][0]
        yield [pk for pk, _ in rows], [bytes(codes) for _, codes in rows]


def postings_in_rows(ids, blobs, known, mean_length):
    """POSTINGs of the known words and bigrams, codes in order, in these rows: `word` is the place among the known."""
    codes, row, field = bm25.flat_codes(blobs)
    counts = bm25.FIELD_WEIGHTS[field]
    length = np.bincount(row, counts, len(ids))
    single = codes.astype(np.uint64)
    together = np.flatnonzero((row[:-1] == row[1:]) & (field[:-1] == field[1:]))
    double = single[together] << np.uint64(32) | single[together + 1]
    words = np.concatenate([single, double])
    row, counts = np.concatenate([row, row[together]]), np.concatenate([counts, counts[together]])
    place = np.minimum(np.searchsorted(known, words), len(known) - 1)
    hit = np.flatnonzero(known[place] == words)
    cells, cell = np.unique(place[hit] * len(ids) + row[hit], return_inverse=True)
    tally = np.bincount(cell, counts[hit], len(cells))
    word, row = np.divmod(cells, len(ids))
    found = np.empty(len(cells), POSTING_DTYPE)
    found["word"], found["row"] = word, ids[row]
    found["part"] = tally / (tally + bm25.length_norm(length, mean_length)[row])
    return found


def _best_postings(postings):
    """The first KEPT of each word, in order."""
    postings = postings[np.lexsort((postings["row"], -postings["part"], postings["word"]))]
    starts = np.searchsorted(postings["word"], postings["word"])
    return postings[np.arange(len(postings)) - starts < MAX_ROWS_KEPT]
