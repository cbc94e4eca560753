"""While somebody types; and where they mistyped, or left accents out: only words that our own texts hold."""

from string import ascii_lowercase

from content.documents.models import LegalDocument
from content.search.models import GlossaryEntry, Suggestion, TermFrequency
from content.spelling import restoration
from content.text import lexemes
from content.text.vietnamese import nfc

MAX_COMPLETIONS = 10
MAX_GLOSSARY_ENTRIES = 50
MAX_CORRECTED_WORDS = 30  # of a query are looked at for mistakes
RARE_PASSAGES = 3  # passages: a word in so few may be a mistake
MIN_FREQUENCY_RATIO = 20  # times as often stands what it is taken for


def completions(typed):
    """Up to MOST Suggestions that begin with what was typed, then such as hold it, the most frequent first."""
    key = " ".join(lexemes.words(nfc(typed)))
    if not key:
        return []
    begin = Suggestion.objects.filter(text_key__gte=key, text_key__lt=key + "\U0010ffff")
    return list(begin.order_by("-passages", "text_key")[:MAX_COMPLETIONS])


def glossary_entries(typed):
    """Up to MOST Terms that are called so, then such as begin so; each with its provision and document.

    Not those of a document that was withdrawn since they were counted.
    """
    key = " ".join(lexemes.words(nfc(typed)))
    if not key:
        return []
    begin = GlossaryEntry.objects.filter(term_key__gte=key, term_key__lt=key + "\U0010ffff").order_by("term_key", "pk")
    begin = begin.filter(provision__document__status=LegalDocument.Status.PUBLISHED)
    rows = begin.select_related("provision__document").prefetch_related("provision__document__status_events")
    return list(rows[:MAX_GLOSSARY_ENTRIES])


def did_you_mean(text):
    """The text as ours would write it; "" where it is written so: words that nobody writes replaced by near ones that
    stand together in ours, and accents where it was typed without any.
    """
    text = nfc(text)
    spans = lexemes.word_spans(text)[:MAX_CORRECTED_WORDS]
    words = [word for word, *_ in spans]
    corrected = _corrected_words(words)
    typed = [text[start:end] for _, start, end in spans]
    is_bare = restoration.have_no_accents(typed) and len(words) > 1  # of one word too little is known
    changed = [one != other for one, other in zip(corrected, words, strict=True)]
    if not (is_bare or any(changed)):
        return ""
    likely = [new if is_new else old for new, is_new, old in zip(corrected, changed, typed, strict=True)]
    written = restoration.accented_words(likely, [is_bare or is_new for is_new in changed])
    return restoration.replace_words(text, spans, written) if written != typed else ""


def _corrected_words(words):
    known = _term_frequencies(words)
    corrected = list(words)
    for place, word in enumerate(words):
        if known.get(word, 0) > RARE_PASSAGES or not word.isalpha() or len(word) < 2:
            continue
        before = corrected[place - 1] if place else ""
        after = words[place + 1] if place + 1 < len(words) else ""
        corrected[place] = _best_correction(word, before, after, known.get(word, 0)) or word
    return corrected


def _best_correction(word, before, after, own):
    near = _one_edit_variants(word)
    frequencies = _term_frequencies(near)
    pairs = [f"{before}_{each}" for each in frequencies if before] + [
        f"{each}_{after}" for each in frequencies if after
    ]
    together = _term_frequencies(pairs)
    scored = [
        (together.get(f"{before}_{each}", 0) + together.get(f"{each}_{after}", 0), passages, each)
        for each, passages in frequencies.items()
        if passages > MIN_FREQUENCY_RATIO * max(own, 1)
    ]
    best = max(scored, default=None)
    return best[2] if best and (best[0] or not (before or after)) else ""


def _one_edit_variants(word):
    """All that is one letter away: left out, put in, changed, two changed about."""
    cuts = [(word[:place], word[place:]) for place in range(len(word) + 1)]
    without = {head + tail[1:] for head, tail in cuts if tail}
    swapped = {head + tail[1] + tail[0] + tail[2:] for head, tail in cuts if len(tail) > 1}
    changed = {head + letter + tail[1:] for head, tail in cuts if tail for letter in ascii_lowercase}
    added = {head + letter + tail for head, tail in cuts for letter in ascii_lowercase}
    return (without | swapped | changed | added) - {word, ""}


def _term_frequencies(lexemes_):
    return dict(TermFrequency.objects.filter(lexeme__in=lexemes_).values_list("lexeme", "passages"))
