"""The units of a legal document: one table of their names, eid prefixes and ranks."""

from dataclasses import dataclass
from enum import StrEnum


class UnitKind(StrEnum):
    """Parts of a document, as design/vocabulary.md C5 names them."""

    PREAMBLE = "preamble"
    PART = "part"  # Phần
    CHAPTER = "chapter"  # Chương
    SECTION = "section"  # Mục
    SUBSECTION = "subsection"  # Tiểu mục
    ARTICLE = "article"  # Điều
    CLAUSE = "clause"  # khoản
    POINT = "point"  # điểm
    INDENT = "indent"  # tiết: "a.1", "(i)", "-", "+"
    PARAGRAPH = "paragraph"  # đoạn, unnumbered, from the second of its unit on, and what follows a list
    TABLE = "table"  # rows as lines, cells separated by TAB
    FOOTNOTE = "footnote"  # of a consolidated text
    ANNEX = "annex"  # Phụ lục, or a regulation that is issued with the act
    FORM = "form"  # Mẫu
    BODY = "body"  # the whole of a text that has no article
    CONCLUSIONS = "conclusions"  # who passed it, who signed it, Nơi nhận


class UnitPart(StrEnum):
    """The part of a unit that is meant."""

    WHOLE = ""
    HEADING = "heading"  # tên Điều …
    OPENING = "opening"  # đoạn mở đầu khoản …: what comes before its points


@dataclass(frozen=True)
class UnitForm:
    """How units of one kind are named."""

    kind: UnitKind
    eid_prefix: str  # how its step of an eid begins (design/vocabulary.md D)
    word: str  # as a citation writes it
    is_cited: bool = False  # whether a citation names it by word and number
    rank: int | None = None  # from the smallest unit that instructions name, 0, to the largest
    mark_word: str = ""  # what the mark of its heading begins with; "" where it has no heading


UNIT_FORMS = {
    form.kind: form
    for form in (  # outermost first
        UnitForm(UnitKind.PREAMBLE, "preamble", "phần mở đầu"),
        UnitForm(UnitKind.PART, "part", "Phần", is_cited=True, rank=6, mark_word="Phần"),
        UnitForm(UnitKind.CHAPTER, "chp", "Chương", is_cited=True, rank=5, mark_word="Chương"),
        UnitForm(UnitKind.SECTION, "sec", "Mục", is_cited=True, rank=4, mark_word="Mục"),
        UnitForm(UnitKind.SUBSECTION, "subsec", "Tiểu mục", is_cited=True, rank=3, mark_word="Tiểu mục"),
        UnitForm(UnitKind.ARTICLE, "art", "Điều", is_cited=True, rank=2, mark_word="Điều"),
        UnitForm(UnitKind.CLAUSE, "clause", "khoản", is_cited=True, rank=1),
        UnitForm(UnitKind.POINT, "point", "điểm", is_cited=True, rank=0),
        UnitForm(UnitKind.INDENT, "indent", "tiết"),
        UnitForm(UnitKind.PARAGRAPH, "para", "đoạn"),
        UnitForm(UnitKind.TABLE, "table", "bảng"),
        UnitForm(UnitKind.FOOTNOTE, "footnote", "chú thích"),
        UnitForm(UnitKind.ANNEX, "annex", "Phụ lục", is_cited=True, mark_word="Phụ lục"),
        UnitForm(UnitKind.FORM, "form", "Mẫu số", is_cited=True, mark_word="Mẫu"),
        UnitForm(UnitKind.BODY, "body", "toàn văn"),
        UnitForm(UnitKind.CONCLUSIONS, "conclusions", "phần kết thúc"),
    )
}

CITED_UNIT_WORDS: dict[str, str] = {  # by the kind of a provision
    form.kind: form.word for form in UNIT_FORMS.values() if form.is_cited
}
HEADING_WORDS: dict[str, str] = {form.kind: form.mark_word for form in UNIT_FORMS.values() if form.mark_word}
EID_PREFIXES = {form.kind: form.eid_prefix for form in UNIT_FORMS.values()}
KINDS_BY_EID_PREFIX = {form.eid_prefix: form.kind for form in UNIT_FORMS.values()}
UNIT_RANK = {form.kind: form.rank for form in UNIT_FORMS.values() if form.rank is not None}
KINDS_ABOVE_ARTICLES = frozenset({UnitKind.PART, UnitKind.CHAPTER, UnitKind.SECTION, UnitKind.SUBSECTION})
KINDS_BELOW_ARTICLE = (
    UnitKind.CLAUSE,
    UnitKind.POINT,
    UnitKind.INDENT,
    UnitKind.PARAGRAPH,
    UnitKind.TABLE,
    UnitKind.FOOTNOTE,
)
KINDS_WITHIN_ARTICLES = (UnitKind.ARTICLE, UnitKind.CLAUSE, UnitKind.POINT)
