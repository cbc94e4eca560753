"""Phrases in a line that tell how the lines around it are to be read. Pure."""

import re

from content.law.lexer.unit_lexicon import (
    ANNEX,
    ARTICLE,
    CHAPTER,
    CLAUSE,
    FORM,
    PARAGRAPH,
    PART,
    POINT,
    SECTION,
    UNIT_OR_CHAPTER,
)
from content.law.units import UnitKind

_NO_NOUN = r"(?<!hằng )(?<!hàng )(?<!mỗi )"  # "hằng năm" ends as it should
_DANGLING = re.compile(
    rf"(?:(?:^|\W)(?:tại|theo|của|và|hoặc|các|với|{CLAUSE}|{CHAPTER}|đến|từ|{_NO_NOUN}(?:năm|tháng|ngày))"
    rf"|(?:^|(?:tại|các|và|hoặc|theo|trừ|của|với|[,;(]) )(?:{ARTICLE}|{POINT}|{SECTION}|{PART})"
    r"|(?:^|(?:luật|định|quyết|tư|lệnh) )số|,)$",
    re.I,
)
_IN_REFERENCE = re.compile(
    rf"(?:^|\W)(?:các )?(?:{UNIT_OR_CHAPTER})(?: (?:[0-9]{{1,3}}|[IVX]{{1,5}})?[a-zđ]?(?:,| và| hoặc)?){{1,12}}$",
    re.I,
)
_BROKEN_REFERENCE = {  # (the end of a line, the words behind the mark): «tại khoản / 2. Điều 5 của Luật …»
    UnitKind.CLAUSE: (re.compile(rf"(?<!\w){CLAUSE}$", re.I), re.compile(rf"(?:{ARTICLE}|của|và)(?!\w)")),
    UnitKind.POINT: (re.compile(rf"(?<!\w){POINT}$", re.I), re.compile(rf"(?:{CLAUSE}|{ARTICLE}|của|và)(?!\w)")),
}
_AMENDABLE_THINGS = rf"(?:{UNIT_OR_CHAPTER}|{PART}|{ANNEX}|{FORM}|{PARAGRAPH}|cụm từ|từ|tên|danh mục|biểu|một số|các)"
_AMENDS = re.compile(
    r"(?:Sửa đổi|Sửa|Bổ sung|Bãi bỏ|H[uủ][ỷy] bỏ|Bỏ|Thay thế|Thay|Đổi|Chuyển)(?!\w)"
    rf"(?:.{{0,60}}?\W)??{_AMENDABLE_THINGS}(?!\w)"
    rf"|(?:Các )?{_AMENDABLE_THINGS}\W.{{0,200}}?(?:được (?:sửa đổi|bổ sung|thay|bãi bỏ|sửa)|bị bãi bỏ)",
    re.IGNORECASE,
)
_PASSED = re.compile(
    r"(?:Bộ luật|Luật|Pháp lệnh|Nghị quyết) này (?:đã )?được (?:Quốc hội|[UỦ]. ban|Hội đồng nhân dân|HĐND)"
)
_OFFICE = (
    "(?:CHỦ TỊCH|BỘ TRƯỞNG|THỨ TRƯỞNG|THỦ TƯỚNG|CHÁNH ÁN|VIỆN TRƯỞNG|THỐNG ĐỐC|CHỦ NHIỆM|TỔNG KIỂM TOÁN|TỔNG THANH TRA"
    "|TỔNG CỤC TRƯỞNG|CỤC TRƯỞNG|TỔNG GIÁM ĐỐC|GIÁM ĐỐC)"
)
_SIGNED = re.compile(
    r"XÁC THỰC VĂN BẢN HỢP NHẤT"
    r"|N[ơƠ][iI] [nN][hH][ậẬ][nN] ?(?::|$)"
    r"|(?:TM|KT|TL|TUQ)\. ?\w"
    rf"|(?:Q\. ?|QUYỀN |PHÓ )?{_OFFICE}(?!\w)[^a-z:]*(?:$|[A-ZĐ][a-zà-ỹ])"
)


def announces_quotation_or_list(content: str) -> bool:
    """Whether a line says that a quotation or a list follows."""
    return content.endswith((":", "như sau"))


def ends_before_reference(content: str) -> bool:
    """Whether a line breaks off before a reference: "… quy định tại"."""
    if content.endswith((".", ";", ":")):  # most lines, and no word of the pattern
        return False
    tail = content[-12:]
    return not tail.isupper() and _DANGLING.search(tail) is not None


def ends_inside_reference(content: str) -> bool:
    """Whether a line breaks off inside a reference: "… tại các điểm a, b và c khoản 2"."""
    return _IN_REFERENCE.search(content[-48:]) is not None


def goes_on_with_reference(before: str, kind: UnitKind, rest: str) -> bool:
    """Whether the mark of that kind with which a line begins is a number that a line break parted from its word.

    `before`: the line before it. `rest`: the words behind the mark.
    """
    ends, goes_on = _BROKEN_REFERENCE[kind]
    return ends.search(before[-8:]) is not None and goes_on.match(rest) is not None


def starts_like_amendment(text: str) -> bool:
    """Whether a clause, a point or an article changes another act."""
    return _AMENDS.match(text) is not None


def says_who_passed_it(content: str) -> bool:
    """Whether the line says which body passed the act and when (laws, resolutions)."""
    return _PASSED.match(content) is not None


def may_start_closing_part(content: str) -> bool:
    """Whether the closing part can begin here: passed by, recipients, or the signing office."""
    return says_who_passed_it(content) or _SIGNED.match(content) is not None
