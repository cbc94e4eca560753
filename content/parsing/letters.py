"""Letters that nobody can read: signs that are none, an old encoding inside the text, a scan that was misread."""

import re
from collections import Counter
from collections.abc import Iterator, Sized

from content.parsing.units import ParserWarning
from content.text import mojibake
from content.text.legacy_encodings import is_syllable, legacy_parts

# Heavy: at least one of MAX_LETTERS_PER_SIGN, an encoding read as another, or most words are none of Vietnamese.
UNREADABLE = "unreadable_letters"
STRAY = "stray_letters"
MIN_SIGNS = 5
MIN_LOST = 2  # question marks between letters; one is a misprint («HIV?AIDS»)
MAX_LETTERS_PER_SIGN = 500
SAMPLE_LENGTH = 60_000  # characters of which the words are looked at
MIN_WORDS = 200
MIN_SHARE_OF_SYLLABLES = 0.85  # of 229 laws the lowest has 0.95
MIN_SHARE_WITH_MARKS = 0.4  # of words with a letter that English lacks; of 229 laws the lowest has 0.77
_NO_LETTER = re.compile("[\ufffd\ue000-\uf8ff\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f]")
_BULLET = re.compile("^[ \t]*[\uf000-\uf0ff](?=[ \t])", re.MULTILINE)  # of a font of symbols, at the start of a line
_QUOTED_WORDS = 6  # words of the text that a warning repeats
# «Ng??i s? d?ng»: a letter that an encoding does not have became "?". In a web address "?" comes before a "=".
_LOST = re.compile(r"\?(?:(?<=[^\W\d_]\?)|(?<![^\s(“\"«]\?))\?{0,2}(?=[^\W\d_])(?!\w{1,40}=)")
_WORD = re.compile(r"[^\W\d_]{2,}")


def letter_warnings(text: str) -> Iterator[ParserWarning]:
    """The warnings about letters of a text, each at the first place it is about. Linear."""
    for part in legacy_parts(text):
        message = f"Từ {_quoted(text, part.start, part.end)} có phần gõ bằng {part.encoding}, không phải Unicode: "
        yield ParserWarning("mixed_encodings", message + "không ai đọc được.", part.start)
    unreadable = [*_misread_utf8(text), *_lost_letters(text)]
    unreadable = unreadable or [*_signs_that_are_no_letters(text)]
    yield from unreadable
    syllables, marked = _shares_of_words(text[:SAMPLE_LENGTH])
    is_vietnamese = syllables >= MIN_SHARE_OF_SYLLABLES and marked >= MIN_SHARE_WITH_MARKS
    if not is_vietnamese and not any(each.code == UNREADABLE for each in unreadable):
        message = (
            f"Chỉ {min(syllables, marked):.0%} số từ đọc được là tiếng Việt có dấu: lớp chữ nhận dạng sai, văn bản mất "
            "dấu hoặc viết bằng tiếng khác."
        )
        yield ParserWarning(UNREADABLE, message, 0)


def _misread_utf8(text: str) -> Iterator[ParserWarning]:
    count, first = mojibake.count_signs(text), mojibake.first_sign(text)
    if first is not None and count >= MIN_SIGNS:
        message = (
            f"Từ {_quoted(text, first)} có {count} chữ mã UTF-8 bị đọc bằng bảng mã khác (Latin-1, Windows-1252): "
            "không ai đọc được. Hãy lấy lại tệp gốc, mở bằng UTF-8 rồi nhập lại."
        )
        yield ParserWarning(UNREADABLE, message, first)


def _lost_letters(text: str) -> Iterator[ParserWarning]:
    places = [found.start() for found in _LOST.finditer(text)]
    if len(places) >= MIN_LOST:
        message = (
            f"Từ {_quoted(text, places[0])} có {len(places)} chỗ chữ có dấu đã thành dấu hỏi, vì được lưu bằng bảng mã "
            "không có tiếng Việt. Chữ đã mất: hãy lấy lại bản gốc và lưu bằng UTF-8."
        )
        yield ParserWarning(UNREADABLE if _are_many(places, text) else STRAY, message, places[0])


def _signs_that_are_no_letters(text: str) -> Iterator[ParserWarning]:
    bullets = {found.end() for found in _BULLET.finditer(text)}
    signs = [found.start() for found in _NO_LETTER.finditer(text) if found.end() not in bullets]
    if signs:
        message = f"Có {len(signs)} dấu không phải là chữ, thường là chữ bị mất khi chép hoặc chuyển đổi."
        yield ParserWarning(UNREADABLE if _are_many(signs, text) else STRAY, message, signs[0])


def _are_many(places: Sized, text: str) -> bool:
    return len(places) >= MIN_SIGNS and len(places) * MAX_LETTERS_PER_SIGN >= len(text)


def _quoted(text: str, start: int, end: int | None = None) -> str:
    """The first words from there on, with the start of the word in which `start` is: «Ng??i s? d?ng…»."""
    begin = max(text.rfind(blank, max(0, start - 40), start) for blank in " \n\t") + 1
    words = text[max(begin, start - 40) : min(end or len(text), start + 200)].split()[:_QUOTED_WORDS]
    return f"«{' '.join(words)}…»"


def _shares_of_words(text: str) -> tuple[float, float]:
    """The share of words that can be Vietnamese, and of those that are not ASCII; 1 for a text too short to tell."""
    times = Counter(_WORD.findall(text))
    if times.total() < MIN_WORDS:
        return 1.0, 1.0
    syllables = sum(count for word, count in times.items() if is_syllable(word))
    return syllables / times.total(), sum(times[word] for word in times if not word.isascii()) / times.total()
