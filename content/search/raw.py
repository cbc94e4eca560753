"""Statements of a search that read much: past the ORM, and in PostgreSQL's binary form."""

import psycopg
from django.db import connection


def fetched(sql, parameters):
    """Rows of a statement. Bytes come as they are: written out and read again they take longer than to be found.

    Raises what Django raises. What watches Django's statements (assertNumQueries, a log of them) does not see these.
    """
    connection.ensure_connection()
    with connection.wrap_database_errors, psycopg.Cursor(connection.connection) as cursor:
        return cursor.execute(sql, parameters, binary=True).fetchall()


def array(numbers):
    """Many whole numbers as the text of a PostgreSQL array: much sooner made than a list is adapted."""
    return "{" + ",".join(map(str, numbers)) + "}"
