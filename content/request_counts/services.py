"""Adds to the counts that all processes share."""

import datetime
import hashlib
import uuid
from collections.abc import Sequence
from typing import Any, NamedTuple

from django.conf import settings

# In order of the key, so that two processes that add to the same counts do not wait for each other in a circle. The
# clocks of machines differ: what is added to a window that another machine has ended already is not counted.
ADD = """
    INSERT INTO content_requestcount AS stored (key, ends_at, count)
    SELECT * FROM unnest(%s::uuid[], %s::timestamptz[], %s::int[]) ORDER BY 1
    ON CONFLICT (key) DO UPDATE SET
        count = CASE
            WHEN stored.ends_at < excluded.ends_at THEN excluded.count
            WHEN stored.ends_at = excluded.ends_at THEN GREATEST(0, stored.count + excluded.count)
            ELSE stored.count
        END,
        ends_at = GREATEST(stored.ends_at, excluded.ends_at)
    RETURNING key, ends_at, count
"""
TAKE_BACK = "UPDATE content_requestcount SET count = count - 1 WHERE key = %s AND ends_at = %s AND count > 0"
FORGET = """
    DELETE FROM content_requestcount WHERE key IN (
        SELECT key FROM content_requestcount WHERE ends_at < %s ORDER BY key FOR UPDATE SKIP LOCKED)
"""


class Counted(NamedTuple):
    """Requests under one key, in the window that ends at `ends_at`."""

    key: uuid.UUID
    ends_at: datetime.datetime
    requests: int


def key_of(limit: str, caller: str) -> uuid.UUID:
    """The key of a caller under a limit. The address cannot be found from it without SECRET_KEY."""
    secret = hashlib.sha256(settings.SECRET_KEY.encode()).digest()
    return uuid.UUID(bytes=hashlib.blake2b(f"{limit}|{caller}".encode(), digest_size=16, key=secret).digest())


def add(cursor: Any, counts: Sequence[Counted]) -> list[Counted]:
    """Add to counts, each key once. Returns them as they are now, of all processes together, in no order.

    `cursor`: of Django or psycopg, at the primary. Where a later window has begun, it is returned and nothing is added.
    """
    cursor.execute(ADD, [[each[place] for each in counts] for place in range(3)])
    return [Counted(*row) for row in cursor.fetchall()]


def take_back(cursor: Any, key: uuid.UUID, ends_at: datetime.datetime) -> None:
    """Count one request less, if its window goes on."""
    cursor.execute(TAKE_BACK, [key, ends_at])


def forget_before(cursor: Any, moment: datetime.datetime) -> None:
    """Delete the counts of windows that ended before a moment. A repeat is harmless."""
    cursor.execute(FORGET, [moment])
