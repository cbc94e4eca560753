"""Each kind of work has its own limits in the database, and none leaves them behind."""

import os
import subprocess
import sys
import threading

import psycopg
import pytest
from django.conf import settings
from django.db import connection, transaction

from content import database_limits
from content.database_limits import Work, startup_options
from tests.journeys.installation import eventually

SHOWN = "SELECT current_setting('statement_timeout'), current_setting('lock_timeout')"
PROCESS = """
import os, sys, django
os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
if sys.argv[1] == "web":
    import config.wsgi
else:
    django.setup()
    from content import database_limits
    if sys.argv[1] != "command":
        database_limits.use(database_limits.Work[sys.argv[1]], most_connections=3)
from django.db import connection
connection.ensure_connection()
print(*connection.cursor().execute(sys.argv[2]).fetchone(), connection.pool.max_size)
"""


def limits_now():
    with connection.cursor() as cursor:
        cursor.execute(SHOWN)
        return cursor.fetchone()


@pytest.mark.skipif(bool(settings.DATABASE_DIRECT), reason="PgBouncer drops start-up options: the role has them there")
@pytest.mark.parametrize(
    ("process", "shown"),
    [
        ("web", "8s 2s 17"),
        ("JOBS", "15min 10s 3"),
        ("MIGRATIONS", "0 20s 3"),
        ("command", "30min 30s 4"),
    ],
)
def test_a_process_connects_with_the_limits_of_its_work(process, shown, tmp_path):
    environment = os.environ | {"LUATMO_HOME": str(tmp_path)}
    command = [sys.executable, "-c", PROCESS, process, SHOWN]
    done = subprocess.run(command, cwd=settings.BASE_DIR, env=environment, capture_output=True, text=True, check=False)
    assert done.stdout.strip() == shown, done.stderr


def test_options_of_the_url_win_and_another_kind_replaces_the_first():
    first = startup_options(Work.COMMANDS, "-c lock_timeout=7")
    assert first == "-c statement_timeout=1800000 -c lock_timeout=30000 -c lock_timeout=7"
    assert startup_options(Work.READERS, first) == "-c statement_timeout=8000 -c lock_timeout=2000 -c lock_timeout=7"


def test_staff_work_has_its_limits_in_each_transaction_and_nowhere_else(committed):
    before = limits_now()
    with database_limits.staff_work():
        for _ in range(2):
            with transaction.atomic():
                assert limits_now() == ("1min", "5s")
            assert limits_now() == before
    with transaction.atomic():
        assert limits_now() == before


def test_a_block_has_the_limits_of_its_work(committed):
    before = limits_now()
    with database_limits.within(Work.HEALTH):
        assert limits_now() == ("1s", "200ms")
    assert limits_now() == before


def test_connections_that_nobody_uses_are_given_back(committed):
    all_connected = threading.Barrier(4)

    def connect():
        limits_now()
        all_connected.wait(30)
        connection.close()

    threads = [threading.Thread(target=connect) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    connection.close()
    eventually(lambda: connection.pool.get_stats()["pool_size"] <= 1)


def test_an_index_that_is_built_concurrently_waits_for_old_transactions_past_the_lock_timeout(committed):
    """Without the wait it would be left invalid, and the migration could not run again."""
    failures = []

    def build():
        try:
            with database_limits.index_builds_wait(), connection.cursor() as cursor:
                cursor.execute("SET lock_timeout = '50ms'")
                cursor.execute("CREATE INDEX CONCURRENTLY built_late ON content_topic (name)")
                cursor.execute("SHOW lock_timeout")
                assert cursor.fetchone() == ("50ms",)
                cursor.execute("DROP INDEX built_late")
        except Exception as error:
            failures.append(error)
        finally:
            connection.connection.close()  # the pool keeps no connection with that timeout
            connection.close()

    connection.ensure_connection()
    info = connection.connection.info
    waits = """SELECT count(*) FROM pg_stat_activity WHERE query LIKE 'CREATE INDEX CONCURRENTLY built_late%'
               AND wait_event_type = 'Lock' AND now() - query_start > interval '300 ms'"""
    with psycopg.connect(info.dsn, password=info.password) as older:
        older.execute("SELECT count(*) FROM content_topic")
        older.execute("LOCK TABLE content_topic IN ROW EXCLUSIVE MODE")
        builder = threading.Thread(target=build)
        builder.start()
        with psycopg.connect(info.dsn, password=info.password, autocommit=True) as watcher:
            eventually(lambda: failures or watcher.execute(waits).fetchone()[0])
        older.rollback()
    builder.join()
    assert failures == []


@pytest.mark.parametrize(
    ("told", "processes", "threads", "replicas"),
    [
        (17, 2, 16, 0),
        (18, 2, 16, 0),
        (27, 4, 16, 0),
        (50, 3, 16, 0),
        (90, 2, 16, 0),
        (1000, 2, 16, 0),
        (21, 2, 16, 1),
        (71, 8, 16, 2),
        (90, 8, 16, 2),
        (90, 2, 16, 2),
        (90, 2, 1, 1),
    ],
)
def test_all_processes_together_ask_for_no_more_connections_than_there_are(
    told, processes, threads, replicas, tmp_path
):
    program = (
        "from config import settings as s; "
        "print(s.WEB_CONNECTIONS, s.PROMPT_CONNECTIONS, s.WORKER_CONNECTIONS, s.JOB_QUEUE_CONNECTIONS, "
        "s.LEAST_CONNECTIONS, s.DATABASES.get('prompt', s.DATABASES['default'])['OPTIONS']['pool']['max_size'])"
    )
    environment = {
        "DATABASE_CONNECTIONS": str(told),
        "WEB_PROCESSES": str(processes),
        "WEB_THREADS": str(threads),
        "LUATMO_HOME": str(tmp_path),
        "DATABASE_REPLICA_URLS": ",".join(f"postgres://luatmo@replica{n}/luatmo" for n in range(replicas)),
    }
    done = subprocess.run(
        [sys.executable, "-c", program],
        cwd=settings.BASE_DIR,
        env=os.environ | environment,
        capture_output=True,
        text=True,
        check=True,
    )
    of_requests, prompt, of_the_worker, of_its_queue, least, largest_pool = map(int, done.stdout.split())
    sessions = 2 + 1 + replicas  # that hear of changes, tell how much was asked, and look how far a replica is
    assert least <= told
    assert processes * (of_requests + prompt + sessions) + of_the_worker + of_its_queue <= told
    assert 2 <= of_requests <= threads + 1
    assert bool(prompt) is bool(replicas) and largest_pool >= 1
    assert 3 <= of_the_worker <= 12  # the sender's loop, a thread of it, a job
