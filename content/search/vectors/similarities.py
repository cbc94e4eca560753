"""How similar in meaning articles are to a query. Each process that uses vectors keeps all of them in memory.

384 bytes an article: 26 MB for 67,000 articles, and 6 ms to compare all of them.
"""

import threading
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice
from typing import Any

import numpy as np
from django.db.models import QuerySet
from numpy.typing import NDArray

from content.search.models import VECTOR_LENGTH, PassageVector
from content.search.vectors.text_encoder import TextEncoder
from content.spelling import restoration

MAX_QUERY_LETTERS = 300  # the model reads: each three take a millisecond
VECTORS_PER_BLOCK = 512  # as float32 they fit in the processor's cache
ROWS_PER_BATCH = 5_000


@dataclass(frozen=True)
class VectorMatrix:
    """All vectors of one encoder. Arrays have one entry for each passage."""

    newest: int  # highest id of a row that was read
    passages: NDArray[np.int64]  # ids, rising
    numbers: NDArray[np.int8]
    norms: NDArray[np.float32]

    def cosines(self, vector: NDArray[np.float32]) -> NDArray[np.float32]:
        """The cosine of each with a vector."""
        found = np.empty(len(self.numbers), np.float32)
        block = np.empty((VECTORS_PER_BLOCK, VECTOR_LENGTH), np.float32)
        for start in range(0, len(found), VECTORS_PER_BLOCK):
            part = found[start : start + VECTORS_PER_BLOCK]
            np.copyto(block[: len(part)], self.numbers[start : start + VECTORS_PER_BLOCK])
            np.dot(block[: len(part)], vector, out=part)
        return found / self.norms / np.linalg.norm(vector)


_EMPTY_MATRIX = VectorMatrix(0, np.empty(0, np.int64), np.empty((0, VECTOR_LENGTH), np.int8), np.empty(0, np.float32))


@dataclass(frozen=True)
class QuerySimilarities:
    """How similar each passage with a vector is to a query."""

    passages: NDArray[np.int64]  # ids, rising
    similarity: NDArray[np.float32]

    def nearest(self, most: int) -> NDArray[np.int64]:
        """The ids of the `most` nearest, the nearest first."""
        first = np.arange(len(self.passages))
        if len(first) > most:
            first = np.argpartition(-self.similarity, most)[:most]  # sorting all would take as long as comparing
        return self.passages[first[np.lexsort((first, -self.similarity[first]))]]

    def of_passages(self, ids: Sequence[int]) -> NDArray[Any]:
        """The similarities of these passages; nan of those without a vector."""
        wanted = np.asarray(ids, np.int64)
        place = np.minimum(np.searchsorted(self.passages, wanted), len(self.passages) - 1)
        return np.where(self.passages[place] == wanted, self.similarity[place], np.nan)


def query_similarities(text: str, encoder: TextEncoder | None) -> QuerySimilarities | None:
    """Compare a query with all vectors. None without an encoder or without vectors.

    A query typed without accents gets them back first: the model would not understand it.
    """
    if encoder is None:
        return None
    matrix = load_matrix(encoder.made_by)
    if not len(matrix.passages):
        return None
    vector = query_vector(encoder, restoration.restore_accents(text)[:MAX_QUERY_LETTERS])
    return QuerySimilarities(matrix.passages, matrix.cosines(vector))


@lru_cache(maxsize=256)  # the next page asks the same again
def query_vector(encoder: TextEncoder, text: str) -> NDArray[np.float32]:
    """What the encoder makes of a query. Cached; bench/search_vectors.py clears the cache."""
    return encoder.query(text)


_cached: dict[str, VectorMatrix] = {}  # {made_by: vectors}
_load_lock = threading.Lock()


def load_matrix(made_by: str) -> VectorMatrix:
    """All vectors that `made_by` names, from this process's cache. Vectors written since are read and added."""
    newest = PassageVector.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    with _load_lock:
        matrix = _cached.get(made_by)
        if matrix is None or newest < matrix.newest:  # never read, or all were deleted
            matrix = _EMPTY_MATRIX
        if newest > matrix.newest:
            matrix = _cached[made_by] = _load_new(matrix, made_by, newest)
    return matrix


def _load_new(matrix: VectorMatrix, made_by: str, newest: int) -> VectorMatrix:
    rows = PassageVector.objects.filter(made_by=made_by, pk__lte=newest)
    found = _with_new_rows(matrix, rows.filter(pk__gt=matrix.newest), newest)
    if len(found.passages) > rows.count():  # some were deleted: read all again
        found = _with_new_rows(_EMPTY_MATRIX, rows, newest)
    return found


def _with_new_rows(matrix: VectorMatrix, rows: QuerySet[PassageVector], newest: int) -> VectorMatrix:
    id_parts, number_parts = [matrix.passages], [matrix.numbers]
    pairs = rows.order_by("passage").values_list("passage", "numbers").iterator(chunk_size=ROWS_PER_BATCH)
    while batch := list(islice(pairs, ROWS_PER_BATCH)):
        id_parts.append(np.array([passage for passage, _ in batch], np.int64))
        number_parts.append(np.frombuffer(b"".join(each for _, each in batch), np.int8).reshape(-1, VECTOR_LENGTH))
    passages, numbers = np.concatenate(id_parts), np.concatenate(number_parts)
    if (np.diff(passages) < 0).any():
        order = np.argsort(passages)
        passages, numbers = passages[order], numbers[order]
    return VectorMatrix(newest, passages, numbers, _norms(numbers))


def _norms(numbers: NDArray[np.int8]) -> NDArray[np.float32]:
    parts = np.array_split(numbers, len(numbers) // ROWS_PER_BATCH + 1)
    return np.concatenate([np.linalg.norm(part.astype(np.float32), axis=1) for part in parts])
