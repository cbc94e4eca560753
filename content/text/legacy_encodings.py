"""Texts typed before Unicode: TCVN3 (fonts named .Vn…) and VNI store Vietnamese letters as other letters. Pure.

Read as Unicode, such a text looks like «§iÒu 1. Ph¹m vi» or «Ñieàu 1. Phaïm vi»; nobody can read it or find it by
search. A whole text is refused and not converted: fonts were mixed within a page, and a wrong letter changes the law.
Lines in TCVN3 inside a text in Unicode are converted where each word then is a syllable of Vietnamese.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from content.text import mojibake

TCVN3, VNI = "TCVN3 (ABC)", "VNI"
SAMPLE_LENGTH = 200_000  # characters looked at to judge a whole text
MIN_SIGNS = 5  # combinations that no word contains, to call a text typed in an old encoding
MIN_SIGNS_OF_PART = 3
_UNICODE = re.compile("[\u1ea0-\u1ef9]")  # ạ ả ấ …: in every Vietnamese text in Unicode, never in the old encodings
_SIGNS = {
    TCVN3: re.compile("[A-Za-z][¸µ¶·¹¨»¾¼½©®§Æ]|[§®][A-Za-z]"),
    VNI: re.compile("[AEOUYaeouy][ïøûõäëöåÿÏØÛÕÄËÖÅ]|[öÖ][ùøûõïÙØÛÕÏ]"),  # a vowel and its mark as a letter of its own
}
_ANY_SIGN = re.compile("[¸µ¶·¹¨»¾¼½©®§¬\xadÆïøûäëåÿÏØÛÄËÅ]")

_TCVN3_LETTERS = dict(
    zip(
        "¸µ¶·¹¨¾»¼½Æ©ÊÇÈÉË®ÐÌÎÏÑªÕÒÓÔÖÝ×ØÜÞãßáâä«èåæçé¬íêëìîóïñòô\xadøõö÷ùýúûüþ",
        "áàảãạăắằẳẵặâấầẩẫậđéèẻẽẹêếềểễệíìỉĩịóòỏõọôốồổỗộơớờởỡợúùủũụưứừửữựýỳỷỹỵ",
        strict=True,
    )
) | dict(zip("¡¢§£¤¥¦", "ĂÂĐÊÔƠƯ", strict=True))
_CONVERTED = str.maketrans(_TCVN3_LETTERS)
_TCVN3_WORD = re.compile(rf"[A-Za-z{re.escape(''.join(_TCVN3_LETTERS))}]+")
_WHOLE_TCVN3_WORD = re.compile(  # «tr\xadường», a soft hyphen in a word in Unicode, is none
    rf"(?<![^\W\d_])[A-Za-z{re.escape(''.join(_TCVN3_LETTERS))}]{{2,}}+(?![^\W\d_])"
)
_ALLOWED = re.compile(rf"[\x09\x20-\x7e\xa0“”‘’–—…«»{re.escape(''.join(_TCVN3_LETTERS))}]*")
_HORN = "\xad"  # ư, the most frequent letter of the encoding that programs drop, because it is a soft hyphen too
_SYLLABLE = re.compile(
    r"(?:ngh?|gh?|gi|nh|ch|kh|ph|qu|th|tr|[bcdđhklmnprstvx])?"
    r"(?:i[eê]u|[uư][oôơ][iu]?|uy[eê]|uyu|o[ae][iouy]?|uâ[yu]?|uê|uơ|u[yi]|ia|iê|ya|yê[u]?|ưa|ua|ưu|ai|ao|au|ay|âu|ây|eo|êu"
    r"|iu|oi|ôi|ơi|ưi|oă|[aăâeêioôơuưy])"
    r"(?:ch|nh|ng|[cmnpt])?"
)
_STOPPED = re.compile(r"(?:ch|[cpt])$")
_TONES = dict.fromkeys((0x300, 0x301, 0x303, 0x309, 0x323))
_TONES_OF_STOPPED = ("\u0301", "\u0323")  # sắc, nặng


@dataclass(frozen=True)
class LegacyPart:
    """Lines next to each other that are typed in an old encoding, from `start` to `end` in the text."""

    start: int
    end: int
    encoding: str


def encoding_of(text: str) -> str:
    """The old encoding that a whole text is typed in, "" for Unicode."""
    sample = text[:SAMPLE_LENGTH]
    if mojibake.count_signs(sample) >= MIN_SIGNS:  # its letters look like those of the old encodings
        return ""
    letters = len(_UNICODE.findall(sample))
    for name, pattern in _SIGNS.items():
        if (found := len(pattern.findall(sample))) >= MIN_SIGNS and 4 * found > letters:
            return name
    return ""


def legacy_parts(text: str) -> Iterator[LegacyPart]:
    """The parts of a text that are typed in an old encoding, in order. Linear."""
    if not _ANY_SIGN.search(text):
        return
    start = end = signs = 0
    encoding = ""
    at = 0
    for line in text.split("\n"):
        name, found = _signs_of_line(line)
        if found and name == encoding:
            end, signs = at + len(line), signs + found
        elif found or (encoding and not line.isascii()):
            if signs >= MIN_SIGNS_OF_PART:
                yield LegacyPart(start, end, encoding)
            start, end, signs, encoding = at, at + len(line), found, name
        at += len(line) + 1
    if signs >= MIN_SIGNS_OF_PART:
        yield LegacyPart(start, end, encoding)


def _signs_of_line(line: str) -> tuple[str, int]:
    """(encoding, how many combinations that no word contains); ("", 0) where Unicode prevails."""
    if line.isascii() or not _ANY_SIGN.search(line) or mojibake.count_signs(line):
        return "", 0
    counts = {name: len(pattern.findall(line)) for name, pattern in _SIGNS.items()}
    counts[TCVN3] = max(counts[TCVN3], _words_only_of_tcvn3(line))
    name = max(counts, key=lambda each: counts[each])
    return (name, counts[name]) if 4 * counts[name] > len(_UNICODE.findall(line)) else ("", 0)


def has_words_of_tcvn3(text: str) -> bool:
    """Whether a word of it is a syllable only when it is read as TCVN3. Certain in a font .Vn…"""
    return not text.isascii() and _words_only_of_tcvn3(text) > 0


def _words_only_of_tcvn3(line: str) -> int:
    """How many words are no syllables as they stand, and are when they are read as TCVN3: «kiÓm», «n­íc», «nµy»."""
    return sum(
        not word.isascii() and not is_syllable(word) and is_syllable(word.translate(_CONVERTED))
        for word in _WHOLE_TCVN3_WORD.findall(line)
    )


def with_parts_converted(text: str) -> tuple[str, list[str]]:
    """(the text with the parts in TCVN3 that are certain in Unicode, the first words of each of these parts).

    Certain: all letters are of the encoding, each word with one of them is a syllable of Vietnamese after it, and the
    letter that programs drop is there.
    """
    written: list[str] = []
    first_words: list[str] = []
    at = 0
    for part in legacy_parts(text):
        converted = _certainly_converted(text[part.start : part.end]) if part.encoding == TCVN3 else None
        if converted is not None:
            written += [text[at : part.start], converted]
            first_words.append(" ".join(converted.split()[:6]))
            at = part.end
    return "".join([*written, text[at:]]), first_words


def _certainly_converted(part: str) -> str | None:
    if _HORN not in part or not all(_ALLOWED.fullmatch(line) for line in part.split("\n")):
        return None
    words = {word[0] for word in _TCVN3_WORD.finditer(part)}
    if not all(word.isascii() or is_syllable(word.translate(_CONVERTED)) for word in words):
        return None
    return _TCVN3_WORD.sub(lambda word: _converted_word(word[0]), part)


def _converted_word(word: str) -> str:
    """The word in Unicode; one in capitals was printed in a font whose small letters are capitals."""
    converted = word.translate(_CONVERTED)
    letters = [sign for sign in word if sign.isascii()]
    is_printed_in_capitals = all(map(str.isupper, letters)) and any(map(str.isupper, word[1:]))
    return converted.upper() if is_printed_in_capitals else converted


@lru_cache(maxsize=1 << 14)  # a text has some thousands of words
def is_syllable(word: str) -> bool:
    """Whether a word can be a syllable of Vietnamese: its letters in their order, and a tone that its end allows."""
    parts = unicodedata.normalize("NFD", word.lower())
    tones = [sign for sign in parts if ord(sign) in _TONES]
    plain = unicodedata.normalize("NFC", parts.translate(_TONES))
    if len(tones) > 1 or not _SYLLABLE.fullmatch(plain):
        return False
    return not (tones and _STOPPED.search(plain)) or tones[0] in _TONES_OF_STOPPED
