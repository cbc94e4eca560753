"""The search keys of a public event: those of its title, description, place and speakers."""

from content.events.models import Event
from content.text import lexemes


def refresh_event_search_keys(event: Event) -> None:
    """Recompute the keys. Call it in the transaction that changes the public content."""
    named = [event.organisation, event.province, *event.sessions.all(), *event.speakers.all(), *event.materials.all()]
    said = [event.text, event.place, *(str(each) for each in named if each)]
    fields = [lexemes.words(text)[: lexemes.MAX_WORDS] for text in ("", "", event.title, "\n".join(said))]
    event.search_words, event.search_codes = lexemes.tsvector_text(*fields), lexemes.word_codes(*fields)
    event.save(update_fields=["search_words", "search_codes"])
