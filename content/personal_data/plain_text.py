"""The form of a text in which the rules look: NFC, plain digits and signs, nothing invisible."""

import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from content.text.vietnamese import fold, normalise

INVISIBLE = "\u200b"  # represents every zero-width character: one may be hidden between digits


class _PlainSigns(dict[int, str]):
    """For str.translate, one character for one: digits, spaces and signs of any script in their plain form."""

    def __missing__(self, code: int) -> str:
        sign = chr(code)
        if unicodedata.category(sign) in ("Cf", "Mn", "Me"):  # Me: the key around the digit of an emoji
            plain = INVISIBLE
        elif unicodedata.category(sign) == "Pd":
            plain = "-"
        else:
            plain = unicodedata.normalize("NFKC", sign)
        self[code] = plain if len(plain) == 1 else sign
        return self[code]


_PLAIN = _PlainSigns()


@dataclass(frozen=True)
class PlainText:
    """`words` to search in; `offsets[at]`: where words[at] is in the text as given, for the end too."""

    words: str
    offsets: Sequence[int]

    def span_as_given(self, start: int, end: int) -> tuple[int, int]:
        """The span of the given text, its combining marks included."""
        return self.offsets[start], self.offsets[end]


def plain_texts(text: str) -> Iterator[PlainText]:
    """The plain form of the text. With invisible characters two: these left out, and these as spaces between words."""
    composed, offsets = normalise(text)
    plain = composed.translate(_PLAIN)
    if INVISIBLE not in plain:
        yield PlainText(plain, offsets)
        return
    kept = [at for at, sign in enumerate(plain) if sign != INVISIBLE]
    yield PlainText("".join(plain[at] for at in kept), [*(offsets[at] for at in kept), offsets[len(plain)]])
    yield PlainText(plain.replace(INVISIBLE, " "), offsets)


def letters_and_digits(text: str) -> str:
    """The letters and digits of the text alone, lower case."""
    return "".join(sign for sign in text.translate(_PLAIN).lower() if sign.isalnum())


def in_any_case(*phrases: str) -> str:
    """A pattern for Vietnamese phrases, with accents or without, in any case."""
    return rf"(?i:{_longest_first({*phrases, *map(fold, phrases)})})"


def either_way(*phrases: str) -> str:
    """A pattern for Vietnamese phrases: with accents in any case, without accents in lower case.

    A capital without accents does not count: «Ngo» is a surname, «ngo» may be a lane.
    """
    return rf"(?:(?i:{_longest_first(set(phrases))})|{_longest_first(set(map(fold, phrases)))})"


def _longest_first(phrases: set[str]) -> str:
    return "|".join(sorted(phrases, key=lambda phrase: (-len(phrase), phrase)))
