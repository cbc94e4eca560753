"""Statements of a search: how long they may take; and such as read much, past the ORM in PostgreSQL's binary form."""

import contextlib

import psycopg
from django.db import OperationalError, connection, transaction
from django.utils.translation import gettext as _
from psycopg.errors import QueryCanceled

from content.errors import QueryTooSlow

STATEMENT_TIMEOUT_MS = 3_000  # of one statement


@contextlib.contextmanager
def time_limit():
    """Statements in it take LONGEST_MS at the most, also when it stands in another. Raises TooSlow."""
    is_nested = connection.in_atomic_block
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(SET_TIMEOUT, [str(STATEMENT_TIMEOUT_MS)])
            (before, _now) = cursor.fetchone()
            yield
            if is_nested:  # otherwise it ends with the transaction
                cursor.execute("SELECT set_config('statement_timeout', %s, true)", [before])
    except OperationalError as error:
        if isinstance(error.__cause__, QueryCanceled):
            raise QueryTooSlow("search_too_slow", _("The search took too long and was ended.")) from error
        raise


SET_TIMEOUT = "SELECT current_setting('statement_timeout'), set_config('statement_timeout', %s, true)"


def fetch_rows(sql, parameters):
    """Rows of a statement. Bytes come as they are: written out and read again they take longer than to be found.

    Raises what Django raises. What watches Django's statements (assertNumQueries, a log of them) does not see these.
    """
    connection.ensure_connection()
    with connection.wrap_database_errors, psycopg.Cursor(connection.connection) as cursor:
        return cursor.execute(sql, parameters, binary=True).fetchall()


def array_literal(numbers):
    """Many whole numbers as the text of a PostgreSQL array: much sooner made than a list is adapted."""
    return "{" + ",".join(map(str, numbers)) + "}"
