"""Which statements PostgreSQL plans once in a connection, and that they find what others find."""

import pytest
from django.conf import settings
from django.db import IntegrityError, connection, transaction

from content.people.models import Reader
from content.sql import fetch_rows, prepared_cursor

pytestmark = pytest.mark.django_db


def prepared():
    """The statements that this connection has prepared."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT statement FROM pg_prepared_statements WHERE NOT from_sql")
        return [statement for (statement,) in cursor.fetchall()]


@pytest.mark.skipif(bool(settings.DATABASE_DIRECT), reason="behind PgBouncer nothing is prepared")
def test_a_statement_is_planned_once_however_often_it_is_sent():
    for number in range(7):
        with prepared_cursor() as cursor:
            cursor.execute("SELECT %s + 41", [number])
            assert cursor.fetchone() == (number + 41,)
    assert [each for each in prepared() if "+ 41" in each] == ["SELECT $1 + 41"]


def test_statements_of_a_search_are_planned_for_their_own_words():
    for word in ("đất", "nhà", "đất", "nhà", "đất", "nhà"):
        assert fetch_rows("SELECT length(%s) + 43", [word]) == [(len(word) + 43,)]
    assert not [each for each in prepared() if "+ 43" in each]


def test_a_broken_rule_is_the_error_that_django_names():
    reader = Reader.objects.create()
    with pytest.raises(IntegrityError), transaction.atomic(), prepared_cursor() as cursor:
        cursor.execute("INSERT INTO content_reader (id, created_at) VALUES (%s, now())", [reader.pk])
    assert Reader.objects.count() == 1
