"""Reads type, number, title and dates from the head of a text, laid out as in Decree 78/2025/NĐ-CP, and its source.

Only what is stated plainly is used. Everything else stays empty, and each choice between sources gives a warning.
"""

import datetime
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TypeVar

from content.documents.records import DocumentRecord, RecordError, RecordWarning, refuse_long_text
from content.importing import legacy_encodings
from content.importing.known_names import NO_NAMES, KnownNames
from content.law import official_numbers
from content.law.doc_types import TYPE_SLUGS, DocType
from content.law.lexer.document_words import DAY
from content.law.lexer.unit_lexicon import ARTICLE, CHAPTER, PART
from content.publishing.stated_first_day import stated_first_day
from content.text import mojibake
from content.text.legacy_encodings import with_parts_converted
from content.text.vietnamese import fold, nfc

HEAD_LINES = 60
_NUMBER = re.compile(r"^(?:[^\W\d]+ ){0,3}số\s*:\s*(\S+)", re.IGNORECASE)
_ISSUED = re.compile(rf"{DAY}\s*$", re.IGNORECASE)
_PASSED = re.compile(rf"thông qua {DAY}", re.IGNORECASE)
_TYPES = {fold(type_slug.replace("-", " ")): doc_type for doc_type, type_slug in TYPE_SLUGS.items()}
_BEGINS = re.compile(rf"({'|'.join(sorted(_TYPES, key=len, reverse=True))}) \w")
_ENDS_TITLE = re.compile(  # what follows a title: legal bases, the first unit, the words that resolve it
    rf"(?:[-–+•*] )?(?:căn cứ|theo đề nghị|xét đề nghị|{ARTICLE} \d|{CHAPTER} |{PART} |quốc hội ban hành"
    r"|(?:quyết định|nghị định|quyết nghị) ?:$"
    r"|(?:bộ luật|luật|pháp lệnh|nghị định|nghị quyết|quyết định|thông tư) này (?:quy định|sửa đổi))",
    re.IGNORECASE,
)
_ENACTS = re.compile(  # «Chính phủ ban hành Nghị định …»
    r"(?:quốc hội|chính phủ|[uủ][ỷy] ban|hội đồng|thủ tướng|bộ trưởng|chủ tịch|thống đốc|chánh án|viện trưởng|tổng|bộ"
    r"|ban)(?: [^;:]{0,150}?)? (?:ban hành|thông qua)"
    r" (?:bộ luật|luật|pháp lệnh|nghị quyết|nghị định|thông tư|quyết định|chỉ thị)(?!\w)",
    re.IGNORECASE,
)
_OFFICE = re.compile(
    r"(?:THỦ TƯỚNG|BỘ TRƯỞNG|CHỦ TỊCH|THỐNG ĐỐC|CHÁNH ÁN|VIỆN TRƯỞNG|TỔNG KIỂM TOÁN|TỔNG THANH TRA)(?!\w)"
)
_RULE = re.compile(r"^[\W_]*$")


@dataclass(frozen=True)
class SourceMetadata:
    """What a source states about a document beside its text: properties of a page, fields of an API. Empty: nothing."""

    doc_type: str = ""
    number: str = ""
    title: str = ""  # only used if the text has no heading
    issuer: str = ""
    signer: str = ""
    issued_on: datetime.date | None = None
    effective_on: datetime.date | None = None
    expires_on: datetime.date | None = None
    official_status: str = ""
    gazette_number: str = ""
    gazette_on: datetime.date | None = None
    source_url: str = ""


NO_METADATA = SourceMetadata()
Value = TypeVar("Value")


