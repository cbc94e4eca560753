"""Documents as people type them: «NĐ168/2024», «36 2024 qh15», «khoan 2 dieu 8 luat hon nhan gia dinh». Pure.

One reading for the search box, the filter `number` of lists and the lookup of provisions. Accents, case, dashes, dots
and spaces make no difference. What is typed may be less than a number: a serial and a year, a type and a serial.
"""

import re
from dataclasses import dataclass

from content.law import official_numbers
from content.law.doc_types import (
    SYMBOLS_TYPED_BEFORE_SERIALS,
    TYPES_BY_FOLDED_NAME,
    TYPES_BY_FOLDED_SYMBOL,
    TYPES_TYPED_BEFORE_SERIALS,
    DocType,
)
from content.law.lexer.document_words import FOLDED_TYPE_SYMBOL, YEAR, any_of
from content.text.vietnamese import fold, nfc
from content.typed_citations.units import split_typed_unit

_NAMES = any_of(TYPES_TYPED_BEFORE_SERIALS)
_SHORT_SYMBOLS = any_of(SYMBOLS_TYPED_BEFORE_SERIALS)
_SERIAL = r"(?P<serial>\d{1,5}(?:\.\d{1,3}(?![\d.]))?[a-z]?)"
_YEAR = rf"(?P<year>{YEAR})"
_GAP = r"(?:\s*[/.\-]\s*|\s+)"  # between the parts of a number
_JOINT = r"(?:\s*[/.\-]\s*)"  # a gap that is more than a space
_ASSEMBLY = r"(?:qh|ubtvqh)\s?\d{1,2}"  # «QH15»: of the National Assembly and its standing committee
_SYMBOL = rf"(?P<symbol>{_ASSEMBLY}|(?:{FOLDED_TYPE_SYMBOL})(?:{_JOINT}[a-z][a-z&]*)+(?:\.\d+)?)"
_SPACED_SYMBOL = rf"(?P<symbol>(?:{FOLDED_TYPE_SYMBOL})(?:{_GAP}[a-z][a-z&]*)+)$"  # «nd cp»: nothing else may follow
_BEFORE, _AFTER = r"(?<![\w/.\-])", r"(?![\w/]|[.\-]\w)"
_FORMS = [
    re.compile(_BEFORE + form)
    for form in (
        rf"{_SERIAL}{_GAP}{_YEAR}{_GAP}{_SYMBOL}{_AFTER}",  # «36 2024 qh15», «168.2024.nd-cp»
        rf"{_SERIAL}{_GAP}{_YEAR}{_GAP}{_SPACED_SYMBOL}",  # «100 2019 nd cp»
        rf"{_SERIAL}{_JOINT}{_SYMBOL}[/\-]{_YEAR}{_AFTER}",  # «168/nd-cp/2024»
        r"(?P<serial>\d+(?:\.\d+)*[a-z]?)/(?:(?P<year>\d{4})/)?(?P<symbol>[^\W\d_][\w&]*(?:[-/.][\w&]+)*)",
        rf"{_SYMBOL}{_GAP}(?:so\s*:?\s*)?{_SERIAL}(?:{_GAP}(?:nam )?{_YEAR})?{_AFTER}",  # «nd-cp 100/2019»
        rf"{_SERIAL}{_GAP}{_SYMBOL}{_AFTER}",  # «766 qd-ttg»
        rf"(?P<type>{_NAMES})\s*(?:so\s*:?\s*)?{_SERIAL}(?:(?:{_GAP}|\s+nam\s+){_YEAR})?{_AFTER}",
        # a symbol only with a year, or where nothing follows the serial: «ct 2 thành viên» is a company
        rf"(?P<type>{_SHORT_SYMBOLS})[\s\-]*(?:so\s*:?\s*)?{_SERIAL}(?:{_GAP}{_YEAR}{_AFTER}|$)",
    )
]
# «luật đất đai 45/2013»: of a number and a name the number counts. «luật thuế từ 7/2024» tells a month.
_NAMED_AND_NUMBERED = re.compile(
    rf"^(?P<type>bo luat|luat|phap lenh)(?: (?!(?:tu|den|thang|ngay|truoc|sau|nam|va) \d)[a-z,]+){{1,12}}"
    rf" (?:so )?{_SERIAL}/{_YEAR}$"
)
_LOOKALIKES = re.compile(r"(?<![\w/.\-])(?=[lio]{0,4}\d)[\dlio]{1,5}(?=\s?/\s?(?:1[89]|20|2o)[\dlio]{2}\s?[/.\-])")
_FILE_ENDING = re.compile(r"\.(?:pdf|docx?|html?|txt|rtf|zip)(?!\w)")
_SPLIT_SYMBOL = re.compile(rf"(?<=/)(?:{'|'.join(' '.join(each) for each in ('nd', 'nq', 'qd', 'tt', 'ct'))})(?=\s?-)")
# «nd-cp» without its dash: only before well-known issuers, for «QĐUB» and «TTLB» are symbols of their own
_GLUED_SYMBOL = re.compile(rf"(?<=[/.\- ])({_SHORT_SYMBOLS})(cp|ttg|ubnd|hdnd|nhnn|hdtp|b[a-z]{{1,6}})(?![\w&])")
_SHORT_YEARS = [
    re.compile(r"(?<![\w/.\-])(\d{1,5}[a-z]?\s?/\s?)(\d\d)(?=\s?/\s?[a-z])"),  # «168/24/nd-cp»
    re.compile(rf"(?<!\w)((?:{_NAMES}|{_SHORT_SYMBOLS})[\s\-]*(?:so\s*:?\s*)?\d{{1,5}}/)(\d\d)(?![\w/]|[.\-]\w)"),
]
_FIRST_SHORT_YEAR = 45  # of 1945, when the numbers begin; a smaller one is of this century
# «NĐ100/2019/NĐ-CP»: a type glued to a whole number
_GLUED_TYPE = re.compile(
    rf"(?<![\w/.\-])((?:{_NAMES}|{_SHORT_SYMBOLS})\.?)"
    r"(?=\d{1,5}[a-z]?\s?[/\-]\s?(?:(?:1[89]|20)\d\d\s?[/\-]\s?)?[a-z])"
)
_GLUED_YEAR = re.compile(  # «BLHS1999», «LĐĐ2024»: three consonants at least, or a code
    r"(?i)(?<![\w/.\-])(bl[^\W\d_]{2,6}|[b-df-hj-np-tv-xzđ]{3,8})((?:19|20)\d\d)(?![\w/]|[.\-]\w)"
)
_DIGITS_FOR_LETTERS = str.maketrans("lio", "110")
_INITIALS = re.compile(
    r"(?P<type>(?:bo )?luat |phap lenh )(?P<letters>[a-z]{1,12}(?: [a-z]{1,4})?)"
    r"|(?P<short>bl|pl|l)(?P<rest>[a-z]{2,12})"
)
_SYLLABLE = re.compile(r"(?:ngh|ng|nh|th|tr|ph|kh|gh|gi|ch|qu|[bcdghklmnpqrstvx])?[aeiouy]{1,3}(?:ng|nh|ch|[cmnpt])?")
WHOLE_INITIALS = 3  # with more, initials of the beginning of a name will do: «ttatgt» of «ttatgtđb»
NAME_BEGINNINGS = ("luat", "bo luat", "phap lenh", "hien phap", "nghi dinh", "thong tu", "nghi quyet", "quyet dinh")
BETWEEN_WORDS = r"(?:\W+va)?\W+"  # «luật hôn nhân gia đình» is the law «Hôn nhân và gia đình»
TITLE_END = (
    r"(?:\W+sua\W+doi\W?)?(?:\W+cua\W+quoc\W+hoi)?(?:\W+so\W+\S+)?(?:\W+(?:nam\W+)?\d{4})?$"  # as sources write titles
)
MAX_NAME_WORDS = 6  # of a law that is named without its type
_TYPES_BY_INITIALS = {"l": "luat", "bl": "bo luat", "pl": "phap lenh"}
_SERIAL_AND_YEAR = re.compile(rf"(?:(?:van ban )?so\s*:?\s*)?{_SERIAL}{_GAP}{_YEAR}")  # «36/2024» and nothing else
MAX_LETTERS = 1_000  # that are read of what was typed
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
    folded = _spelt_as_usual(" ".join(fold(nfc(typed[:MAX_LETTERS])).split()))
    folded = _LOOKALIKES.sub(lambda serial: serial[0].translate(_DIGITS_FOR_LETTERS), folded)  # «l68/2024/nd-cp»
    found = next((match for form in _FORMS if (match := form.search(folded))), None)
    found = found or _SERIAL_AND_YEAR.fullmatch(folded) or _NAMED_AND_NUMBERED.match(folded)
    if found is None:
        return None
    parts = found.groupdict("")
    if parts.get("type") and not parts.get("year") and _ONLY_YEAR.fullmatch(parts["serial"]):
        return None  # «luật 2024»
    symbol = official_numbers.number_key(re.sub(r"(?<=qh)\s(?=\d)", "", parts.get("symbol", "")))
    word = parts.get("type", "")
    doc_type = TYPES_BY_FOLDED_NAME.get(word) or TYPES_BY_FOLDED_SYMBOL.get(word) or ""
    return TypedNumber(parts["serial"].lstrip("0") or "0", parts.get("year", ""), symbol, doc_type)


