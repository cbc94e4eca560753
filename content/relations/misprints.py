"""Misprints of the words by which acts end documents: «hết liệu lực» (50/2014/QH13, Art. 168). Pure.

Seen in 142 MB of law: three times that one. What is read through a misprint is a doubt, never certain.
"""

import re
from itertools import chain

from content.text.vietnamese import fold

_SPELLINGS = ("hết hiệu lực", "bãi bỏ", "thay thế")
_FOLDED = {chr(code): fold(chr(code)) for code in range(0xC0, 0x1EFA) if chr(code).islower()}
_ANOTHER_WORD = re.compile(r"thay\s+(?:thẻ|thể|thệ)", re.IGNORECASE)


def _any_accent(letter: str) -> str:
    return f"[{letter}{''.join(each for each, folded in _FOLDED.items() if folded == letter)}]"


def _with_any_accents(words: str) -> str:
    return "".join(_any_accent(each) if each != " " else r"\s+" for each in fold(words))


def _with_one_fault(words: str) -> str:
    """The words with one letter that is another, or two that changed places."""
    letters = [_any_accent(each) if each != " " else r"\s+" for each in fold(words)]
    places = [place for place, each in enumerate(letters) if each != r"\s+"]
    other = ("".join([*letters[:place], r"\w", *letters[place + 1 :]]) for place in places)
    swapped = (
        "".join([*letters[:place], letters[place + 1], letters[place], *letters[place + 2 :]])
        for place in places
        if place + 1 in places
    )
    return "|".join(chain(other, swapped))


_RIGHT = re.compile("|".join(each.replace(" ", r"\s+") for each in _SPELLINGS), re.IGNORECASE)
_NEARLY = re.compile(
    rf"(?<!\w)(?:{_with_any_accents('hết')}\s+(?:{_with_one_fault('hiệu lực')})"
    rf"|{'|'.join(map(_with_any_accents, _SPELLINGS[1:]))})(?!\w)",
    re.IGNORECASE,
)


def without_misprints(text: str) -> tuple[str, list[int]]:
    """(`text` with the words spelt right, in the same length; where a word was misspelt, in order)."""
    places: list[int] = []

    def spelt_right(found: re.Match[str]) -> str:
        words = found[0]
        if _RIGHT.fullmatch(words) or _ANOTHER_WORD.fullmatch(words):
            return words
        right = next(each for each in _SPELLINGS if fold(each)[0] == fold(words)[0])
        letters = iter(right.replace(" ", ""))
        places.append(found.start())
        return "".join(each if each.isspace() else next(letters) for each in words)

    return _NEARLY.sub(spelt_right, text), places
