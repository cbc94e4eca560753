"""The marks lines begin with ("Chương II", "Điều 5.", "1.", "đ)"), as printed or as a scanner misreads them.

A mark alone opens no unit: line_scanner.py decides that, with quotations.py. Each pattern is anchored and bounded, so
reading is linear in the text.
"""

import re
import unicodedata
from dataclasses import dataclass

from content.law.lexer.unit_lexicon import ARTICLE, CHAPTER, PART, SECTION
from content.law.unit_numbers import POINT_LETTERS, number_order
from content.law.units import UnitKind
from content.text.patterns import compiled_when_used
from content.text.vietnamese import without_marks

_WORDED = r"[Tt](?:hứ|HỨ)(?: (?:nhất|một|hai|ba|tư|bốn|năm|lăm|sáu|bảy|bẩy|tám|chín|mười)){1,2}"
_RAISED = "⁰¹²³⁴-⁹"
_NOTE = rf"(?: ?\[[0-9]{{1,3}}\]|[{_RAISED}]{{1,3}})?"  # where a text refers to a footnote
_ENDS = rf"(?![^\W{_RAISED}])"
_HIGHER = compiled_when_used(
    r"(P[Hh][ẦầẨẩAaÂâ][Nn]|C[Hh][ƯưUu][ƠơOo][Nn][Gg]|T[Ii][ỂểEeÊê][Uu] [Mm][ỤụUu][Cc]|M[ỤụUu][Cc]) +"
    rf"([IVXLC]{{1,8}}[a-zđ]?|[Ⅰ-Ⅻ]|[IVXl|]{{1,5}}|[0-9]{{1,3}}[a-zđ]?|(?i:{_WORDED})){_ENDS}{_NOTE} *([.:\-–—]*) *"
)
_ARTICLE = compiled_when_used(
    r"([ĐD][iíìỉĩịlIÍÌỈ1][eéèẻẽẹêếềểễệEÉÈÊẾỀỂỄỆ](?:[uúùủũụưUÚÙỦƯ]|(?<=Điề)n)) *(?:thứ )?([0-9lIO]{1,4})"
    rf"(?: ?([a-zđ]))?{_ENDS}{_NOTE} *([.:\-–—]*)( *)"
)
_CLAUSE = compiled_when_used(rf"([0-9l|][0-9lIO|]{{0,2}})([a-zđ]?){_NOTE}( ?)\.(?!\w*[0-9])( *)")
_WRONG_SIGN = r" ?[,;:/)\]}·_–—-]{1,3} ?"  # instead of the sign that the mark should have
_DRESS_SIGNS = "*_#>\\(•+–—-"
_DRESS = r"(?:[*_#>\\(•+–—-] ?){1,4}"  # of Markdown, of lists, a bracket
_SPOILT_ARTICLE = compiled_when_used(
    rf"{_DRESS}(?:Điều|ĐIỀU) ([0-9lIO]{{1,4}}[a-zđ]?)( ?[.:,;/)\]}}*_]{{1,5}} ?)(?=[^\W\d_]|[“\"]|$)"
    r"|(?:Điều|ĐIỀU) (?:số )?([0-9lIO]{1,4}[a-zđ]?)( ?(?:\([0-9]{1,3}\)|\*{1,3}|[¹²³])? ?[.:,;/)\]}]{1,3} ?)"
    r"(?=[^\W\d_]|[“\"]|$)"
)
_BEGINS_TEXT = r"(?=[“«\"]?[^\W\d_])"
_SPOILT_CLAUSE = compiled_when_used(rf"([1-9][0-9]{{0,2}}|З(?=\.))({_WRONG_SIGN}|\. ?| ){_BEGINS_TEXT}")  # З: Cyrillic
_DRESSED_MARK = compiled_when_used(
    rf"((?:{_DRESS}|Khoản |[Đđ]iểm )(?:(?P<clause>[1-9][0-9]{{0,2}})(?: ?[.:)*_]){{1,5}}"
    rf"|(?P<point>[a-zđ])(?: ?[.:*_]){{0,2}} ?\)[*_]{{0,3}}) ?){_BEGINS_TEXT}"
)
_SPOILT_POINT = compiled_when_used(rf"([a-zđ])({_WRONG_SIGN}|\. ?){_BEGINS_TEXT}")
_UNREADABLE_POINT = compiled_when_used(r"([^\Wa-zđ0-9_])( ?\) ?)(?=[“«\"]?[^\W_])")
_POINT = compiled_when_used(rf"([a-zđ]{{1,2}}[0-9]{{0,2}}){_NOTE}( ?)\) *")

