"""How often words stand in the passages, as last counted: kept in each process until they are counted again."""

import datetime
import math
from dataclasses import dataclass

import numpy as np

from content import sql
from content.search.models import SearchStatistics, TermFrequency
from content.text import lexemes

FEW_PASSAGES = 2_000  # passages: a word in no more of them is always looked for


@dataclass(frozen=True)
class CorpusStatistics:
    """What was counted, and of each single word its code and weight, in the order of the codes."""

    key: list
    counted_at: datetime.datetime | None  # None: never
    passages: int
    mean_length: float
    newest: dict  # {kind of result: the highest id of which postings know}
    codes: np.ndarray  # uint32
    weights: np.ndarray  # float32

    def weight(self, passages):
        """Inverse frequency of what stands in so many passages; what was never counted is the rarest."""
        return math.log(1 + (max(self.passages, passages) - passages + 0.5) / (passages + 0.5))

    def weights_of(self, codes):
        """The weights of single words by their codes, as an array of the same shape."""
        if not len(self.codes):
            return np.full(codes.shape, self.weight(0), np.float32)
        places = np.minimum(np.searchsorted(self.codes, codes), len(self.codes) - 1)
        return np.where(self.codes[places] == codes, self.weights[places], np.float32(self.weight(0)))


_cached = None


def corpus_statistics():
    """What was counted last. Reads one small row; the words only when they were counted since."""
    global _cached
    key = sql.fetch_rows("SELECT id, counted_at FROM content_searchstatistics", [])
    if _cached is None or _cached.key != key:
        _cached = _load_statistics(SearchStatistics.objects.first(), key)
    return _cached


def term_frequencies(words):
    """{lexeme: in how many passages} of those that were counted."""
    return dict(
        sql.fetch_rows("SELECT lexeme, passages FROM content_termfrequency WHERE lexeme = ANY(%s)", [list(words)])
    )


def _load_statistics(row, key):
    if row is None:
        return CorpusStatistics(key, None, 0, 200.0, {}, np.empty(0, np.uint32), np.empty(0, np.float32))
    single = TermFrequency.objects.exclude(lexeme__contains="_").values_list("lexeme", "passages")
    by_code = {lexemes.word_code(word): passages for word, passages in single.iterator(chunk_size=20_000)}
    codes = np.array(sorted(by_code), np.uint32)
    passages = np.array([by_code[code] for code in codes.tolist()], np.float32)
    weights = np.log(1 + (row.passages - passages + 0.5) / (passages + 0.5)).astype(np.float32)
    return CorpusStatistics(key, row.counted_at, row.passages, row.mean_length, row.newest, codes, weights)
