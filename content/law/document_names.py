"""Documents that a text names, by number, by name, by abbreviation, as «Luật này»: whole, in part, in any case. Pure.

`document_references` reads what acts write. This reads what people write besides: «Nghị định 168», «BLDS 2015»,
«luật đất đai», «100/2019/nđ-cp», and names that the text itself gives («sau đây gọi là …»).
"""

import datetime
import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from content.law.doc_types import (
    TYPES_BY_FOLDED_NAME,
    TYPES_BY_FOLDED_SYMBOL,
    TYPES_CITED_BY_NAME,
    TYPES_TYPED_BEFORE_SERIALS,
    DocType,
)
from content.law.document_references import DocumentReference, document_references
from content.law.known_names import SHORT_NAMES, KnownNames, Words, end_of_words, name_words
from content.law.lexer.document_words import (
    FOLDED_TYPE_OR_TEXT,
    FOLDED_TYPE_WORD,
    SERIAL,
    WHOLE_SERIAL,
    YEAR,
    YEAR_OF_NAME,
    date_of,
    folded_numbers,
)
from content.law.local_bodies import NamedBody, body_behind
from content.law.official_numbers import clean_number, is_local, parse_number, year_of_number
from content.text.vietnamese import fold, fold_letters, small_letters

_TYPE = re.compile(rf"(?<!\w)(?:{FOLDED_TYPE_OR_TEXT})(?!\w)")
_THIS = re.compile(r"\s+n[aà]y(?!\w)")
_SERIAL = re.compile(
    rf"\s+(?:so\s*(?::\s*)?)?(?P<serial>{SERIAL})(?:\s?/\s?(?P<year>{YEAR})|\s+nam\s+(?P<said>\d{{4}}))?"
    r"(?![\w/%]|[.,\-]\d|\s+(?:dieu|khoan|diem|nguoi|van ban|ngay|thang|nam|lan|trieu|ty|dong|gio|trang|cuon)(?!\w))"
)
_SHORT_SYMBOLS = ("nd", "ttlt", "tt", "qd", "nq")
_SHORT_SERIAL = re.compile(
    rf"(?<![\w/.\-])(?P<symbol>{'|'.join(_SHORT_SYMBOLS)})\s?-?\s?(?:so\s*(?::\s*)?)?(?P<serial>\d{{1,5}})\s?/\s?(?P<year>{YEAR})(?![\w/])"
)
_YEAR_AFTER_NAME = re.compile(
    rf"\s*(?:[,(]\s*)?(?:nam\s+)?(?P<year>{YEAR_OF_NAME})\)?(?![\w/%]|[.,\-]\d|\s+(?:nguoi|dong|trieu)(?!\w))"
)
_DAY_AFTER_NAME = re.compile(rf"[\s,]*ngay\s+(\d{{1,2}})\s?[/.\-]\s?(\d{{1,2}})\s?[/.\-]\s?({YEAR_OF_NAME})(?!\w)")
_AMENDING = re.compile(r"\s+sua\s+doi[^.;:\n]{0,120}?(?<!\w)cua\s+")
_TYPE_OR_ABBREVIATION = re.compile(rf"(?<![\w/.\-])(?:(?P<type>{FOLDED_TYPE_OR_TEXT})|[a-z&]{{2,12}})(?![\w/]\w)")
_TYPE_BEFORE_NUMBER = re.compile(rf"(?<!\w)({FOLDED_TYPE_WORD})[\s,]*(?:so\s*(?::\s*)?)?\Z")
_NO_DOCUMENT_BEFORE = re.compile(
    r"(?<!\w)(?:phap|ky|du thao|du an|lam|hoc|lap|xay dung)\s+\Z"
)  # «pháp luật đất đai», «dự thảo Luật …»
_YEAR_AS_SERIAL = re.compile(rf"{YEAR}/[^\d/]+\Z")
_SERIAL_BEFORE = re.compile(r"(?<!\d)\d{1,5}\s?/\s*\Z")
# «số 903, 904/QĐ-TTg»: what the last number says holds for those before it, but a year of their own
_LISTED_SERIAL = re.compile(rf"(?P<serial>{WHOLE_SERIAL})(?:\s?/\s?(?P<year>{YEAR}))?")
_LIST_SIGN = r"(?:\s*[,;]\s*(?:(?:va|hoac)\s+)?|\s+(?:va|hoac)\s+)"
_WRITTEN_NUMBER = re.compile(rf"{SERIAL}(?:\s?/\s?{YEAR})?\s?[/\-]\s?[a-z]")
_LIST_BEFORE = re.compile(rf"\d[a-z]?{_LIST_SIGN}\Z")
_SERIALS_BEFORE = re.compile(
    rf"(?<!\w)(?:(?P<type>{FOLDED_TYPE_WORD})[\s,]{{1,3}}(?:so\s*(?::\s*)?)?|so\s*(?::\s*)?)"
    rf"(?P<serials>(?:{WHOLE_SERIAL}(?:\s?/\s?{YEAR})?{_LIST_SIGN}){{1,30}})\Z"
)
_YEAR_AFTER_NUMBER = re.compile(rf"[\s,]{{1,2}}nam\s+({YEAR_OF_NAME})(?![\w/%]|[.,\-]\d)")
_FORM_BEFORE = re.compile(r"(?<!\w)(?<!van ban )mau\s+(?:so\s*(?::\s*)?)?\Z")
_SHORT_NAME = re.compile(r"\s+([a-z&]{2,10})(?![\w&/])")
_FIRST_WORD = re.compile(r"[a-z0-9]+")
_CALLED = re.compile(
    r"[\s,(]*sau\s+day\s+(?:duoc\s+)?(?:viet|goi)(?:\s+(?:tat|chung))*\s+la\s*:?\s*[\"“«']?([^()\"“”«»;.\n]{2,80})"
)
_CAPITAL = re.compile(r"\s+(?=[^\W\d_])")
_UNKNOWN_WORD = re.compile(r"(?:,[^\S\n]+|[^\S\n]+)?([^\W\d_]+)")  # in one line: the next may begin «Căn cứ»
# small words with which no name of a law goes on; «thông» and «hành» may: «Luật Viễn thông», «Luật Thi hành án …»
_WORDS_AFTER_NAMES = frozenset({
    "ban", "bao", "bị", "các", "chỉ", "cho", "có", "của", "do", "đã", "để", "đến", "điểm", "điều", "được", "hay",
    "hoặc", "khi", "khoản", "không", "là", "mà", "năm", "này", "nên", "nếu", "ngày", "nhưng", "như", "những", "nơi",
    "phải", "quy", "sẽ", "số", "sửa", "tại", "theo", "thì", "trong", "trên", "từ", "về", "vì", "với",
})  # fmt: skip
_FOLDED_WORDS_AFTER_NAMES = frozenset(map(fold, _WORDS_AFTER_NAMES))  # in a text that is typed without accents
MAX_UNKNOWN_WORDS = 12  # of a name that no list holds
MAX_LIST = 160  # letters of serials in front of a number


