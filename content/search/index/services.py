"""What search knows beside the texts is made from them again and again; aliases are kept by staff."""

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from content import locks
from content.documents.models import LegalDocument
from content.documents.passages.models import Passage
from content.errors import RuleBroken
from content.glossary import definitions
from content.locks import Lock
from content.people import services as people
from content.search.index import postings
from content.search.match import candidates
from content.search.models import GlossaryEntry, SearchStatistics, Suggestion, Synonym
from content.spelling import restoration
from content.text import lexemes
from content.text.vietnamese import nfc

IDS_PER_SLICE = 20_000  # ids: ts_stat keeps all it reads in memory, 5 GB of 1.5 million articles
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
ROWS_PER_BATCH = 5_000


@transaction.atomic
def rebuild_index():
    """Count the words of all passages anew, and what follows from the texts: terms explained, what to suggest.

    Readers see the old counts until it commits. Two at once wait for one another. Returns how many passages there are.
    """
    locks.hold(Lock.SEARCH_INDEX)
    with connection.cursor() as cursor:
        _write_term_frequencies(cursor)
        cursor.execute(SELECT_LENGTHS)
        passages, mean_length = cursor.fetchone()
    known = {kind: postings.write_postings(kind, float(mean_length)) for kind in postings.ROWS_BY_KIND}
    SearchStatistics.objects.update_or_create(
        defaults={
            "passages": passages,
            "mean_length": float(mean_length),
            "newest": known,
            "counted_at": timezone.now(),
        }
    )
    _write_glossary()
    _write_suggestions()
    restoration.learn_spelling()
    return passages


def _write_term_frequencies(cursor):
    cursor.execute("DELETE FROM content_termfrequency")
    cursor.execute(CREATE_SLICE_TABLE)
    cursor.execute("SELECT coalesce(max(id), 0) FROM content_passage")
    (newest,) = cursor.fetchone()
    for start in range(0, newest, IDS_PER_SLICE):
        cursor.execute(COUNT_SLICE, [start, start + IDS_PER_SLICE])
    cursor.execute(INSERT_TERM_FREQUENCIES)
    cursor.execute("DROP TABLE words_of_slices")


def is_index_stale():
    """Whether words were never counted, or since then passages changed in number by more than a tenth, or more of them
    are new than a search looks at one by one, or a document was withdrawn, whose name would go on being suggested.
    """
    row = SearchStatistics.objects.first()
    articles = Passage.objects.filter(provision__isnull=False)
    if row is None or not row.newest:
        return articles.exists()
    is_other = abs(articles.count() - row.passages) > row.passages / 10
    if is_other or LegalDocument.objects.filter(withdrawn_at__gte=row.counted_at).exists():
        return True
    return articles.filter(pk__gt=row.newest["provision"]).count() > candidates.MAX_FRESH_ROWS


@transaction.atomic
def save_synonym(alias, *, by):
    """Enter or change an alias. Raises RuleBroken: "blank", "synonym_adds_nothing", "already_exists"."""
    refuse_unusable_synonym(alias.said, alias.meant, own=alias.pk)
    alias.said = nfc(" ".join(alias.said.split()))
    alias.said_key = _folded_key(alias.said)
    alias.meant = [nfc(" ".join(meant.split())) for meant in alias.meant]
    alias.save()
    people.audit("search.alias_saved", alias.said_key, by=by, meant=alias.meant)
    return alias


def refuse_unusable_synonym(said, meant, *, own=None):
    """Raises what `save_alias` raises; `own`: the primary key of the alias that is changed."""
    if not _folded_key(said):
        raise RuleBroken("blank", _("There is no word in it."), field="said")
    if not meant or any(_folded_key(each) in ("", _folded_key(said)) for each in meant):
        raise RuleBroken("synonym_adds_nothing", _("Say what the law calls it, in other words."), field="meant")
    if Synonym.objects.filter(said_key=_folded_key(said)).exclude(pk=own).exists():
        raise RuleBroken("already_exists", _("This alias is there already."), field="said")


def _folded_key(text):
    return " ".join(lexemes.words(nfc(text)))


@transaction.atomic
def delete_synonym(alias, *, by):
    """Take an alias out. A repeat is a no-op."""
    if Synonym.objects.filter(pk=alias.pk).delete()[0]:
        people.audit("search.alias_deleted", alias.said_key, by=by)


def _write_glossary():
    GlossaryEntry.objects.all().delete()
    GlossaryEntry.objects.bulk_create(definitions.extract_entries(), batch_size=ROWS_PER_BATCH)


def _write_suggestions():
    """Names of documents, headings of articles and what people say; of two that fold alike the more frequent stays."""
    with connection.cursor() as cursor:
        cursor.execute(SELECT_NAMES)
        rows = cursor.fetchall()
    best = {}
    for text, passages in [*rows, *((alias.said, 1) for alias in Synonym.objects.all())]:
        text = " ".join(text.split()).rstrip(" .:;")
        key = " ".join(lexemes.words(text))
        if not 2 < len(key) <= 200 or len(text) > 300:
            continue
        standing = best.setdefault(key, [text, 0, 0])
        standing[1] += passages
        if passages > standing[2]:
            standing[0], standing[2] = text, passages
    Suggestion.objects.all().delete()
    new = (Suggestion(text_key=key, text=text, passages=passages) for key, (text, passages, _) in best.items())
    Suggestion.objects.bulk_create(new, batch_size=ROWS_PER_BATCH)


SELECT_NAMES = """
SELECT heading, count(*) FROM content_provisionversion version
JOIN content_passage passage ON passage.provision_id = version.provision_id
WHERE heading <> '' AND version.valid_until IS NULL GROUP BY heading
UNION ALL
SELECT title, count(*) * 20 FROM content_legaldocument WHERE status = 'published' GROUP BY title
"""
