"""Lines of an official list of statuses, read one by one from a CSV file. Pure: no database.

Columns, in any order, by their English or Vietnamese names: number, type, issuer, issued_on, status, effective_on,
expires_on, cause. Statuses are those of vbpl.vn, as codes or words.
"""

import csv
import datetime
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from content.documents.effect import EffectStatus
from content.documents.records import RecordError
from content.importing import json_fields
from content.law import official_numbers
from content.law.doc_types import TYPES_BY_FOLDED_NAME
from content.text.vietnamese import fold

CODES = {  # of vbpl.vn
    "CCHL": EffectStatus.NOT_YET_EFFECTIVE,
    "CHL": EffectStatus.IN_FORCE,
    "HHLMP": EffectStatus.PARTLY_EXPIRED,
    "HHLTB": EffectStatus.EXPIRED,
}
WORDS_OF_UNKNOWN = ("chua ro", "khong ro", "chua xac dinh", "khong xac dinh")  # folded
COLUMNS = {  # folded name → ours
    "number": "number", "so hieu": "number", "so ky hieu": "number",
    "type": "type", "loai": "type", "loai van ban": "type",
    "issuer": "issuer", "co quan ban hanh": "issuer",
    "issued_on": "issued_on", "ngay ban hanh": "issued_on",
    "status": "status", "tinh trang": "status", "tinh trang hieu luc": "status", "hieu luc": "status",
    "effective_on": "effective_on", "ngay co hieu luc": "effective_on",
    "expires_on": "expires_on", "ngay het hieu luc": "expires_on",
    "cause": "cause", "ly do": "cause", "ly do het hieu luc": "cause",
}  # fmt: skip
MAX_LINE_BYTES = 100_000
MAX_CAUSE_LENGTH = 300


class ListError(Exception):
    """The file is no such list: in Vietnamese and in English, with the line."""


@dataclass(frozen=True)
class Problem:
    """What is wrong with a line: an English msgid and its values."""

    msgid: str
    values: dict[str, str]

    def in_language(self, language: str) -> str:
        with translation.override(language):
            return _(self.msgid) % self.values


@dataclass(frozen=True)
class StatusLine:
    """One line. `problem` says why it cannot be used; the other columns are then empty or half read."""

    line: int
    number: str
    keys: tuple[str, ...] = ()  # official_numbers.number_key, without a leading zero too
    doc_type: str = ""
    issuer: str = ""  # folded
    issued_on: datetime.date | None = None
    status: str = ""
    effective_on: datetime.date | None = None
    expires_on: datetime.date | None = None
    cause: str = ""
    problem: Problem | None = None


def read_lines(file: BinaryIO) -> Iterator[StatusLine]:
    """The lines of a list, one at a time. UTF-8 with or without BOM; comma, semicolon or tab.

    Raises ListError if the file is not UTF-8, or has no columns for number and status.
    """
    lines = _decoded(file)
    head = next(lines, "")
    delimiter = max(",;\t", key=head.count)
    rows = csv.reader(lines, delimiter=delimiter)
    names = next(csv.reader([head], delimiter=delimiter), [])
    columns = [COLUMNS.get(" ".join(fold(name).split()), "") for name in names]
    if not {"number", "status"} <= set(columns):
        raise list_error(1, gettext_noop("The first line must name the columns, at least «number» and «status»."))
    while True:
        place = rows.line_num + 2  # the line on which the row begins; the reader did not see the first one
        try:
            row = next(rows)
        except StopIteration:
            return
        except csv.Error:
            raise list_error(place, gettext_noop("A quotation mark is not closed.")) from None
        if any(value.strip() for value in row):
            yield _status_line(place, dict(zip(columns, row, strict=False)))


def list_error(line: int, msgid: str) -> ListError:
    said = []
    for language, place in (("vi", "dòng"), ("en", "line")):
        said.append(f"{place} {line}: {Problem(msgid, {}).in_language(language)}")
    return ListError(" / ".join(said))


def _decoded(file: BinaryIO) -> Iterator[str]:
    number = 0
    while line := file.readline(MAX_LINE_BYTES):
        number += 1
        try:
            yield line.decode("utf-8-sig" if number == 1 else "utf-8").replace("\0", "")
        except UnicodeDecodeError:
            raise list_error(number, gettext_noop("The file is not UTF-8. Save it as «CSV UTF-8».")) from None


def _status_line(line: int, row: dict[str, str]) -> StatusLine:
    given = {name: " ".join(value.split()) for name, value in row.items()}
    number = given.get("number", "")
    try:
        return _checked(
            StatusLine(
                line,
                number,
                keys=_keys_of(number),
                doc_type=_doc_type(given.get("type", "")),
                issuer=" ".join(fold(given.get("issuer", "")).split()),
                issued_on=_day(given.get("issued_on", "")),
                status=_status(given.get("status", "")),
                effective_on=_day(given.get("effective_on", "")),
                expires_on=_day(given.get("expires_on", "")),
                cause=given.get("cause", "")[:MAX_CAUSE_LENGTH],
            )
        )
    except _Odd as odd:
        return StatusLine(line, number, problem=odd.problem)


class _Odd(Exception):
    def __init__(self, msgid: str, **values: str) -> None:
        self.problem = Problem(msgid, values)


def _checked(line: StatusLine) -> StatusLine:
    if line.effective_on and line.expires_on and line.expires_on < line.effective_on:
        raise _Odd(gettext_noop("The document ends before it takes effect."))
    return line


def _keys_of(number: str) -> tuple[str, ...]:
    if not number:
        raise _Odd(gettext_noop("The number is missing."))
    return tuple(dict.fromkeys([official_numbers.number_key(number), *official_numbers.other_keys(number)]))


def _doc_type(name: str) -> str:
    if not name:
        return ""
    known = TYPES_BY_FOLDED_NAME.get(fold(name))
    if known is None:
        raise _Odd(gettext_noop("The type «%(value)s» is not known."), value=name)
    return str(known)


def _status(stated: str) -> str:
    if code := CODES.get(stated.upper()):
        return str(code)
    if " ".join(fold(stated).split()) in WORDS_OF_UNKNOWN:
        return str(EffectStatus.UNKNOWN)
    try:
        known = json_fields.parse_effect_status(stated)
    except RecordError:
        known = ""
    if not known:
        raise _Odd(gettext_noop("The status «%(value)s» is not known."), value=stated)
    return str(known)


def _day(value: str) -> datetime.date | None:
    """ISO, or «31/12/2024». Years before 1900 and after 2200 are slips of the pen."""
    if not value:
        return None
    try:
        day = datetime.date.fromisoformat(value)
    except ValueError:
        day_or_none = json_fields.parse_vietnamese_date(value)
        if day_or_none is None:
            raise _Odd(gettext_noop("«%(value)s» is not a date (DD/MM/YYYY)."), value=value) from None
        day = day_or_none
    if not 1900 <= day.year <= 2200:
        raise _Odd(gettext_noop("«%(value)s» is not a date (DD/MM/YYYY)."), value=value)
    return day
