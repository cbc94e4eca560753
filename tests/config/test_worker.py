"""The worker: what it queues, what it takes up again, and that it never holds up a migration."""

import asyncio
import contextlib
import os
import socket
import subprocess
import sys
import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psycopg
import pytest
from django.db import OperationalError, connection, transaction
from procrastinate import PsycopgConnector
from procrastinate.contrib.django import app
from procrastinate.contrib.django.django_connector import DjangoConnector
from procrastinate.contrib.django.models import ProcrastinateJob
from procrastinate.contrib.django.utils import connector_params
from procrastinate.jobs import Job
from procrastinate.manager import JobManager
from procrastinate.periodic import PeriodicDeferrer

from config.management.commands import work
from content import direct_sessions
from content.changes.models import Change, ChangeCursor
from content.changes.services import READ_CHANGES
from content.endings import consumer as endings
from content.locks import TRY_FOR_SESSION, Lock
from content.qa.services import outdated
from notifications import fanout
from notifications.deliveries.models import Delivery
from tests import database_server
from tests.builders import a_document, a_follower, land
from tests.journeys.installation import eventually

pytestmark = pytest.mark.usefixtures("committed")
ROOT = Path(__file__).resolve().parents[2]
HOUR = 3600
EVERY_MINUTE = {
    "forget_request_counts",
    "read_changes_every_minute",
    "reconcile_every_minute",
    "record_due_transitions",
    "retry_stalled_jobs",
    "run_event_schedule",
}


def in_the_queue(run):
    """Call the coroutine function with procrastinate's app on the test's database."""

    async def opened():
        with app.replace_connector(PsycopgConnector(kwargs=connector_params())):
            async with app.open_async():
                await run()

    asyncio.run(opened())


def queue(task_name, **columns):
    """Queue a job as the schedule does, and return its row."""
    defaults = {"id": None, "queue": "default", "lock": None, "queueing_lock": task_name}
    job = Job(task_name=task_name, task_kwargs={"timestamp": 0}, **(defaults | columns))
    return ProcrastinateJob.objects.get(pk=JobManager(DjangoConnector()).defer_job(job).id)


def set_status(job, status):
    """The model is read-only for Django."""
    with connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_jobs SET status = %s WHERE id = %s", [status, job.pk])


@pytest.mark.usefixtures("worker_jobs")
def test_a_clock_that_jumps_an_hour_ahead_queues_each_scheduled_job_once():
    async def jump():
        deferrer = PeriodicDeferrer(app.periodic_registry)
        list(deferrer.get_previous_tasks(time.time() - HOUR))
        await deferrer.defer_jobs(deferrer.get_previous_tasks(time.time()))

    in_the_queue(jump)
    queued = Counter(ProcrastinateJob.objects.values_list("task_name", flat=True))
    assert set(queued) >= EVERY_MINUTE
    assert set(queued.values()) == {1}


@pytest.mark.usefixtures("worker_jobs")
def test_the_jobs_of_a_killed_worker_are_retried_also_where_the_next_is_queued_already():
    killed = [queue("run_event_schedule"), queue("record_due_transitions")]
    for job in killed:
        set_status(job, "doing")
    waiting = queue("run_event_schedule")
    in_the_queue(lambda: app.tasks["retry_stalled_jobs"](timestamp=0))
    statuses = dict(ProcrastinateJob.objects.values_list("pk", "status"))
    assert [statuses[job.pk] for job in (*killed, waiting)] == ["aborted", "todo", "todo"]


@pytest.mark.usefixtures("worker_jobs")
def test_a_push_is_queued_while_another_reader_of_the_log_is_held_up():
    a_follower("minh", land())
    a_document(topics=[land()], notify=True)
    ChangeCursor.objects.get_or_create(consumer=outdated.CONSUMER)

    def read():
        try:
            app.tasks[READ_CHANGES]()
        finally:
            connection.close()

    reading = threading.Thread(target=read)
    with transaction.atomic():
        ChangeCursor.objects.select_for_update().get(consumer=outdated.CONSUMER)
        reading.start()
        eventually(Delivery.objects.filter(status="queued").exists)
        assert reading.is_alive()
    reading.join()


@pytest.mark.usefixtures("worker_jobs")
def test_a_reader_of_the_log_that_fails_holds_up_no_other():
    a_follower("minh", land())
    a_document(topics=[land()], notify=True)
    ChangeCursor.objects.get_or_create(consumer=fanout.CONSUMER)

    def failures():
        with connection.cursor() as cursor:
            cursor.execute("SET lock_timeout = '100ms'")
            try:
                app.tasks[READ_CHANGES]()
            except ExceptionGroup as group:
                return group.exceptions
            finally:
                cursor.execute("RESET lock_timeout")
                connection.close()

    with transaction.atomic(), ThreadPoolExecutor(1) as pool:
        ChangeCursor.objects.select_for_update().get(consumer=fanout.CONSUMER)
        (failure,) = pool.submit(failures).result()
    assert isinstance(failure, OperationalError)
    read = dict(ChangeCursor.objects.values_list("consumer", "last_change"))
    assert (read[endings.CONSUMER], read[fanout.CONSUMER]) == (Change.objects.latest("pk").pk, 0)
    app.tasks[READ_CHANGES]()
    assert Delivery.objects.filter(status="queued").exists()


