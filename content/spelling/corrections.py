"""Correct mistyped words and missing accents, using only words that our own texts hold."""

from collections.abc import Callable, Iterable
from string import ascii_lowercase

from content.spelling import restoration
from content.text import lexemes
from content.text.vietnamese import nfc

MAX_CORRECTED_WORDS = 30  # of a query are checked for mistakes
RARE_PASSAGES = 3  # a word that no more passages hold may be a mistake
MIN_FREQUENCY_RATIO = 20  # a correction must be more than this many times as frequent
PassageCounts = Callable[[Iterable[str]], dict[str, int]]  # lexemes → {lexeme: number of passages that hold it}


def correct_spelling(text: str, passages_with: PassageCounts) -> str:
    """The text as our own texts would write it, "" where that is how it was typed.

    A rare word is replaced by a frequent one a letter away, preferably one that occurs beside its neighbours in our
    texts. Accents are added where none was typed, unless it is a single word. `passages_with`: counts of the words
    and bigrams of our texts.
    """
    text = nfc(text)
    spans = lexemes.word_spans(text)[:MAX_CORRECTED_WORDS]
    words = [word for word, *_ in spans]
    corrected = _corrected_words(words, passages_with)
    typed = [text[start:end] for _, start, end in spans]
    is_bare = restoration.have_no_accents(typed) and len(words) > 1  # of one word too little is known
    changed = [one != other for one, other in zip(corrected, words, strict=True)]
    if not (is_bare or any(changed)):
        return ""
    likely = [new if is_new else old for new, is_new, old in zip(corrected, changed, typed, strict=True)]
    written = restoration.accented_words(likely, [is_bare or is_new for is_new in changed])
    return restoration.replace_words(text, spans, written) if written != typed else ""


def _corrected_words(words: list[str], passages_with: PassageCounts) -> list[str]:
    known = passages_with(words)
    corrected = list(words)
    for place, word in enumerate(words):
        if known.get(word, 0) > RARE_PASSAGES or not word.isalpha() or len(word) < 2:
            continue
        before = corrected[place - 1] if place else ""
        after = words[place + 1] if place + 1 < len(words) else ""
        least = MIN_FREQUENCY_RATIO * max(known.get(word, 0), 1)
        corrected[place] = _best_correction(word, before, after, least, passages_with) or word
    return corrected


def _best_correction(word: str, before: str, after: str, least: int, passages_with: PassageCounts) -> str:
    """The best word one edit away that more than `least` passages hold, "" where there is none.

    `before`, `after`: its neighbours, "" where it has none.
    """
    frequencies = passages_with(_one_edit_variants(word))
    pairs = [f"{before}_{each}" for each in frequencies if before] + [
        f"{each}_{after}" for each in frequencies if after
    ]
    together = passages_with(pairs)
    scored = [
        (together.get(f"{before}_{each}", 0) + together.get(f"{each}_{after}", 0), passages, each)
        for each, passages in frequencies.items()
        if passages > least
    ]
    best = max(scored, default=None)
    return best[2] if best and (best[0] or not (before or after)) else ""


def _one_edit_variants(word: str) -> set[str]:
    """Everything one edit away: a letter left out, added or changed, or two neighbours swapped."""
    cuts = [(word[:place], word[place:]) for place in range(len(word) + 1)]
    without = {head + tail[1:] for head, tail in cuts if tail}
    swapped = {head + tail[1] + tail[0] + tail[2:] for head, tail in cuts if len(tail) > 1}
    changed = {head + letter + tail[1:] for head, tail in cuts if tail for letter in ascii_lowercase}
    added = {head + letter + tail for head, tail in cuts for letter in ascii_lowercase}
    return (without | swapped | changed | added) - {word, ""}
