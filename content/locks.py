"""Advisory locks of PostgreSQL: one number for each thing that only one transaction may do at a time."""

import enum
from collections.abc import Collection, Sequence
from typing import Any

from django.db import connection


@enum.unique
class Lock(enum.IntEnum):
    """Numbers are part of a rolling upgrade: the release before must take the same one for the same work."""

    CHANGE_LOG = 4_713_001  # writers of the change log, so that ids follow commit order
    TRANSITIONS = 4_713_002  # the worker that records what a new day changes
    # first of two keys: who registers a device, see `hold_names`. The release before takes it alone, for all of them
    DEVICE_REGISTRATIONS = 4_713_003
    MIGRATIONS = 4_713_004  # `manage.py migrate`; a session lock on a connection of its own
    ENDINGS = 4_713_005  # the worker that carries out what acts end and amend, in the order of their days
    MEASUREMENTS = 4_713_006  # the worker that stores the indicators of a finished month
    DOCUMENT_COUNTS = 4_713_007  # the worker that brings the counts of documents up to date
    SEARCH_INDEX = 4_713_090  # the job that counts words and writes posting lists
    SUGGESTIONS = 4_713_092  # who replaces all suggestions, and who deletes those with words that were taken out
    PASSAGE_VECTORS = 4_713_091  # writers of passage vectors, so that ids rise as they commit
    CONTEST_COUNTS = 4_713_100  # first of two keys: writers of the standings and counts of one contest
    CONTEST_STARTS = 4_713_102  # first of two keys: who cancels one contest; who starts an attempt in it shares it
    QUESTIONS_IN_COMPETITION = 4_713_101  # who freezes a round compares its questions with all others; who ends one
    DOCUMENT_IDENTITY = -1_301_831_943  # hashtext('take_in'): first of two keys, see `hold_for_name`


TRY_FOR_SESSION = "SELECT pg_try_advisory_lock(%s)"  # for a connection that is not Django's


def hold(lock: Lock) -> None:
    """Wait for `lock` and hold it until the caller's transaction ends. Holding it already is fine.

    Only for locks that are held as long as a short transaction, and by nobody who builds an index concurrently: the
    waiting statement has a snapshot, and such a build waits for every snapshot. A job of the worker uses `try_hold`,
    unless all others hold the lock briefly.
    Raises RuntimeError outside a transaction: PostgreSQL would release the lock at once.
    """
    _refuse_outside_transaction()
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [int(lock)])


def hold_last(lock: Lock, statement: str = "SELECT 1", parameters: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
    """Hold a lock that is taken after all locks of rows; then the rows of a SELECT. One message for all.

    Rows that were written before are checked first. Else PostgreSQL checks their foreign keys at the commit and waits
    there for the rows they lead to; who has one of those may wait for this lock: a deadlock. Raises IntegrityError
    where such a row leads nowhere.

    The SELECT sees what was committed before the lock was had: each statement of a message has a snapshot of its own
    where transactions read what is committed, as ours do.
    """
    _refuse_outside_transaction()
    checked = "SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED"  # as they are at first: all are DEFERRED
    with connection.cursor() as cursor:
        cursor.execute(f"{checked}; SELECT pg_advisory_xact_lock(%s); {statement}", [int(lock), *parameters])
        for _ in range(3):
            cursor.nextset()
        rows: list[tuple[Any, ...]] = cursor.fetchall()
        return rows


def try_hold(lock: Lock) -> bool:
    """Hold `lock` until the caller's transaction ends, unless another transaction has it. Returns whether we hold it.

    Never waits. Raises RuntimeError outside a transaction.
    """
    _refuse_outside_transaction()
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [int(lock)])
        is_ours: bool = cursor.fetchone()[0]
        return is_ours


def hold_for_name(lock: Lock, name: str) -> None:
    """As `hold`, but only for `name`: two names do not wait for each other unless their hashes are equal."""
    _refuse_outside_transaction()
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s::int, hashtext(%s))", [int(lock), name])


def hold_names(lock: Lock, names: Collection[str]) -> None:
    """As `hold_for_name`, for several names: always in the order of their hashes, so nobody waits in a circle.

    That is so for whoever takes all their names in one call.
    """
    _refuse_outside_transaction()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(%s::int, key) FROM (SELECT DISTINCT hashtext(one) AS key"
            " FROM unnest(%s::text[]) AS one ORDER BY key OFFSET 0) AS in_order",
            [int(lock), list(names)],
        )


def try_hold_names(lock: Lock, names: Collection[str]) -> bool:
    """As `hold_names`, but never waits: returns whether all are ours. Those that are stay so until the end."""
    _refuse_outside_transaction()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT coalesce(bool_and(pg_try_advisory_xact_lock(%s::int, key)), true)"
            " FROM (SELECT DISTINCT hashtext(one) AS key FROM unnest(%s::text[]) AS one) AS keys",
            [int(lock), list(names)],
        )
        is_ours: bool = cursor.fetchone()[0]
        return is_ours


def share_for_name(lock: Lock, name: str) -> None:
    """As `hold_for_name`, beside others who share the lock of that name: only who holds it waits, and is waited for."""
    _refuse_outside_transaction()
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock_shared(%s::int, hashtext(%s))", [int(lock), name])


def share(lock: Lock) -> None:
    """As `hold`, beside others who share the lock: only who takes it with `hold` waits, and is waited for."""
    _refuse_outside_transaction()
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock_shared(%s)", [int(lock)])


def _refuse_outside_transaction() -> None:
    if not connection.in_atomic_block:
        raise RuntimeError("An advisory lock is held to the end of a transaction: open one first.")
