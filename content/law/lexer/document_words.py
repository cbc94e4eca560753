"""What names of documents are made of: words for types, «Luật này», official numbers, days. Pure.

Patterns are strings, to be put together with what the readers know of the words around them. FOLDED ones are for a
text in the form of `fold_letters`.
"""

import datetime
import re
from collections.abc import Iterable, Iterator

from content.law.doc_types import (
    TYPE_FORMS,
    TYPE_SYMBOLS,
    TYPES_BY_FOLDED_NAME,
    TYPES_BY_NAME,
    TYPES_CITED_BY_NAME,
    DocType,
)
from content.text.vietnamese import fold


def any_of(words: Iterable[str]) -> str:
    """A pattern for any of these words, the longest that fits."""
    return "|".join(sorted(words, key=lambda word: (-len(word), word)))


# -- types --------------------------------------------------------------------------------

TYPE_WORD = any_of(TYPES_BY_NAME)  # «Bộ luật», as printed
FOLDED_TYPE_WORD = any_of(TYPES_BY_FOLDED_NAME).replace(" ", r"\s+")
FOLDED_TYPE_OR_TEXT = rf"{FOLDED_TYPE_WORD}|van\s+ban|quy\s+che|quy\s+dinh|dieu\s+le"  # «quy chế này»
_ACTS = (  # types that make, amend and end law
    DocType.CONSTITUTION, DocType.CODE, DocType.LAW, DocType.ORDINANCE, DocType.RESOLUTION, DocType.JOINT_RESOLUTION,
    DocType.ORDER, DocType.DECISION, DocType.DECREE, DocType.CIRCULAR, DocType.JOINT_CIRCULAR, DocType.DIRECTIVE,
    DocType.DECREE_LAW, DocType.EDICT,
)  # fmt: skip
ACT_WORD = any_of(TYPE_FORMS[doc_type].name_vi for doc_type in _ACTS).replace("|Lệnh", "|(?<!Tư )Lệnh")
NAMED_ACT_WORD = any_of(TYPE_FORMS[doc_type].name_vi for doc_type in TYPES_CITED_BY_NAME)
THIS_ACT = rf"(?:{ACT_WORD}|Văn bản)\s+này"

# -- numbers ------------------------------------------------------------------------------

SERIAL = r"\d{1,5}(?:\.\d{1,3})?[a-z]?"  # «100», «522b», «66.14»
TYPED_SERIAL = r"\d{1,5}(?:\.\d{1,3}(?![\d.]))?[a-z]?"  # of «168.2024.nd-cp» it is 168
WHOLE_SERIAL = r"\d{1,5}[a-z]?"  # without a point
ANY_SERIAL = r"\d+(?:\.\d+)*"
SYMBOL = r"[^\W\d_][\w&]*(?:[-/.][\w&]+)*"  # of any number, in any case: «NĐ-CP», «qh15»
WRITTEN_NUMBER = r"\d[^\s,;]*[/-][^\s,;]+"  # what stands behind «Số:» at the head of a document
NUMBER_SIGN = r"\d/"  # in every number, and in a day that is written in digits
DATED_NUMBER = r"\d\s?/\s?\d{4}\s?/\s?[A-ZĐ]"  # within a number that has a year, where blanks may be in it
_SPLIT = re.compile(r"(?<=\d)(?:\s*/\s*(?=[\dA-ZĐ])|\s+/)")
YEAR = r"(?:1[89]|20)\d\d"  # in a number
YEAR_OF_NAME = r"(?:19|20)\d\d"  # behind a name: «Luật Đất đai 2024»
# «31/2024/QH15», «766/QĐ-TTg», «101-SL/L.003»; «38/2010/TT-BGDĐTngày 20/12/2010» is printed so
_WORD = r"[A-ZĐƯ](?:(?!ngày)\w)*"
PRINTED_NUMBER = rf"(?:{SERIAL}(?:/\d{{4}})?/{_WORD}(?:(?:[.&]|-\s?){_WORD})*|\d{{1,4}}-SL/L\.\d{{1,3}})"
FOLDED_TYPE_SYMBOL = any_of({fold(symbol) for symbol in TYPE_SYMBOLS})
FOLDED_ASSEMBLY = r"(?:ubtv)?qh\s?\d{1,2}"  # «qh15»: of the National Assembly and its standing committee
_FOLDED_SYMBOL = rf"(?:{FOLDED_ASSEMBLY}|(?:{FOLDED_TYPE_SYMBOL})(?:\s?[-/]\s?[a-z][a-z&]*)+|cp|ttg)"
_PRINTED_NUMBER = re.compile(rf"(?<![\w/.-]){PRINTED_NUMBER}")
_TO_SLASH = re.compile(r"\d{1,5}(?:\.\d{1,3})?(?:[a-z]|-SL)?\Z")
_FOLDED_NUMBER = re.compile(rf"(?<![\w/.\-]){SERIAL}(?:\s?/\s?{YEAR})?\s?/\s?{_FOLDED_SYMBOL}(?![\w/])")


def printed_numbers(text: str) -> Iterator[re.Match[str]]:
    """Matches of whole numbers as acts print them, looked for where there is a slash: a text holds few of them."""
    slash = text.find("/")
    while slash >= 0:
        digits = _TO_SLASH.search(text, max(0, slash - 12), slash)
        match = digits and _PRINTED_NUMBER.match(text, digits.start())
        if match:
            yield match
        slash = text.find("/", match.end() if match else slash + 1)


def folded_numbers(folded: str) -> Iterator[re.Match[str]]:
    """Matches of whole numbers in any case, with and without accents: «100/2019/nđ-cp», «15 / 2012 / qh13»."""
    return _FOLDED_NUMBER.finditer(folded) if "/" in folded else iter(())


def unsplit(words: str) -> str:
    """The words with each number in one piece: «168 / 2024/ NĐ-CP» → «168/2024/NĐ-CP»."""
    return _SPLIT.sub("/", words)


# -- days ---------------------------------------------------------------------------------


def day_numbers(day: str = "", month: str = "", year: str = "", *, number_of_month: str = r"\d{1,2}") -> str:
    """A pattern for «15 tháng 7 năm 2026», «15/7/2026»: three groups, which begin «(?P<name>» or «(?:» as asked."""
    return (
        rf"(?:m[ùồ]ng\s+)?({day}\d{{1,2}})(?:\s*tháng\s*|\s?[/.-]\s?)({month}{number_of_month})"
        rf"(?:,?\s*năm\s*|\s?[/.-]\s?)({year}\d{{4}})"
    )


DAY_NUMBERS = day_numbers()
DAY = rf"ngày\s+{DAY_NUMBERS}"
FIRST_YEAR, LAST_YEAR = 1900, 2200


def date_of(parts: Iterable[str]) -> datetime.date | None:
    """The day of (day, month, year); None if there is no such day (the 30th of February), or no law has it (a slip)."""
    day, month, year = map(int, parts)
    if not FIRST_YEAR <= year <= LAST_YEAR:
        return None
    try:
        return datetime.date(year, month, day)
    except ValueError:
        return None
