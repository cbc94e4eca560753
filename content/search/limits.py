"""How much one search compares. The defaults were chosen with bench/search_quality.py and bench/search_speed.py."""

from dataclasses import dataclass


@dataclass(frozen=True)
class SearchLimits:
    """Pass the same limits to `rebuild_index` and to `search`: `common_rows` decides what one writes, the other reads.

    All are numbers of rows but `nearest_vectors` (passages) and `statement_ms` (milliseconds).
    """

    results_per_kind: int = 200  # are ranked and can be shown
    common_rows: int = 64  # a word that more rows of a kind hold has a posting list
    few_passages: int = 2_000  # a word that no more passages hold is always looked up in the index
    rows_compared: int = 2_000  # with the rarest words; and of all, before the filters choose
    fresh_rows: int = 1_000  # newer than the posting lists, compared by their own words
    nearest_vectors: int = 50  # become candidates whatever their words
    statement_ms: int = 3_000  # of one SQL statement
