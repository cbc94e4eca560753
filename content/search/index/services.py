"""Rebuild what search stores beside the texts, and say when that is due."""

from collections.abc import Callable
from enum import StrEnum

from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper
from django.utils import timezone

from content import locks
from content.changes.queries import last_public_change_id, removals
from content.glossary import services as glossary
from content.locks import Lock
from content.passages.models import Passage
from content.search.index import postings
from content.search.limits import SearchLimits
from content.search.models import ResultKind, SearchStatistics
from content.spelling import restoration
from content.suggestions import services as suggestions

IDS_PER_SLICE = 20_000  # ts_stat holds all it reads in memory: 5 GB for 1.5 million articles
CREATE_SLICE_TABLE = "CREATE TEMPORARY TABLE words_of_slices (word text, passages integer) ON COMMIT DROP"
COUNT_SLICE = """
INSERT INTO words_of_slices SELECT word, ndoc FROM ts_stat(format(
    'SELECT search_words FROM content_passage WHERE provision_id IS NOT NULL AND id > %%s AND id <= %%s', %s, %s
))
"""
INSERT_TERM_FREQUENCIES = """
INSERT INTO content_termfrequency (lexeme, passages) SELECT word, sum(passages) FROM words_of_slices GROUP BY word
"""
SELECT_LENGTHS = """
SELECT count(*), coalesce(avg(octet_length(search_codes)) / 4, 200) FROM content_passage WHERE provision_id IS NOT NULL
"""


class IndexStep(StrEnum):
    """The steps of rebuilding the index, in their order, as a progress bar names them."""

    WORDS = "counting words"
    POSTINGS = "posting lists"
    GLOSSARY = "glossary"
    SPELLING = "spelling"
    SUGGESTIONS = "suggestions"  # last: while they are written nobody deletes one


@transaction.atomic
def rebuild_index(
    limits: SearchLimits = SearchLimits(),  # noqa: B008 (immutable)
    progress: Callable[[IndexStep], object] = lambda _step: None,
) -> int | None:
    """Count the words of all articles and rewrite posting lists, glossary, spelling and suggestions.

    Readers see the old ones until it commits. `progress` is called when a step begins. Returns the number of passages;
    None, and does nothing, while another call is rebuilding: call again outside any transaction.
    """
    if not locks.try_hold(Lock.SEARCH_INDEX):
        return None
    last_change = last_public_change_id()  # before the first text is read: a later change may not be in the index
    progress(IndexStep.WORDS)
    with connection.cursor() as cursor:
        _write_term_frequencies(cursor)
        cursor.execute(SELECT_LENGTHS)
        passages, mean_length = cursor.fetchone()
    progress(IndexStep.POSTINGS)
    newest = {
        kind.value: postings.write_postings(kind, float(mean_length), limits.common_rows)
        for kind in postings.ROWS_BY_KIND
    }
    SearchStatistics.objects.update_or_create(
        defaults={
            "passages": passages,
            "mean_length": float(mean_length),
            "newest": newest,
            "counted_at": timezone.now(),
            "last_change": last_change,
        }
    )
    progress(IndexStep.GLOSSARY)
    glossary.rebuild_glossary()
    progress(IndexStep.SPELLING)
    restoration.learn_spelling()
    progress(IndexStep.SUGGESTIONS)
    suggestions.rebuild_suggestions()
    return int(passages)


def _write_term_frequencies(cursor: CursorWrapper) -> None:
    cursor.execute("DELETE FROM content_termfrequency")
    cursor.execute(CREATE_SLICE_TABLE)
    cursor.execute("SELECT coalesce(max(id), 0) FROM content_passage")
    (newest,) = cursor.fetchone()
    for start in range(0, newest, IDS_PER_SLICE):
        cursor.execute(COUNT_SLICE, [start, start + IDS_PER_SLICE])
    cursor.execute(INSERT_TERM_FREQUENCIES)
    cursor.execute("DROP TABLE words_of_slices")


def is_index_stale(limits: SearchLimits = SearchLimits()) -> bool:  # noqa: B008 (immutable)
    """Whether the index must be rebuilt now rather than at night.

    It must where it was never built; where the number of articles changed by more than a tenth; where more articles
    are new than a search compares one by one; where words were taken out, since they would still be suggested.
    """
    row = SearchStatistics.objects.first()
    articles = Passage.objects.filter(provision__isnull=False)
    if row is None or not row.newest:
        return articles.exists()
    has_another_size = abs(articles.count() - row.passages) > row.passages / 10
    if has_another_size or removals().filter(pk__gt=row.last_change).exists():
        return True
    return articles.filter(pk__gt=row.newest[ResultKind.PROVISION]).count() > limits.fresh_rows
