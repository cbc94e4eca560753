"""How a provision is cited in words, from the small to the large: «điểm a khoản 2 Điều 15 Luật Đất đai năm 2024».

Laws and ordinances by name and year, others by type and number (Resolution 351/2017/UBTVQH14 Art. 24, Decree
78/2025/NĐ-CP Art. 68). Chapters are not named when an article is.
"""

import re

from content.documents.models import DocType
from content.law.official_numbers import year_of_number

UNIT_WORDS = {
    "part": "Phần",
    "chapter": "Chương",
    "section": "Mục",
    "subsection": "Tiểu mục",
    "article": "Điều",
    "clause": "khoản",
    "point": "điểm",
    "annex": "Phụ lục",
    "form": "Mẫu số",
}
UNIT_WORDS_BY_EID_PREFIX = {  # of an eid's pieces (structure.building.PREFIX)
    "part": "Phần",
    "chp": "Chương",
    "sec": "Mục",
    "subsec": "Tiểu mục",
    "art": "Điều",
    "clause": "khoản",
    "point": "điểm",
    "indent": "tiết",
    "para": "đoạn",
    "table": "bảng",
    "footnote": "chú thích",
    "annex": "Phụ lục",
    "form": "Mẫu số",
    "preamble": "phần mở đầu",
    "body": "toàn văn",
    "conclusions": "phần kết thúc",
}
KINDS_WITHIN_ARTICLES = ("article", "clause", "point")
LAW_TYPE_NAMES = {
    DocType.CONSTITUTION: "Hiến pháp",
    DocType.CODE: "Bộ luật",
    DocType.LAW: "Luật",
    DocType.ORDINANCE: "Pháp lệnh",
}
TYPES_CITED_BY_NAME = tuple(LAW_TYPE_NAMES)
NUMBERED_TYPE_NAMES = {  # in Vietnamese whatever the reader's language: a citation is a name
    DocType.RESOLUTION: "Nghị quyết",
    DocType.JOINT_RESOLUTION: "Nghị quyết liên tịch",
    DocType.ORDER: "Lệnh",
    DocType.DECISION: "Quyết định",
    DocType.DECREE: "Nghị định",
    DocType.CIRCULAR: "Thông tư",
    DocType.JOINT_CIRCULAR: "Thông tư liên tịch",
    DocType.DIRECTIVE: "Chỉ thị",
    DocType.DECREE_LAW: "Sắc luật",
    DocType.EDICT: "Sắc lệnh",
    DocType.CONSOLIDATED_TEXT: "Văn bản hợp nhất",
    DocType.OFFICIAL_LETTER: "Công văn",
    DocType.PLAN: "Kế hoạch",
    DocType.NOTICE: "Thông báo",
    DocType.REPORT: "Báo cáo",
    DocType.PROGRAMME: "Chương trình",
    DocType.GUIDANCE: "Hướng dẫn",
    DocType.URGENT_DISPATCH: "Công điện",
}
_TRAILING_YEAR = re.compile(r"[,\s]+(?:năm\s+)?((?:19|20)\d\d)$")


def cite_provision(document, lineage):
    """The citation of the last of `lineage` (provisions, outermost first); the document's where none has a word."""
    named = [unit for unit in lineage if unit.kind in UNIT_WORDS and unit.number]
    inner = [unit for unit in named if unit.kind in KINDS_WITHIN_ARTICLES]
    units = [f"{UNIT_WORDS[unit.kind]} {unit.number}" for unit in reversed(inner or named)]
    return " ".join([*units, cite_document(document)])


def eid_in_words(eid):
    """«điểm đ khoản 1 Điều 2» for "art_2__clause_1__point_dd"; "" for "", which is the whole document.

    For people who look at what a program found, where the unit itself may not be there: higher units have Arabic
    numbers. An eid of no form we know is given back as it is.
    """
    pieces = [piece.partition("_") for piece in eid.split("__") if piece]
    if any(prefix not in UNIT_WORDS_BY_EID_PREFIX for prefix, _sep, _sign in pieces):
        return eid
    words = [f"{UNIT_WORDS_BY_EID_PREFIX[prefix]} {_printed_number(sign)}".rstrip() for prefix, _sep, sign in pieces]
    return " ".join(reversed(words))


def _printed_number(sign):
    """The number in an eid as it is printed; one that the law gave twice is told by its place."""
    number, _sep, again = sign.replace("dd", "đ").partition("_")
    return f"{number} (lần {again})" if again.isdecimal() else sign.replace("dd", "đ").replace("_", " ")


def cite_document(document):
    """«Luật Đất đai năm 2024»; «Nghị định số 100/2019/NĐ-CP»; the title where there is neither year nor number."""
    if document.doc_type in TYPES_CITED_BY_NAME:
        if document.title == cite_by_number(document.doc_type, document.number):
            return document.title
        name, own_year = _TRAILING_YEAR.sub("", document.title), _TRAILING_YEAR.search(document.title)
        issued = document.issued_on.year if document.issued_on else year_of_number(document.number)
        passed = own_year[1] if own_year else issued
        return f"{name} năm {passed}" if passed else name
    return cite_by_number(document.doc_type, document.number) or document.title


def cite_by_number(doc_type, number):
    """«Nghị định số 100/2019/NĐ-CP»; "" where there is no number, or no name of the type to put before it."""
    kind = (NUMBERED_TYPE_NAMES | LAW_TYPE_NAMES).get(doc_type)
    return f"{kind} số {number}" if kind and number else ""
