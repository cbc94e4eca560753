"""What begins a line as a number or a letter with any signs around it: «© Việc», «[3] Việc», «3·Việc», «3» alone.

None of these is read as a mark. Where the count expects that number, a notice tells of the line.
"""

import re
import unicodedata
from dataclasses import dataclass

_LOOKALIKES = str.maketrans("©¢З", "cc3")  # Word makes © of (c); the last is Cyrillic
_HEAD = 24  # signs of a line in which its mark is looked for
_WORDS = ("khoản", "Khoản", "điểm", "Điểm")
_ODD_MARK = re.compile(
    r"(?P<before>[^\w“„«\"]{0,6})(?P<word>(?:[Kk]hoản|[Đđ]iểm) )?(?P<number>[0-9]{1,3}|[a-zđA-ZĐ])(?!\w)"
    r"(?P<after>[^\w“„«\"]{0,6})(?P<text>[“„«\"]?[^\W\d_]|$)"
    r"|(?P<glued>[0-9]{1,3})[.)](?P<letter>[^\W\d_])"
)


@dataclass(frozen=True, slots=True)
class OddMark:
    """`number` in small letters; `is_signed`: signs stand around it, not a blank alone; `text` is what follows."""

    number: str
    is_signed: bool
    text: str

    @property
    def begins_sentence(self) -> bool:
        return self.text[:1].isupper() or self.text[:1] in tuple('“„«"')


def read_odd_mark(content: str) -> OddMark | None:
    """The number or single letter that a line begins with; a capital counts only with a sign."""
    if content[1:2] and content[:2].isalpha() and not content.startswith(_WORDS):
        return None
    head = content[:_HEAD]
    if not head.isascii():
        head = unicodedata.normalize("NFKC", head).translate(_LOOKALIKES)
    found = _ODD_MARK.match(head)
    if not found:
        return None
    number = found["number"] or found["glued"]
    signs = "" if found["glued"] else (found["before"] + (found["word"] or "") + found["after"]).strip()
    is_signed = bool(signs or found["glued"]) or not head.startswith(content[0])
    if number.isupper() and not is_signed:
        return None
    at = max(found.start("text"), found.start("letter"))
    return OddMark(number.lower(), is_signed, head[at:] + content[_HEAD:])
