"""Letters that nobody can read: signs that are none, an old encoding inside the text, a scan that was misread."""

import re
from collections import Counter
from collections.abc import Iterator

from content.parsing.units import ParserWarning
from content.text.legacy_encodings import is_syllable, legacy_parts

UNREADABLE = "unreadable_letters"  # heavy: at least one of MAX_LETTERS_PER_SIGN, or most words are none of Vietnamese
STRAY = "stray_letters"
MIN_SIGNS = 5
MAX_LETTERS_PER_SIGN = 500
SAMPLE_LENGTH = 60_000  # characters of which the words are looked at
MIN_WORDS = 200
MIN_SHARE_OF_SYLLABLES = 0.7  # of 229 laws the lowest has 0.93, an annex of names of drugs included
_NO_LETTER = re.compile("[\ufffd\ue000-\uf8ff\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f]")
_BULLET = re.compile("^[ \t]*[\uf000-\uf0ff](?=[ \t])", re.MULTILINE)  # of a font of symbols, at the start of a line
_WORD = re.compile(r"[^\W\d_]{2,}")


def letter_warnings(text: str) -> Iterator[ParserWarning]:
    """The warnings about letters of a text, each at the first place it is about. Linear."""
    for part in legacy_parts(text):
        words = " ".join(text[part.start : part.end].split()[:6])
        message = f"Từ «{words}…» có phần gõ bằng {part.encoding}, không phải Unicode: không ai đọc được."
        yield ParserWarning("mixed_encodings", message, part.start)
    bullets = {found.end() for found in _BULLET.finditer(text)}
    signs = [found.start() for found in _NO_LETTER.finditer(text) if found.end() not in bullets]
    if signs:
        is_heavy = len(signs) >= MIN_SIGNS and len(signs) * MAX_LETTERS_PER_SIGN >= len(text)
        message = f"Có {len(signs)} dấu không phải là chữ, thường là chữ bị mất khi chép hoặc chuyển đổi."
        yield ParserWarning(UNREADABLE if is_heavy else STRAY, message, signs[0])
    share = _share_of_syllables(text[:SAMPLE_LENGTH])
    if share < MIN_SHARE_OF_SYLLABLES:
        message = (
            f"Chỉ {share:.0%} số từ có thể là tiếng Việt: lớp chữ nhận dạng sai, hoặc văn bản viết bằng tiếng khác."
        )
        yield ParserWarning(UNREADABLE, message, 0)


def _share_of_syllables(text: str) -> float:
    """The share of words that can be Vietnamese; 1 for a text too short to tell."""
    times = Counter(_WORD.findall(text))
    if times.total() < MIN_WORDS:
        return 1.0
    return sum(count for word, count in times.items() if is_syllable(word)) / times.total()
