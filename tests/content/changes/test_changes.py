"""The change log: in commit order, append-only, and its reader is called in the same transaction."""

import threading

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob

from content.changes import queries, services
from content.changes.event_types import EventType, Nature
from content.changes.models import Change, ChangeCursor
from content.changes.queued_readings import drop_queued_readings
from content.people.models import Reader
from tests.journeys.installation import eventually


def write(subject, **columns):
    return services.record_change(EventType.DOCUMENT_PUBLISHED, subject, nature=Nature.LEGAL, **columns)


def jobs():
    return list(ProcrastinateJob.objects.values_list("task_name", flat=True))


@pytest.mark.usefixtures("committed")
def test_a_reader_after_a_cursor_misses_no_line_however_writers_commit():
    """Twelve writers, each holding its transaction open until the next has begun; the reader looks all the while."""
    seen, done = [], threading.Event()

    def write_slowly(name):
        for number in range(5):
            with transaction.atomic(), connection.cursor() as cursor:
                write(f"{name}-{number}")
                cursor.execute("SELECT count(*) FROM content_change")  # work between the line and the commit
        connection.close()

    def read():
        while True:
            finished = done.is_set()
            seen.extend(queries.changes_after(seen[-1] if seen else 0).values_list("pk", flat=True))
            if finished:
                break
        connection.close()

    writers = [threading.Thread(target=write_slowly, args=[n]) for n in range(12)]
    reader = threading.Thread(target=read)
    for thread in [reader, *writers]:
        thread.start()
    for thread in writers:
        thread.join()
    done.set()
    reader.join()
    assert len(seen) == 60
    assert seen == list(Change.objects.order_by("pk").values_list("pk", flat=True))


def queue(task_name, **columns):
    services.defer_job(task_name)
    job = ProcrastinateJob.objects.latest("pk").pk
    with connection.cursor() as cursor:
        for name, value in columns.items():
            cursor.execute(f"UPDATE procrastinate_jobs SET {name} = %s WHERE id = %s", [value, job])
    return job


@pytest.mark.usefixtures("committed")
def test_a_job_that_reads_takes_away_those_that_wait_and_no_other():
    """Not one that is tried again after a failure, nor one that runs, nor one of which the change is not committed."""
    runs = queue(services.READ_CHANGES, status="doing")
    again = queue(services.READ_CHANGES, attempts=1, scheduled_at="2030-01-01T00:00:00Z")
    other = queue("make_cards")
    for number in range(3):
        with transaction.atomic():
            write(f"luat-{number}")
    seen = []

    def drop():
        seen.append(drop_queued_readings())
        connection.close()

    with transaction.atomic():
        write("luat-4")
        thread = threading.Thread(target=drop)
        thread.start()
        thread.join()
    assert seen == [3]
    left = set(ProcrastinateJob.objects.values_list("pk", flat=True))
    assert {runs, again, other} < left and len(left) == 4
    assert drop_queued_readings() == 1


@pytest.mark.usefixtures("committed")
def test_the_job_that_reads_it_exists_only_if_the_writer_commits():
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        write("rolled-back")
        raise ZeroDivisionError
    assert (Change.objects.count(), jobs()) == (0, [])
    with transaction.atomic():
        write("kept")
        write("kept too")
    assert (Change.objects.count(), jobs()) == (2, ["changes.read", "changes.read"])


@pytest.mark.usefixtures("committed")
def test_it_is_not_written_outside_a_transaction():
    with pytest.raises(RuntimeError):
        write("alone")
    assert Change.objects.count() == 0


@pytest.mark.django_db
@pytest.mark.parametrize("spoil", [lambda line: Change.objects.filter(pk=line.pk).update(subject="x"), Change.delete])
def test_a_public_line_can_neither_be_changed_nor_deleted(spoil):
    line = write("public")
    with pytest.raises(DatabaseError), transaction.atomic():
        spoil(line)
    assert [change.subject for change in queries.public_changes()] == ["public"]


@pytest.mark.django_db
def test_a_private_line_is_not_public_and_goes_with_its_reader():
    minh = Reader.objects.create()
    write("private", reader=minh)
    assert list(queries.public_changes()) == []
    assert [change.subject for change in queries.changes_after(0)] == ["private"]
    minh.delete()
    assert Change.objects.count() == 0


@pytest.mark.django_db
def test_a_kind_that_is_not_in_the_contract_is_refused():
    with pytest.raises(IntegrityError), transaction.atomic():
        services.record_change("document.eaten", "x", nature=Nature.LEGAL)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "statement",
    [
        "TRUNCATE content_change CASCADE",
        "TRUNCATE content_reader CASCADE",  # reaches the change log: a private change names its reader
    ],
)
def test_the_change_log_cannot_be_emptied_by_the_owner_of_its_table(statement):
    write("luat-1")
    with connection.cursor() as cursor:
        cursor.execute("SELECT tableowner = current_user FROM pg_tables WHERE tablename = 'content_change'")
        assert cursor.fetchone() == (True,)
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # a check that waits would refuse TRUNCATE before the trigger
    with (
        pytest.raises(DatabaseError, match="the change log is append-only"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)
    assert Change.objects.count() == 1


@pytest.mark.usefixtures("committed", "worker_jobs")
def test_a_change_that_is_committed_while_the_log_is_read_keeps_its_job():
    """Else nobody would read it before the job of the next minute: it may have come after its consumers had looked."""
    read = app.tasks[services.READ_CHANGES].func
    read()  # each consumer has its place by now
    commit("luat-1")
    reads, writes = in_a_thread(read), in_a_thread(lambda: commit("luat-2"))
    with transaction.atomic():
        list(ChangeCursor.objects.select_for_update())
        reads.start()
        eventually(lambda: jobs() == [])  # it has begun, and waits
        writes.start()
        writes.join()
    reads.join()
    assert jobs() == [services.READ_CHANGES]


@transaction.atomic
def commit(subject):
    write(subject)


def in_a_thread(call):
    def run():
        call()
        connection.close()

    return threading.Thread(target=run)
