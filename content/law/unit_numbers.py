"""Numbers of units: their order, and their form inside an eid. Pure."""

import re

from content.text.numerals import ROMAN_DIGITS

# The 23 letters of points (design/vocabulary.md C6), with f j w z where careless drafts use them.
POINT_LETTERS = "abcdđefghijklmnopqrstuvwxyz"
RARE_LETTERS = frozenset("fjwz")

ORDINAL_WORDS = {
    "nhất": 1, "một": 1, "hai": 2, "ba": 3, "tư": 4, "bốn": 4, "năm": 5, "lăm": 5, "sáu": 6,
    "bảy": 7, "bẩy": 7, "tám": 8, "chín": 9, "mười": 10,
}  # fmt: skip

_ARABIC_NUMBER = re.compile(r"([0-9]{1,9})([a-zđ]{0,9})")
_ROMAN_NUMBER = re.compile(r"([IVXLC]{1,12})([a-zđ]{0,9})")
_POINT_MARK = re.compile(r"([a-zđ]{1,9})([0-9]{0,9})")


def number_order(number: str) -> tuple[int, ...]:
    """A tuple that sorts numbers of one kind as the law counts them: 12 < 12a < 13, d < đ < e, a < a1 < b.

    Reads "12a", "XIVa", "thứ hai", "đ1"; anything else gives the empty tuple, which comes first.
    """
    if match := _ARABIC_NUMBER.fullmatch(number):
        return (int(match[1]), *_letter_ranks(match[2]))
    if match := _ROMAN_NUMBER.fullmatch(number):
        return (_roman_value(match[1]), *_letter_ranks(match[2]))
    if match := _POINT_MARK.fullmatch(number):
        return (len(match[1]), *_letter_ranks(match[1]), *([int(match[2])] if match[2] else []))
    return _ordinal_order(number)


def _letter_ranks(letters: str) -> tuple[int, ...]:
    return tuple(POINT_LETTERS.index(letter) + 1 for letter in letters)


def _roman_value(digits: str) -> int:
    """Value of Roman digits; odd spellings such as IIII still get one."""
    values = [ROMAN_DIGITS[digit] for digit in digits]
    following = [*values[1:], 0]
    return sum(-value if value < after else value for value, after in zip(values, following, strict=True))


def _ordinal_order(words: str) -> tuple[int, ...]:
    """Value of "thứ nhất", "thứ mười hai"; () when the words are no ordinal."""
    parts = words.lower().removeprefix("thứ").split()
    known = [ORDINAL_WORDS[part] for part in parts if part in ORDINAL_WORDS]
    return (sum(known),) if parts and len(known) == len(parts) else ()


def eid_token(number: str) -> str:
    """The number inside an eid: "12a", Roman and worded ones in Arabic, đ as dd (design/vocabulary.md D)."""
    if _ARABIC_NUMBER.fullmatch(number) or _POINT_MARK.fullmatch(number):
        return number.replace("đ", "dd")
    if match := _ROMAN_NUMBER.fullmatch(number):
        return f"{_roman_value(match[1])}{match[2].replace('đ', 'dd')}"
    return "".join(str(value) for value in _ordinal_order(number))
