"""Queries typed in Telex where no program read it: «ddieu 8 luaatj hoon nhaan»."""

from content.spelling.corrections import MIN_FREQUENCY_RATIO, PassageCounts
from content.text import lexemes
from content.text.telex import read_syllable
from content.text.vietnamese import fold, nfc

MAX_WORDS = 30  # of a query are read
ALWAYS_KNOWN = frozenset(  # of citations
    ["dieu", "khoan", "diem", "chuong", "muc", "luat", "bo", "nghi", "dinh", "thong", "tu", "quyet"]
)


def read_telex(text: str, passages_with: PassageCounts) -> str:
    """The query with the words that are Telex as they are meant; as it is where it has a letter of Vietnamese.

    A word is Telex if our texts hold what it means, and not the word itself, or hardly. At least one must have more
    than a tone, as «dd» or «oo»: «has» alone is English. `passages_with`: counts of the words of our texts, asked only
    then.
    """
    text = nfc(text)
    if not text.isascii():
        return text
    spans = [span for span in lexemes.word_spans(text) if span[0].isalpha()][:MAX_WORDS]
    read = {word: syllable for word, *_ in spans if (syllable := read_syllable(word))}
    if not any(syllable.is_certain for syllable in read.values()):
        return text
    counts = passages_with([*read, *(fold(syllable.word) for syllable in read.values())])
    meant = {
        word: syllable
        for word, syllable in read.items()
        if _is_likelier(counts.get(word, 0), counts.get(fold(syllable.word), 0), fold(syllable.word))
    }
    if not any(syllable.is_certain for syllable in meant.values()):
        return text
    for word, start, end in reversed(spans):
        if word in meant:
            text = text[:start] + meant[word].word + text[end:]
    return text


def _is_likelier(typed: int, meant: int, word: str) -> bool:
    """Whether our texts hold the word that is meant so much more often than the one typed."""
    return (meant > 0 or word in ALWAYS_KNOWN) if typed == 0 else meant > MIN_FREQUENCY_RATIO * typed
