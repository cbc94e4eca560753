"""Jobs that are a process beside the worker: they end with it, and say why they did nothing."""

import datetime
import subprocess
import sys

import psutil
import pytest
from django.db import connection, transaction
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
from tests.journeys.installation import eventually

pytestmark = pytest.mark.usefixtures("committed")
PARENT = """
import django
django.setup()
from content.own_process import run_command
run_command("export_bulk")
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


def test_an_index_that_another_process_rebuilds_is_left_to_it():
    a_document()
    with transaction.atomic():
        assert locks.try_hold(Lock.SEARCH_INDEX)
        run_command("rebuild_search_index", "--index-only")
    assert search.is_index_stale()


def test_an_export_that_cannot_be_written_fails_with_the_reason(folder):
    folder.write_text("a file, no folder")
    with pytest.raises(CommandFailed, match=r"(?s)export_bulk ended with 1: .*Not a directory: .*/exports/"):
        run_command(EXPORT_BULK)
    assert folder.read_text() == "a file, no folder"


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
    assert list(queries.stored_manifests()) == []