def _spelt_as_usual(folded: str) -> str:
    """The number as it is mostly written: «168_2024_nd-cp.pdf», «168/24/ndcp», «168/2024/n d-cp»."""
    folded = _FILE_ENDING.sub("", folded.replace("_", "-"))
    folded = _SPLIT_SYMBOL.sub(lambda split: split[0].replace(" ", ""), folded)
    folded = _GLUED_TYPE.sub(r"\1 ", folded)
    folded = _GLUED_SYMBOL.sub(r"\1-\2", folded)
    for form in _SHORT_YEARS:
        folded = form.sub(lambda found: found[1] + _whole_year(found[2]), folded)
    return folded


def _whole_year(digits: str) -> str:
    return ("20" if int(digits) < _FIRST_SHORT_YEAR else "19") + digits


def typed_citation(typed: str) -> TypedCitation:
    """The document and the unit that was typed, «luật đất đai 2024 điều 135». Never raises."""
    rest, eid = split_typed_unit(with_gaps(nfc(typed[:MAX_LETTERS])).lower())
    folded = " ".join(fold(rest).split())
    return TypedCitation(typed_number(folded), eid, folded)


def law_title_pattern(name: str, *, beside_unit: bool) -> str | None:
    """A pattern for the folded titles of laws that a folded name without a full type may mean; None for other words.

    «ldd» and «luat dd» are initials of whole names, «luat ttatgt» of the beginning of one. What may be a syllable is a
    word («lao», «luong») and none. Other words are how a name begins («hon nhan»), if a unit is typed with them
    (`beside_unit`). Several laws may match.
    """
    initials = _INITIALS.fullmatch(name)
    if initials and not any(_SYLLABLE.fullmatch(word) for word in (initials["letters"] or name).split()):
        letters = (initials["letters"] or initials["rest"]).replace(" ", "")
        type_words = (initials["type"] or _TYPES_BY_INITIALS[initials["short"]]).strip()
        end = TITLE_END if len(letters) <= WHOLE_INITIALS else r"(?:\W|$)"
        if len(letters) > 1:
            return BETWEEN_WORDS.join([*type_words.split(), *(rf"{letter}\w*" for letter in letters)]) + end
    if beside_unit and 0 < len(name.split()) <= MAX_NAME_WORDS and not name.startswith(NAME_BEGINNINGS):
        return rf"(?:(?:bo )?luat|phap lenh) {BETWEEN_WORDS.join(map(re.escape, name.split()))}(?:\W|$)"
    return None


def title_pattern(name: str, *, is_whole: bool = True) -> str:
    """A pattern for the folded titles of documents with that folded name, or one that begins so and is longer.

    People call a code a law: «luật dân sự».
    """
    pattern = ("(?:bo )?" if name.startswith("luat ") else "") + BETWEEN_WORDS.join(map(re.escape, name.split()))
    return pattern + (TITLE_END if is_whole else r"\W")


def name_in_title(title: str) -> str:
    """The folded name in the title of a document: without number, year and «của Quốc hội»."""
    return re.sub(TITLE_END, "", fold(title))


def typed_document(words: str) -> TypedDocument:
    """What these words, in small letters and with or without accents, say of a document. Never raises."""
    words = " ".join(_FILLER_WORDS.sub(" ", words).split())
    doc_type = None
    if leading := _LEADING_TYPE.match(fold(words)):
        doc_type = TYPES_BY_FOLDED_NAME[leading[1]]
        words = " ".join(words.split()[len(leading[1].split()) :])
    return TypedDocument(doc_type, words, next((word for word in words.split() if word.isdigit()), ""))
