"""Which articles mean what was typed: vectors of all, kept in each process that searches with them.

384 bytes an article: 26 MB of 67,000, and 6 ms to compare all of them.
"""

import threading
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice

import numpy as np

from content.search.models import VECTOR_LENGTH, PassageVector
from content.spelling import restoration

MAX_NEAREST = 50  # of all passages: candidates, whatever their words
MAX_QUERY_LETTERS = 300  # letters of a query that are put to the model: a millisecond for each three
VECTORS_PER_BLOCK = 512  # as float32 they still lie in the processor's cache
ROWS_PER_BATCH = 5_000


@dataclass(frozen=True)
class VectorMatrix:
    """`passages`: ids, rising. `newest`: the highest id of a row that was read."""

    newest: int
    passages: np.ndarray
    numbers: np.ndarray
    lengths: np.ndarray

    def likeness(self, asked):
        """The cosine of each with a vector."""
        found = np.empty(len(self.numbers), np.float32)
        some = np.empty((VECTORS_PER_BLOCK, VECTOR_LENGTH), np.float32)
        for start in range(0, len(found), VECTORS_PER_BLOCK):
            part = found[start : start + VECTORS_PER_BLOCK]
            np.copyto(some[: len(part)], self.numbers[start : start + VECTORS_PER_BLOCK])
            np.dot(some[: len(part)], asked, out=part)
        return found / self.lengths / np.linalg.norm(asked)


_EMPTY_MATRIX = VectorMatrix(0, np.empty(0, np.int64), np.empty((0, VECTOR_LENGTH), np.int8), np.empty(0, np.float32))


@dataclass(frozen=True)
class QuerySimilarities:
    """How near each passage that has a vector is to what was typed."""

    passages: np.ndarray
    likeness: np.ndarray

    def nearest(self):
        """The ids of the NEAREST, the nearest first."""
        first = np.arange(len(self.passages))
        if len(first) > MAX_NEAREST:
            first = np.argpartition(-self.likeness, MAX_NEAREST)[
                :MAX_NEAREST
            ]  # to sort all would take as long as to compare
        return self.passages[first[np.lexsort((first, -self.likeness[first]))]]

    def of(self, ids):
        """The likeness of these; nan of those that have no vector."""
        ids = np.asarray(ids, np.int64)
        place = np.minimum(np.searchsorted(self.passages, ids), len(self.passages) - 1)
        return np.where(self.passages[place] == ids, self.likeness[place], np.nan)


def query_similarities(text, encoder):
    """The Meant of a query; None without an encoder or any vector. Accents are put in first: without them it would not
    be understood.
    """
    kept = load_matrix(encoder.made_by) if encoder else None
    if kept is None or not len(kept.passages):
        return None
    return QuerySimilarities(
        kept.passages, kept.likeness(_query_vector(encoder, restoration.restore_accents(text)[:MAX_QUERY_LETTERS]))
    )


@lru_cache(maxsize=256)  # the next page asks the same again
def _query_vector(encoder, text):
    return encoder.query(text)


_cached = {}
_load_lock = threading.Lock()


def load_matrix(made_by):
    """The Vectors there are, as this process keeps them; what was written since is read too."""
    newest = PassageVector.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    with _load_lock:
        kept = _cached.get(made_by)
        if kept is None or newest < kept.newest:  # never read, or all were thrown away
            kept = _EMPTY_MATRIX
        if newest > kept.newest:
            kept = _cached[made_by] = _load_new(kept, made_by, newest)
    return kept


def _load_new(kept, made_by, newest):
    rows = PassageVector.objects.filter(made_by=made_by, pk__lte=newest)
    found = _with_new_rows(kept, rows.filter(pk__gt=kept.newest), newest)
    if len(found.passages) > rows.count():  # some are gone: all anew
        found = _with_new_rows(_EMPTY_MATRIX, rows, newest)
    return found


def _with_new_rows(kept, rows, newest):
    passages, numbers = [kept.passages], [kept.numbers]
    rows = rows.order_by("passage").values_list("passage", "numbers").iterator(chunk_size=ROWS_PER_BATCH)
    while some := list(islice(rows, ROWS_PER_BATCH)):
        passages.append(np.array([passage for passage, _ in some], np.int64))
        numbers.append(np.frombuffer(b"".join(each for _, each in some), np.int8).reshape(-1, VECTOR_LENGTH))
    passages, numbers = np.concatenate(passages), np.concatenate(numbers)
    if (np.diff(passages) < 0).any():
        order = np.argsort(passages)
        passages, numbers = passages[order], numbers[order]
    return VectorMatrix(newest, passages, numbers, _norms(numbers))


def _norms(numbers):
    parts = np.array_split(numbers, len(numbers) // ROWS_PER_BATCH + 1)
    return np.concatenate([np.linalg.norm(part.astype(np.float32), axis=1) for part in parts])
