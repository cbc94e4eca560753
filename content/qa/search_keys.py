"""The search keys of a public question: those of its public copy and of its current answer."""

from content.qa import queries
from content.qa.models import Question
from content.text import lexemes


def refresh_question_search_keys(question: Question) -> None:
    """Recompute the keys. Call it in the transaction that changes the public content."""
    answer = queries.current_answer_of(question)
    texts = ("", "", question.public_title, f"{question.public_text}\n{answer.text if answer else ''}")
    fields = [lexemes.words(text)[: lexemes.MAX_WORDS] for text in texts]
    question.search_words, question.search_codes = lexemes.tsvector_text(*fields), lexemes.word_codes(*fields)
    question.save(update_fields=["search_words", "search_codes"])


def clear_question_search_keys(question: Question) -> None:
    """Remove the question from search."""
    question.search_words, question.search_codes = "", b""
    question.save(update_fields=["search_words", "search_codes"])
