"""What search knows beside the texts is made from them again and again; aliases are kept by staff."""

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from content.documents.models import LegalDocument
from content.documents.passages.models import Passage
from content.errors import RuleBroken
from content.people import services as people
from content.search import candidates, glossary, postings, spelling
from content.search.models import SearchAlias, SearchStatistics, Suggestion, Term
from content.text import lexemes
from content.text.vietnamese import nfc

LOCK = 4_713_090  # any number, the same for every worker
SLICE = 20_000  # ids: ts_stat keeps all it reads in memory, 5 GB of 1.5 million articles
OF_SLICES = "CREATE TEMPORARY TABLE words_of_slices (word text, passages integer) ON COMMIT DROP"
OF_A_SLICE = """
INSERT INTO words_of_slices SELECT word, ndoc FROM ts_stat(format(
    'SELECT search_words FROM content_passage WHERE provision_id IS NOT NULL AND id > %%s AND id <= %%s', %s, %s
))
"""
TERMS = """
INSERT INTO content_searchterm (lexeme, passages) SELECT word, sum(passages) FROM words_of_slices GROUP BY word
"""
LENGTHS = """
SELECT count(*), coalesce(avg(octet_length(search_codes)) / 4, 200) FROM content_passage WHERE provision_id IS NOT NULL
"""
BATCH = 5_000


@transaction.atomic
def count():
    """Count the words of all passages anew, and what follows from the texts: terms explained, what to suggest.

    Readers see the old counts until it commits. Two at once wait for one another. Returns how many passages there are.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
        _count_words(cursor)
        cursor.execute(LENGTHS)
        passages, mean_length = cursor.fetchone()
    known = {kind: postings.write(kind, float(mean_length)) for kind in postings.SOURCES}
    SearchStatistics.objects.update_or_create(
        defaults={
            "passages": passages,
            "mean_length": float(mean_length),
            "newest": known,
            "counted_at": timezone.now(),
        }
    )
    _write_terms()
    _write_suggestions()
    spelling.write()
    return passages


def _count_words(cursor):
    cursor.execute("DELETE FROM content_searchterm")
    cursor.execute(OF_SLICES)
    cursor.execute("SELECT coalesce(max(id), 0) FROM content_passage")
    (newest,) = cursor.fetchone()
    for start in range(0, newest, SLICE):
        cursor.execute(OF_A_SLICE, [start, start + SLICE])
    cursor.execute(TERMS)
    cursor.execute("DROP TABLE words_of_slices")


def is_stale():
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
    return articles.filter(pk__gt=row.newest["provision"]).count() > candidates.FRESH


@transaction.atomic
def save_alias(alias, *, by):
    """Enter or change an alias. Raises RuleBroken: "no_words", "says_nothing", "already_there"."""
    refuse_unusable(alias.said, alias.meant, own=alias.pk)
    alias.said = nfc(" ".join(alias.said.split()))
    alias.said_key = _key(alias.said)
    alias.meant = [nfc(" ".join(meant.split())) for meant in alias.meant]
    alias.save()
    people.audit("search.alias_saved", alias.said_key, by=by, meant=alias.meant)
    return alias


def refuse_unusable(said, meant, *, own=None):
    """Raises what `save_alias` raises; `own`: the primary key of the alias that is changed."""
    if not _key(said):
        raise RuleBroken("no_words", _("There is no word in it."), field="said")
    if not meant or any(_key(each) in ("", _key(said)) for each in meant):
        raise RuleBroken("says_nothing", _("Say what the law calls it, in other words."), field="meant")
    if SearchAlias.objects.filter(said_key=_key(said)).exclude(pk=own).exists():
        raise RuleBroken("already_there", _("This alias is there already."), field="said")


def _key(text):
    return " ".join(lexemes.words(nfc(text)))


@transaction.atomic
def delete_alias(alias, *, by):
    """Take an alias out. A repeat is a no-op."""
    if SearchAlias.objects.filter(pk=alias.pk).delete()[0]:
        people.audit("search.alias_deleted", alias.said_key, by=by)


def _write_terms():
    Term.objects.all().delete()
    Term.objects.bulk_create(glossary.terms(), batch_size=BATCH)


def _write_suggestions():
    """Names of documents, headings of articles and what people say; of two that fold alike the more frequent stays."""
    with connection.cursor() as cursor:
        cursor.execute(NAMES)
        rows = cursor.fetchall()
    best = {}
    for text, passages in [*rows, *((alias.said, 1) for alias in SearchAlias.objects.all())]:
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
    Suggestion.objects.bulk_create(new, batch_size=BATCH)


NAMES = """
SELECT heading, count(*) FROM content_provisionversion version
JOIN content_passage passage ON passage.provision_id = version.provision_id
WHERE heading <> '' AND version.valid_until IS NULL GROUP BY heading
UNION ALL
SELECT title, count(*) * 20 FROM content_legaldocument WHERE state = 'published' GROUP BY title
"""
