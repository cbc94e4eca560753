"""How often words occur in the passages, counted by the last rebuild; each process caches it until the next."""

import datetime
import math
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from content import sql
from content.search.models import SearchStatistics, TermFrequency
from content.text import lexemes

FIELD_WEIGHTS = np.array([1, 1, 3, 1], np.float32)  # of lexemes.FIELDS: the title says most
K1, B = 0.9, 0.4  # of BM25
SELECT_CACHE_KEY = "SELECT id, counted_at FROM content_searchstatistics"
SELECT_FREQUENCIES = "SELECT lexeme, passages FROM content_termfrequency WHERE lexeme = ANY(%s)"


@dataclass(frozen=True)
class CorpusStatistics:
    """Counts of the last rebuild; and for every single word its code and inverse frequency, ordered by code.

    The defaults are those of an installation that never counted.
    """

    cache_key: list[tuple[Any, ...]] = field(default_factory=list)
    counted_at: datetime.datetime | None = None
    passages: int = 0
    mean_length: float = 200.0  # words of a passage
    newest_ids: dict[str, int] = field(default_factory=dict)  # {result kind: highest id in its posting lists}
    codes: NDArray[np.uint32] = field(default_factory=lambda: np.empty(0, np.uint32))
    inverse_frequencies: NDArray[np.float32] = field(default_factory=lambda: np.empty(0, np.float32))

    def inverse_frequency(self, passages: int) -> float:
        """Weight of a lexeme that so many passages hold. 0 passages (never counted) weighs most."""
        return math.log(1 + (max(self.passages, passages) - passages + 0.5) / (passages + 0.5))

    def inverse_frequencies_of(self, codes: NDArray[np.uint32]) -> NDArray[np.float32]:
        """Inverse frequencies of single words by their codes, in an array of the same shape."""
        if not len(self.codes):
            return np.full(codes.shape, self.inverse_frequency(0), np.float32)
        places = np.minimum(np.searchsorted(self.codes, codes), len(self.codes) - 1)
        is_known = self.codes[places] == codes
        return np.where(is_known, self.inverse_frequencies[places], np.float32(self.inverse_frequency(0)))


_cached: CorpusStatistics | None = None


def corpus_statistics() -> CorpusStatistics:
    """The counts of the last rebuild. Reads one small row; the words only when they were counted again since."""
    global _cached
    key = sql.fetch_rows(SELECT_CACHE_KEY, [])
    if _cached is None or _cached.cache_key != key:
        _cached = _load_statistics(SearchStatistics.objects.first(), key)
    return _cached


def term_frequencies(words: Iterable[str]) -> dict[str, int]:
    """{lexeme: number of passages that hold it}, without those that were never counted."""
    return dict(sql.fetch_rows(SELECT_FREQUENCIES, [list(words)]))


def length_norm(length: NDArray[Any], mean_length: float) -> NDArray[Any]:
    """What BM25 adds to its denominator: the longer a text, the less a word in it says."""
    return K1 * (1 - B + B * length / mean_length)


def _load_statistics(row: SearchStatistics | None, key: list[tuple[Any, ...]]) -> CorpusStatistics:
    if row is None:
        return CorpusStatistics(key)
    single = TermFrequency.objects.exclude(lexeme__contains="_").values_list("lexeme", "passages")
    by_code = {lexemes.word_code(word): passages for word, passages in single.iterator(chunk_size=20_000)}
    codes = np.array(sorted(by_code), np.uint32)
    passages = np.array([by_code[code] for code in codes.tolist()], np.float32)
    weights = np.log(1 + (row.passages - passages + 0.5) / (passages + 0.5)).astype(np.float32)
    return CorpusStatistics(key, row.counted_at, row.passages, row.mean_length, row.newest, codes, weights)
