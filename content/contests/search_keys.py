"""The search keys of a public contest: those of its title, description, prizes and organiser."""

from content.contests.models import Contest
from content.text import lexemes


def refresh_contest_search_keys(contest: Contest) -> None:
    """Recompute the keys. Call it in the transaction that changes the public content."""
    named = [contest.organisation, contest.province, *contest.topics.all()]
    said = [contest.text, contest.prizes, *(str(each) for each in named if each)]
    fields = [lexemes.words(text)[: lexemes.MAX_WORDS] for text in ("", "", contest.title, "\n".join(said))]
    contest.search_words, contest.search_codes = lexemes.tsvector_text(*fields), lexemes.word_codes(*fields)
    contest.save(update_fields=["search_words", "search_codes"])
