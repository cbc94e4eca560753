"""Adds to the counts that all processes share."""

import datetime
import hashlib
import uuid
from collections.abc import Sequence
from typing import Any, NamedTuple

from django.conf import settings
from django.db import connection

WINDOW_SECONDS = 60  # of what processes report

# In order of the key, so that two processes that add to the same counts do not wait for each other in a circle. The
# clocks of machines differ: what is added to a window that another machine has ended already is not counted. A clock
# that is wrong harms nobody else: by the database's, no window ends later than that of the next minute. What is taken
# back is taken only from a count that is there.
ADD = """
    INSERT INTO content_requestcount AS stored (key, ends_at, count)
    SELECT key, ends_at, added
    FROM unnest(%(keys)s::uuid[], %(ends)s::timestamptz[], %(added)s::int[]) AS told (key, ends_at, added)
    WHERE ends_at <= statement_timestamp() + %(seconds)s * interval '2 s' AND (added > 0 OR EXISTS (
        SELECT FROM content_requestcount AS known WHERE known.key = told.key AND known.ends_at = told.ends_at))
    ORDER BY key
    ON CONFLICT (key) DO UPDATE SET
        count = CASE
            WHEN stored.ends_at = excluded.ends_at THEN GREATEST(0, stored.count + excluded.count)
            WHEN stored.ends_at BETWEEN excluded.ends_at AND statement_timestamp() + %(seconds)s * interval '2 s'
                THEN stored.count
            ELSE GREATEST(0, excluded.count)
        END,
        ends_at = CASE
            WHEN stored.ends_at BETWEEN excluded.ends_at AND statement_timestamp() + %(seconds)s * interval '2 s'
                THEN stored.ends_at
            ELSE excluded.ends_at
        END
    RETURNING key, ends_at, count
"""
# By the database's clock alone. A window that another statement began, while this one waited for the row, goes on; one
# that ends later was begun by a clock that was wrong.
COUNT = """
    INSERT INTO content_requestcount AS stored (key, ends_at, count)
    SELECT %(key)s, to_timestamp(
        (floor(extract(epoch FROM statement_timestamp()) / %(seconds)s) + 1) * %(seconds)s), 1
    ON CONFLICT (key) DO UPDATE SET
        count = CASE
            WHEN stored.ends_at BETWEEN excluded.ends_at AND excluded.ends_at + %(seconds)s * interval '1 s'
                THEN stored.count + 1
            ELSE 1
        END,
        ends_at = CASE
            WHEN stored.ends_at BETWEEN excluded.ends_at AND excluded.ends_at + %(seconds)s * interval '1 s'
                THEN stored.ends_at
            ELSE excluded.ends_at
        END
    RETURNING count, ends_at, GREATEST(0, floor(extract(epoch FROM ends_at - clock_timestamp())))::int + 1
"""
TAKE_BACK = "UPDATE content_requestcount SET count = count - 1 WHERE key = %s AND ends_at = %s AND count > 0"
# Without an index on `ends_at`, which each request of a new window would have to write: the table is small while this
# runs each minute. A count that somebody writes just now is skipped.
FORGET = """
    DELETE FROM content_requestcount WHERE key = ANY (ARRAY(
        SELECT key FROM content_requestcount WHERE ends_at < statement_timestamp() - interval '1 minute'
        LIMIT %s FOR UPDATE SKIP LOCKED))
"""


class Counted(NamedTuple):
    """Requests under one key, in the window that ends at `ends_at`."""

    key: uuid.UUID
    ends_at: datetime.datetime
    requests: int


class ExactCount(NamedTuple):
    """Requests in the window that ends at `ends_at`, in so many seconds (at least 1)."""

    requests: int
    ends_at: datetime.datetime
    seconds: int


def key_of(limit: str, caller: str) -> uuid.UUID:
    """The key of a caller under a limit. The address cannot be found from it without SECRET_KEY."""
    secret = hashlib.sha256(settings.SECRET_KEY.encode()).digest()
    return uuid.UUID(bytes=hashlib.blake2b(f"{limit}|{caller}".encode(), digest_size=16, key=secret).digest())


def add(cursor: Any, counts: Sequence[Counted]) -> list[Counted]:
    """Add to counts of windows of WINDOW_SECONDS, each key once. Returns them as they are now, of all processes.

    In no order. `cursor`: of Django or psycopg, at the primary. Where a later window has begun, it is returned and
    nothing is added. Missing is what is of a minute that is far ahead, and what makes a count lower that is not stored.
    """
    names = zip(("keys", "ends", "added"), range(3), strict=True)
    cursor.execute(ADD, {name: [each[place] for each in counts] for name, place in names} | {"seconds": WINDOW_SECONDS})
    return [Counted(*row) for row in cursor.fetchall()]


def count(cursor: Any, key: uuid.UUID, *, seconds: int) -> ExactCount:
    """Count one request in the present window of so many seconds, by the clock of the database. Returns all of it."""
    cursor.execute(COUNT, {"key": key, "seconds": seconds})
    return ExactCount(*cursor.fetchone())


def take_back(cursor: Any, key: uuid.UUID, ends_at: datetime.datetime) -> None:
    """Count one request less, if its window is still the one that is stored."""
    cursor.execute(TAKE_BACK, [key, ends_at])


def forget_ended(*, at_once: int = 5_000) -> int:
    """Delete the counts of windows that ended more than a minute ago, `at_once` in each statement. Returns how many.

    A repeat is harmless.
    """
    forgotten, deleted = 0, at_once
    with connection.cursor() as cursor:
        while deleted == at_once:
            cursor.execute(FORGET, [at_once])
            deleted = cursor.rowcount
            forgotten += deleted
    return forgotten
