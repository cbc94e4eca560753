"""Documents as plain text, one a file: the head of the text says what it is, as Decree 78/2025/NĐ-CP lays heads out.

Only what stands there plainly is taken; what does not is left empty rather than guessed.
"""

import datetime
import re
from dataclasses import replace

from content.documents import structure
from content.documents.identity import TYPE_SLUGS
from content.documents.models import DocType
from content.documents.records import DocumentRecord, Original, Problem
from content.organisations import queries as organisations
from content.text.vietnamese import fold, nfc

LARGEST_FILE = 32 * 1024 * 1024  # bytes
HEAD_LINES = 60
_NUMBER = re.compile(r"^(?:[^\W\d]+ ){0,3}số\s*:\s*(\S+)", re.IGNORECASE)
_ISSUED = re.compile(r"ngày\s+(\d{1,2})\s+tháng\s+(\d{1,2})\s+năm\s+(\d{4})\s*$", re.IGNORECASE)
_PASSED = re.compile(r"thông qua ngày\s+(\d{1,2})\s+tháng\s+(\d{1,2})\s+năm\s+(\d{4})", re.IGNORECASE)
_EFFECT = re.compile(
    r"(?:luật|nghị định|thông tư|quyết định|nghị quyết|pháp lệnh|chỉ thị) này"
    r" có hiệu lực(?: thi hành)?(?: kể)? từ ngày\s+"
    r"(\d{1,2})\s+tháng\s+(\d{1,2})\s+năm\s+(\d{4})",
    re.IGNORECASE,
)
_TYPES = {fold(type_slug.replace("-", " ")): doc_type for doc_type, type_slug in TYPE_SLUGS.items()}
_RULE = re.compile(r"^[\W_]*$")


def read(path):
    """Yield one (1, DocumentRecord or Problem). OSError for the file itself."""
    content = path.open("rb").read(LARGEST_FILE + 1)
    if len(content) > LARGEST_FILE:
        yield 1, Problem(f"the file is larger than {LARGEST_FILE // 2**20} MiB")
        return
    try:
        original = Original(path.name, "text/plain", content)
        yield 1, replace(record(content.decode("utf-8-sig"), source=path.name), original=original)
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        yield 1, Problem(f"not UTF-8: byte {error.start}, line {line}")
    except Problem as problem:
        yield 1, problem


def record(text, *, source=""):
    """The record of one text. Raises Problem when it is empty or no line says what kind of document it is."""
    text = nfc(text)
    lines = [" ".join(line.replace("\xad", "").split()) for line in text.split("\n")]
    head = [line for line in lines if line and not _RULE.match(line)][:HEAD_LINES]
    if not head:
        raise Problem("the file is empty")
    place, doc_type = _type_line(head)
    number = next((m[1].rstrip(",;.") for line in head if (m := _NUMBER.match(line))), "")
    return DocumentRecord(
        doc_type=doc_type,
        number=number,
        title=_as_written(_title(head, place), text),
        text=text,
        issuer=_issuer(head),
        issued_on=_issued_on(head[:place], text),
        effective_on=_only_day(_EFFECT.findall(_outside_quotations(text))),
        source=source,
    )


def _type_line(head):
    """(index, DocType) of the line that is a type's name and nothing else, in capitals: «NGHỊ ĐỊNH»."""
    for place, line in enumerate(head):
        if line == line.upper() and (doc_type := _TYPES.get(fold(line))):
            return place, DocType(doc_type)
    raise Problem("no line says what kind of document this is (LUẬT, NGHỊ ĐỊNH, THÔNG TƯ …, alone on a line)")


def _title(head, place):
    """The type and the lines under it up to where the legal bases or the first unit begin, on one line."""
    title = [head[place].capitalize()]
    for line in head[place + 1 :]:
        if re.match(r"(căn cứ|theo đề nghị|điều \d|chương |phần |quốc hội ban hành)", line, re.IGNORECASE):
            break
        title.append(line.capitalize() if line == line.upper() else line)
    return " ".join([title[0], *(part[:1].lower() + part[1:] for part in title[1:])])


def _as_written(title, text):
    """A heading in capitals hides which words are names: take the title as a sentence of the text writes it.

    Folding keeps the length of composed text, so a place in the folded text is the place in the text.
    """
    line = " ".join(text.split())
    folded, wanted = fold(line), fold(title)
    at = folded.find(wanted)
    while at >= 0 and len(folded) == len(line):
        found = line[at : at + len(wanted)]
        if not found.split()[0].isupper():
            return found
        at = folded.find(wanted, at + 1)
    return title


def _outside_quotations(text):
    """The text without what an amending act quotes: that other act's effect is not its own."""
    kept, at = [], 0
    for start, end in structure.parse(text).quoted:
        kept.append(text[at:start])
        at = end
    return "".join([*kept, text[at:]])


def _issuer(head):
    """The issuing body is the first line of the head, in capitals: «CHÍNH PHỦ»."""
    body = organisations.by_name(head[0]) if head[0] == head[0].upper() else None
    return body.name if body else ""


def _issued_on(above_type, text):
    dated = next((m.groups() for line in above_type if (m := _ISSUED.search(line))), None)
    return _day(dated) if dated else _only_day(_PASSED.findall(text))


def _only_day(found):
    """The one day that all mentions agree on; None where they differ or there is none."""
    days = {_day(parts) for parts in found}
    return days.pop() if len(days) == 1 else None


def _day(parts):
    day, month, year = map(int, parts)
    try:
        return datetime.date(year, month, day)
    except ValueError:
        return None
