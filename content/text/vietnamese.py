"""Vietnamese text in four forms: to store, to compare by, for addresses, to sort by. Pure."""

import itertools
import re
import unicodedata
from collections.abc import Iterator, Sequence

_LINE_ENDS = re.compile(r"\r\n?")
_RUNS = re.compile(r"[^\r\n]+|\r\n?|\n")
DASHES = "\u2010\u2011\u2012\u2013\u2014\u2015\u2212\ufe58\ufe63\uff0d"  # design/vocabulary.md C6
INVISIBLE = "\xad\u200b\u200c\u200d\u2060\ufeff"  # inside words: programs leave them where a line may break
_INVISIBLE = re.compile(f"[{INVISIBLE}]")
_PLAIN = str.maketrans({"đ": "d", "ð": "d", "\xa0": " ", **dict.fromkeys(DASHES, "-")})
_WORDS = re.compile(r"[a-z0-9]+")
_LONG_RUN_OF_SIGNS = re.compile(r"[^\w\s\x00-\u02ff]{50,}")  # combining marks are no letters; no word has fifty

# Letters in dictionary order, and tone marks in the order dictionaries give them.
_LETTERS = "aăâbcdđeêfghijklmnoôơpqrstuưvwxyz"
_TONES = "\u0300\u0309\u0303\u0301\u0323"  # huyền, hỏi, ngã, sắc, nặng
_RANKS = str.maketrans({letter: chr(0x61 + rank) for rank, letter in enumerate(_LETTERS)})

_PAIRS = [
    (unicodedata.normalize("NFC", pair + tone), unicodedata.normalize("NFC", pair[0] + tone + pair[1]))
    for pair in ("oa", "oe", "uy", "Oa", "Oe", "Uy", "OA", "OE", "UY")
    for tone in _TONES
]
_OTHER_SPELLING = dict(_PAIRS) | {old: new for new, old in _PAIRS}
_TONED_PAIRS = re.compile("|".join(_OTHER_SPELLING))
_OLD_SPELLING = dict(_PAIRS)
_OLD_ENDS = re.compile(rf"(?<![qQ])(?:{'|'.join(_OLD_SPELLING)})(?![^\W\d_])")  # «quý», «hoàn» are written one way


def nfc(text: str) -> str:
    """The form in which every text is stored: NFC, lines ending in "\\n". Linear."""
    return unicodedata.normalize("NFC", _with_marks_in_order(_LINE_ENDS.sub("\n", text)))


def _with_marks_in_order(text: str) -> str:
    """The text with long runs of combining marks in canonical order, which every normal form has.

    Python puts marks in order by insertion, which is quadratic: 40,000 of them took 1.4 s. A stable sort by class gives
    the same (Unicode Standard, D108 and D109).
    """
    return _LONG_RUN_OF_SIGNS.sub(lambda run: _sorted_marks(run[0]), text)


def _sorted_marks(signs: str) -> str:
    runs = itertools.groupby(signs, key=lambda sign: unicodedata.combining(sign) > 0)
    return "".join("".join(sorted(run, key=unicodedata.combining) if are_marks else run) for are_marks, run in runs)


def normalise(text: str) -> tuple[str, Sequence[int]]:
    """`nfc(text)` and, for each of its code points and for its end, the offset in `text` as given.

    Linear. The offsets never fall; a letter put together from several code points has the
    offset of the first. They are a range when nothing had to change.
    """
    if "\r" not in text and _is_nfc(text):
        return text, range(len(text) + 1)
    pieces: list[str] = []
    offsets: list[int] = []
    for run in _RUNS.finditer(text):
        cuts = [run.span()] if _is_nfc(run[0]) else _clusters(text, *run.span())
        for start, end in cuts:
            piece = nfc(text[start:end])
            pieces.append(piece)
            offsets.extend(min(start + at, end - 1) for at in range(len(piece)))
    return "".join(pieces), [*offsets, len(text)]


def without_invisible(text: str) -> tuple[str, Sequence[int]]:
    """The text without soft hyphens and zero-width signs; for each code point left, its offset in `text`. Linear."""
    if not _INVISIBLE.search(text):
        return text, range(len(text))
    kept = [at for at, letter in enumerate(text) if letter not in INVISIBLE]
    return "".join(text[at] for at in kept), kept


