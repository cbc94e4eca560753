"""Documents as people type them: «NĐ168/2024», «36 2024 qh15», «khoan 2 dieu 8 luat hon nhan gia dinh». Pure.

One reading for the search box, the filter `number` of lists and the lookup of provisions. Accents, case, dashes, dots
and spaces make no difference. What is typed may be less than a number: a serial and a year, a type and a serial.
"""

import re
from dataclasses import dataclass

from content.law import official_numbers
from content.law.doc_types import (
    TYPES_BY_FOLDED_NAME,
    TYPES_BY_FOLDED_SYMBOL,
    DocType,
)
from content.law.lexer.document_words import (
    ANY_SERIAL,
    FOLDED_ASSEMBLY,
    FOLDED_TYPE_SYMBOL,
    NUMBER_SIGN,
    SYMBOL,
    TYPED_SERIAL,
    YEAR,
    YEAR_OF_NAME,
    any_of,
)
from content.law.lexer.unit_lexicon import typed_unit
from content.law.units import KINDS_WITHIN_ARTICLES
from content.text.vietnamese import fold, nfc
from content.typed_citations.spelling import ISSUERS, NAMES, SHORT_SYMBOLS, number_as_usual, spelt_as_usual
from content.typed_citations.units import split_typed_unit

_SERIAL = rf"(?P<serial>{TYPED_SERIAL})"
_YEAR = rf"(?P<year>{YEAR})"
_GAP = r"(?:\s*[/.\-]\s*|\s+)"  # between the parts of a number
_JOINT = r"(?:\s*[/.\-]\s*)"  # a gap that is more than a space
_SYMBOL = rf"(?P<symbol>{FOLDED_ASSEMBLY}|(?:{FOLDED_TYPE_SYMBOL})(?:{_JOINT}[a-z][a-z&]*)+(?:\.\d+)?)"
_SPACED_SYMBOL = rf"(?P<symbol>(?:{FOLDED_TYPE_SYMBOL})(?:{_GAP}[a-z][a-z&]*)+)$"  # «nd cp»: nothing else may follow
_YEAR_BEHIND = rf"(?:\s+(?:,?\s*ngay\s+\d{{1,2}}[/.\-]\d{{1,2}}[/.\-]|nam\s+)?|[/\-]){_YEAR}"
_SPACED = rf"(?P<symbol>(?:{SHORT_SYMBOLS})\s{ISSUERS})"  # «168 nd cp» and no more: «5 ct x» is a company
_NO_YEAR_SERIAL = rf"(?!{YEAR}(?!\d))"
_NO_MEASURE = r"(?!\s+(?:nam(?!\s+\d)|thang|ngay|tuan|lan|trieu|ty|dong|nguoi|gio|trang)(?!\w))"  # «quyết định 2 năm»
_BEFORE, _AFTER = r"(?<![\w/.\-])", r"(?![\w/]|[.\-]\w)"
_FORMS = [
    re.compile(_BEFORE + form)
    for form in (
        rf"{_SERIAL}{_GAP}{_YEAR}{_GAP}{_SYMBOL}{_AFTER}",  # «36 2024 qh15», «168.2024.nd-cp»
        rf"{_SERIAL}{_GAP}{_YEAR}{_GAP}{_SPACED_SYMBOL}",  # «100 2019 nd cp»
        rf"{_SERIAL}{_GAP}{_SYMBOL}{_YEAR_BEHIND}{_AFTER}",  # «168/nd-cp/2024», «168 nd-cp nam 2024»
        rf"{_SERIAL}{_GAP}{_YEAR}-(?P<symbol>{ISSUERS}){_AFTER}",  # «168-2024-cp»
        rf"(?P<serial>{ANY_SERIAL}[a-z]?)/(?:(?P<year>\d{{4}})/)?(?P<symbol>{SYMBOL})",
        rf"{_SYMBOL}{_GAP}(?:so\s*:?\s*)?{_SERIAL}(?:{_GAP}(?:nam )?{_YEAR})?{_AFTER}",  # «nd-cp 100/2019»
        rf"{_SERIAL}{_GAP}{_SYMBOL}{_AFTER}",  # «766 qd-ttg»
        rf"(?P<type>{NAMES})\s*(?:so\s*:?\s*)?{_SERIAL}(?:(?:{_GAP}|\s+nam\s+){_YEAR})?{_AFTER}{_NO_MEASURE}",
        # a symbol only with a year, or glued, or where nothing follows the serial: «ct 2 thành viên» is a company
        rf"(?P<type>{SHORT_SYMBOLS})[\s.\-]*(?:so\s*:?\s*)?{_SERIAL}(?:{_GAP}{_YEAR}{_AFTER}|$)",
        rf"(?P<type>nd|nq|qd|ttlt|tt){_NO_YEAR_SERIAL}(?P<serial>\d{{2,5}}){_AFTER}",  # «nd168 giao thong»
    )
]
# «luật đất đai 45/2013»: of a number and a name the number counts. «luật thuế từ 7/2024» tells a month.
_NAMED_AND_NUMBERED = re.compile(
    rf"^(?P<type>bo luat|luat|phap lenh)(?: (?!(?:tu|den|thang|ngay|truoc|sau|nam|va) \d)[a-z,]+){{1,12}}"
    rf" (?:so )?{_SERIAL}/{_YEAR}$"
)
_GLUED_YEAR = re.compile(  # «BLHS1999», «LĐĐ2024»: three consonants at least, or a code
    rf"(?i)(?<![\w/.\-])(bl[^\W\d_]{{2,6}}|[b-df-hj-np-tv-xzđ]{{3,8}})({YEAR_OF_NAME})(?![\w/]|[.\-]\w)"
)
_SERIAL_AND_YEAR = re.compile(rf"(?:(?:van ban )?so\s*:?\s*)?{_SERIAL}{_GAP}{_YEAR}")  # «36/2024» and nothing else
MAX_LETTERS = 1_000  # that are read of what was typed
_CUT_UNIT = re.compile(  # «luật đất đai điều 135 khoản»: its number is not typed yet
    rf"\s+(?:{'|'.join(map(typed_unit, KINDS_WITHIN_ARTICLES))})$"
)
_SIGNS_AROUND = re.compile(r"\A[\s\-–,;:.]+|[\s\-–,;:.]+\Z")
_LAW_BEFORE = re.compile(rf"(?:bo )?luat |phap lenh |hien phap |(?:{NAMES}|{SHORT_SYMBOLS})[\s.\-]*\d|\d*{NUMBER_SIGN}")
_SPACED_NUMBER = re.compile(rf"{_SERIAL}\s{_SPACED}")
_WHOLE_SYMBOL = re.compile(r"(?:ubtv)?qh-?\d{1,2}|[a-z]+(?:-[a-z0-9&]+)*-[a-z0-9&]{2,}|ttl[btn]")
_ONLY_YEAR = re.compile(_YEAR)
_FILLER_WORDS = re.compile(r"(?<!\w)(?:số|so|của|cua|năm|nam(?=\s+\d))(?!\w)")
_LEADING_TYPE = re.compile(rf"^({any_of(TYPES_BY_FOLDED_NAME)})(?!\w)")


