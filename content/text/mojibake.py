"""Text in UTF-8 that was read as Latin-1 or Windows-1252: «Äiá»u 1» for «Điều 1». Pure, linear.

A line is undone where it is certain: each of its letters is one byte of those encodings, the bytes are strict UTF-8,
and they hold Vietnamese. Otherwise it stays, and the parser says so. A guess, as general libraries make it from how bad
a text looks, is not good enough: a wrong letter changes the law.
"""

import re
from collections import Counter

MIN_SIGNS, MIN_DIFFERENT_SIGNS = 3, 3  # letters read as two or three, in a text that is undone; «khá»… looks like one
_LETTERS = "àáảãạăằắẳẵặâầấẩẫậđèéẻẽẹêềếểễệìíỉĩịòóỏõọôồốổỗộơờớởỡợùúủũụưừứửữựỳýỷỹỵ"
_MARKS = "\u0300\u0301\u0302\u0303\u0306\u0309\u031b\u0323"  # of decomposed letters
_KNOWN = frozenset(_LETTERS + _LETTERS.upper() + _MARKS + "“”‘’–—…•·«»°§×²³½€\xa0\xad\u200b\ufeff")


def _signs_of_bytes() -> dict[str, int]:
    """By letter: the byte that Latin-1 or Windows-1252 shows as that letter; both may stand in one text."""
    found = {chr(value): value for value in range(0x80, 0x100)}
    for value in range(0x80, 0xA0):
        shown = bytes([value]).decode("cp1252", errors="ignore")
        found |= {shown: value} if shown else {}
    return found


_BYTES = _signs_of_bytes()
_CONTINUATION = "".join(re.escape(letter) for letter, value in _BYTES.items() if value < 0xC0 and letter != "\xa0")
_SIGN = re.compile(f"[ÃÄÅÆÌ][{_CONTINUATION}]|á[º»][{_CONTINUATION}]")


def first_sign(text: str) -> int | None:
    """Where the first Vietnamese letter begins that was read as two or three; None without any."""
    return next((found.start() for found in _SIGN.finditer(text) if _is_vietnamese(found[0])), None)


def count_signs(text: str) -> int:
    """How many Vietnamese letters of a text were read as two or three; 0 where they are too few kinds to tell."""
    if text.isascii():
        return 0
    times = Counter(_SIGN.findall(text))
    counts = [count for sign, count in times.items() if _is_vietnamese(sign)]
    return sum(counts) if len(counts) >= MIN_DIFFERENT_SIGNS else 0


def undone(text: str) -> tuple[str, int]:
    """(the text with each line undone of which it is certain, how many letters that put right)."""
    if count_signs(text) < MIN_SIGNS:
        return text, 0
    lines = text.split("\n")
    read = [_undone_line(line) for line in lines]
    count = count_signs("\n".join(line for line, right in zip(lines, read, strict=True) if right is not None))
    if count < MIN_SIGNS:
        return text, 0
    return "\n".join(line if right is None else right for line, right in zip(lines, read, strict=True)), count


def _undone_line(line: str) -> str | None:
    """The line as its bytes say in UTF-8; None where that is not certain, or changes nothing."""
    if line.isascii():
        return None
    written = bytearray()
    for letter in line:
        value = ord(letter) if letter.isascii() else _BYTES.get(letter)
        if value is None:
            return None
        written.append(value)
    try:
        right = written.decode("utf-8")
    except UnicodeDecodeError:
        return None
    return right if all(letter.isascii() or letter in _KNOWN for letter in right) else None


def _is_vietnamese(sign: str) -> bool:
    return _undone_line(sign) is not None
