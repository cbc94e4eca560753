"""While somebody types; and where they mistyped: only words that our own texts hold."""

from string import ascii_lowercase

from content.search.models import SearchTerm, Suggestion, Term
from content.text import lexemes
from content.text.vietnamese import nfc

MOST = 10
MOST_TERMS = 50
MOST_WORDS = 30  # of a query are looked at for mistakes
RARE = 3  # passages: a word in so few may be a mistake
MUCH_MORE = 20  # times as often stands what it is taken for


def completions(typed):
    """Up to MOST Suggestions that begin with what was typed, then such as hold it, the most frequent first."""
    key = " ".join(lexemes.words(nfc(typed)))
    if not key:
        return []
    begin = Suggestion.objects.filter(text_key__gte=key, text_key__lt=key + "\U0010ffff")
    return list(begin.order_by("-passages", "text_key")[:MOST])


def terms(typed):
    """Up to MOST Terms that are called so, then such as begin so; each with its provision and document."""
    key = " ".join(lexemes.words(nfc(typed)))
    if not key:
        return []
    begin = Term.objects.filter(term_key__gte=key, term_key__lt=key + "\U0010ffff").order_by("term_key", "pk")
    rows = begin.select_related("provision__document").prefetch_related("provision__document__status_events")
    return list(rows[:MOST_TERMS])


def did_you_mean(text):
    """The text with words that nobody writes replaced by near ones that stand together in ours; "" where all is well.

    A word put in is written as our headings mostly write it beside its neighbours.
    """
    spans = lexemes.spans(nfc(text))[:MOST_WORDS]
    words = [word for word, *_ in spans]
    known = _frequencies(words)
    corrected = list(words)
    for place, word in enumerate(words):
        if known.get(word, 0) > RARE or not word.isalpha() or len(word) < 2:
            continue
        before = corrected[place - 1] if place else ""
        after = words[place + 1] if place + 1 < len(words) else ""
        corrected[place] = _nearest(word, before, after, known.get(word, 0)) or word
    if corrected == words:
        return ""
    written = _written(corrected)
    changed = [place for place, word in enumerate(words) if corrected[place] != word]
    for place in reversed(changed):
        _word, start, end = spans[place]
        text = nfc(text)[:start] + written[place] + nfc(text)[end:]
    return text


def _written(words):
    """The words with their accents, of each as it stands in the commonest bigram it is part of here."""
    rows = SearchTerm.objects.filter(lexeme__in=[*words, *lexemes.bigrams(words)]).exclude(written="")
    known = {row.lexeme: (row.passages, row.written) for row in rows}
    forms = [known.get(word, (0, word))[1] for word in words]
    pairs = sorted((known[pair], place) for place, pair in enumerate(lexemes.bigrams(words)) if pair in known)
    for (_passages, written), place in pairs:
        forms[place], forms[place + 1] = written.split(" ")
    return forms


def _nearest(word, before, after, own):
    near = _variants(word)
    frequencies = _frequencies(near)
    pairs = [f"{before}_{each}" for each in frequencies if before] + [
        f"{each}_{after}" for each in frequencies if after
    ]
    together = _frequencies(pairs)
    scored = [
        (together.get(f"{before}_{each}", 0) + together.get(f"{each}_{after}", 0), passages, each)
        for each, passages in frequencies.items()
        if passages > MUCH_MORE * max(own, 1)
    ]
    best = max(scored, default=None)
    return best[2] if best and (best[0] or not (before or after)) else ""


def _variants(word):
    """All that is one letter away: left out, put in, changed, two changed about."""
    cuts = [(word[:place], word[place:]) for place in range(len(word) + 1)]
    without = {head + tail[1:] for head, tail in cuts if tail}
    swapped = {head + tail[1] + tail[0] + tail[2:] for head, tail in cuts if len(tail) > 1}
    changed = {head + letter + tail[1:] for head, tail in cuts if tail for letter in ascii_lowercase}
    added = {head + letter + tail for head, tail in cuts for letter in ascii_lowercase}
    return (without | swapped | changed | added) - {word, ""}


def _frequencies(lexemes_):
    return dict(SearchTerm.objects.filter(lexeme__in=lexemes_).values_list("lexeme", "passages"))
