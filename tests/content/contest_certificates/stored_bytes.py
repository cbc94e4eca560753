"""Which tables hold a text anywhere in a row."""

from django.db import connection


def stored_anywhere(text: str) -> list[str]:
    """The names of the tables of which a row, written as text, contains this text."""
    found = []
    with connection.cursor() as cursor:
        for table in sorted(connection.introspection.table_names(cursor)):
            quoted = connection.ops.quote_name(table)
            cursor.execute(f"SELECT EXISTS (SELECT FROM {quoted} AS t WHERE t::text ILIKE %s)", [f"%{text}%"])
            if cursor.fetchone()[0]:
                found.append(table)
    return found
