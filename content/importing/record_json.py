"""Records as JSON, between the process that reads a file and the one that stores what was read. Pure."""

import base64
import datetime
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from content.documents.records import (
    AmendmentRecord,
    ArticleRecord,
    DocumentRecord,
    OriginalBytes,
    RecordError,
    RecordWarning,
)

_DATES = ("issued_on", "effective_on", "expires_on", "gazette_on")
JsonObject = dict[str, Any]


def json_of_record(record: DocumentRecord | RecordError, files: Sequence[bytes] = ()) -> JsonObject:
    """The JSON of a record or an error. `files`: bytes that the other process has already, which are not sent again."""
    if isinstance(record, RecordError):
        return {
            "error": record.template,
            "parameters": record.parameters,
            "detail": record.detail,
            "lines": record.lines,
        }
    row = {name: value for name, value in asdict(record).items() if name != "original"}
    row |= {name: value.isoformat() if value else None for name, value in row.items() if name in _DATES}
    row["amended"] = [change | {"on": change["on"].isoformat()} for change in row["amended"]]
    original: JsonObject | None = None
    if record.original is not None:
        known = next((at for at, file in enumerate(files) if file is record.original.content), None)
        content = base64.b64encode(record.original.content).decode() if known is None else None
        media_type = record.original.media_type
        original = {"name": record.original.name, "media_type": media_type, "file": known, "content": content}
    return {"record": row, "original": original}


def record_of_json(row: JsonObject, files: Sequence[bytes] = ()) -> DocumentRecord | RecordError:
    """The record or the error again; `files` as they were given to `json_of_record`."""
    if "error" in row:
        return RecordError(row["error"], lines=row["lines"], detail=row["detail"], **row["parameters"])
    columns, original = dict(row["record"]), row["original"]
    for name in _DATES:
        columns[name] = _day(columns[name]) if columns[name] else None
    columns["articles"] = tuple(ArticleRecord(**each) for each in columns["articles"])
    columns["amended"] = tuple(AmendmentRecord(**each | {"on": _day(each["on"])}) for each in columns["amended"])
    columns["notes"] = tuple(RecordWarning(**each) for each in columns["notes"])
    columns["topics"] = tuple(columns["topics"])
    if original:
        known = original["file"]
        content = base64.b64decode(original["content"]) if known is None else files[known]
        columns["original"] = OriginalBytes(original["name"], original["media_type"], content)
    return DocumentRecord(**columns)


def _day(written: str) -> datetime.date:
    return datetime.date.fromisoformat(written)
