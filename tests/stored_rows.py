"""All rows of the content, so that two ways to store the same can be compared."""

from django.apps import apps
from django.db import connection, models

from content.documents.models import LegalDocument

RANDOM = {"chain", "facts_salt", "traceparent", "transaction_id"}  # of lines of the change log, and of marks


def stored_rows():
    """{table: its rows in the order of their ids}, without instants; an id is its place in its table."""
    found = {}
    tables = [each for each in apps.get_app_config("content").get_models(include_auto_created=True)]
    for model in tables:
        fields = model._meta.concrete_fields
        names = ", ".join(f'"{each.column}"' for each in fields)
        with connection.cursor() as cursor:
            cursor.execute(f'SELECT {names} FROM "{model._meta.db_table}" ORDER BY "{model._meta.pk.column}"')
            found[model] = [dict(zip([each.column for each in fields], row, strict=True)) for row in cursor.fetchall()]
    places = {
        model: {row[model._meta.pk.column]: place for place, row in enumerate(rows)} for model, rows in found.items()
    }
    for row in found[LegalDocument]:
        row["list_order"] -= row["id"]
    for model, rows in found.items():
        for field in model._meta.concrete_fields:
            target = field.related_model if field.remote_field else model if field.primary_key else None
            if field.column == "document_id":  # also where it is no foreign key
                target = LegalDocument
            for row in rows:
                value = row[field.column]
                if isinstance(field, models.DateTimeField) or field.column in RANDOM:
                    del row[field.column]
                elif isinstance(target and target._meta.pk, models.AutoField) and value is not None:
                    row[field.column] = places.get(target, {}).get(value, value)
                elif isinstance(value, memoryview):
                    row[field.column] = bytes(value)
    return {model._meta.db_table: rows for model, rows in found.items()}


def differences(one, other):
    """{table: [(column, its value in one, in the other)]}, or how many rows the table has."""
    found = {table: (len(rows), len(other[table])) for table, rows in one.items() if len(rows) != len(other[table])}
    for table in one.keys() - found.keys():
        pairs = zip(one[table], other[table], strict=True)
        if of_table := [(name, a[name], b[name]) for a, b in pairs for name in a if a[name] != b[name]]:
            found[table] = of_table[:5]
    return found
