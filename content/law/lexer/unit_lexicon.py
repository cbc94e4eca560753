"""How units are written: the spellings of their words, the forms of their numbers, what may follow a number. Pure.

Readers that look at the words around units put their patterns together from the second part.
"""

from content.law.units import KINDS_WITHIN_ARTICLES, UNIT_FORMS, UnitKind

SPELLINGS = {  # as they are printed, misprinted and typed
    UnitKind.PARAGRAPH: ("đoạn", "doan"),
    UnitKind.INDENT: ("tiết", "tiet"),
    UnitKind.POINT: ("điểm", "đỉêm", "điêm", "đểm", "diem"),
    UnitKind.CLAUSE: ("khoản", "khỏan", "khoan"),
    UnitKind.ARTICLE: ("điều", "đìều", "điêu", "đieu", "dieu"),
    UnitKind.SUBSECTION: ("tiểu mục", "tieu muc"),
    UnitKind.SECTION: ("mục", "muc"),
    UnitKind.CHAPTER: ("chương", "chuong"),
    UnitKind.PART: ("phần", "phan"),
    UnitKind.ANNEX: ("phụ lục", "phu luc"),
    UnitKind.FORM: ("mẫu số", "mau so"),
}
UNIT_SIZES = {  # every kind of unit that a text may name, from the smallest to the largest
    kind: size
    for size, kind in enumerate(
        (UnitKind.PARAGRAPH, UnitKind.INDENT, UnitKind.POINT, UnitKind.CLAUSE, UnitKind.ARTICLE, UnitKind.SUBSECTION,
         UnitKind.SECTION, UnitKind.CHAPTER, UnitKind.PART, UnitKind.FORM, UnitKind.ANNEX)
    )
}  # fmt: skip
KINDS_BY_SPELLING = {spelling: kind for kind, spellings in SPELLINGS.items() for spelling in spellings}
_ROMAN = r"[IVXLC]{1,8}(?:[a-zđ](?!\w))?"
_ORDINAL = r"thứ\s+(?:nhất|hai|ba|tư|năm|sáu|bảy|tám|chín|mười)"
NUMBERS = {  # as they are printed or typed
    UnitKind.PARAGRAPH: rf"[0-9]{{1,2}}|{_ORDINAL}",
    UnitKind.INDENT: r"\(?(?:[a-zđ]{1,2}[0-9]{0,2}(?:[.][0-9]{1,2})*|[0-9]{1,2}(?:[.][0-9]{1,2})*)\)?",
    UnitKind.POINT: (
        r"(?!y\s+(?:tế|tá|học|sĩ|sỹ|dược|bác|khoa|án))(?:(?:aa|bb|cc|dd|đđ|ee|gg|hh|[a-zđ])[0-9]{0,2}|[A-ZĐ])"
    ),
    UnitKind.CLAUSE: r"[0-9]{1,3}[a-zđ]{0,2}",
    UnitKind.ARTICLE: r"[0-9]{1,4}[a-zđ]{0,2}",
    UnitKind.SUBSECTION: r"[0-9]{1,3}[a-zđ]?",
    UnitKind.SECTION: rf"[0-9]{{1,3}}[a-zđ]?|{_ROMAN}",
    UnitKind.CHAPTER: rf"{_ROMAN}|[ivx]{{1,6}}|[0-9]{{1,3}}",
    UnitKind.PART: rf"{_ROMAN}|{_ORDINAL}|[0-9]{{1,2}}",
    UnitKind.ANNEX: rf"(?:số\s+)?(?:{_ROMAN}|[0-9]{{1,3}}[a-zA-Zđ]?|[A-Z])(?:[.\-][0-9IVX]{{1,3}})*",
    UnitKind.FORM: r"(?::\s*)?[0-9]{1,3}[a-zA-Zđ]{0,2}(?:[.\-/][0-9A-ZĐ][0-9A-ZĐa-zđ]{0,6})*",
}
_MEASURES = (  # «năm» of «Điều 9 năm 2020» measures nothing
    r"tháng|năm(?!\s+(?:1[89]|20)\d\d(?!\w))|ngày|giờ|phút|lần|đồng|người|phần trăm|triệu|tỷ|tỉ|nghìn|ngàn|trăm|tuổi"
    "|mét|km|kg|lít|tấn|ha|m2|cm|trang|văn bản|bản|sao"
)
_GOES_ON = (
    r"[0-9]{1,4}[a-zđ]?(?:\s*,\s*[0-9]{1,4}[a-zđ]?)*\s*(?:và|hoặc|[;.)]|khoản|điều|của|Điều|Khoản|\Z)"  # «1,2,3 Điều 9»
)
GLUED_WORD = r"(?-i:Điều|Khoản|Điểm)\s"  # «tạiĐiều 5», «khoản 1Điều 2»: a blank that a source lost
END = rf"(?:(?={GLUED_WORD})|(?![\w%]))(?!\s?/\s?\w)(?![.]\d)(?!,(?!{_GOES_ON})\d)(?!\s+(?:{_MEASURES})(?!\w))"
AND = r"(?:và|hoặc|va|hoac)(?!\w)"
LIST_SIGN = rf"(?:[,;]\s*{AND}|[,;]|{AND})"  # between the items of a list
UNIT_WORD = "|".join(sorted(KINDS_BY_SPELLING, key=len, reverse=True)).replace(" ", r"\s")
_SHORT_NUMBERS = {"article": r"[dđ][.]\s?\d{1,4}[a-zđ]?", "clause": r"k[.]\s?\d{1,3}[a-zđ]?",
                  "point": r"[dđ][.]\s?[a-zđ]\d?"}  # fmt: skip
