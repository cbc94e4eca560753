"""Behind a real PgBouncer in transaction mode everything works, if DATABASE_DIRECT_URL names the server."""

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import psycopg
import pytest
from django.db import connection

from config.local.postgres_files import server_account
from content.changes.models import Change
from tests.builders import a_document
from tests.journeys.installation import eventually

ROOT = Path(__file__).resolve().parents[2]
PGBOUNCER = shutil.which("pgbouncer", path=f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/local/sbin")
pytestmark = [
    pytest.mark.skipif(PGBOUNCER is None, reason="pgbouncer is not installed (Debian: apt-get install pgbouncer)"),
    pytest.mark.skipif(not connection.settings_dict["HOST"].startswith("/"), reason="no server on a Unix socket"),
]
WORK = """
import os, threading, time
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
import django
django.setup()
from django.db import connection, transaction
from api.reads.listener import ChangeListener
from content.sql import fetch_prepared
from content.topics.models import Topic

heard = threading.Event()
listener = ChangeListener(changed=heard.set, connected=lambda: None)
listener.start()
while not listener.is_listening():
    time.sleep(0.01)

def read(found):
    for _ in range(10):
        found.append(len([topic.key for topic in Topic.objects.iterator(chunk_size=5)]))
        with transaction.atomic():
            found.append(len(list(Topic.objects.iterator(chunk_size=5))))
        # each time in another session
        found.append(fetch_prepared("SELECT count(*) FROM content_topic WHERE id > %s", [0])[0])
    connection.close()

found = []
threads = [threading.Thread(target=read, args=(found,)) for _ in range(6)]
[thread.start() for thread in threads], [thread.join() for thread in threads]
with connection.cursor() as cursor:
    cursor.execute("UPDATE content_topic SET position = position WHERE id = (SELECT min(id) FROM content_topic)")
print(len(found), len(set(found)), heard.wait(10))
"""


@pytest.fixture
def pooler():
    """DATABASE_URL through a PgBouncer with two sessions for everybody, and that of the server."""
    described = connection.settings_dict
    folder = Path(tempfile.mkdtemp(prefix="luatmo-pgb-"))
    folder.chmod(0o777)
    (folder / "users").write_text(f'"{described["USER"]}" ""\n')
    (folder / "pgbouncer.ini").write_text(
        f"""[databases]
* = host={described["HOST"]} user={described["USER"]}
[pgbouncer]
unix_socket_dir = {folder}
listen_port = 6432
auth_type = any
auth_file = {folder}/users
pool_mode = transaction
default_pool_size = 2
ignore_startup_parameters = options
"""
    )
    uid, gid = server_account()  # it may use the socket of the server, and PgBouncer refuses root
    as_account = {} if os.geteuid() == uid else {"user": uid, "group": gid, "extra_groups": []}
    with subprocess.Popen(
        [PGBOUNCER, str(folder / "pgbouncer.ini")], stderr=subprocess.DEVNULL, **as_account
    ) as running:
        try:
            eventually(lambda: (folder / ".s.PGSQL.6432").exists())
            server = f"{os.environ['DATABASE_URL'].rpartition('/')[0]}/{described['NAME']}"
            yield f"postgres://{described['USER']}@/{folder}/{described['NAME']}?port=6432", server
        finally:
            running.terminate()
            running.wait()
    shutil.rmtree(folder)


def run(tmp_path, environment, *command):
    """(exit code, standard output, standard error) of a command of Python."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG", "LD_LIBRARY_PATH") if name in os.environ}
    done = subprocess.run(
        [sys.executable, *command],
        cwd=ROOT,
        env=kept | {"LUATMO_HOME": str(tmp_path)} | environment,
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, done.stdout, done.stderr


def test_readers_cursors_and_notices_work(committed, tmp_path, pooler):
    through, server = pooler
    code, said, errors = run(tmp_path, {"DATABASE_URL": through, "DATABASE_DIRECT_URL": server}, "-c", WORK)
    assert (code, said) == (0, "180 1 True\n"), errors


def test_the_doctor_tells_what_the_pooler_takes_away(committed, tmp_path, pooler):
    through, server = pooler
    doctor = ("manage.py", "doctor", "--lang", "en")
    with connection.cursor() as cursor:
        cursor.execute("SELECT now()")
        (began,) = cursor.fetchone()
    _code, alone, _errors = run(tmp_path, {"DATABASE_URL": through}, *doctor)
    assert "Notices of the database do not arrive" in alone
    assert "Statements have no time limit" in alone  # it drops start-up options
    role = connection.settings_dict["USER"]
    with connection.cursor() as cursor:
        cursor.execute(f"ALTER ROLE {role} SET statement_timeout = '8s'")
        younger = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE backend_start > %s AND datname = %s"
        cursor.execute(younger, [began, connection.settings_dict["NAME"]])  # those of the pooler: a role is read once
    try:
        both = {"DATABASE_URL": through, "DATABASE_DIRECT_URL": server}
        _code, said, _errors = run(tmp_path, both, *doctor)
        assert ("Notices" in said, "no time limit" in said) == (False, False), said
    finally:
        with connection.cursor() as cursor:
            cursor.execute(f"ALTER ROLE {role} RESET statement_timeout")
    elsewhere = both | {"DATABASE_DIRECT_URL": f"{server.rpartition('/')[0]}/postgres"}
    assert "names another database or server" in run(tmp_path, elsewhere, *doctor)[1]
    away = both | {"DATABASE_DIRECT_URL": "postgres://x@127.0.0.1:1/x"}
    assert "DATABASE_DIRECT_URL cannot be reached" in run(tmp_path, away, *doctor)[1]


def test_migrations_and_backups_go_past_it(committed, tmp_path, pooler):
    through, server = pooler
    both = {"DATABASE_URL": through, "DATABASE_DIRECT_URL": server}
    a_document()
    code, said, errors = run(tmp_path, both, "manage.py", "migrate")
    assert (code, "No migrations to apply" in said) == (0, True), errors
    code, said, errors = run(tmp_path, both, "manage.py", "backup", str(tmp_path / "backup"))
    assert code == 0, errors
    assert f"nhật ký thay đổi đến {Change.objects.latest('pk').pk}," in said


def test_the_pooler_of_these_tests_keeps_notices_back(db, pooler):
    """So the tests above can fail."""
    described, folder = connection.settings_dict, pooler[0].partition("@/")[2].rpartition("/")[0]
    where = {"host": folder, "port": 6432, "user": described["USER"], "dbname": described["NAME"]}
    with psycopg.connect(**where, autocommit=True) as first, psycopg.connect(**where, autocommit=True) as second:
        first.execute("LISTEN x")
        second.execute("NOTIFY x")
        assert list(first.notifies(timeout=1, stop_after=1)) == []
