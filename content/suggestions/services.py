"""Rebuild the suggestions from public texts and synonyms."""

from dataclasses import dataclass

from django.db import connection

from content.suggestions.models import Suggestion
from content.synonyms.models import Synonym
from content.text import lexemes

KEY_LETTERS = range(3, 201)  # of what is suggested
MAX_TEXT_LETTERS = 300
ROWS_PER_BATCH = 5_000
SELECT_NAMES = """
SELECT heading, count(*) FROM content_provisionversion version
JOIN content_passage passage ON passage.provision_id = version.provision_id
WHERE heading <> '' AND version.valid_until IS NULL GROUP BY heading
UNION ALL
SELECT title, count(*) * 20 FROM content_legaldocument WHERE status = 'published' GROUP BY title
"""


@dataclass
class _Spellings:
    """Texts of one key: the most frequent of them, and how many passages have any."""

    text: str
    total: int = 0
    most: int = 0  # passages that have `text`


def rebuild_suggestions() -> None:
    """Replace all suggestions: names of documents, headings of articles, and what people say.

    Of texts that fold alike the most frequent is kept. Call it in the transaction of a rebuild.
    """
    with connection.cursor() as cursor:
        cursor.execute(SELECT_NAMES)
        rows = cursor.fetchall()
    by_key: dict[str, _Spellings] = {}
    for text, passages in [*rows, *((synonym.said, 1) for synonym in Synonym.objects.all())]:
        text = " ".join(text.split()).rstrip(" .:;")
        key = " ".join(lexemes.words(text))
        if len(key) not in KEY_LETTERS or len(text) > MAX_TEXT_LETTERS:
            continue
        spellings = by_key.setdefault(key, _Spellings(text))
        spellings.total += passages
        if passages > spellings.most:
            spellings.text, spellings.most = text, passages
    Suggestion.objects.all().delete()
    rows = (Suggestion(text_key=key, text=each.text, passages=each.total) for key, each in by_key.items())
    Suggestion.objects.bulk_create(rows, batch_size=ROWS_PER_BATCH)
