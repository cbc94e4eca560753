"""The private PostgreSQL: joined by many, stopped by the last, started again after anything."""

import os
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from config.local.private_postgres import DatabaseUnavailable, PrivatePostgres, server_account
from tests.journeys.installation import DATABASE_ADDRESSES, eventually

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture
def home():
    folder = Path(tempfile.mkdtemp(prefix="luatmo-db-"))
    folder.chmod(0o711)
    yield folder
    PrivatePostgres(folder).destroy()


def cluster(home):
    """What is tried here is the same for one that need not outlive a loss of power, and quicker."""
    return PrivatePostgres(home, throwaway=True)


def pid_of(server):
    return int((server.data / "postmaster.pid").read_text().split("\n")[0])


def test_the_last_one_to_leave_stops_it(home):
    first, second = cluster(home), cluster(home)
    assert (first.join(), second.join()) == (True, False)
    first.leave()
    assert second.is_alive()
    second.leave()
    assert not second.is_alive()


def test_many_processes_that_join_at_once_share_one_server(home):
    line = (
        "import sys; from config.local.private_postgres import PrivatePostgres as P; "
        "print(P(sys.argv[1], throwaway=True).join())"
    )
    joining = [
        subprocess.Popen([sys.executable, "-c", line, str(home)], cwd=ROOT, stdout=subprocess.PIPE, text=True)
        for _ in range(4)
    ]
    assert sorted(process.communicate()[0].strip() for process in joining) == ["False", "False", "False", "True"]


def test_it_starts_again_after_kill_9_of_the_server_and_its_members(home):
    with cluster(home).joined() as server:
        os.kill(pid_of(server), signal.SIGKILL)
        server._server.wait()
    again = cluster(home)
    assert again.join()
    again.leave()


def test_a_member_that_looks_after_it_starts_it_again_once(home):
    first, second = cluster(home), cluster(home)
    assert not first.look_after()  # no member: nothing is started
    first.join()
    second.join()
    assert not second.look_after()
    os.kill(pid_of(first), signal.SIGKILL)
    first._server.wait()
    eventually(lambda: not second.is_alive())  # a child of the killed server may hold its socket a moment longer
    second._checked_at = 0
    assert (second.look_after(), first.look_after(), second.look_after()) == (True, False, False)
    first.leave()
    assert second.is_alive()
    second.leave()
    assert not second.is_alive()


def test_who_is_interrupted_while_joining_leaves_no_server(home, monkeypatch):
    server = cluster(home)
    begun = []

    def interrupt():
        if server._server and not begun:
            begun.append(server._server)
            raise KeyboardInterrupt
        return False

    monkeypatch.setattr(server, "is_alive", interrupt)
    with pytest.raises(KeyboardInterrupt):
        server.join()
    assert begun[0].poll() is not None
    assert not cluster(home).is_alive()


def test_a_pid_that_is_somebody_elses_now_does_not_block_the_start(home):
    server = cluster(home)
    server.join()
    pid_file = server.data / "postmaster.pid"
    lines = pid_file.read_text().split("\n")
    os.kill(pid_of(server), signal.SIGKILL)
    server._server.wait()
    pid_file.write_text("\n".join([str(os.getpid()), *lines[1:]]))
    os.chown(pid_file, *server_account())
    again = cluster(home)
    assert again.join()
    again.leave()


def test_a_folder_of_somebody_else_is_refused_in_words(home):
    if os.geteuid() != 0:
        pytest.skip("only root can give a folder away")
    (home / "postgres").mkdir(mode=0o711)
    (home / "postgres" / "run").mkdir()
    os.chown(home / "postgres" / "run", 12345, 12345)
    with pytest.raises(DatabaseUnavailable, match="belongs to another account"):
        cluster(home).join()
    os.chown(home / "postgres" / "run", *server_account())


def test_two_that_migrate_a_new_database_at_once_both_succeed(home):
    environment = {name: value for name, value in os.environ.items() if name not in DATABASE_ADDRESSES}
    migrating = [
        subprocess.Popen(
            [sys.executable, "manage.py", "migrate", "auth", "--verbosity", "0"],
            cwd=ROOT,
            env=environment | {"LUATMO_HOME": str(home)},
            stderr=subprocess.PIPE,
            text=True,
        )
        for _ in range(2)
    ]
    assert [(process.communicate()[1], process.returncode) for process in migrating] == [("", 0), ("", 0)]
