"""Attempts as saves and submissions read and write them: statements that are written once, with no column too many.

At a deadline thousands come at once, and a contest may name thousands of units. With statements that the ORM wrote anew
for each of them, a submission took twice as long.
"""

import json
from typing import Any

from content.contests.models import Attempt, Contest, Entry, Round
from content.people.models import Reader
from content.sql import ModelColumns, execute_prepared, fetch_prepared

_ATTEMPT = ModelColumns(Attempt, "a")
_ENTRY = ModelColumns(Entry, "e", "id", "code")
_ROUND = ModelColumns(
    Round, "r", "id", "contest_id", "number", "sections", "is_practice", "status", "seed", "pool_hash", "void_count"
)
_CONTEST = ModelColumns(Contest, "c", "id", "key", "results_shown", "status")
_READ = f"""
    SELECT {_ATTEMPT.sql}, {_ENTRY.sql}, {_ROUND.sql}, {_CONTEST.sql}, statement_timestamp()
    FROM content_attempt a
    JOIN content_entry e ON e.id = a.entry_id
    JOIN content_round r ON r.id = a.round_id
    JOIN content_contest c ON c.id = r.contest_id
"""  # noqa: S608 (names of columns)
_OWN, _BY_ID, _LOCK = "WHERE a.key = %s AND e.reader_id = %s", "WHERE a.id = %s", "FOR NO KEY UPDATE OF a"
_STORED = (
    "id", "saved_seq", "submitted_at", "is_closed_by_system", "duration_ms", "correct", "scored_voids", "receipt",
    "settled_at",
)  # fmt: skip
_STORE_SAVED = """
    UPDATE content_attempt SET answers = %(answers)s, saved_seq = %(saved_seq)s
    WHERE id = %(id)s AND submitted_at IS NULL AND saved_seq < %(saved_seq)s
"""
_STORE_SUBMITTED = """
    UPDATE content_attempt
    SET answers = %(answers)s, saved_seq = %(saved_seq)s, submitted_at = %(submitted_at)s,
        is_closed_by_system = %(is_closed_by_system)s, duration_ms = %(duration_ms)s, correct = %(correct)s,
        scored_voids = %(scored_voids)s, receipt = %(receipt)s, settled_at = %(settled_at)s
    WHERE id = %(id)s AND submitted_at IS NULL AND saved_seq = %(seen_seq)s
"""


def own_attempt(reader: Reader, key: str, *, is_locked: bool = False) -> Any:
    """The reader's attempt with that key, with entry, round, contest and `now`: when the database got the statement.

    `is_locked`: until the transaction ends. Raises Attempt.DoesNotExist, for an attempt of anybody else too.
    """
    return _read(_OWN, [key, reader.pk], is_locked)


def attempt_by_id(pk: int, *, is_locked: bool = False) -> Any:
    """As `own_attempt`, of any reader."""
    return _read(_BY_ID, [pk], is_locked)


def store_saved(attempt: Attempt) -> bool:
    """Store the answers and their `saved_seq`, unless later ones are stored or the attempt is submitted.

    Returns whether they were stored.
    """
    return _execute(_STORE_SAVED, attempt) == 1


def store_submitted(attempt: Attempt, *, seen_seq: int) -> bool:
    """Store what closes an attempt, unless it was submitted, or saved, since it was read with `seen_seq`.

    Returns whether it was stored. Of two submissions at once, one returns True.
    """
    return _execute(_STORE_SUBMITTED, attempt, seen_seq=seen_seq) == 1


def _read(condition: str, parameters: list[Any], is_locked: bool) -> Any:
    row = fetch_prepared(f"{_READ} {condition} {_LOCK if is_locked else ''}", parameters)
    if row is None:
        raise Attempt.DoesNotExist
    values = iter(row)
    attempt: Any = _ATTEMPT.instance(values)
    attempt.entry, attempt.round = _ENTRY.instance(values), _ROUND.instance(values)
    attempt.round.contest = _CONTEST.instance(values)
    attempt.now = next(values)
    return attempt


def _execute(statement: str, attempt: Attempt, **parameters: Any) -> int:
    columns = {name: getattr(attempt, name) for name in _STORED} | {"answers": json.dumps(attempt.answers)}
    return execute_prepared(statement, columns | parameters)
