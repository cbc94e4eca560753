"""Which statements PostgreSQL plans once in a connection, and that they find what others find."""

import pytest
from django.conf import settings
from django.db import IntegrityError, connection, transaction

from content.people.models import Reader
from content.sql import PreparedByKey, execute_prepared, fetch_prepared, fetch_rows
from content.topics.models import Topic
from tests import database_server
from tests.builders import land

NOTHING_PREPARED = pytest.mark.skipif(bool(settings.DATABASE_DIRECT), reason="behind PgBouncer nothing is prepared")


def prepared():
    """{statement: how often it ran by a plan for all parameters} of what this connection has prepared."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT statement, generic_plans FROM pg_prepared_statements WHERE NOT from_sql")
        return dict(cursor.fetchall())


@NOTHING_PREPARED
@pytest.mark.django_db
def test_after_a_few_times_a_statement_is_not_planned_anew():
    for number in range(20):
        assert fetch_prepared("SELECT %s + count(*) FROM content_reader", [number]) == (number,)
    assert prepared() == {"SELECT $1 + count(*) FROM content_reader": 15}  # PostgreSQL tries five plans first


@pytest.mark.django_db
def test_no_other_statement_is_prepared_and_psycopg_stores_none():
    fetch_prepared("SELECT %s + 1", [1])
    for word in ("đất", "nhà", "đất", "nhà", "đất", "nhà"):
        assert fetch_rows("SELECT length(%s) + 43", [word]) == [(len(word) + 43,)]
        Reader.objects.filter(firebase_uid=word).exists()
    assert not [each for each in prepared() if "+ 43" in each or "content_reader" in each]
    assert connection.connection.prepare_threshold is None


@pytest.mark.django_db
def test_a_broken_rule_is_the_error_that_django_names():
    reader = Reader.objects.create()
    with pytest.raises(IntegrityError), transaction.atomic():
        execute_prepared("INSERT INTO content_reader (id, created_at) VALUES (%s, now())", [reader.pk])
    assert Reader.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_statement_goes_on_after_a_migration_that_changes_the_type_of_its_column():
    with database_server.connect(connection.settings_dict["NAME"]) as other:
        other.execute("CREATE TABLE of_this_test (word varchar(7))")
        try:
            other.execute("INSERT INTO of_this_test VALUES ('đất')")
            for _ in range(8):
                assert fetch_prepared("SELECT word FROM of_this_test WHERE word = %s", ["đất"]) == ("đất",)
            other.execute("ALTER TABLE of_this_test ALTER word TYPE text")
            for _ in range(2):
                assert fetch_prepared("SELECT word FROM of_this_test WHERE word = %s", ["đất"]) == ("đất",)
        finally:
            other.execute("DROP TABLE of_this_test")


@pytest.mark.django_db
def test_a_row_is_found_by_its_key_among_those_of_the_query_and_has_what_was_asked_for():
    wanted = PreparedByKey(lambda: Topic.objects.filter(parent=None).order_by("name"), "id", "key", "name")
    subject, heading = land(), land().children.first()
    found = wanted.get(subject.key)
    assert (found, found.name, found.get_deferred_fields()) == (
        subject,
        subject.name,
        {"number", "parent_id", "position"},
    )
    assert found.number == subject.number
    assert (wanted.get(heading.key), wanted.get("no-such-key"), wanted.get(subject.key)) == (None, None, subject)
