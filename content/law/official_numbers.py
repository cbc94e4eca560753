"""Official numbers of documents («31/2024/QH15»): cleaned, parsed and compared. Pure.

Form: digits, a year where there is one, then the abbreviated type and issuers (Decree 78/2025/NĐ-CP lays it down);
earlier times wrote `101-SL/L.003`, `13/CP`. Numbers are not unique: each province and each year counts anew.
"""

import functools
import re
from dataclasses import dataclass

from content.law.doc_types import TYPE_NAMES, TYPE_SYMBOLS, TYPES_BEFORE_NUMBERS
from content.law.lexer.document_words import ANY_SERIAL, SYMBOL
from content.text.vietnamese import DASHES, fold, nfc, slug

SAMPLE_NUMBER = "00/0000/MAU"  # only sample documents bear it

LAST_NUMBERS = 128  # that are kept cleaned: the keys of one number ask for it six times

# Abbreviated types in numbers; anything else in their place («QH15», «CP») is an issuer.
TYPE_CODES = re.compile("|".join(TYPE_SYMBOLS))
_DASHES = re.compile(f"[{DASHES}]")
_TYPE_WORDS = "|".join(
    sorted((TYPE_NAMES[doc_type].lower() for doc_type in TYPES_BEFORE_NUMBERS), key=len, reverse=True)
)
_NUMBER_LABEL = re.compile(rf"^(?:(?:{_TYPE_WORDS}) )?số\s*:?\s*", re.IGNORECASE)
_TYPED_NUMBER_LABEL = re.compile(rf"^(?:(?:{fold(_TYPE_WORDS)})\s+)?(?:so\s*:?\s+)?")
_NO_NUMBER = re.compile(r"(?:(?:văn bản )?không (?:có )?số|kh[oô]ng ?s[oố]|k/s)\.?", re.IGNORECASE)
_YEAR = re.compile(r"(?<!\d)(1[89]\d\d|20\d\d)(?!\d)")
_WORD = re.compile(r"[0-9a-z.]+")
_IN_SMALL_LETTERS = re.compile(r"(?<!\w)\d{1,5}(?:/\d{4})?/[^\W\d_][\w-]*")
_LETTER_OF_SERIAL = re.compile(r"^(\d+)([A-ZĐ])(?=[/\-])")
# in Python and in PostgreSQL; «UBTVQH» and «UBDT» are central
LOCAL_NUMBERS = "UBND|H[ĐD]ND|(?<![A-ZĐ])UB(?![A-ZĐ])"
_LOCAL = re.compile(LOCAL_NUMBERS)
_NUMBER_PARTS = re.compile(
    rf"(?P<serial>{ANY_SERIAL}[a-zđ]?)"
    r"(?:/(?P<year>1[89]\d\d|20\d\d|0000))?"
    rf"(?P<sign>[/\-])(?P<symbol>{SYMBOL}-?)"
)
_NUMBER_SEPARATOR = re.compile(r"(?<!\s)\s*(?:[;,\n]|(?<=\w)\s+(?:và|hoặc)\s+)\s*", re.IGNORECASE)


@dataclass(frozen=True)
class OfficialNumber:
    """The parts of a number; `str()` gives the number itself."""

    serial: str  # "100", "522b", "66.14", with its leading zeros
    year: int | None
    sign: str  # between those and the symbol: "/", in old numbers "-"
    symbol: str  # "NĐ-CP", "QH15", "SL/L.003"

    def __str__(self) -> str:
        return (
            "/".join([self.serial, *([f"{self.year:04}"] if self.year is not None else [])]) + self.sign + self.symbol
        )

    @property
    def type_code(self) -> str:
        """The abbreviated type («NĐ», «TTLT»); "" where the symbol names only who issued it («QH15»)."""
        first = re.split(r"[/\-]", self.symbol)[0]
        return first if TYPE_CODES.fullmatch(first) else ""

    @property
    def issuer_codes(self) -> tuple[str, ...]:
        """The codes of the issuers, in order: ("BTC", "BNV"). Empty where the number breaks off («01/2012/QĐ-»)."""
        codes = re.split(r"[/\-]", self.symbol)[bool(self.type_code) :]
        return tuple(code for code in codes if code)

    @property
    def is_cut_off(self) -> bool:
        """Whether the source lost its end: «64/2020/TT-»."""
        return self.symbol.endswith("-")


