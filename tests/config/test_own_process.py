"""Jobs that are a process beside the worker: they end with it, and say why they did nothing."""

import datetime
import json
import os
import re
import subprocess
import sys

import psutil
import pytest
from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone
from procrastinate.contrib.django import app
from procrastinate.periodic import PeriodicDeferrer

from config.jobs import EXPORT_BULK
from content import locks
from content.exports import queries
from content.locks import Lock
from content.own_process import CommandFailed, run_command
from content.search.index import services as search
from content.vietnam_time import VIETNAM_TIME, today
from tests import database_server
from tests.builders import a_document
from tests.config.test_production_imports import ROOT
from tests.config.test_worker import in_the_queue, queue
from tests.journeys.installation import eventually

pytestmark = pytest.mark.usefixtures("committed")
PARENT = """
import django
django.setup()
from content.own_process import run_command
run_command("export_bulk")
"""
OWN_LIMITS = """
import sys, django
django.setup()
from django.core.management import call_command
from django.db import connection
call_command(*sys.argv[1:], stdout=sys.stderr)
with connection.cursor() as cursor:
    cursor.execute("SELECT current_setting('statement_timeout'), current_setting('lock_timeout')")
    print(*cursor.fetchone())
"""
STOPPED = """
import sys, threading
import django
django.setup()
from content.own_process import CommandFailed, run_command, stop_commands
threading.Thread(target=lambda: sys.stdin.read() and stop_commands()).start()
try:
    run_command("export_bulk")
except CommandFailed:
    sys.exit(3)
"""


@pytest.fixture(autouse=True)
def folder(monkeypatch, settings, tmp_path):
    """Where exports are written. The process is told so, and of the database of the test, by its environment."""
    settings.EXPORTS_FOLDER = tmp_path / "exports"
    monkeypatch.setenv("EXPORTS_FOLDER", str(settings.EXPORTS_FOLDER))
    monkeypatch.setenv("DJANGO_SETTINGS_MODULE", "config.settings")
    for name, value in database_server.addresses().items():
        monkeypatch.setenv(name, value)
    return settings.EXPORTS_FOLDER


def due(name, hour, minute):
    """The jobs of that name which the worker starts at that time in Viet Nam: [(task, moment)]."""
    at = datetime.datetime(2026, 3, 1, hour, minute, 30, tzinfo=VIETNAM_TIME).timestamp()
    begun = PeriodicDeferrer(app.periodic_registry).get_previous_tasks(at)
    return [(periodic.task, moment) for periodic, moment in begun if periodic.task.name == name]


@pytest.mark.usefixtures("worker_jobs")
def test_the_worker_writes_one_each_night_after_midnight():
    a_document()
    assert due(EXPORT_BULK, 2, 9) == []
    ((write, at),) = due(EXPORT_BULK, 2, 10)
    write(timestamp=at)
    (manifest,) = queries.stored_manifests()
    assert (manifest["as_of"], manifest["files"][0]["lines"]) == (str(today()), 1)


@pytest.mark.usefixtures("worker_jobs")
def test_the_worker_rebuilds_the_search_index_within_ten_minutes_where_it_is_stale():
    a_document()
    assert search.is_index_stale()
    ((rebuild, at),) = due("rebuild_stale_search_index", 9, 20)
    rebuild(timestamp=at)
    assert not search.is_index_stale()


@pytest.mark.skipif(bool(settings.DATABASE_DIRECT), reason="PgBouncer drops start-up options: the role has them there")
@pytest.mark.parametrize(
    "command", [[EXPORT_BULK], ["rebuild_search_index", "--index-only"]], ids=lambda words: words[0]
)
@pytest.mark.parametrize(("begun_by", "limits"), [("a job", "15min 10s"), ("a person", "30min 30s")])
def test_a_command_has_the_time_limits_of_jobs_only_where_a_job_began_it(command, begun_by, limits, monkeypatch):
    if begun_by == "a job":
        monkeypatch.setenv("END_WITH_PARENT", str(os.getpid()))
    words = [sys.executable, "-c", OWN_LIMITS, *command]
    done = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.stdout.strip() == limits, done.stderr


@pytest.mark.usefixtures("worker_jobs")
@pytest.mark.parametrize("job", ["rebuild_search_index", "rebuild_stale_search_index", EXPORT_BULK])
def test_a_job_whose_command_failed_is_queued_again(job, monkeypatch):
    a_document()  # so that the index is stale
    monkeypatch.setenv("DATABASE_URL", "postgres://nobody@127.0.0.1:1/nothing")  # the process finds no server there
    queued = queue(job, queue="retried")
    in_the_queue(lambda: app.run_worker_async(queues=["retried"], wait=False, install_signal_handlers=False))
    queued.refresh_from_db()
    assert (queued.status, queued.attempts) == ("todo", 1)
    assert queued.scheduled_at > timezone.now()


def test_an_index_that_another_process_rebuilds_is_left_to_it():
    a_document()
    with transaction.atomic():
        assert locks.try_hold(Lock.SEARCH_INDEX)
        run_command("rebuild_search_index", "--index-only")
    assert search.is_index_stale()


def test_an_export_that_cannot_be_written_fails_and_the_log_has_the_reason(folder, capfd):
    folder.write_text("a file, no folder")
    with pytest.raises(CommandFailed, match=r"export_bulk ended with 1"):
        run_command(EXPORT_BULK)
    assert re.search(r"Not a directory: .*/exports/", logged(capfd)["words"])
    assert folder.read_text() == "a file, no folder"


def test_the_log_has_no_words_of_the_database(monkeypatch, capfd):
    """PostgreSQL quotes values of rows, and a traceback of Python's would quote PostgreSQL."""
    monkeypatch.setenv("DATABASE_URL", f"{database_server.addresses()['DATABASE_URL']}?options=-csearch_path%3Dnowhere")
    with pytest.raises(CommandFailed):
        run_command(EXPORT_BULK)
    facts = logged(capfd)
    assert (facts["sqlstate"], "words" in facts) == ("42P01", False)


def logged(capfd):
    """The exception in the one line that a command wrote to the log of this process."""
    (line,) = capfd.readouterr().err.splitlines()
    return json.loads(line)["exceptions"][0]


def test_an_export_ends_when_the_worker_is_killed(folder):
    """It waits for a table then, as it would for a disk."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("LOCK content_measurement IN ACCESS EXCLUSIVE MODE")
        worker = subprocess.Popen([sys.executable, "-c", PARENT], cwd=ROOT)
        try:
            begun = lambda: list(folder.glob(".half-*")) and psutil.Process(worker.pid).children()  # noqa: E731
            (export,) = eventually(begun)
            worker.kill()
            worker.wait()
            assert psutil.wait_procs([export], timeout=20)[0] == [export]
        finally:
            worker.kill()
            worker.wait()
    assert list(folder.iterdir()) == []


def test_an_export_is_stopped_with_the_worker_and_leaves_nothing(folder):
    """As in a container, where only the worker is told to stop. Its job comes again."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("LOCK content_measurement IN ACCESS EXCLUSIVE MODE")
        worker = subprocess.Popen([sys.executable, "-c", STOPPED], cwd=ROOT, stdin=subprocess.PIPE, text=True)
        try:
            eventually(lambda: list(folder.glob(".half-*")))
            assert worker.poll() is None
            worker.communicate("stop", timeout=20)
            assert worker.returncode == 3
        finally:
            worker.kill()
            worker.wait()
    assert list(folder.iterdir()) == []
