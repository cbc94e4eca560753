"""Find the synonyms that a query uses."""

from collections import defaultdict
from collections.abc import Sequence
from typing import NamedTuple

from content import sql
from content.text import lexemes
from content.text.vietnamese import one_spelling

MAX_WORDS = 6  # of what people say
SELECT_SYNONYMS = "SELECT said_key, said, meant FROM content_synonym WHERE said_key = ANY(%s)"


class FoundSynonym(NamedTuple):
    """A synonym that was found in a text, as its rule spells it, and one of its meanings."""

    said: str
    meant: str


def synonyms_in(spans: Sequence[tuple[str, int, int]], text: str) -> list[FoundSynonym]:
    """Synonyms among the words of a text, one for each meaning. Where two overlap, the longer counts.

    `spans`: those of `lexemes.word_spans(text)` that count. Accents that were typed must agree: «vật» is no «VAT».
    """
    words = [word for word, *_ in spans]
    typed = [text[start:end] for _, start, end in spans]
    runs = defaultdict(list)
    for start in range(len(words)):
        for end in range(start + 1, min(start + MAX_WORDS, len(words)) + 1):
            runs[" ".join(words[start:end])].append(typed[start:end])
    known = sql.fetch_rows(SELECT_SYNONYMS, [list(runs)])
    rest, found = f" {' '.join(words)} ", []
    for key, said, meanings in sorted(known, key=lambda row: (-len(row[0]), row[0])):
        if f" {key} " in rest and any(_accents_allow(run, said) for run in runs[key]):
            found += [FoundSynonym(said, meant) for meant in meanings]
            rest = rest.replace(f" {key} ", " # ")
    return found


def _accents_allow(typed: Sequence[str], said: str) -> bool:
    """Whether words that fold alike may be what is said: a word typed without accents may be any."""
    spoken = [said[start:end] for _, start, end in lexemes.word_spans(said)]
    return all(
        word.isascii() or one_spelling(word.lower()) == one_spelling(other.lower())
        for word, other in zip(typed, spoken, strict=False)
    )