def record_from_text(
    text: str,
    known: SourceMetadata = NO_METADATA,
    *,
    names: KnownNames = NO_NAMES,
    source: str = "",
    notes: Iterable[RecordWarning] = (),
) -> DocumentRecord:
    """The record of one text and the metadata of its source.

    If text and metadata differ, the metadata are used (heads have many forms) and a warning says so. Raises RecordError
    if the text is empty, is too long, is typed in TCVN3 or VNI, or nothing states the type of document.
    """
    refuse_long_text(text)
    text, repaired = mojibake.undone(text)
    text = nfc(text)
    legacy_encodings.refuse_legacy_encoding(text)
    text, converted = with_parts_converted(text)
    lines = [" ".join(line.replace("\xad", "").split()) for line in text.split("\n")]
    head = [line for line in lines if line and not _RULE.match(line)][:HEAD_LINES]
    if not head:
        raise RecordError("the file is empty. Choose another one")
    chosen = _SourceAndTextReconciler([*notes, *_notes_of_repair(repaired), *map(_note_of_conversion, converted)])
    place, stated = _type_line(head, known.doc_type)
    doc_type = chosen.choose("Loại văn bản", known.doc_type, stated)
    if not doc_type:
        raise RecordError("no line names the type of document (LUẬT, NGHỊ ĐỊNH, THÔNG TƯ …, alone on a line)")
    number = next((m[1].rstrip(",;.") for line in head if (m := _NUMBER.match(line))), "")
    number = chosen.choose("Số hiệu", known.number, number, same=official_numbers.number_key)
    issued_on = chosen.choose("Ngày ban hành", known.issued_on, _issued_on(head[: place or 0], text))
    return DocumentRecord(
        doc_type=DocType(doc_type),
        number=number,
        title=_title_of(head, place, text, known, chosen),
        text=text,
        issuer=_issuer_name(head, known, number, chosen, names),
        signer=known.signer,
        issued_on=issued_on,
        effective_on=chosen.choose("Ngày có hiệu lực", known.effective_on, _first_day(text, issued_on, chosen)),
        expires_on=known.expires_on,
        official_status=known.official_status,
        gazette_number=known.gazette_number,
        gazette_on=known.gazette_on,
        source=source,
        source_url=known.source_url,
        notes=tuple(chosen.notes),
    )


def _notes_of_repair(count: int) -> Iterator[RecordWarning]:
    if count:
        message = f"Có {count} chữ mã UTF-8 bị đọc bằng bảng mã khác (Latin-1, Windows-1252), đã đọc lại đúng UTF-8."
        yield RecordWarning("encoding_repaired", message)


def _note_of_conversion(words: str) -> RecordWarning:
    message = f"Từ «{words}…» có phần gõ bằng TCVN3, đã chuyển sang Unicode: hãy so với bản in."
    return RecordWarning("mixed_encodings", message)


def names_a_type(lines: Sequence[str]) -> bool:
    """Whether one of the first lines is the name of a document type alone, in capitals."""
    return _type_line(lines[:HEAD_LINES])[0] is not None


class _SourceAndTextReconciler:
    """Chooses between source and text, and collects warnings about it."""

    def __init__(self, notes: Iterable[RecordWarning]) -> None:
        self.notes = list(notes)

    def choose(
        self, name: str, known: Value, read: Value, *, same: Callable[[Value], object] = lambda value: value
    ) -> Value:
        """The source's value, else the text's.

        A warning says so if the two differ; `same` normalises before comparing.
        """
        if known and read and same(known) != same(read):
            self.notes.append(
                RecordWarning("differs", f"{name}: nguồn ghi «{known}», văn bản ghi «{read}»; lấy theo nguồn.")
            )
        return known or read

    def guess(self, message: str) -> None:
        self.notes.append(RecordWarning("guessed", message))


def _title_of(
    head: list[str], place: int | None, text: str, known: SourceMetadata, chosen: _SourceAndTextReconciler
) -> str:
    if place is not None:
        return _title_as_written(_title_in_head(head, place), text)
    if known.title:
        chosen.guess(f"Tên văn bản lấy từ nguồn: «{known.title}».")
    return known.title


def _type_line(head: Sequence[str], wanted: str = "") -> tuple[int | None, str]:
    """(index, DocType) of the line that is a type's name alone, in capitals: «NGHỊ ĐỊNH»; (None, "").

    The line of the type `wanted` is preferred, because the order that promulgates a law precedes it. If no such line
    exists: the first that begins with a type and goes on with a name, «LUẬT ĐẤT ĐAI».
    """
    capitals = [(place, fold(line)) for place, line in enumerate(head) if line.isupper() and not _NUMBER.match(line)]
    found: list[tuple[int, str]] = [(place, _TYPES[line]) for place, line in capitals if line in _TYPES]
    found = found or [(place, _TYPES[begun[1]]) for place, line in capitals if (begun := _BEGINS.match(line))]
    return next((each for each in found if each[1] == wanted), found[0] if found else (None, ""))


