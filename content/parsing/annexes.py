"""Annexes (Phụ lục), forms (Mẫu), attached regulations and footnotes: where they start, and their titles."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from content.law.units import UnitKind
from content.parsing.text_line import Line

ISSUED_WITH_WITHIN_LINES = 6  # lines within which a title says that it is issued with the act
MAX_TITLE_LINES = 4  # lines a title may take
MAX_TITLE_LINE_LETTERS = 200  # characters of a line of a title
_ANNEX = re.compile(
    r"(?:PHỤ LỤC|Phụ lục)(?: (?:SỐ|[Ss]ố))?(?: ([IVXLC]{1,7}|[0-9]{1,3}|[A-ZĐ](?![A-ZĐ]))([a-zđA-ZĐ]?))?"
    r"(?![\wÀ-ỹ]) ?([.:–—-]*) ?"
)
_FORM = re.compile(r"(?:MẪU|Mẫu|BIỂU MẪU|Biểu mẫu)(?: (?:SỐ|[Ss]ố))?:? ([0-9A-Z][\w.\-/]{0,15})(?![\wÀ-ỹ]) ?[.:–—-]* ?")
_ATTACHED = re.compile(
    r"(?:QUY CHẾ|QUY ĐỊNH|QUY CHUẨN|QUY TRÌNH|QUY HOẠCH|ĐIỀU LỆ|NỘI QUY|DANH MỤC|BẢNG|BIỂU|CHƯƠNG TRÌNH|KẾ HOẠCH|ĐỀ ÁN"
    r"|CHIẾN LƯỢC|HƯỚNG DẪN)(?!\w)"
)
_ISSUED_WITH = re.compile(r"\( ?(?:được )?(?:ban hành )?kèm theo ", re.I)
_HEAD_OF_TABLE = re.compile(r"(?:STT|TT|SỐ TT|SỐ THỨ TỰ)$", re.I)
FOOTNOTE_MARK = re.compile(r"\[([0-9]{1,3})\] ?")


def is_annex_start(lines: Sequence[Line], index: int) -> bool:
    """Whether an annex, or the first footnote, clearly begins at this line among the articles."""
    line = lines[index]
    if line.content[0] not in "PĐQNDBCKHMV[" or line.mark or line.row:
        return False
    if line.content[0] == "[":
        return line.content.startswith("[1]")
    found = read_annex(lines, index)
    if found is None or found.kind is UnitKind.FOOTNOTE:
        return False
    rest = lines[found.index].content[found.body :]
    return not rest or rest.isupper() or rest.startswith("(")


@dataclass(frozen=True, slots=True)
class AnnexStart:
    """The start of an annex, form or footnote: lines[index] begins with its name, which ends before `body`."""

    kind: UnitKind
    number: str
    index: int
    body: int


def read_annex(lines: Sequence[Line], index: int) -> AnnexStart | None:
    """The annex, form or footnote that begins at this line after the articles, or None.

    A line "PHỤ LỤC" above "PHỤ LỤC I" belongs to that one.
    """
    line = lines[index]
    content = line.content
    if line.row:
        return None
    if match := FOOTNOTE_MARK.match(content):
        return AnnexStart(UnitKind.FOOTNOTE, match[1], index, match.end())
    if (match := _ANNEX.match(content)) and _is_title(lines, index, content[match.end() :], match[3]):
        number = (match[1] or "") + (match[2] or "")
        below = None if number else _numbered_below(lines, index)
        return below or AnnexStart(UnitKind.ANNEX, number, index, match.end())
    if (match := _FORM.match(content)) and any(sign.isdigit() for sign in match[1]):
        listed = index + 1 < len(lines) and _FORM.match(lines[index + 1].content)
        if not listed and _is_title(lines, index, content[match.end() :], ""):
            return AnnexStart(UnitKind.FORM, match[1].rstrip(".-/"), index, match.end())
    if content.isupper() and _ATTACHED.match(content) and _is_issued_with(lines, index):
        return AnnexStart(UnitKind.ANNEX, "", index, 0)
    return None


def _numbered_below(lines: Sequence[Line], index: int) -> AnnexStart | None:
    for at in range(index + 1, min(index + 3, len(lines))):
        match = _ANNEX.match(lines[at].content)
        if match and match[1] and _is_title(lines, at, lines[at].content[match.end() :], match[3]):
            return AnnexStart(UnitKind.ANNEX, match[1] + (match[2] or ""), at, match.end())
        if not _ISSUED_WITH.match(lines[at].content):
            return None
    return None


def _is_title(lines: Sequence[Line], index: int, rest: str, sign: str) -> bool:
    """Whether the words after "Phụ lục II" make it a title and not a mention in a sentence."""
    if not rest or sign or rest.isupper() or rest.startswith("("):
        return True
    return (
        rest[0].isupper()
        and len(rest) <= MAX_TITLE_LINE_LETTERS
        and not rest.endswith((".", ";"))
        and _is_issued_with(lines, index)
    )


def _is_issued_with(lines: Sequence[Line], index: int) -> bool:
    return any(_ISSUED_WITH.search(line.content) for line in lines[index : index + 1 + ISSUED_WITH_WITHIN_LINES])


def annex_title(lines: Sequence[Line], start: AnnexStart, last: int) -> tuple[str, int]:
    """(title, index of the line after it): the lines after the name, as long as they are in capitals."""
    first = lines[start.index].content[start.body :]
    words = [first] if first and not first.startswith("(") else []
    at = start.index + 1
    while at < min(last, start.index + 1 + MAX_TITLE_LINES) and not lines[at].row:
        content = lines[at].content
        if (words and not content.isupper()) or _HEAD_OF_TABLE.match(content):
            break
        if not _ISSUED_WITH.match(content):
            words.append(content)
        at += 1
    if not words:
        return "", start.index + 1
    return _ISSUED_WITH.split(" ".join(words))[0].strip(), at
