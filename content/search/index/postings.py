"""Posting lists: for each common word the rows it says most about, best first. Written by a rebuild, read by a query.

How often a word occurs in a row, whether in the title and in how short a text, tells how much it says about that row.
A common word occurs in more rows than can be compared while somebody waits, so its best rows are stored in order of
their part of BM25. Rarer words have no list: the index of the rows finds them.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from itertools import islice
from tempfile import TemporaryFile
from typing import Any

import numpy as np
from django.db import connection
from numpy.typing import NDArray

from content import sql
from content.search.index.statistics import FIELD_WEIGHTS, length_norm
from content.search.models import PostingList, ResultKind, TermFrequency
from content.text import lexemes
from content.text.code_arrays import flat_codes, lexeme_places

MAX_ROWS_KEPT = 24_000  # in one list
MAX_ROWS_READ = 120_000  # of a kind for one query, in all its lists together
MIN_ROWS_READ_PER_LEXEME = 4_000  # however many words the query has
ROWS_PER_BATCH = 200
LISTS_PER_BATCH = 500
POSTINGS_PER_FILE = 1_000_000
MAX_FILES = 200
POSTING_DTYPE = np.dtype([("word", np.uint32), ("row", np.uint32), ("part", np.float32)])
ROWS_BY_KIND = {
    ResultKind.DOCUMENT: "content_passage WHERE provision_id IS NULL",
    ResultKind.PROVISION: "content_passage WHERE provision_id IS NOT NULL",
    ResultKind.QUESTION: "content_question WHERE published_at IS NOT NULL",
    ResultKind.EVENT: "content_event WHERE status <> 'draft'",
    ResultKind.CONTEST: "content_contest WHERE status <> 'draft'",
    ResultKind.MATERIAL: "content_material WHERE status = 'published'",
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
    """The best rows of one lexeme."""

    rows: NDArray[np.uint32]  # ids, best first
    parts: NDArray[np.float32]  # of BM25, without the inverse frequency of the lexeme


PostingsByLexeme = Mapping[str, Postings]


def read_postings(kinds: Iterable[ResultKind], words: Collection[str]) -> dict[ResultKind, dict[str, Postings]]:
    """{kind: {lexeme: postings}} of those lexemes that are common among the rows of a kind.

    The more lexemes are asked for, the fewer rows of each are read.
    """
    found: dict[ResultKind, dict[str, Postings]] = {kind: {} for kind in kinds}
    most = max(MIN_ROWS_READ_PER_LEXEME, min(MAX_ROWS_KEPT, MAX_ROWS_READ // max(len(words), 1)))
    parameters = [most * 4, most * 2, [kind.value for kind in found], list(words)]
    for kind, lexeme, best, parts in sql.fetch_rows(SELECT_POSTINGS, parameters):
        shares = np.frombuffer(parts, np.uint16).astype(np.float32) / np.float32(_PART_SCALE)
        found[ResultKind(kind)][lexeme] = Postings(np.frombuffer(best, np.uint32), shares)
    return found


def write_postings(kind: ResultKind, mean_length: float, common_rows: int) -> int:
    """Replace the posting lists of a kind, for every lexeme that more than `common_rows` of its rows hold.

    Call it after the words of provisions were counted. Returns the highest id in the lists.
    """
    newest, common = _newest_id(kind), _common_lexemes(kind, common_rows)
    PostingList.objects.filter(kind=kind.value).delete()
    lists = _posting_lists(kind, newest, common, mean_length)
    while batch := list(islice(lists, LISTS_PER_BATCH)):
        PostingList.objects.bulk_create(batch)
    return newest


def _newest_id(kind: ResultKind) -> int:
    with connection.cursor() as cursor:
        cursor.execute(SELECT_NEWEST_ID.format(rows=ROWS_BY_KIND[kind]))
        (newest,) = cursor.fetchone()
    return int(newest)


def _common_lexemes(kind: ResultKind, common_rows: int) -> dict[str, int]:
    """{lexeme: number of rows that hold it}."""
    if kind == ResultKind.PROVISION:
        return dict(TermFrequency.objects.filter(passages__gt=common_rows).values_list("lexeme", "passages"))
    with connection.cursor() as cursor:
        cursor.execute(SELECT_COMMON_LEXEMES.format(rows=ROWS_BY_KIND[kind]), [common_rows])
        return dict(cursor.fetchall())


def _posting_lists(
    kind: ResultKind, newest: int, common: Mapping[str, int], mean_length: float
) -> Iterator[PostingList]:
    """Unsaved posting lists of the common lexemes, each with its first MAX_ROWS_KEPT rows.

    All postings together may be more than memory holds, so they go to temporary files first, some lexemes to each.
    """
    words = sorted(common, key=lexemes.lexeme_code)
    known = np.array([lexemes.lexeme_code(word) for word in words], np.uint64)
    borders = _file_starts([common[word] for word in words])
    with ExitStack() as stack:
        files = [stack.enter_context(TemporaryFile()) for _ in borders]
        for ids, codes in _code_batches(kind, newest) if words else ():
            found = postings_in_rows(np.array(ids), codes, known, mean_length)
            parts_by_file = np.split(found, np.searchsorted(found["word"], borders[1:]))
            for file, part in zip(files, parts_by_file, strict=True):
                file.write(part.tobytes())
        for file in files:
            file.seek(0)
            best = _best_postings(np.frombuffer(file.read(), POSTING_DTYPE))
            for of_word in np.split(best, np.flatnonzero(np.diff(best["word"])) + 1) if len(best) else ():
                yield _posting_list(kind, words[of_word["word"][0]], of_word)


def _posting_list(kind: ResultKind, lexeme: str, postings: NDArray[Any]) -> PostingList:
    parts = np.round(postings["part"] * _PART_SCALE).astype(np.uint16)
    return PostingList(kind=kind.value, lexeme=lexeme, best=postings["row"].tobytes(), parts=parts.tobytes())


def _file_starts(rows: Sequence[int]) -> NDArray[np.int64]:
    """Of lexemes that so many rows hold, the indexes at which another file begins."""
    sums = np.cumsum(rows, dtype=np.int64)
    if not len(sums):
        return sums
    of_a_file = max(POSTINGS_PER_FILE, sums[-1] // MAX_FILES)
    return np.unique(np.searchsorted(sums, np.arange(0, sums[-1], of_a_file)))


def _code_batches(kind: ResultKind, newest: int) -> Iterator[tuple[list[int], list[bytes]]]:
    """(ids, codes) of all rows up to the newest id, ROWS_PER_BATCH at a time."""
    last = 0
    while True:
        with connection.cursor() as cursor:
            cursor.execute(SELECT_CODES.format(rows=ROWS_BY_KIND[kind]), [last, newest, ROWS_PER_BATCH])
            rows = cursor.fetchall()
        if not rows:
            return
        last = rows[-1][0]
        yield [pk for pk, _ in rows], [bytes(codes) for _, codes in rows]


def postings_in_rows(
    ids: NDArray[Any], row_codes: Sequence[bytes], known: NDArray[np.uint64], mean_length: float
) -> NDArray[Any]:
    """An array of POSTING_DTYPE: where the known lexemes occur in these rows, ordered by lexeme, then by row.

    `known`: rising lexeme codes. In the result `word` is an index of `known`, `row` an id.
    """
    codes, row, field = flat_codes(row_codes)
    counts = FIELD_WEIGHTS[field]
    length = np.bincount(row, counts, len(ids))
    which, at = lexeme_places(codes, row, field, known)
    cells, cell = np.unique(which * len(ids) + row[at], return_inverse=True)
    tally = np.bincount(cell, counts[at], len(cells))
    word, row = np.divmod(cells, len(ids))
    found = np.empty(len(cells), POSTING_DTYPE)
    found["word"], found["row"] = word, ids[row]
    found["part"] = tally / (tally + length_norm(length, mean_length)[row])
    return found


def _best_postings(postings: NDArray[Any]) -> NDArray[Any]:
    """The first MAX_ROWS_KEPT of each lexeme, best first; ties by id."""
    postings = postings[np.lexsort((postings["row"], -postings["part"], postings["word"]))]
    starts = np.searchsorted(postings["word"], postings["word"])
    return postings[np.arange(len(postings)) - starts < MAX_ROWS_KEPT]