@dataclass(frozen=True, slots=True)
class NamedDocument:
    """What a text says of a document; what it does not say is "" or None. text[start:end] are the words."""

    start: int
    end: int
    doc_type: str = ""
    name: str = ""  # without type and year: «Đất đai»
    number: str = ""  # cleaned
    serial: str = ""  # of a number that is not whole: «Nghị định 168», «36/2024»
    year: int | None = None
    issued_on: datetime.date | None = None
    is_this: bool = False  # «Luật này»: the document that the text is in
    is_known: bool = True  # False where the end of the name is a guess
    body: NamedBody | None = None  # of a local number: whose it says it is


def named_documents(text: str, known: KnownNames) -> list[NamedDocument]:
    """The documents that a `plain_text` names, in order; none overlaps another. Linear."""
    return _Reader(text, known).read()


@lru_cache(maxsize=8)
def _words_to_look_at(abbreviations: frozenset[str]) -> re.Pattern[str]:
    """Where a name of a type or an abbreviation may begin: most words of a text are neither, and cost nothing then.

    What stands before it is looked at later: a pattern that begins with letters is looked for much quicker.
    """
    begins = [FOLDED_TYPE_OR_TEXT, *_SHORT_SYMBOLS, *map(re.escape, sorted(abbreviations))]
    return re.compile("|".join(begins))


