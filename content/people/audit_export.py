"""Export the audit as CSV for a spreadsheet or JSON Lines for a program, one row at a time."""

import csv
import json
import re
from collections.abc import Iterator
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from content.people.models import AuditRow

FIELDS = ("id", "at", "who", "action", "subject", "address", "reason", "facts")
# a spreadsheet may read these as the start of a formula (OWASP)
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
BEGINS_A_FORMULA = re.compile(rf"(^|[;\t\r\n]\s*)([{re.escape(''.join(FORMULA_STARTS))}])")
ROWS_PER_FETCH = 2000


def csv_lines(rows: QuerySet[AuditRow]) -> Iterator[str]:
    """Lines of CSV (RFC 4180). The byte order mark makes Excel read Vietnamese letters correctly."""
    writer = csv.DictWriter(_Echo(), FIELDS)
    yield "\ufeff" + writer.writeheader()
    for row in rows.iterator(chunk_size=ROWS_PER_FETCH):
        described = _row_as_dict(row)
        described["facts"] = json.dumps(row.facts, ensure_ascii=False) if row.facts else ""
        yield writer.writerow({name: _without_formula(value) for name, value in described.items()})


def json_lines(rows: QuerySet[AuditRow]) -> Iterator[str]:
    for row in rows.iterator(chunk_size=ROWS_PER_FETCH):
        yield json.dumps(_row_as_dict(row), ensure_ascii=False) + "\n"


FORMATS = {"csv": (csv_lines, "text/csv; charset=utf-8"), "jsonl": (json_lines, "application/jsonl; charset=utf-8")}


def _row_as_dict(row: AuditRow) -> dict[str, Any]:
    return {
        "id": row.pk,
        "at": timezone.localtime(row.at).isoformat(timespec="milliseconds"),
        "who": row.by.username if row.by else None,
        "action": row.action,
        "subject": row.subject,
        "address": row.address,
        "reason": row.reason,
        "facts": row.facts,
    }


def _without_formula(value: Any) -> str:
    """Put an apostrophe before whatever a spreadsheet could run as a formula.

    A Vietnamese Excel may split at semicolons, within a cell too, so the text after a semicolon or a line's end counts
    as a cell of its own.
    """
    return BEGINS_A_FORMULA.sub(r"\1'\2", "" if value is None else str(value))


class _Echo:
    def write(self, line: str) -> str:
        return line