@dataclass(frozen=True)
class TypedNumber:
    """The parts of an official number that were typed. What was not typed is empty."""

    serial: str  # "168", folded, without leading zeros
    year: str = ""
    symbol: str = ""  # folded: "nd-cp", "qh15"
    doc_type: str = ""  # a DocType, of a name or a symbol of a type in front of the serial

    @property
    def key(self) -> str:
        """The key of the whole number, as official_numbers.number_key makes it; "" without a symbol."""
        return self.key_start + self.symbol if self.symbol else ""

    @property
    def is_whole(self) -> bool:
        """Whether the symbol may be a whole one: «NĐ-CP», «QH15», in old numbers «CP»; not «NĐ», «QH», «2024/CP»."""
        return bool(_WHOLE_SYMBOL.fullmatch(self.symbol)) or bool(self.symbol and not self.year)

    @property
    def key_start(self) -> str:
        """How the keys of all numbers with this serial and this year begin."""
        return "-".join([*self.serial.replace(".", "-").split("-"), *([self.year] if self.year else []), ""])


@dataclass(frozen=True)
class TypedCitation:
    """What a person typed: the number and the unit that it names, and the other words."""

    number: TypedNumber | None
    eid: str  # of the unit, "" where no article is named
    rest: str  # folded, without the unit; the number is still in it


@dataclass(frozen=True)
class TypedDocument:
    """A document as a person types it: «nghị định 100 năm 2019». What is not typed is None or empty."""

    doc_type: DocType | None
    words: str  # besides the type, without filler words
    serial: str  # the first number among them


def with_gaps(typed: str) -> str:
    """What was typed with a gap where an abbreviation and a year or a number stand together: «BLHS 1999»."""
    return _GLUED_YEAR.sub(r"\1 \2", typed)


def typed_number(typed: str) -> TypedNumber | None:
    """The official number in what was typed, whole or in part; None where there is none. Never raises."""
    folded = number_as_usual(" ".join(fold(spelt_as_usual(typed[:MAX_LETTERS])).split()))
    found = next((match for form in _FORMS if (match := form.search(folded))), None)
    found = found or _SERIAL_AND_YEAR.fullmatch(folded) or _SPACED_NUMBER.fullmatch(folded)
    found = found or _NAMED_AND_NUMBERED.match(folded)
    if found is None:
        return None
    parts = found.groupdict("")
    if parts.get("type") and not parts.get("year") and _ONLY_YEAR.fullmatch(parts["serial"]):
        return None  # «luật 2024»
    symbol = official_numbers.number_key(re.sub(r"(?<=qh)\s(?=\d)", "", parts.get("symbol", "")))
    word = parts.get("type", "")
    doc_type = TYPES_BY_FOLDED_NAME.get(word) or TYPES_BY_FOLDED_SYMBOL.get(word) or ""
    return TypedNumber(parts["serial"].lstrip("0") or "0", parts.get("year", ""), symbol, doc_type)


def typed_citation(typed: str) -> TypedCitation:
    """The document and the unit that was typed, «luật đất đai 2024 điều 135». Never raises."""
    rest, eid = split_typed_unit(spelt_as_usual(with_gaps(nfc(typed[:MAX_LETTERS]))))
    folded = _SIGNS_AROUND.sub("", " ".join(fold(rest).split()))
    if eid or _LAW_BEFORE.match(folded):
        folded = _CUT_UNIT.sub("", folded)
    return TypedCitation(typed_number(folded), eid, folded)


def typed_document(words: str) -> TypedDocument:
    """What these words, in small letters and with or without accents, say of a document. Never raises."""
    words = " ".join(_FILLER_WORDS.sub(" ", words).split())
    doc_type = None
    if leading := _LEADING_TYPE.match(fold(words)):
        doc_type = TYPES_BY_FOLDED_NAME[leading[1]]
        words = " ".join(words.split()[len(leading[1].split()) :])
    return TypedDocument(doc_type, words, next((word for word in words.split() if word.isdigit()), ""))
