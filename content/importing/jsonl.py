"""Documents as JSON Lines, one object a line, plain or gzipped: number, type, title, articles with their path, …"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any

from content.documents.records import DocumentRecord, OriginalBytes, RecordError, refuse_long_text
from content.importing.json_fields import (
    JsonObject,
    date_field,
    list_field,
    load_json,
    parse_doc_type,
    parse_effect_status,
    text_field,
    text_list_field,
)
from content.importing.line_files import NumberedLine, NumberedRecord


def read_jsonl(lines: Iterable[NumberedLine], name: str) -> Iterator[NumberedRecord]:
    """Yield (line number, DocumentRecord or RecordError) for the lines of the file of that name."""
    for number, line in lines:
        yield number, line if isinstance(line, RecordError) else _record_or_problem(line, f"{name}:{number}")


def _record_or_problem(line: bytes, name: str) -> DocumentRecord | RecordError:
    try:
        return replace(record_from_row(load_json(line)), original=OriginalBytes(name, "application/json", line))
    except RecordError as problem:
        return problem


def record_from_row(row: Any) -> DocumentRecord:
    """The record of one JSON object. Raises RecordError for a field that is missing or of another shape."""
    if not isinstance(row, dict):
        raise RecordError("not a JSON object ({…})")
    source, source_url = _provenance(text_field(row, "source"), text_field(row, "source_url"))
    text = _whole_text(row)
    refuse_long_text(text)
    return DocumentRecord(
        doc_type=parse_doc_type(text_field(row, "type")),
        number=text_field(row, "number"),
        title=text_field(row, "title"),
        text=text,
        issuer=text_field(row, "issuer"),
        province=text_field(row, "province"),
        commune_code=text_field(row, "commune_code"),
        commune_name=text_field(row, "commune_name"),
        signer=text_field(row, "signer"),
        issued_on=date_field(row, "issued"),
        effective_on=date_field(row, "effective"),
        expires_on=date_field(row, "expired"),
        official_status=parse_effect_status(text_field(row, "status_official")),
        gazette_number=text_field(row, "gazette_number"),
        gazette_on=date_field(row, "gazette_date"),
        source=source,
        source_url=source_url,
    )


def _provenance(source: str, url: str) -> tuple[str, str]:
    """(source, source_url). Text that is no address («https://… (doc 4011…)») is added to the source instead."""
    if url and not re.fullmatch(r"https?://\S+", url):
        source, url = "; ".join(filter(None, [source, url])), ""
    return source, url


def _whole_text(row: JsonObject) -> str:
    """The text for the parser: preamble; new elements of `path`, a line each; «Điều N. title»; text; footer."""
    lines = [*text_list_field(row, "preamble")]
    path: list[str] = []
    for article in list_field(row, "articles"):
        if not isinstance(article, dict):
            raise RecordError("%(name)s: not a list of objects", name="articles")
        here = text_list_field(article, "path")
        common = 0
        while common < min(len(path), len(here)) and path[common] == here[common]:
            common += 1
        lines += here[common:]
        path = here
        lines.append(f"Điều {text_field(article, 'number')}. {text_field(article, 'title')}".rstrip())
        lines.append(text_field(article, "text"))
    return "\n".join([*lines, *text_list_field(row, "footer")])