_HIGHER_NAMES = {
    "PHẦN": UnitKind.PART,
    "CHƯƠNG": UnitKind.CHAPTER,
    "MỤC": UnitKind.SECTION,
    "TIỂU MỤC": UnitKind.SUBSECTION,
    "Phần": UnitKind.PART,
    "Chương": UnitKind.CHAPTER,
    "Mục": UnitKind.SECTION,
    "Tiểu mục": UnitKind.SUBSECTION,
    "Tiểu Mục": UnitKind.SUBSECTION,
}
_BY_LETTER = {"P": UnitKind.PART, "C": UnitKind.CHAPTER, "M": UnitKind.SECTION, "T": UnitKind.SUBSECTION}
_DIGITS = str.maketrans({"l": "1", "I": "1", "|": "1", "O": "0"})  # signs a scanner takes digits for
_ROMAN = str.maketrans({"l": "I", "|": "I"})

# "Điều 7 của Luật này", "Mục 2 Chương III", "Điều 8 Luật Đầu tư": a reference that a line break put first.
_REFERENCE = compiled_when_used(
    rf"(?:này|của|và|đến)(?!\w)|(?:{ARTICLE}|{CHAPTER}|{PART}|{SECTION}) [IVXLC0-9]"
    r"|(?:Luật|Bộ luật|Pháp lệnh|Nghị định|Nghị quyết|Thông tư|Quyết định|Hiến pháp|Quy chế|Điều lệ)"
    r"(?: (?:này|số|năm|ngày|[A-ZĐ])|$)"
)


@dataclass(frozen=True, slots=True)
class Mark:
    """A mark as it is understood: text begins at `body`; it is `firm` if punctuation or the line's end follows.

    A `misread` mark has a blank in it ("1 .") or letters that no mark has ("Điêu 5", "l."); the latter is also
    `doubtful` and counts only where the numbering expects it.
    """

    kind: UnitKind
    number: str
    order: tuple[int, ...]
    body: int
    firm: bool
    misread: bool = False
    doubtful: bool = False


def read_mark(content: str) -> Mark | None:
    """The mark a line begins with, or None; blanks of `content` are single and plain."""
    first = content[0]
    if first in "ĐD":
        return _read_article_mark(content)
    if first in "PCMT":
        return _read_higher_mark(content)
    if "0" <= first <= "9" or first == "|":
        return _read_clause_mark(content)
    if first == "l" and (mark := _read_clause_mark(content)):
        return mark
    return _read_point_mark(content) if first in "abcdđefghijklmnopqrstuvwxyz" else None


def _read_article_mark(content: str) -> Mark | None:
    match = _ARTICLE.match(content)
    if not match:
        return None
    digits, sign, rest = match[2].translate(_DIGITS), match[4], content[match.end() :]
    number = digits + (match[3] or "")
    if sign and not match[5] and rest[:1].isdecimal():  # "Điều 5.1" of a technical standard
        return None
    firm = bool(sign) or not rest
    if not firm and not (rest[0].isupper() or rest[0] in '“"['):
        return None
    if not sign.startswith((".", ":")) and _REFERENCE.match(rest):
        return None
    doubtful = match[1] not in ("Điều", "ĐIỀU") or digits != match[2]
    misread = doubtful or content[match.end(2) :].startswith(" .")
    return Mark(UnitKind.ARTICLE, number, number_order(number), match.end(), firm, misread, doubtful)


def _read_higher_mark(content: str) -> Mark | None:
    match = _HIGHER.match(content)
    if not match:
        return None
    sign, rest = match[3], content[match.end() :]
    if rest and (_REFERENCE.match(rest) or not (sign or rest[0].isupper())):
        return None
    number = " ".join(match[2].split())
    if number[0] in "tT":
        number = number.lower()
    printed = number if number.startswith("thứ") else unicodedata.normalize("NFKC", number.translate(_ROMAN))
    kind = _HIGHER_NAMES.get(match[1])
    misread = kind is None or printed != number
    kind = kind or _BY_LETTER[match[1][0]]
    return Mark(kind, printed, number_order(printed), match.end(), bool(sign) or not rest, misread)


