"""The key of a suggestion."""

from content.text import lexemes


def suggestion_key(text: str) -> str:
    """The key of what is suggested: its words, folded."""
    return " ".join(lexemes.words(text))
