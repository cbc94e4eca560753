"""The audit as a file for an inspector: CSV for a spreadsheet, JSON Lines for a program. Row by row, never whole."""

import csv
import json
import re

from django.utils import timezone

FIELDS = ("id", "at", "who", "action", "subject", "address", "reason", "facts")
FORMULA_STARTS = (
    "=",
    "+",
    "-",
    "@",
    "\t",
    "\r",
    "\n",
    "＝",
    "＋",
    "－",
    "＠",
)  # what a spreadsheet may take for one (OWASP)
BEGINS_A_FORMULA = re.compile(rf"(^|[;\t\r\n]\s*)([{re.escape(''.join(FORMULA_STARTS))}])")
ROWS_PER_FETCH = 2000  # rows fetched at once


def csv_lines(rows):
    """Lines of CSV (RFC 4180) with a byte order mark, without which Excel spoils Vietnamese letters."""
    writer = csv.DictWriter(_Echo(), FIELDS)
    yield "\ufeff" + writer.writeheader()
    for row in rows.iterator(chunk_size=ROWS_PER_FETCH):
        described = _row_as_dict(row)
        described["facts"] = json.dumps(row.facts, ensure_ascii=False) if row.facts else ""
        yield writer.writerow({name: _without_formula(value) for name, value in described.items()})


def json_lines(rows):
    for row in rows.iterator(chunk_size=ROWS_PER_FETCH):
        yield json.dumps(_row_as_dict(row), ensure_ascii=False) + "\n"


FORMATS = {"csv": (csv_lines, "text/csv; charset=utf-8"), "jsonl": (json_lines, "application/jsonl; charset=utf-8")}


def _row_as_dict(row):
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


def _without_formula(value):
    """What begins like a formula gets an apostrophe, so that opening the file runs nothing.

    A Vietnamese Excel may split at semicolons, within a cell too: what follows one, or a line's end, begins a cell.
    """
    return BEGINS_A_FORMULA.sub(r"\1'\2", "" if value is None else str(value))


class _Echo:
    def write(self, line):
        return line
