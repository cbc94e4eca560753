"""The chain of the change log: what was rewritten, left out or lost shows, and a reader can compute it."""

import io
import threading

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction

from content.changes import chain, services
from content.changes.event_types import EventType, Nature
from content.changes.models import Change
from content.people.models import Reader
from tests.random_history import RandomHistory

pytestmark = pytest.mark.django_db


def write(subject="luat-1", **columns):
    return services.record_change(EventType.DOCUMENT_PUBLISHED, subject, nature=Nature.LEGAL, **columns)


def without_triggers(statement, *values):
    """As somebody with the rights of an operator, who can turn the triggers off."""
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        cursor.execute(statement, values)
        cursor.execute("SET session_replication_role = origin")


def test_the_chain_of_a_random_history_fits():
    history = RandomHistory(seed=3)
    for _ in range(30):
        history.step()
    assert list(chain.breaks()) == []
    assert chain.head().key == Change.objects.filter(reader=None).latest("pk").pk


def test_a_private_line_is_no_part_of_the_chain():
    before = write().chain
    reader = Reader.objects.create()
    private = services.record_change(EventType.QUESTION_CLOSED, "hoi-1", nature=Nature.EDITORIAL, reader=reader)
    after = write()
    assert (private.chain, private.facts_salt) == ("", "")
    assert after.chain == chain.next_chain(before, chain.chained_line(after))


def test_a_mixed_batch_has_its_ids_in_the_order_given():
    reader = Reader.objects.create()
    columns = {"event_type": EventType.QUESTION_CLOSED, "nature": Nature.EDITORIAL}
    rows = [Change(subject=str(n), reader=reader if n % 2 else None, **columns) for n in range(6)]
    services.record_changes(rows)
    assert [row.subject for row in Change.objects.order_by("pk")] == list("012345")
    assert list(chain.breaks()) == []


@pytest.mark.parametrize(
    "statement",
    [
        'UPDATE content_change SET facts = \'{"reason": "khác"}\' WHERE id = %s',
        "UPDATE content_change SET notify = NOT notify WHERE id = %s",
        "UPDATE content_change SET changed_at = changed_at + interval '1 microsecond' WHERE id = %s",
        "UPDATE content_change SET eids = '{art_9}' WHERE id = %s",
        "DELETE FROM content_change WHERE id = %s",
    ],
)
def test_a_line_that_was_rewritten_or_left_out_is_reported(statement):
    lines = [write(f"luat-{n}", facts={"reason": "một"}) for n in range(4)]
    without_triggers(statement, lines[1].pk)
    shown = lines[1].pk if "UPDATE" in statement else lines[2].pk
    assert [each.key for each in chain.breaks()] == [shown]
    with pytest.raises(CommandError, match="1 lines do not fit"):
        call_command("check_change_log", stdout=io.StringIO())


def test_the_command_names_the_last_line_of_a_whole_chain():
    last = write()
    out = io.StringIO()
    call_command("check_change_log", stdout=out)
    assert f"{last.pk} {last.chain}" in out.getvalue()


def test_equal_facts_have_different_digests():
    one, other = write(facts={"reason": "một"}), write(facts={"reason": "một"})
    assert chain.chained_line(one)["facts_digest"] != chain.chained_line(other)["facts_digest"]


def test_a_line_gets_a_chain_once_and_nothing_else_of_it_changes():
    line = write()
    without_triggers("UPDATE content_change SET chain = '', facts_salt = '' WHERE id = %s", line.pk)
    for columns in ({"subject": "khác"}, {"subject": "khác", "chain": "a" * 64}):
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            Change.objects.filter(pk=line.pk).update(**columns)
    assert chain.link_stored_lines() == 1
    assert chain.link_stored_lines() == 0
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        Change.objects.filter(pk=line.pk).update(chain="b" * 64)


def test_lines_of_the_release_before_are_chained_by_the_next_line():
    first = write("luat-1")
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO content_change (event_type, nature, subject, eids, topics, organisation, hash_before, "
            "hash_after, facts, notify, changed_at) SELECT event_type, nature, 'luat-2', eids, topics, organisation, "
            "hash_before, hash_after, facts, notify, changed_at FROM content_change WHERE id = %s",
            [first.pk],
        )
    last = write("luat-3")
    assert list(chain.breaks()) == []
    assert last.pk == first.pk + 2


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("committed")
def test_writers_at_once_make_one_chain():
    def write_some(name):
        for number in range(10):
            with transaction.atomic():
                write(f"{name}-{number}")
        connection.close()

    writers = [threading.Thread(target=write_some, args=(name,)) for name in "abcd"]
    for each in writers:
        each.start()
    for each in writers:
        each.join()
    assert Change.objects.filter(subject__regex="^[abcd]-").count() == 40
    assert list(chain.breaks()) == []
