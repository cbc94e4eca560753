"""Rebuild the suggestions from public texts and synonyms."""

from dataclasses import dataclass

from django.db import connection, transaction

from content import locks
from content.changes.queries import last_public_change_id, removals
from content.changes.services import READ_CHANGES, defer_job
from content.locks import Lock
from content.suggestions.keys import suggestion_key
from content.suggestions.models import Suggestion
from content.suggestions.removals import remove_suggestions_of
from content.synonyms.models import Synonym

KEY_LETTERS = range(3, 201)  # of what is suggested
MAX_TEXT_LETTERS = 300
ROWS_PER_BATCH = 5_000
SELECT_NAMES = """
SELECT heading, count(*), 0, count(DISTINCT provision.id), min(document.key), min(provision.eid)
FROM content_provisionversion version
JOIN content_passage passage ON passage.provision_id = version.provision_id
JOIN content_provision provision ON provision.id = version.provision_id
JOIN content_legaldocument document ON document.id = provision.document_id
WHERE heading <> '' AND version.valid_until IS NULL GROUP BY heading
UNION ALL
SELECT title, count(*) * 20, count(*), 0, min(key), '' FROM content_legaldocument WHERE status = 'published'
GROUP BY title
"""


@dataclass
class _Spellings:
    """Texts of one key: the most frequent of them, and how many passages have any."""

    text: str
    total: int = 0
    most: int = 0  # passages that have `text`
    documents: int = 0  # how many have it as their title
    provisions: int = 0  # how many have it as their heading
    document_key: str = ""  # of one of them: of a document, if one has it as its title
    eid: str = ""

    def add_place(self, documents: int, provisions: int, document_key: str, eid: str) -> None:
        if documents or not self.documents:
            self.document_key, self.eid = document_key, eid
        self.documents += documents
        self.provisions += provisions

    @property
    def place(self) -> dict[str, str]:
        """The one document of this title, else the one provision of this heading, as columns."""
        is_one = self.documents == 1 or (self.documents, self.provisions) == (0, 1)
        return {"document_key": self.document_key, "eid": self.eid} if is_one else {}


@transaction.atomic
def rebuild_suggestions() -> None:
    """Replace all suggestions: names of documents, headings of articles, and what people say.

    Of texts that fold alike the most frequent is kept. Call it at the end of the transaction of a rebuild: from its
    first write to the commit nobody else deletes suggestions. Words that a correction takes out meanwhile are not
    written back: what was recorded after the texts were read is handled here, what is recorded later by the consumer.
    """
    last_change = last_public_change_id()
    suggestions = _read_suggestions()
    locks.hold(Lock.SUGGESTIONS)  # the consumer holds it for a moment, and does not wait for it
    Suggestion.objects.all().delete()
    Suggestion.objects.bulk_create(suggestions, batch_size=ROWS_PER_BATCH)
    for change in removals().filter(pk__gt=last_change):
        remove_suggestions_of(change)
    defer_job(READ_CHANGES)  # the consumer may have found the lock taken


def _read_suggestions() -> list[Suggestion]:
    with connection.cursor() as cursor:
        cursor.execute(SELECT_NAMES)
        rows = cursor.fetchall()
    by_key: dict[str, _Spellings] = {}
    said = [(synonym.said, 1, 0, 0, "", "") for synonym in Synonym.objects.all()]
    for text, passages, *place in [*rows, *said]:
        text = " ".join(text.split()).rstrip(" .:;")
        key = suggestion_key(text)
        if len(key) not in KEY_LETTERS or len(text) > MAX_TEXT_LETTERS:
            continue
        spellings = by_key.setdefault(key, _Spellings(text))
        spellings.total += passages
        spellings.add_place(*place)
        if passages > spellings.most:
            spellings.text, spellings.most = text, passages
    return [Suggestion(text_key=key, text=each.text, passages=each.total, **each.place) for key, each in by_key.items()]
