"""What a watch says of real servers: which replica holds all that was committed before a moment."""

import contextlib
import logging
import threading
import time

import psutil
import psycopg
import pytest

from api.replicas.sessions import watch_session
from api.replicas.watch import BEHIND_SECONDS, ReplicaWatch
from tests.journeys.installation import eventually, free_port
from tests.replicas import a_cluster, a_replica_of, place_of, run

ROLE = "CREATE ROLE reader LOGIN"


@pytest.fixture(scope="module")
def primary():
    with a_cluster() as server:
        run(server, "CREATE TABLE written (moment float8)", database="postgres")
        run(server, ROLE, database="postgres")
        yield server


@pytest.fixture(scope="module")
def replica(primary):
    with a_replica_of(primary) as server:
        # five seconds otherwise, until it asks the primary again
        run(server, "ALTER SYSTEM SET wal_retrieve_retry_interval = '1s'", database="postgres")
        run(server, "SELECT pg_reload_conf()", database="postgres")
        yield server


@contextlib.contextmanager
def watched(primary, replica, *, user="postgres", database="postgres"):
    watch = ReplicaWatch(
        "replica1",
        at_primary=lambda: watch_session(place_of(primary, "postgres")),
        at_replica=lambda: watch_session(place_of(replica, database, user)),
    )
    watch.start()
    try:
        yield watch
    finally:
        watch.stop()


def is_current_now(watch):
    """Whether the watch says so of what was committed before this call, once it has looked."""
    since = time.monotonic()
    watch.look_soon()
    return eventually(lambda: watch.is_current(since=since))


def told(caplog, words):
    return eventually(lambda: [each.message for each in caplog.records if words in each.message])


def test_a_replica_is_current_once_it_has_what_was_committed_before(primary, replica):
    with watched(primary, replica) as watch:
        assert is_current_now(watch)
        for moment in range(10):
            run(primary, "INSERT INTO written VALUES (%s)", [moment], database="postgres")
            assert is_current_now(watch)
            found = run(replica, "SELECT count(*) FROM written WHERE moment = %s", [moment], database="postgres")
            assert found == [(1,)]
            run(primary, "DELETE FROM written", database="postgres")


def test_a_replica_is_read_while_the_primary_writes_without_a_pause(primary, replica):
    """It is always a little behind, and never a second."""
    is_over = threading.Event()

    def write():
        with psycopg.connect(**place_of(primary, "postgres"), autocommit=True) as session:
            while not is_over.is_set():
                session.execute("INSERT INTO written VALUES (0)")

    with watched(primary, replica) as watch:
        writer = threading.Thread(target=write)
        writer.start()
        try:
            assert all(is_current_now(watch) for _ in range(10))
        finally:
            is_over.set()
            writer.join()


def test_a_replica_that_does_not_replay_is_not_current(primary, replica, caplog):
    with watched(primary, replica) as watch:
        assert is_current_now(watch)
        run(replica, "SELECT pg_wal_replay_pause()", database="postgres")
        try:
            state = "SELECT pg_get_wal_replay_pause_state()"
            eventually(lambda: run(replica, state, database="postgres") == [("paused",)])
            caplog.clear()
            run(primary, "INSERT INTO written VALUES (1)", database="postgres")
            since = time.monotonic()
            assert not watch.is_current(since=since)
            told(caplog, "it is behind")
            assert not watch.is_current(since=float("-inf")) and watch.behind_seconds() > BEHIND_SECONDS
        finally:
            run(replica, "SELECT pg_wal_replay_resume()", database="postgres")
        assert is_current_now(watch)


def test_the_server_that_leads_is_told_from_a_replica(primary, replica):
    """A list may name every server that can lead: that one is not read, and not late."""
    with watched(primary, replica) as follows, watched(primary, primary) as leads:
        assert is_current_now(follows)
        eventually(leads.leads)
        assert not follows.leads() and not leads.is_current(since=float("-inf"))


def test_the_server_that_leads_is_known_at_whichever_of_its_addresses():
    with a_cluster() as server:
        port = free_port()
        options = f"-c listen_addresses=127.0.0.1 -c port={port} -c unix_socket_directories={server.run}"
        server._pg("pg_ctl", "restart", "-D", server.data, "-w", "-s", "-l", server.data / "log", "-o", options)
        place = {"user": "postgres", "dbname": "postgres", "port": port}
        watch = ReplicaWatch(
            "replica1",
            at_primary=lambda: watch_session(place | {"host": str(server.run)}),
            at_replica=lambda: watch_session(place | {"host": "127.0.0.1"}),
        )
        watch.start()
        try:
            eventually(watch.leads)
        finally:
            watch.stop()


