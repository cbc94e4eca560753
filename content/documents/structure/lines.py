"""Lines of a text and the marks some of them begin with ("Chương II", "Điều 5.", "1.", "đ)").

A mark is only a claim: whether the line opens a unit is decided by quotations.py and reading.py.
Each pattern is anchored and bounded, so reading is linear in the text.
"""

import re
from dataclasses import dataclass

from content.documents.structure.numbers import order
from content.documents.structure.units import Kind

# Space at either end of a line, besides what str.isspace knows: soft hyphen, zero-width signs, BOM.
INVISIBLE = "\xad\u200b\u200c\u200d\u200e\u200f\u2060\ufeff"
BLANK = " \t\x0b\x0c\x1c\x1d\x1e\x1f\x85\xa0\u1680\u2028\u2029\u202f\u205f\u3000" + INVISIBLE
BLANK += "".join(map(chr, range(0x2000, 0x200B)))

_GAP = f"[{BLANK}]"
_WORDED = r"[Tt](?:hứ|HỨ)(?: (?:nhất|một|hai|ba|tư|bốn|năm|lăm|sáu|bảy|bẩy|tám|chín|mười)){1,2}"
_HIGHER = re.compile(
    rf"(PHẦN|Phần|CHƯƠNG|Chương|TIỂU MỤC|Tiểu [Mm]ục|MỤC|Mục){_GAP}+"
    rf"([IVXLC]{{1,8}}[a-zđ]?|[0-9]{{1,3}}[a-zđ]?|(?i:{_WORDED}))(?!\w){_GAP}*([.:\-–—]*){_GAP}*"
)
_ARTICLE = re.compile(
    rf"[ĐÐ](?:iều|IỀU){_GAP}*(?:thứ{_GAP})?([0-9]{{1,4}})(?:{_GAP}?([a-zđ]))?(?!\w){_GAP}*([.:\-–—]*)({_GAP}*)"
)
_CLAUSE = re.compile(rf"([0-9]{{1,3}}[a-zđ]?)\.(?!\w*[0-9])({_GAP}*)")
_POINT = re.compile(rf"([a-zđð]{{1,2}}[0-9]{{0,2}})\){_GAP}*")

_KINDS = {"PHẦN": Kind.PART, "CHƯƠNG": Kind.CHAPTER, "MỤC": Kind.SECTION, "TIỂU MỤC": Kind.SUBSECTION}
HIGHER = frozenset(_KINDS.values())

# "Điều 7 của Luật này", "Mục 2 Chương III", "Điều 8 Luật Đầu tư": a reference that a line break put first.
_REFERENCE = re.compile(
    r"(?:này|của|và|đến)(?!\w)|(?:Điều|Chương|Phần|Mục) [IVXLC0-9]"
    r"|(?:Luật|Bộ luật|Pháp lệnh|Nghị định|Nghị quyết|Thông tư|Quyết định|Hiến pháp|Quy chế|Điều lệ)"
    r"(?: (?:này|số|năm|ngày|[A-ZĐ])|$)"
)


@dataclass(frozen=True, slots=True)
class Mark:
    """`body` is where the text after the mark begins in the line; `firm` when punctuation or the line's end follows."""

    kind: Kind
    number: str
    order: tuple[int, ...]
    body: int
    firm: bool


@dataclass(frozen=True, slots=True)
class Line:
    """A line that is not blank; `start` is where `content` (blanks stripped) stands in the text."""

    start: int
    content: str
    mark: Mark | None

    @property
    def end(self):
        return self.start + len(self.content)

    @property
    def rest(self):
        """The line after its mark."""
        return self.content[self.mark.body :] if self.mark else self.content


def read_lines(text):
    """The lines of `text` that hold more than blanks, in order.

    "Điều 71. 1. Bằng khen ..." becomes two lines, so that the clause is seen.
    """
    lines, offset = [], 0
    for raw in text.split("\n"):
        content = raw.strip(BLANK)
        if content:
            start = offset + raw.index(content[0])
            lines.extend(_split(Line(start, content, read_mark(content))))
        offset += len(raw) + 1
    return lines


def _split(line):
    if line.mark and line.mark.kind is Kind.ARTICLE:
        clause = _clause(line.rest)
        if clause and clause.number == "1" and clause.body < len(line.rest):
            cut = line.mark.body
            yield Line(line.start, line.content[:cut].rstrip(BLANK), line.mark)
            yield Line(line.start + cut, line.rest, clause)
            return
    yield line


def read_mark(content):
    """The mark a stripped line begins with, or None."""
    first = content[0]
    if first in "ĐÐ":
        return _article(content)
    if first in "PCMT":
        return _higher(content)
    if "0" <= first <= "9":
        return _clause(content)
    return _point(content) if first in "abcdđðefghijklmnopqrstuvwxyz" else None


def _article(content):
    match = _ARTICLE.match(content)
    if not match:
        return None
    number, sign, rest = match[1] + (match[2] or ""), match[3], content[match.end() :]
    if sign and not match[4] and rest[:1].isdigit():  # "Điều 5.1" of a technical standard
        return None
    firm = bool(sign) or not rest
    if not firm and not (rest[0].isupper() or rest[0] in '“"'):
        return None
    if not sign.startswith((".", ":")) and _REFERENCE.match(rest):
        return None
    return Mark(Kind.ARTICLE, number, order(number), match.end(), firm)


def _higher(content):
    match = _HIGHER.match(content)
    if not match:
        return None
    sign, rest = match[3], content[match.end() :]
    if rest and (_REFERENCE.match(rest) or not (sign or rest[0].isupper())):
        return None
    number = " ".join(match[2].split())
    number = number.lower() if number[0] in "tT" else number
    return Mark(_KINDS[match[1].upper()], number, order(number), match.end(), bool(sign) or not rest)


def _clause(content):
    match = _CLAUSE.match(content)
    if not match:
        return None
    rest = content[match.end() :]
    if rest and not match[2] and rest[0].islower():
        return None
    return Mark(Kind.CLAUSE, match[1], order(match[1]), match.end(), True)


def _point(content):
    match = _POINT.match(content)
    if not match:
        return None
    number = match[1].replace("ð", "đ")
    return Mark(Kind.POINT, number, order(number), match.end(), True)
