"""A real replica answers public reads, as long as it has all that the primary has."""

import os
import signal
import sys
import tempfile
from pathlib import Path

import psycopg
import pytest

from config.local.postgres_files import make_private_folder, make_root_folder
from config.local.private_postgres import PrivatePostgres
from tests.journeys.installation import eventually

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="looks for processes in /proc")
READS = "SELECT count(*) FROM pg_stat_activity WHERE query LIKE '%content_legaldocument%' AND pid <> pg_backend_pid()"
TITLE = "UPDATE content_legaldocument SET title = %s, updated_at = now() WHERE key = %s"


@pytest.fixture
def replica(installation, home):
    """A streaming replica of the installation's database, made while it runs."""
    primary = PrivatePostgres(home)
    folder = Path(tempfile.mkdtemp(prefix="luatmo-db-"))
    folder.chmod(0o711)
    copy = PrivatePostgres(folder, throwaway=True)
    make_root_folder(copy.root, copy.uid)
    make_private_folder(copy.run, copy.uid, copy.gid)
    primary._pg("pg_basebackup", "-h", primary.run, "-U", "postgres", "-D", copy.data, "-R", "-c", "fast")
    copy.join()
    yield copy
    copy.destroy()


def run(server, statement, values=None):
    with psycopg.connect(server.url(), autocommit=True) as session:
        done = session.execute(statement, values)
        return done.fetchall() if done.description else None


def asked(installation, key):
    status, document = installation.api("GET", f"documents/{key}?fields=title")
    return status, document.get("title")


def test_public_reads_go_to_a_replica_and_never_lack_a_change(installation, home, replica):
    primary = PrivatePostgres(home)
    assert installation.stop() == 0
    installation.environment["DATABASE_REPLICA_URLS"] = replica.url()
    installation.start()
    key = installation.api("GET", "documents")[1]["results"][0]["key"]

    def is_read_from():
        installation.api("GET", f"search?q={os.urandom(4).hex()}")  # not from memory
        installation.api("GET", f"documents?issued_from=1990-01-{os.urandom(1)[0] % 28 + 1:02}")
        return run(replica, READS)[0][0] > 0

    eventually(is_read_from)

    run(replica, "SELECT pg_wal_replay_pause()")
    for number in range(20):  # the replica stays behind from the first one on
        run(primary, TITLE, [f"Tên thứ {number}", key])
        eventually(lambda title=f"Tên thứ {number}": asked(installation, key) == (200, title), seconds=2)
        assert asked(installation, key) == (200, f"Tên thứ {number}")  # and it does not go back
    run(replica, "SELECT pg_wal_replay_resume()")
    eventually(is_read_from)

    os.kill(replica._server.pid, signal.SIGKILL)
    assert {installation.api("GET", f"documents?issued_from=1991-01-{day:02}")[0] for day in range(1, 29)} == {200}
    assert asked(installation, key) == (200, "Tên thứ 19")


def test_a_replica_that_became_a_primary_itself_is_not_read(installation, home, replica):
    primary = PrivatePostgres(home)
    assert installation.stop() == 0
    installation.environment["DATABASE_REPLICA_URLS"] = replica.url()
    assert "does not follow" not in installation.manage("doctor", "--lang", "en", may_fail=True)
    run(replica, "SELECT pg_promote()")
    key = run(primary, "SELECT key FROM content_legaldocument WHERE status = 'public' LIMIT 1")[0][0]
    run(replica, TITLE, ["Chỉ ở bản sao", key])
    installation.start()
    for _ in range(20):
        assert asked(installation, key)[1] != "Chỉ ở bản sao"
    assert "does not follow this primary" in installation.manage("doctor", "--lang", "en", may_fail=True)
