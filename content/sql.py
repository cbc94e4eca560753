"""Raw SQL: a time limit for the statements of a block, and fast reads past the ORM in PostgreSQL's binary form."""

import contextlib
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import psycopg
from django.db import OperationalError, connection, transaction
from django.utils.translation import gettext as _
from psycopg.errors import QueryCanceled

from content.errors import QueryTooSlow

SET_TIMEOUT = "SELECT current_setting('statement_timeout'), set_config('statement_timeout', %s, true)"


@contextlib.contextmanager
def time_limit(milliseconds: int) -> Iterator[None]:
    """Run a block in a transaction whose statements take at most `milliseconds` each.

    Blocks may be nested: the inner limit holds inside, the outer one returns afterwards. Raises QueryTooSlow.
    """
    is_nested = connection.in_atomic_block
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(SET_TIMEOUT, [str(milliseconds)])
            (before, _now) = cursor.fetchone()
            yield
            if is_nested:  # otherwise it ends with the transaction
                cursor.execute("SELECT set_config('statement_timeout', %s, true)", [before])
    except OperationalError as error:
        if isinstance(error.__cause__, QueryCanceled):
            message = _("The search took too long. Use rarer words, or narrow it with a filter.")
            raise QueryTooSlow("search_too_slow", message) from error
        raise


def fetch_rows(statement: str, parameters: Sequence[Any]) -> list[tuple[Any, ...]]:
    """Run one statement and return its rows. Bytes arrive without being decoded from text, which is much faster.

    Raises Django's database errors. Django does not see these statements: neither assertNumQueries nor a query log.
    """
    connection.ensure_connection()
    with connection.wrap_database_errors, psycopg.Cursor(connection.connection) as cursor:
        return cursor.execute(statement, parameters, binary=True).fetchall()


def array_literal(numbers: Iterable[int]) -> str:
    """Write integers as a PostgreSQL array literal: much faster than letting psycopg adapt a long list."""
    return "{" + ",".join(map(str, numbers)) + "}"
