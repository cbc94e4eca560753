"""Consumers of the change log: one change that cannot be handled does not hold back the others."""

import pytest
from django.db import IntegrityError, OperationalError, transaction

from content.changes.cursors import consume_changes, consume_changes_one_by_one
from content.topics.models import Topic
from tests.builders import a_document, land

pytestmark = pytest.mark.django_db


@pytest.fixture
def three_changes():
    return [a_document(f"{number}/2019/QH14").key for number in (1, 2, 3)]


@pytest.mark.parametrize("consume", [consume_changes, consume_changes_one_by_one])
def test_a_change_that_the_database_refuses_is_left_out_and_the_next_are_read(consume, three_changes, caplog):
    handled = []

    def handle(change):
        if change.subject == three_changes[1]:
            with transaction.atomic():
                Topic.objects.create(key=land().key, name="hai lần")  # IntegrityError
        handled.append(change.subject)
        return consume is consume_changes_one_by_one

    assert consume("reader-of-a-test", handle) == 3
    assert handled == [three_changes[0], three_changes[2]]
    assert consume("reader-of-a-test", handle) == 0
    assert [record.exc_info[0] for record in caplog.records if record.exc_info] == [IntegrityError]


@pytest.mark.parametrize("consume", [consume_changes, consume_changes_one_by_one])
def test_after_a_broken_connection_the_change_comes_again(consume, three_changes):
    broken, handled = [True], []

    def handle(change):
        if change.subject == three_changes[1] and broken:
            broken.clear()
            raise OperationalError("the connection is closed")
        handled.append(change.subject)
        return consume is consume_changes_one_by_one

    with pytest.raises(OperationalError):
        consume("reader-of-a-test", handle)
    consume("reader-of-a-test", handle)
    assert handled[-2:] == three_changes[1:]
    assert set(handled) == set(three_changes)