def _is_nfc(text: str) -> bool:
    return unicodedata.is_normalized("NFC", text)  # long runs of marks too: out of order they are no NFC at sight


def _clusters(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Cut text[start:end] before each code point that no normalisation joins to the one before it."""
    for at in range(start + 1, end):
        joins = unicodedata.category(text[at])[0] == "M" or "\u1160" <= text[at] <= "\u11ff"  # marks, Hangul vowels
        if not joins:
            yield start, at
            start = at
    yield start, end


def fold(text: str) -> str:
    """The form to search and compare by: small letters without marks, đ as d, every dash "-", no NBSP."""
    return without_marks(text.lower()).translate(_PLAIN)


def fold_letters(text: str) -> str:
    """`fold` letter by letter: as long as the NFC text, so that offsets hold. Letters without one fold stay."""
    return text.translate(_FOLDED_LETTERS)


def small_letters(text: str) -> str:
    """The text in small letters, marks kept: as long as it was, so that offsets hold."""
    small = text.lower()
    return small if len(small) == len(text) else "".join(each.lower()[:1] or each for each in text)


def caseless(text: str) -> str:
    """`small_letters` with i for ı and s for ſ, which a pattern that ignores case takes for them."""
    return small_letters(text).replace("\u0131", "i").replace("\u017f", "s")


def without_marks(text: str) -> str:
    """The text without the marks of its vowels; «đ» stays: «điều» is «đieu»."""
    decomposed = unicodedata.normalize("NFD", _with_marks_in_order(text))
    return "".join(sign for sign in decomposed if not unicodedata.combining(sign))


def _may_fold(code: int) -> bool:
    """Whether `fold` can change the letter. Asking `fold` of every letter took 60 ms of each start."""
    return chr(code).lower() != chr(code) or code in _PLAIN or bool(unicodedata.decomposition(chr(code)))


_FOLDED_LETTERS = {
    code: folded
    for code in filter(_may_fold, [*range(0x2100), 0x2212, *map(ord, DASHES)])
    if len(folded := fold(chr(code))) == 1 and folded != chr(code)
}


def either_spelling(text: str) -> str:
    """A regular expression for these words, case and marks as they are, with the tone of oa, oe, uy on either letter.

    «hoà» and «hòa» are one word, written as its time taught: laws before about 2010 mostly have «Uỷ ban», «văn hoá».
    """
    return _TONED_PAIRS.sub(lambda pair: f"(?:{pair[0]}|{_OTHER_SPELLING[pair[0]]})", re.escape(text))


def one_spelling(text: str) -> str:
    """The NFC text with each tone of oa, oe, uy on the first letter: «hoà» is «hòa»."""
    return _OLD_ENDS.sub(lambda pair: _OLD_SPELLING[pair[0]], text)


def slug(text: str, limit: int = 80) -> str:
    """ASCII for an address: words joined by "-", whole words as far as `limit` characters allow."""
    words = "-".join(_WORDS.findall(fold(text)))
    if len(words) <= limit:
        return words
    return words[: limit + 1].rpartition("-")[0] or words[:limit]


def sort_key(text: str) -> str:
    """A str whose plain code-point order is that of a Vietnamese dictionary.

    Letters first (a ă â b c d đ e ê ...), then tones (none, huyền, hỏi, ngã, sắc, nặng), then the
    text itself so that the order is total. The database has no ICU; the key is stored there
    under COLLATE "C".
    """
    letters, tones = [], []
    for letter in nfc(text.casefold().replace("ð", "đ")):
        bare, tone = _without_tone(letter)
        letters.append(bare)
        tones.append(tone)
    return f"{''.join(letters).translate(_RANKS)}\x01{''.join(tones).rstrip('0')}\x01{text}"


def _without_tone(letter: str) -> tuple[str, str]:
    """("ê", "2") for "ể": the letter as the alphabet has it, the rank of its tone."""
    if letter.isascii():
        return letter, "0"
    signs = unicodedata.normalize("NFD", letter)
    tone = next((str(_TONES.index(sign) + 1) for sign in signs if sign in _TONES), "0")
    return unicodedata.normalize("NFC", "".join(sign for sign in signs if sign not in _TONES)), tone