def test_a_frozen_replica_is_left_out_and_found_again(primary, replica, caplog):
    with watched(primary, replica) as watch:
        assert is_current_now(watch)
        caplog.clear()
        server = psutil.Process(replica._server.pid)
        processes = [server, *server.children(recursive=True)]
        for process in processes:
            process.suspend()
        try:
            eventually(lambda: not watch.is_current(since=float("-inf")))
            told(caplog, "is not read")
        finally:
            for process in processes:
                process.resume()
        assert is_current_now(watch)


def test_a_replica_that_failed_a_reader_is_set_aside(primary, replica):
    with watched(primary, replica) as watch:
        assert is_current_now(watch)
        watch.set_aside()
        assert not watch.is_current(since=float("-inf"))


def test_a_role_that_may_not_see_the_feed_is_told(primary, replica, caplog):
    with watched(primary, replica, user="reader") as watch:
        told(caplog, "GRANT pg_read_all_stats")
        assert not watch.is_current(since=float("-inf"))


def test_another_database_and_another_cluster_are_no_replica(primary, replica, caplog):
    with watched(primary, replica, database="template1") as watch:
        told(caplog, "another database")
        assert not watch.is_current(since=float("-inf"))
    caplog.clear()
    with a_cluster() as other, a_replica_of(other) as elsewhere, watched(primary, elsewhere) as watch:
        told(caplog, "a copy of another server")
        assert not watch.is_current(since=float("-inf"))


def test_a_replica_that_was_promoted_is_not_read(primary, caplog):
    with a_replica_of(primary) as promoted, watched(primary, promoted) as watch:
        assert is_current_now(watch)
        run(promoted, "SELECT pg_promote()", database="postgres")
        told(caplog, "it takes writes itself")
        assert not watch.is_current(since=float("-inf"))


def is_best_known(watch, *, since=float("-inf"), primary_failed=False):
    return watch.is_best_known(since=since, primary_failed=primary_failed)


def test_a_replica_that_was_current_is_read_while_the_primary_is_away(caplog):
    with a_cluster() as primary, a_replica_of(primary) as replica, watched(primary, replica) as watch:
        assert is_current_now(watch)
        assert not is_best_known(watch)  # the primary answers
        assert is_best_known(watch, primary_failed=True)  # it failed a request, so nobody waits for the watch
        assert not watch.has_lost_primary()
        primary.destroy()
        eventually(lambda: is_best_known(watch))
        told(caplog, "the primary is away")
        assert watch.has_lost_primary()
        assert not watch.is_current(since=float("-inf"))
        assert not is_best_known(watch, since=time.monotonic() + BEHIND_SECONDS)  # it lacks what was heard last


def test_a_replica_that_loses_its_feed_still_holds_what_it_held(primary, replica):
    """A replica may hear that the primary dies while the primary still answers us."""
    seen = []

    class Seen(logging.Handler):
        def emit(self, record):  # in the thread of the watch, at the look that found it
            if "it receives nothing" in record.getMessage():
                seen.append((is_best_known(watch, primary_failed=True), watch.is_current(since=time.monotonic())))

    def cut_off():
        run(primary, "SELECT pg_terminate_backend(pid) FROM pg_stat_replication", database="postgres")
        watch.look_soon()

    def loses_its_feed():
        assert is_current_now(watch)
        already = len(seen)
        eventually(lambda: cut_off() or len(seen) > already)  # it may be back before the watch looks
        return seen[-1] == (True, False)

    log, handler = logging.getLogger("luatmo.replicas"), Seen()
    with watched(primary, replica) as watch:
        log.addHandler(handler)
        try:
            eventually(loses_its_feed)  # a look that comes more than a second after the one before knows less
        finally:
            log.removeHandler(handler)
        assert is_current_now(watch)


def test_a_replica_that_was_behind_is_not_read_while_the_primary_is_away(primary, replica, caplog):
    with watched(primary, replica) as watch:
        assert is_current_now(watch)
        run(replica, "SELECT pg_wal_replay_pause()", database="postgres")
        try:
            state = "SELECT pg_get_wal_replay_pause_state()"
            eventually(lambda: run(replica, state, database="postgres") == [("paused",)])
            caplog.clear()
            run(primary, "INSERT INTO written VALUES (2)", database="postgres")
            told(caplog, "it is behind")
            assert not is_best_known(watch, primary_failed=True)
        finally:
            run(replica, "SELECT pg_wal_replay_resume()", database="postgres")