def _read_clause_mark(content: str) -> Mark | None:
    match = _CLAUSE.match(content)
    if not match:
        return None
    digits, rest = match[1].translate(_DIGITS), content[match.end() :]
    if rest and not match[4] and rest[0].islower():
        return None
    number, doubtful = digits + match[2], digits != match[1]
    return Mark(UnitKind.CLAUSE, number, number_order(number), match.end(), True, doubtful or bool(match[3]), doubtful)


@dataclass(frozen=True, slots=True)
class SpoiltMark:
    """What may be a mark and is not quite one: «11, Việc», «4- Việc», «23 Đề nghị», «c/ Việc», «ç) Việc».

    `sign` is written instead of its sign, "" for a blank alone. `is_unreadable`: its letter is none that
    marks have. `begins_sentence`: a capital follows.
    """

    mark: Mark
    sign: str
    is_unreadable: bool
    begins_sentence: bool


def read_spoilt_mark(content: str) -> SpoiltMark | None:
    """The spoilt mark of a clause or a point that a line begins with, if it begins with one and has no mark."""
    if content[0] in _DRESS_SIGNS + "KĐđ" and (dressed := _DRESSED_MARK.match(content)):
        return _read_dressed_mark(dressed)
    if "1" <= content[0] <= "9" or content[0] == "З":
        found, kind = _SPOILT_CLAUSE.match(content), UnitKind.CLAUSE
    else:
        found, kind = _SPOILT_POINT.match(content) or _UNREADABLE_POINT.match(content), UnitKind.POINT
    if not found:
        return None
    number = found[1].replace("З", "3") if kind is UnitKind.CLAUSE else _letter_meant(found[1])
    mark = Mark(kind, number, number_order(number), found.end(), True, misread=True, doubtful=True)
    is_unreadable = kind is UnitKind.POINT and number != found[1]
    return SpoiltMark(mark, found[2].strip(), is_unreadable, content[found.end() :].lstrip('“«"')[0].isupper())


def _read_dressed_mark(found: re.Match[str]) -> SpoiltMark:
    """A mark with its own sign and others around it: «**3.** Việc», «(3) Việc», «Khoản 3. Việc», «- c) việc»."""
    kind = UnitKind.CLAUSE if found["clause"] else UnitKind.POINT
    number = found["clause"] or found["point"]
    sign = found[1].replace(number, "", 1).strip()
    mark = Mark(kind, number, number_order(number), found.end(), True, misread=True, doubtful=True)
    begins = kind is UnitKind.POINT or found.string[found.end() :].lstrip('“«"')[0].isupper()
    return SpoiltMark(mark, sign, is_unreadable=False, begins_sentence=begins)


def _letter_meant(letter: str) -> str:
    """«c» for «ç» and «C»; "" for a letter that stands for none of ours."""
    own = letter.lower() if letter in "đĐ" else without_marks(letter.lower())
    return own if own in POINT_LETTERS else ""


def read_spoilt_article_mark(content: str) -> Mark | None:
    """The mark of an article with another sign, or more: «Điều 4, Phạm vi», «**Điều 4.**», «Điều 4(1).»."""
    match = _SPOILT_ARTICLE.match(content) if content[0] in _DRESS_SIGNS + "Đ" else None
    rest = content[match.end() :] if match else ""
    if not match or _REFERENCE.match(rest) or (rest and not (rest[0].isupper() or rest[0] in '“"')):
        return None
    number = (match[1] or match[3]).translate(_DIGITS)
    return Mark(UnitKind.ARTICLE, number, number_order(number), match.end(), True, misread=True, doubtful=True)


def _read_point_mark(content: str) -> Mark | None:
    match = _POINT.match(content)
    if not match:
        return None
    return Mark(UnitKind.POINT, match[1], number_order(match[1]), match.end(), True, bool(match[2]))
