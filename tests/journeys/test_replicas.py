"""A real replica answers public reads, as long as it has all that the primary has."""

import contextlib
import itertools
import os
import signal
import sys
import urllib.request

import psutil
import pytest

from config.local.private_postgres import PrivatePostgres
from tests.journeys.installation import eventually
from tests.replicas import a_replica_of, run

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="looks for processes in /proc")
READ_BY_PEOPLE = """
    SELECT sum(seq_tup_read + coalesce(idx_tup_fetch, 0)) FROM pg_stat_user_tables
    WHERE relname = 'content_legaldocument'
"""
TITLE = "UPDATE content_legaldocument SET title = %s, updated_at = now() WHERE key = %s"
days = itertools.count(1)


def test_public_reads_go_to_a_replica_and_never_lack_a_change(installation, home):
    primary = PrivatePostgres(home)
    with a_replica_of(primary) as replica:
        assert installation.stop() == 0
        installation.environment["DATABASE_REPLICA_URLS"] = replica.url()
        installation.start()
        key = installation.api("GET", "documents")[1]["results"][0]["key"]
        eventually(lambda: is_read_from(installation, replica))

        run(replica, "SELECT pg_wal_replay_pause()")
        for number in range(10):  # the replica stays behind from the first one on
            title = f"Tên thứ {number}"
            run(primary, TITLE, [title, key])
            eventually(lambda title=title: titles(installation, key) == {title})
            assert titles(installation, key) == {title}  # and it does not go back
        run(replica, "SELECT pg_wal_replay_resume()")
        eventually(lambda: is_read_from(installation, replica))

        os.kill(replica._server.pid, signal.SIGKILL)
        assert {fresh(installation, "documents")[0] for _ in range(30)} == {200}
        assert titles(installation, key) == {"Tên thứ 9"}


@pytest.mark.rehearsal
def test_public_reads_are_answered_while_the_primary_is_frozen(installation, home):
    primary = PrivatePostgres(home)
    with a_replica_of(primary) as replica:
        assert installation.stop() == 0
        installation.environment["DATABASE_REPLICA_URLS"] = replica.url()
        installation.start()
        eventually(lambda: is_read_from(installation, replica))
        with frozen(primary):
            assert {fresh(installation, "documents")[0] for _ in range(20)} == {200}
        eventually(lambda: is_read_from(installation, replica))


@pytest.mark.rehearsal
def test_one_replica_answers_where_another_is_dead_and_the_primary_away_and_caches_keep_it_for_less(installation, home):
    primary = PrivatePostgres(home)
    with a_replica_of(primary) as dead, a_replica_of(primary) as replica:
        assert installation.stop() == 0
        installation.environment["DATABASE_REPLICA_URLS"] = f"{dead.url()},{replica.url()}"
        installation.start()
        eventually(lambda: is_read_from(installation, replica) and is_read_from(installation, dead))
        assert all("stale-while-revalidate" in cache_control(installation) for _ in range(40))  # of each process
        with frozen(primary):
            os.kill(dead._server.pid, signal.SIGKILL)
            assert {fresh(installation, "documents")[0] for _ in range(20)} == {200}
            eventually(lambda: "stale-while-revalidate" not in cache_control(installation))
        eventually(lambda: "stale-while-revalidate" in cache_control(installation))


def cache_control(installation):
    """What caches are told of an answer that no process has in memory."""
    url = f"http://127.0.0.1:{installation.port}/api/v1/documents?issued_from=18{next(days) % 90 + 10}-01-01"
    with urllib.request.urlopen(url) as answer:
        return answer.headers["Cache-Control"]


@contextlib.contextmanager
def frozen(server):
    """Nothing of this server moves until the end of the block."""
    postmaster = psutil.Process(int((server.data / "postmaster.pid").read_text().split("\n")[0]))
    processes = [postmaster, *postmaster.children(recursive=True)]
    for each in processes:
        each.suspend()
    try:
        yield
    finally:
        for each in processes:
            each.resume()


def fresh(installation, path):
    """A read of an address that nobody has asked for, so that no process has an answer in memory."""
    joint = "&" if "?" in path else "?"
    return installation.api("GET", f"{path}{joint}issued_from={1900 + next(days) // 28}-01-{next(days) % 28 + 1:02}")


def titles(installation, key):
    """The title of a document, from memory or not, and in a list that is made anew."""
    listed = {each["key"]: each["title"] for each in fresh(installation, "documents?page_size=100")[1]["results"]}
    return {installation.api("GET", f"documents/{key}")[1]["title"], listed[key]}


def is_read_from(installation, replica):
    """Whether the tables there are read more than before. A session counts when it ends or is idle for a second."""
    before = run(replica, READ_BY_PEOPLE)[0][0]
    fresh(installation, "documents")
    return run(replica, READ_BY_PEOPLE)[0][0] > before