SHORT_UNITS = (  # «Đ.3 k.2 đ.a», «đ.a, k.2 Đ.3»: one alone is no unit
    rf"{_SHORT_NUMBERS['article']}[\s,]{{1,2}}{_SHORT_NUMBERS['clause']}(?:[\s,]{{1,2}}{_SHORT_NUMBERS['point']})?"
    rf"|(?:{_SHORT_NUMBERS['point']}[\s,]{{1,2}})?{_SHORT_NUMBERS['clause']}[\s,]{{1,2}}{_SHORT_NUMBERS['article']}"
)

# -- for patterns of other readers ----------------------------------------------------------


def unit_words(*kinds: UnitKind) -> str:
    """A pattern for the words of these kinds as acts print them: «điểm|khoản|Điều»."""
    return "|".join(UNIT_FORMS[kind].mark_word or UNIT_FORMS[kind].word for kind in kinds)


def typed_unit(kind: UnitKind) -> str:
    """A pattern for the word of that kind in every spelling, in small letters, without accents too."""
    return f"(?:{'|'.join(SPELLINGS[kind])})"


ARTICLE, CLAUSE, POINT = (unit_words(kind) for kind in KINDS_WITHIN_ARTICLES)
PARAGRAPH, FORM, ANNEX = unit_words(UnitKind.PARAGRAPH), unit_words(UnitKind.FORM), unit_words(UnitKind.ANNEX)
SECTION, CHAPTER, PART = unit_words(UnitKind.SECTION), unit_words(UnitKind.CHAPTER), unit_words(UnitKind.PART)
UNIT = f"{POINT}|{CLAUSE}|{ARTICLE}"  # what provisions are mostly named by
UNIT_OR_CHAPTER = f"{UNIT}|{CHAPTER}|{SECTION}"
ANY_UNIT = unit_words(*UNIT_SIZES)
THIS_UNIT = rf"(?:{UNIT})\s+này(?!\w)"
OPENING_PART = rf"(?:{PARAGRAPH} |khổ )?mở đầu|(?:{PARAGRAPH}|khổ) đầu"  # what comes before the points of a clause
ARTICLE_NUMBER, CLAUSE_NUMBER = NUMBERS[UnitKind.ARTICLE], NUMBERS[UnitKind.CLAUSE]
TYPED_NUMBER = r"[0-9]{1,3}[a-zđ]?"  # of an article or a clause: four digits that people type are a year
ARTICLE_LABEL = rf"{ARTICLE}\s+\w+(?:\s*[.:])?"  # «Điều 5.» at the start of what is known to be an article
UNIT_MARK = (  # what a line begins with
    rf"(?:{ARTICLE}[^\S\n]+{ARTICLE_NUMBER}[^\S\n]*[.:]|{CLAUSE_NUMBER}[^\S\n]*[.)]|[a-zđ]{{1,2}}\d{{0,2}}\))[^\S\n]*"
)