class _Reader:
    """Reads one text in three passes: what acts write, other numbers, other words."""

    def __init__(self, text: str, known: KnownNames) -> None:
        self.text = text
        self.folded = fold_letters(text)
        self.known = known
        self.called: dict[str, list[tuple[Words, NamedDocument]]] = {}  # names that the text gives, by their first word
        self.skipped: list[tuple[int, int]] = []  # where it gives them

    def read(self) -> list[NamedDocument]:
        found = [
            document
            for each in document_references(self.text)
            if not self._is_cut(each) and not self._is_of_a_form(each)
            for document in self._with_listed(self._with_body(self._with_year_of_number(self._of_reference(each))))
        ]
        by_number = (self._by_number(match) for match in folded_numbers(self.folded))
        found = self._merged(found, (document for each in by_number for document in self._with_listed(each)))
        for document in found:
            self._note_what_it_is_called(document)
        return self._merged(found, self._named_in_words(found))

    def _is_cut(self, reference: DocumentReference) -> bool:
        """Whether the number is the end of one that a line break divides: «168/⏎2024/NĐ-CP»."""
        start = reference.start if not reference.name else reference.end
        return bool(
            _YEAR_AS_SERIAL.match(reference.number) and _SERIAL_BEFORE.search(self.text, max(0, start - 8), start)
        )

    def _is_of_a_form(self, reference: DocumentReference) -> bool:
        """«Mẫu số 01/ĐK»: the number of a form, not of a document as in «văn bản mẫu số 00/0000/MAU»."""
        start = reference.start
        return not reference.name and bool(_FORM_BEFORE.search(self.folded, max(0, start - 24), start))

    def _of_reference(self, reference: DocumentReference) -> NamedDocument:
        """What acts write, with a type in small letters in front of a bare number."""
        named = NamedDocument(
            reference.start, reference.end, reference.doc_type, reference.name, reference.number,
            year=reference.year, issued_on=reference.issued_on, body=reference.body,
        )  # fmt: skip
        if reference.name or not (self.text[reference.start].isdigit() or self.text.startswith("số", reference.start)):
            return named
        before = _TYPE_BEFORE_NUMBER.search(self.folded, max(0, named.start - 40), named.start)
        doc_type = TYPES_BY_FOLDED_NAME.get(" ".join(before[1].split()), "") if before else ""
        return replace(named, start=before.start(), doc_type=doc_type or named.doc_type) if before else named

    def _merged(self, found: list[NamedDocument], others: Iterable[NamedDocument]) -> list[NamedDocument]:
        """Both, in order, without those of the others that touch what was found, or the one before."""
        spans = sorted([*((each.start, each.end) for each in found), *self.skipped])
        starts = [start for start, _ in spans]
        kept: list[NamedDocument] = []
        for other in others:
            at = bisect_left(starts, other.end)
            is_free = at == 0 or spans[at - 1][1] <= other.start
            if is_free and not (kept and kept[-1].end > other.start):
                kept.append(other)
        return sorted([*found, *kept], key=lambda each: each.start)

    def _by_number(self, match: re.Match[str]) -> NamedDocument:
        """A whole number in any case, with the type in front of it and the day behind it."""
        start, end = match.span()
        number = clean_number(self.text[start:end])
        before = _TYPE_BEFORE_NUMBER.search(self.folded, max(0, start - 40), start)
        doc_type = ""
        if before:
            start = before.start()
            doc_type = TYPES_BY_FOLDED_NAME.get(" ".join(before[1].split()), "")
        issued_on, end = self._day_after(end)
        year = year_of_number(number) or (issued_on.year if issued_on else None)
        named = NamedDocument(start, end, doc_type, "", number, "", year, issued_on)
        return self._with_body(self._with_year_of_number(named))

    def _with_year_of_number(self, document: NamedDocument) -> NamedDocument:
        """«Quyết định 904/QĐ-TTg năm 2024»: the number is used again every year."""
        if not document.number or document.year is not None:
            return document
        year = _YEAR_AFTER_NUMBER.match(self.folded, document.end)
        return replace(document, year=int(year[1]), end=year.end()) if year else document

    def _with_body(self, document: NamedDocument) -> NamedDocument:
        """«15/2024/qđ-ubnd của UBND tỉnh Hòa Bình»: each province uses the number."""
        if document.body or not is_local(document.number):
            return document
        body = body_behind(self.text, document.end)
        return replace(document, body=body, end=body.end) if body else document

    def _with_listed(self, document: NamedDocument) -> list[NamedDocument]:
        """The document, after those whose numbers leave out what its number says: «số 903, 904/QĐ-TTg»."""
        whole = parse_number(document.number) if document.number else None
        number = whole and _WRITTEN_NUMBER.search(self.folded, document.start, document.end)
        if not whole or not number or not _LIST_BEFORE.search(self.folded, max(0, number.start() - 16), number.start()):
            return [document]
        before = _SERIALS_BEFORE.search(self.folded, max(0, number.start() - MAX_LIST), number.start())
        if before is None:
            return [document]
        doc_type = TYPES_BY_FOLDED_NAME.get(" ".join((before["type"] or "").split()), document.doc_type)
        said = None if document.issued_on else document.year  # the day is that of the last one
        listed: list[NamedDocument] = []
        for each in _LISTED_SERIAL.finditer(self.folded, *before.span("serials")):
            year = int(each["year"]) if each["year"] else whole.year
            of_list = str(replace(whole, serial=each["serial"], year=year))
            start = each.start() if listed else before.start()
            listed.append(
                NamedDocument(start, each.end(), doc_type, number=of_list, year=year or said, body=document.body)
            )
        return [*listed, replace(document, start=number.start(), doc_type=doc_type, name="")]

    def _note_what_it_is_called(self, document: NamedDocument) -> None:
        if match := _CALLED.match(self.folded, document.end):
            words = name_words(self.folded[match.start(1) : match.end(1)])
            if words:
                self.called.setdefault(words[0], []).append((words, document))
                self.skipped.append(match.span())

    def _named_in_words(self, found: Sequence[NamedDocument]) -> Iterator[NamedDocument]:
        end = 0
        spans = _Cursor([*((each.start, each.end) for each in found), *self.skipped])
        for match in self._types_and_abbreviations():
            if match.start() < end or spans.holds(match.start()):
                continue
            document = self._by_called_name(match.start())
            if document is None:
                document = self._after_type(match) if match["type"] else self._by_abbreviation(match)
            if document:
                end = document.end
                yield document

    def _types_and_abbreviations(self) -> Iterator[re.Match[str]]:
        """Names of types, and words that may stand for a document, in order, none inside another."""
        if self.called or "&" in self.folded:  # any word may; «&» stands between words and inside one
            for word in _TYPE_OR_ABBREVIATION.finditer(self.folded):
                if word["type"] or self.called or self._may_be_abbreviation(word[0]):
                    yield word
            return
        pattern, at = _words_to_look_at(frozenset(self.known.abbreviations)), 0
        while found := pattern.search(self.folded, at):
            match = _TYPE_OR_ABBREVIATION.match(self.folded, found.start())
            at = match.end() if match else found.start() + 1
            if match and (match["type"] or self._may_be_abbreviation(match[0])):
                yield match

    def _may_be_abbreviation(self, word: str) -> bool:
        """Whether `_by_abbreviation` may find a document where the word begins."""
        return word in self.known.abbreviations or word.startswith(_SHORT_SYMBOLS)

    def _by_called_name(self, at: int) -> NamedDocument | None:
        """The document that the text itself calls by the words at `at`."""
        first = _FIRST_WORD.match(self.folded, at)
        for words, document in self.called.get(first[0] if first else "", ()):
            end = end_of_words(self.folded, at, words)
            if end is not None and document.end <= at:
                return replace(document, start=at, end=end)
        return None

    def _after_type(self, match: re.Match[str]) -> NamedDocument | None:
        """«Luật này», «Nghị định 168», «Luật Đất đai 2024»: what follows the word for a type tells."""
        start, end = match.span()
        doc_type = TYPES_BY_FOLDED_NAME.get(" ".join(match["type"].split()), "")
        if this := _THIS.match(self.folded, end):
            is_spelled = small_letters(self.text[end : this.end()]).strip() in ("này", "nay")
            return NamedDocument(start, this.end(), doc_type, is_this=True) if is_spelled else None
        if not doc_type or _NO_DOCUMENT_BEFORE.search(self.folded, max(0, start - 12), start):
            return None
        if doc_type in TYPES_TYPED_BEFORE_SERIALS.values() and (serial := _SERIAL.match(self.folded, end)):
            return self._by_serial(start, doc_type, serial)
        return self._by_name(start, end, doc_type) if doc_type in TYPES_CITED_BY_NAME else None

    def _by_serial(self, start: int, doc_type: str, match: re.Match[str]) -> NamedDocument | None:
        serial, year = match["serial"].lstrip("0") or "0", match["year"] or match["said"]
        if not year and re.fullmatch(YEAR_OF_NAME, serial):
            return None  # «luật 2024»
        return NamedDocument(start, match.end(), doc_type, serial=serial, year=int(year) if year else None)

    def _by_name(self, start: int, end: int, doc_type: str) -> NamedDocument | None:
        if doc_type == DocType.CONSTITUTION:
            return self._with_year(NamedDocument(start, end, doc_type))
        if short := _SHORT_NAME.match(self.folded, end):
            name = SHORT_NAMES.get((doc_type, short[1]))
            if name:
                return self._with_year(NamedDocument(start, short.end(), doc_type, name))
        name_end = self.known.end_of_name(doc_type, self.folded, end)
        if name_end is not None:
            name = " ".join(self.text[end:name_end].split())
            return self._with_year(NamedDocument(start, name_end, doc_type, name))
        if not self.text[start].isupper():
            return None
        if amending := _AMENDING.match(self.folded, end):  # its own name ends where the amended law's does
            inner = _TYPE.match(self.folded, amending.end())
            inner_type = TYPES_BY_FOLDED_NAME.get(" ".join(inner[0].split()), "") if inner else ""
            inner_end = self.known.end_of_name(inner_type, self.folded, inner.end()) if inner else None
            name_end = inner_end or amending.end()
        else:
            name_end = self._end_of_unknown_name(end)
        if name_end == end:
            return None
        name = " ".join(self.text[end:name_end].split())
        return self._with_year(NamedDocument(start, name_end, doc_type, name, is_known=False))

    def _end_of_unknown_name(self, at: int) -> int:
        """Where the name that begins with a capital letter at `at` ends, as far as its words tell."""
        first = _CAPITAL.match(self.text, at)
        if first is None or not self.text[first.end()].isupper():
            return at
        ends = _FOLDED_WORDS_AFTER_NAMES if self.text.isascii() else _WORDS_AFTER_NAMES
        for number in range(MAX_UNKNOWN_WORDS):
            word = _UNKNOWN_WORD.match(self.text, at)
            if word is None or (number and word[1] in ends):
                break
            at = word.end()
        return at

    def _with_year(self, document: NamedDocument) -> NamedDocument:
        issued_on, end = self._day_after(document.end)
        if issued_on:
            return replace(document, issued_on=issued_on, year=issued_on.year, end=end)
        if year := _YEAR_AFTER_NAME.match(self.folded, document.end):
            return replace(document, year=int(year["year"]), end=year.end())
        return document

    def _day_after(self, at: int) -> tuple[datetime.date | None, int]:
        day = _DAY_AFTER_NAME.match(self.folded, at)
        if day is None:
            return None, at
        issued_on = date_of(day.groups())
        return issued_on, day.end() if issued_on else at

    def _by_abbreviation(self, match: re.Match[str]) -> NamedDocument | None:
        """«BLDS 2015», where the abbreviation is known to stand for a document; «NĐ 168/2024»."""
        start, end = match.span()
        if short := _SHORT_SERIAL.match(self.folded, start):
            return NamedDocument(
                start, short.end(), TYPES_BY_FOLDED_SYMBOL[short["symbol"]],
                serial=short["serial"].lstrip("0") or "0", year=int(short["year"]),
            )  # fmt: skip
        meant = self.known.abbreviations.get(match[0])
        word = _TYPE.match(fold(meant)) if meant else None
        if meant is None or word is None:
            return None
        doc_type = TYPES_BY_FOLDED_NAME.get(word[0], "")
        return self._with_year(NamedDocument(start, end, doc_type, meant[word.end() :].strip()))


class _Cursor:
    """Spans that are asked about in ascending order."""

    def __init__(self, spans: Iterable[tuple[int, int]]) -> None:
        self._spans = sorted(spans)
        self._at = 0

    def holds(self, place: int) -> bool:
        while self._at < len(self._spans) and self._spans[self._at][1] <= place:
            self._at += 1
        return self._at < len(self._spans) and self._spans[self._at][0] <= place
