"""Finds documents about which one list says two things that cannot both be right, whatever the order of its lines."""

import sqlite3
from collections.abc import Iterable
from contextlib import closing
from itertools import islice

from django.utils.translation import gettext_noop

from content.documents.effect import EffectStatus
from content.official_statuses import comparison, queries
from content.official_statuses.entering import StatusList
from content.official_statuses.lines import Problem, StatusLine

BATCH_SIZE = 1_000  # lines whose documents are looked up together
MAX_LINES_NAMED = 5
_RUNS = "runs"  # in force, wholly or in part: a list without units says one or the other
_SCHEMA = "CREATE TABLE said (document INTEGER, line INTEGER, status TEXT, effective_on TEXT, expires_on TEXT)"
_FOUND = """
SELECT document, line FROM said WHERE document IN (
    SELECT document FROM said GROUP BY document
    HAVING min(status) <> max(status) OR min(effective_on) <> max(effective_on) OR min(expires_on) <> max(expires_on)
) ORDER BY document, line
"""


def contradicted_documents(lines: Iterable[StatusLine], status_list: StatusList) -> dict[int, list[int]]:
    """{id of the document: the first of the lines about it}, where they contradict each other.

    They give two statuses, two first days or two ends; what a line leaves out, or does not know, contradicts nothing.
    A line that cannot be read, contradicts itself or fits no document or several is left out. Memory is flat: the
    lines are kept in a temporary file.
    """
    found: dict[int, list[int]] = {}
    rest = iter(lines)
    with closing(sqlite3.connect("")) as file:  # "" is a temporary file, deleted when it is closed
        file.execute(_SCHEMA)
        while batch := list(islice(rest, BATCH_SIZE)):
            file.executemany("INSERT INTO said VALUES (?, ?, ?, ?, ?)", _said(batch, status_list))
        for document, line in file.execute(_FOUND):
            about_it = found.setdefault(document, [])
            if len(about_it) < MAX_LINES_NAMED:
                about_it.append(line)
    return found


def problem_of(lines: Iterable[int]) -> Problem:
    """What is wrong with the lines of a list that contradict each other."""
    named = ", ".join(map(str, lines))
    return Problem(gettext_noop("Lines of the list contradict each other about this document: %(lines)s."),
                   {"lines": named})  # fmt: skip


def _said(
    lines: Iterable[StatusLine], status_list: StatusList
) -> list[tuple[int, int, str | None, str | None, str | None]]:
    readable = [line for line in lines if not (line.problem or comparison.contradicts_itself(line, status_list.as_of))]
    documents = queries.documents_of_lines(readable)
    return [
        (
            documents[line.line][0].pk,
            line.line,
            _class_of(line.status),
            line.effective_on.isoformat() if line.effective_on else None,
            line.expires_on.isoformat() if line.expires_on else None,
        )
        for line in readable
        if len(documents[line.line]) == 1
    ]


def _class_of(status: str) -> str | None:
    """The status as far as another line may contradict it. NULL is neither the least nor the greatest in SQL."""
    if status == EffectStatus.UNKNOWN:
        return None
    return _RUNS if status in (EffectStatus.IN_FORCE, EffectStatus.PARTLY_EXPIRED) else status