@pytest.mark.parametrize(
    "offsets",
    [
        [0, 0, -30],
        [0, 20, -5, -10],  # set forward a little, and then back by 30 seconds in all
        [0, 3600, 3601, 0],
    ],
)
def test_it_is_noticed_that_the_clock_was_set_back(offsets):
    read = iter([*offsets, "read again"])
    asyncio.run(work._clock_set_back(lambda: next(read), pause=0))
    assert next(read) == "read again"


@pytest.mark.parametrize("offsets", [[0, -29, 0, -29], [0, 3600, 3571, 7200]])
def test_a_clock_that_is_adjusted_or_set_forward_changes_nothing(offsets):
    read = iter(offsets)
    with pytest.raises(RuntimeError, match="StopIteration"):  # it would read on
        asyncio.run(work._clock_set_back(lambda: next(read), pause=0))


class Pauses:
    """Sleeps that take no time and move the clock. The database is there again once they took `until` seconds."""

    def __init__(self, parameters, until):
        self.parameters, self.until = parameters, until
        self.now, self.lengths = 1000.0, []

    async def sleep(self, seconds):
        self.lengths.append(seconds)
        self.now += seconds
        if sum(self.lengths) >= self.until:
            self.parameters.clear()
            self.parameters.update(connector_params())

    def wait(self):
        asyncio.run(work._wait_for_database(self.parameters, clock=lambda: self.now, sleep=self.sleep))


def test_a_database_that_is_away_is_asked_ever_less_often_and_reported_once_a_minute(tmp_path, caplog):
    pauses = Pauses({"host": str(tmp_path), "dbname": "away"}, until=150)
    pauses.wait()
    assert pauses.lengths[:7] == [0.25, 0.5, 1, 2, 4, 5, 5]
    assert max(pauses.lengths) == 5
    said = [record.getMessage() for record in caplog.records if record.name == work.__name__]
    assert len(said) == 3
    assert all("the database is away" in line for line in said)


def test_a_database_that_takes_a_connection_and_never_answers_is_away():
    with socket.create_server(("127.0.0.1", 0)) as silent:
        pauses = Pauses({"host": "127.0.0.1", "port": silent.getsockname()[1], "dbname": "away"}, until=0)
        pauses.wait()
    assert len(pauses.lengths) == 1


@contextlib.contextmanager
def a_worker(environment):
    """`manage.py work` on the database of the test."""
    ours = os.environ | environment | database_server.addresses()
    process = subprocess.Popen([sys.executable, "manage.py", "work"], cwd=ROOT, env=ours, stderr=subprocess.DEVNULL)
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def test_an_index_is_built_concurrently_while_the_worker_runs_and_its_locks_are_taken(fcm_server):
    """CREATE INDEX CONCURRENTLY waits for every snapshot, and a job that waits for a lock in a query has one.

    As `manage.py migrate` does, one connection has the locks and another builds: PostgreSQL sees no deadlock.
    """
    a_document()  # the search index was never built, so that it is due
    with (
        psycopg.connect(**direct_sessions.parameters(), autocommit=True) as holder,
        psycopg.connect(**direct_sessions.parameters(), autocommit=True) as builder,
    ):
        for lock in (Lock.MIGRATIONS, Lock.TRANSITIONS, Lock.SEARCH_INDEX):
            assert holder.execute(TRY_FOR_SESSION, [lock.value]).fetchone() == (True,)
        jobs = [queue("record_due_transitions").pk, queue("rebuild_stale_search_index").pk]

        def waits_or_has_given_up():
            waiting = "SELECT count(*) FROM pg_stat_activity WHERE pg_backend_pid() = ANY (pg_blocking_pids(pid))"
            return not ProcrastinateJob.objects.filter(pk__in=jobs).exists() or holder.execute(waiting).fetchone()[0]

        with a_worker(fcm_server.environment):
            eventually(waits_or_has_given_up)
            builder.execute("SET statement_timeout = '5s'")
            try:
                builder.execute("CREATE INDEX CONCURRENTLY built_beside_a_worker ON content_legaldocument (number)")
            finally:
                builder.execute("DROP INDEX IF EXISTS built_beside_a_worker")
            eventually(lambda: not ProcrastinateJob.objects.filter(pk__in=jobs).exists())
