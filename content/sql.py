"""Raw SQL: a time limit for the statements of a block, and fast reads past the ORM in PostgreSQL's binary form."""

import contextlib
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import psycopg
from django.core.exceptions import EmptyResultSet
from django.db import OperationalError, connection, models, transaction
from django.db.models import QuerySet
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


def state_of_tables(*tables: type[models.Model]) -> str:
    """A text that is another one after any change of these tables, and never comes back.

    It has the transaction and the place of each row's last version. One statement; for tables of some hundred rows.
    """
    names = (connection.ops.quote_name(each._meta.db_table) for each in tables)
    hashes = ", ".join(
        f"(SELECT md5(string_agg(t.xmin || ' ' || t.ctid, ',' ORDER BY t.id)) FROM {name} t)"  # noqa: S608 (names of tables)
        for name in names
    )
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT concat_ws(' ', {hashes})")
        return str(cursor.fetchone()[0])


def state_of_rows(rows: QuerySet[Any, Any]) -> str:
    """A text that is another one when the query finds other rows, in another order or with other values.

    One statement, which sends no rows. Of related rows only what the query itself selects counts.
    """
    try:
        statement, parameters = rows.query.sql_with_params()
    except EmptyResultSet:
        return ""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT md5(string_agg(r::text, ',')) FROM ({statement}) r", parameters)  # noqa: S608
        return str(cursor.fetchone()[0])


def array_literal(numbers: Iterable[int]) -> str:
    """Write integers as a PostgreSQL array literal: much faster than letting psycopg adapt a long list."""
    return "{" + ",".join(map(str, numbers)) + "}"
