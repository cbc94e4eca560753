"""What search reads of a public question: its redacted copy and the answer that stands, as keys."""

from content.qa import queries
from content.text import lexemes


def refresh_question_search_keys(question):
    """Make the keys anew from what the public may read. Call it in the transaction that changes that."""
    answer = queries.current_answer_of(question)
    texts = ("", "", question.public_title, f"{question.public_text}\n{answer.text if answer else ''}")
    fields = [lexemes.words(text)[: lexemes.MAX_WORDS] for text in texts]
    question.search_words, question.search_codes = lexemes.tsvector_text(*fields), lexemes.word_codes(*fields)
    question.save(update_fields=["search_words", "search_codes"])


def clear_question_search_keys(question):
    """Nothing of it is found any more."""
    question.search_words, question.search_codes = "", b""
    question.save(update_fields=["search_words", "search_codes"])