@functools.lru_cache(LAST_NUMBERS)
def clean_number(number: str) -> str:
    """The number as it is stored: "Số: 100 / 2019/nđ–cp" → "100/2019/NĐ-CP"; "" for «không số».

    NFC, plain dashes, Đ for Ð, no «Số:» in front, no spaces, capitals except TTg and the letter of «522b».
    """
    number = _DASHES.sub("-", nfc(number)).replace("\u00d0", "Đ").replace("\u00f0", "đ").replace("\u00a0", " ")
    number = " ".join(number.split())  # first of all: patterns with \s* are quadratic in blanks
    if _NO_NUMBER.fullmatch(number):
        return ""
    number = re.sub(r"\s*([/.\-])\s*", r"\1", _NUMBER_LABEL.sub("", number))
    number = re.sub(r"\bTTG\b", "TTg", number.strip().upper())
    return _LETTER_OF_SERIAL.sub(lambda found: found[1] + found[2].lower(), number)


def with_numbers_restored(words: str) -> str:
    """Words that were in capitals, with each number as acts write it: «số 31/2024/qh15» → «số 31/2024/QH15»."""
    return _IN_SMALL_LETTERS.sub(lambda found: clean_number(found[0]), words)


def parse_number(number: str) -> OfficialNumber | None:
    """The parts of a number, cleaned first; None where it is no official number. Never raises."""
    found = _NUMBER_PARTS.fullmatch(clean_number(number))
    if not found:
        return None
    return OfficialNumber(
        found["serial"], None if found["year"] is None else int(found["year"]), found["sign"], found["symbol"]
    )


def split_numbers(field: str) -> list[str]:
    """The cleaned numbers of a field that may hold several: «01/2017/TT-BTC; 02/2017/TT-BTC».

    A field of which any part is no number is one number.
    """
    several = [clean_number(part) for part in _NUMBER_SEPARATOR.split(field)]
    if len(several) > 1 and all(parse_number(part) for part in several):
        return several
    return [whole] if (whole := clean_number(field)) else []


def is_local(number: str) -> bool:
    """Whether a body of a province or a commune gives such numbers: «15/2024/QĐ-UBND», until about 2004 «QĐ-UB»."""
    return bool(_LOCAL.search(number))


@functools.lru_cache(LAST_NUMBERS)
def number_key(number: str) -> str:
    """The form to compare by, without accents or leading zeros: «01/2021/NĐ-CP» → "1-2021-nd-cp"."""
    parts = _WORD.findall(fold(clean_number(number)).replace(".", "-").replace("/", "-"))
    return "-".join(part.lstrip("0") or "0" if part.isdigit() else part for part in parts)


def other_keys(field: str) -> list[str]:
    """Keys besides `number_key(field)` that find a document: of each of several numbers; «BGD&ĐT» as «BGDĐT»."""
    numbers = split_numbers(field)
    keys = {number_key(number) for number in numbers} | {number_key(number.replace("&", "")) for number in numbers}
    return sorted(keys - {number_key(field), ""})


def typed_key(words: str) -> str:
    """The key of a number as people type it, accents optional: «nd-cp 100 2019», «nghi dinh 100/2019/nd-cp»."""
    typed = _TYPED_NUMBER_LABEL.sub("", " ".join(fold(words).split()))
    parts = number_key(typed).split("-")
    first_digit = next((place for place, part in enumerate(parts) if part[:1].isdigit()), 0)
    return "-".join(parts[first_digit:] + parts[:first_digit])


def number_slug(number: str) -> str:
    """The number in the key of a document, zeros included: «101-SL/L.003» → "101-sl-l-003"."""
    return slug(clean_number(number))


def year_of_number(number: str) -> int | None:
    """The year a number carries, or None. «15/2024/QĐ-UBND» → 2024; «766/QĐ-TTg» → None."""
    found = [int(text) for text in _YEAR.findall(number.partition("/")[2])]
    return found[0] if found else None
