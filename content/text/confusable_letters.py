"""Signs of other alphabets that look like ours, as sources type them: «с)» in Cyrillic, «Ðiều» with an eth. Pure."""

import re
from collections.abc import Iterator

CONFUSABLE_LETTERS = {
    **dict(zip("Ðð", "Đđ", strict=True)),
    **dict(zip("АВЕЅІЈКМНОРСТХУаеѕіјорсху", "ABESIJKMHOPCTXYaesijopcxy", strict=True)),  # Cyrillic
    **dict(zip("ΑΒΕΖΗΙΚΜΝΟΡΤΥΧο", "ABEZHIKMNOPTYXo", strict=True)),  # Greek
    **dict(
        zip("０１２３４５６７８９．。․：（）", "0123456789...:()", strict=True)
    ),  # of Chinese and Japanese keyboards
}
_LETTERS = str.maketrans(CONFUSABLE_LETTERS)
_FOREIGN = re.compile(f"[{''.join(CONFUSABLE_LETTERS)}]")
_OWN_LETTER = re.compile(r"[A-Za-zÀ-ɏẠ-ỹ]")


def with_own_letters(text: str) -> str:
    """The text, of the same length, with our letters in the place of those that look like them."""
    return text.translate(_LETTERS) if not text.isascii() and _FOREIGN.search(text) else text


def first_of_each(text: str) -> Iterator[tuple[str, int]]:
    """(sign, where it is first used for a letter of ours) of each sign that is."""
    seen: set[str] = set()
    for found in _FOREIGN.finditer(text):
        if found[0] not in seen and _stands_for_own_letter(text, found.start()):
            seen.add(found[0])
            yield found[0], found.start()


def _stands_for_own_letter(text: str, at: int) -> bool:
    """Whether the letter at `at` is among our own letters, or alone: a Russian or Greek word does not count."""
    around = [text[place] for place in (at - 1, at + 1) if 0 <= place < len(text)]
    letters = [sign for sign in around if sign.isalpha()]
    return all(_OWN_LETTER.match(sign) or sign in CONFUSABLE_LETTERS for sign in letters) and (
        not letters or any(map(_OWN_LETTER.match, letters))
    )