def _title_in_head(head: Sequence[str], place: int) -> str:
    """The type and the lines under it, up to the legal bases or the first unit, on one line."""
    title = [head[place].capitalize()]
    for line in head[place + 1 :]:
        if _ENDS_TITLE.match(line) or _enacts(line, head[:place]):
            break
        in_small_letters = official_numbers.with_numbers_restored(line.capitalize())
        title.append(in_small_letters if line == line.upper() else line)
    return " ".join([title[0], *(part[:1].lower() + part[1:] for part in title[1:])])


def _enacts(line: str, above: Sequence[str]) -> bool:
    """Whether the line names who issues the act: «Chính phủ ban hành Nghị định …», «BỘ TRƯỞNG BỘ TƯ PHÁP» alone.

    In capitals a body may be what the act is about («LUẬT TỔ CHỨC / QUỐC HỘI»): only the name of an office counts.
    """
    if not line.isupper():
        return _ENACTS.match(line) is not None
    return _OFFICE.match(line) is not None and (line.startswith("BỘ TRƯỞNG") or line in above)


def _title_as_written(title: str, text: str) -> str:
    """Capitals hide which words are names, so the title is taken as a sentence of the text writes it.

    Folding preserves the length of composed text, so an offset in the folded text is an offset in the text.
    """
    line = " ".join(text.split())
    folded, wanted = fold(line), fold(title)
    at = folded.find(wanted)
    while at >= 0 and len(folded) == len(line):
        found = line[at : at + len(wanted)]
        if not found.split()[0].isupper():
            return found[0].upper() + found[1:]
        at = folded.find(wanted, at + 1)
    return title


def _issuer_name(
    head: Sequence[str], known: SourceMetadata, number: str, chosen: _SourceAndTextReconciler, names: KnownNames
) -> str:
    """From the source; else the first line of the head, in capitals («CHÍNH PHỦ»); else the end of the number."""
    named = known.issuer or (head[0] if head[0].isupper() else "")
    if body := named and names.body_by_name(named):
        return body
    if known.issuer:
        chosen.notes.append(RecordWarning("unknown_issuer", f"Chưa biết cơ quan ban hành «{known.issuer}»."))
    return issuer_name_by_number(number, chosen.notes, names)


def issuer_name_by_number(number: str, notes: list[RecordWarning], names: KnownNames) -> str:
    """The name of the one body whose code ends the number, "" if there is none or several.

    Adds a warning to `notes`.
    """
    parsed = official_numbers.parse_number(number)
    codes: tuple[str, ...] = parsed.issuer_codes if parsed else ()
    is_clear = parsed is not None and len(codes) == 1 and not parsed.is_cut_off
    body = names.body_by_code(codes[0]) if is_clear else ""
    if body:
        notes.append(RecordWarning("guessed", f"Cơ quan ban hành theo số hiệu: {body}."))
    return body


def _issued_on(above_type: Sequence[str], text: str) -> datetime.date | None:
    dated = next((m.groups() for line in above_type if (m := _ISSUED.search(line))), None)
    return _parse_date(dated) if dated else _only_date(_PASSED.findall(text))


def _first_day(text: str, issued_on: datetime.date | None, chosen: _SourceAndTextReconciler) -> datetime.date | None:
    """The first day of effect that the text gives. A warning says that it was counted, where the text names none."""
    stated = stated_first_day(text, issued_on)
    if stated and stated.after_issue:
        day = f"{stated.on:%d/%m/%Y}"
        chosen.guess(
            f"Ngày có hiệu lực {day} được tính: {stated.after_issue} ngày sau ngày ban hành. Hãy kiểm tra lại."
        )
    return stated.on if stated else None


def _only_date(found: Iterable[tuple[str, ...]]) -> datetime.date | None:
    """The one date that all mentions agree on; None if they differ or there is none."""
    days = {_parse_date(parts) for parts in found}
    return days.pop() if len(days) == 1 else None


def _parse_date(parts: Iterable[str]) -> datetime.date | None:
    day, month, year = map(int, parts)
    try:
        return datetime.date(year, month, day)
    except ValueError:
        return None
