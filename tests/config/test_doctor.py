"""The doctor says of each broken installation what is wrong and what to do, and nothing of a healthy one."""

import contextlib
import datetime
import io
import ipaddress
import json
import os
import socket
import subprocess
import sys
import threading
from pathlib import Path

import psycopg
import pytest
from django.core.management import call_command
from django.db import connection, connections
from django.utils import timezone, translation

from config.backup.database import SCRATCH_DATABASE
from config.doctor import database_checks, machine_checks, services
from config.doctor.replica_checks import check_replicas
from content.changes.models import Change, ChangeCursor
from content.seals import keys
from content.stored_files.models import StoredFile
from notifications.deliveries import services as deliveries
from tests import database_server
from tests.builders import a_delivery, a_document
from tests.builders_media import a_material
from tests.journeys.installation import free_port
from tests.replicas import a_cluster

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def healthy(db, settings, tmp_path):
    """The settings of a healthy production, over the database of the tests, where a worker lives."""
    credentials = tmp_path / "firebase.json"
    credentials.write_text(KEY)
    credentials.chmod(0o600)
    settings.LOCAL = False
    settings.SECRET_KEY = "0123456789" * 5
    settings.PUBLIC_URL, settings.ALLOWED_HOSTS = "https://luatmo.example", ["luatmo.example"]
    settings.FIREBASE_CREDENTIALS_FILE = str(credentials)
    settings.TRUSTED_PROXIES = [ipaddress.ip_network("127.0.0.1")]
    settings.SEAL_KEYS = keys.new_key()
    settings.EXPORTS_FOLDER = str(tmp_path / "exports")
    run("INSERT INTO procrastinate_workers DEFAULT VALUES")
    return settings


def run(*statement):
    with connection.cursor() as cursor:
        cursor.execute(*statement)


def told(lang="en"):
    """(exit code, lines) of the command."""
    out, code = io.StringIO(), 0
    try:
        call_command("doctor", lang=lang, stdout=out)
    except SystemExit as end:
        code = end.code
    return code, out.getvalue().splitlines()


def found():
    return [problem.code for _check, problems in services.examine() for problem in problems]


def age(model, **columns):
    """Set columns that no service would set, past the trigger that guards them."""
    run("SET LOCAL session_replication_role = replica")
    model.objects.update(**columns)
    run("SET LOCAL session_replication_role = origin")


def a_late_job(settings):
    run("INSERT INTO procrastinate_jobs (queue_name, task_name) VALUES ('default', 'read_changes') RETURNING id")
    run("UPDATE procrastinate_events SET at = now() - interval '6 minutes'")


def a_stopped_consumer(settings):
    a_document()
    age(Change, changed_at=timezone.now() - datetime.timedelta(minutes=11))
    ChangeCursor.objects.update_or_create(consumer="push", defaults={"last_change": 0})


def a_push_that_waits(settings):
    a_delivery(next_try_at=timezone.now() - datetime.timedelta(minutes=11))
    ChangeCursor.objects.all().delete()


def a_silent_worker(settings):
    run("UPDATE procrastinate_workers SET last_heartbeat = now() - interval '7 minutes'")


def written(settings, text, mode=0o600):
    file = Path(settings.FIREBASE_CREDENTIALS_FILE)
    file.write_text(text)
    file.chmod(mode)


def a_lost_material(settings):
    """Its row is here, the disk with its file is not."""
    a_material("infographic", title="Vườn chung")
    ChangeCursor.objects.all().delete()
    stored = StoredFile.objects.filter(uses__isnull=False)
    run("UPDATE content_storedfile SET sha256 = encode(sha256(sha256::bytea), 'hex') WHERE id = %s", [stored.get().pk])


def set_to(**values):
    return lambda settings: [setattr(settings, name, value) for name, value in values.items()]


EVERYWHERE = [ipaddress.ip_network("0.0.0.0/0")]
KEY = json.dumps({"client_email": "x@y", "private_key": keys.new_key(), "project_id": "p"})
CUT_KEY = json.dumps(json.loads(KEY) | {"private_key": keys.new_key()[:60]})
BROKEN = {  # code: (how it is broken, words of the sentence)
    "public_url_not_https": (set_to(PUBLIC_URL="http://luatmo.example"), "must begin with https://"),
    "public_url_has_path": (set_to(PUBLIC_URL="https://luatmo.example/api"), "a scheme and a host alone"),
    "public_host_not_allowed": (set_to(ALLOWED_HOSTS=["other.example"]), "does not name luatmo.example"),
    "every_host_allowed": (set_to(ALLOWED_HOSTS=["*"]), "allows every host"),
    "weak_secret_key": (set_to(SECRET_KEY="secret"), "SECRET_KEY can be guessed"),
    "no_proxy_trusted": (set_to(TRUSTED_PROXIES=[]), "TRUSTED_PROXIES is empty"),
    "every_proxy_trusted": (set_to(TRUSTED_PROXIES=EVERYWHERE), "TRUSTED_PROXIES trusts every address"),
    "no_seal_key": (set_to(SEAL_KEYS="", SEAL_KEYS_LOCAL_FILE=""), "manage.py make_seal_key"),
    "seal_keys_unreadable": (set_to(SEAL_KEYS="no key"), "SEAL_KEYS cannot be read: SEAL_KEYS has no PEM block"),
    "credentials_unreadable": (set_to(FIREBASE_CREDENTIALS_FILE="/nowhere/key.json"), "names /nowhere/key.json"),
    "credentials_wrong": (lambda settings: written(settings, '{"project_info": {}}'), "no key of a service account"),
    "credentials_broken": (lambda settings: written(settings, CUT_KEY), "is no key: the file was cut or changed."),
    "files_missing": (a_lost_material, "lacks 1 of the 1 files of materials that were stored last"),
    "credentials_exposed": (lambda settings: written(settings, KEY, 0o644), "chmod o-rwx"),
    "too_few_connections": (set_to(DATABASE_CONNECTIONS=8), "DATABASE_CONNECTIONS is 8."),
    "too_many_connections": (set_to(DATABASE_CONNECTIONS=2_000), "is 2000, and the server gives 97."),
    "folder_not_writable": (set_to(EXPORTS_FOLDER="/proc/exports"), "EXPORTS_FOLDER is /proc/exports, where"),
    "extension_missing": (lambda settings: run("DROP EXTENSION pg_trgm CASCADE"), "lacks the extensions pg_trgm."),
    "not_migrated": (
        lambda settings: run("DELETE FROM django_migrations WHERE id = (SELECT max(id) FROM django_migrations"
                             " WHERE app = 'notifications')"),
        "not those of this version (notifications). Run `manage.py migrate`."),
    "newer_tables": (
        lambda settings: run(
            "INSERT INTO django_migrations (app, name, applied) VALUES ('content', '9999_from_tomorrow', now())"),
        "(content.9999_from_tomorrow)"),
    "no_worker": (a_silent_worker, "for 7 minutes"),
    "jobs_late": (a_late_job, "1 jobs are late, of these kinds: read_changes."),
    "push_refused": (lambda settings: deliveries.mark_channel_broken("invalid_grant"), "refuses our configuration"),
    "pushes_late": (a_push_that_waits, "The oldest push waits for 11 minutes."),
    "consumer_stopped": (a_stopped_consumer, "have stopped reading: push."),
}  # fmt: skip


def test_of_a_healthy_installation_nothing_is_said(healthy):
    assert told() == (0, ["✓ Nothing is wrong that can be seen from here."])
    assert told("vi") == (0, ["✓ Nhìn từ đây không thấy gì sai."])


@pytest.mark.parametrize("code", BROKEN)
def test_a_broken_installation_is_told_what_is_wrong(healthy, code):
    damage, words = BROKEN[code]
    damage(healthy)
    assert found() == [code]
    ended, lines = told()
    assert (ended, len(lines), lines[-1]) == (1, 2, "1 thing is wrong.")
    assert words in lines[0]
    assert told("vi")[1][-1] == "Có 1 điều sai."
    assert told("vi")[1][0] != lines[0]


def test_a_worker_that_never_ran_is_another_sentence(healthy):
    run("DELETE FROM procrastinate_workers")
    assert "none has run" in told()[1][0]


def test_a_job_for_later_and_one_that_was_just_queued_are_not_late(healthy):
    run("INSERT INTO procrastinate_jobs (queue_name, task_name) VALUES ('default', 'read_changes')")
    later = (
        "INSERT INTO procrastinate_jobs (queue_name, task_name, scheduled_at) VALUES ('default', 'x', now() + '1 hour')"
    )
    run(later)
    assert found() == []


def test_pushes_that_wait_for_the_quota_of_fcm_are_not_wrong(healthy):
    a_push_that_waits(healthy)
    run(
        "INSERT INTO notifications_gate (quota, closed_until, step, tokens, is_confirmed)"
        " VALUES ('send', now() + interval '1 hour', 1, 1, false)"
    )
    assert found() == []


def test_two_faults_are_two_lines(healthy):
    healthy.SECRET_KEY, healthy.TRUSTED_PROXIES = "secret", []
    code, lines = told()
    assert (code, len(lines), lines[-1]) == (1, 3, "2 things are wrong.")


def test_what_only_another_server_has_is_said_too():
    with translation.override("en"):
        (old,), (latin,) = database_checks.version_problems(14), database_checks.encoding_problems("LATIN1")
        (late,), (early,) = database_checks.clock_problems(-61), database_checks.clock_problems(7)
    assert "PostgreSQL 14. At least 15 is needed" in old.words
    assert "as LATIN1" in latin.words
    assert ("61 seconds" in late.words, "7 seconds" in early.words) == (True, True)
    assert database_checks.version_problems(15) == database_checks.clock_problems(4.9) == []


def doctor(tmp_path, address, lang="en"):
    """(exit code, what was said) of the command over another database, in a process of its own."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    done = subprocess.run(
        [sys.executable, "manage.py", "doctor", "--lang", lang],
        cwd=ROOT,
        env=kept | {"LUATMO_HOME": str(tmp_path), "DATABASE_URL": address},
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, done.stdout + done.stderr


def test_without_a_database_the_rest_is_looked_at_and_no_traceback_is_shown(tmp_path):
    code, said = doctor(tmp_path, f"postgres://luatmo:Zvery-secret@127.0.0.1:{free_port()}/laws")
    assert (code, "The database cannot be used: The database «laws» on 127.0.0.1" in said) == (1, True), said
    assert ("Traceback" in said, "Zvery-secret" in said, said.splitlines()[-1]) == (False, False, "1 thing is wrong.")


def test_why_the_database_is_away_is_said_in_the_language_that_was_asked_for(tmp_path):
    code, said = doctor(tmp_path, f"postgres://luatmo@127.0.0.1:{free_port()}/laws", lang="vi")
    assert (code, "Cơ sở dữ liệu «laws» trên 127.0.0.1" in said, "The database" in said) == (1, True, False), said


def test_an_empty_database_is_told_to_migrate_and_not_that_its_extensions_are_missing(tmp_path):
    code, said = doctor(tmp_path, database_server.addresses("postgres")["DATABASE_URL"])
    assert (code, "Run `manage.py migrate`." in said, "CREATE EXTENSION" in said) == (1, True, False), said


def test_a_disk_that_is_nearly_full_is_said_and_a_small_empty_one_is_not():
    gigabyte, disk = 2**30, ("EXPORTS_FOLDER", Path("/srv/exports"))
    with translation.override("en"):
        (little,) = machine_checks.room_problems(*disk, gigabyte, 100 * gigabyte)
    assert "/srv/exports (EXPORTS_FOLDER) is nearly full: 1024 MB are left." in little.words
    assert machine_checks.room_problems(*disk, gigabyte // 2, gigabyte // 2) == []  # as the memory of a container
    assert machine_checks.room_problems(*disk, 2 * gigabyte, 100 * gigabyte) == []


def test_a_scratch_database_that_a_killed_backup_left_is_said(healthy):
    name = f"{SCRATCH_DATABASE}of_doctor_{os.getpid()}"
    with database_server.connect() as postgres:
        postgres.execute(f"CREATE DATABASE {name} TEMPLATE template0")
        try:
            lines = told()[1]
            with database_server.connect(name):  # one that is being used is no leftover
                run("SELECT pg_stat_clear_snapshot()")  # a transaction sees sessions as they were
                used = told()[1]
        finally:
            postgres.execute(f"DROP DATABASE {name} WITH (FORCE)")
    assert any(f"DROP DATABASE {name};" in line for line in lines), lines
    assert not any(name in line for line in used), used


def test_a_database_that_takes_no_writes_and_has_no_time_limit_is_said(tmp_path):
    found = database_server.addresses("postgres")
    address = found.get("DATABASE_DIRECT_URL", found["DATABASE_URL"])  # PgBouncer drops options
    options = "?options=-c%20default_transaction_read_only%3Don%20-c%20statement_timeout%3D0"
    code, said = doctor(tmp_path, address + options)
    assert (code, "The database takes no writes" in said, "Statements have no time limit" in said) == (1, True, True), (
        said
    )
    assert "Run `manage.py migrate`." in said


@contextlib.contextmanager
def deaf_pooler(folder, server):
    """Passes on what a server says, but no notice: as PgBouncer in transaction mode does."""
    listening = socket.socket(socket.AF_UNIX)
    listening.bind(str(folder / ".s.PGSQL.5432"))
    listening.listen()

    def pass_on(source, target):
        with contextlib.suppress(OSError):
            while data := source.recv(65536):
                target.sendall(data)
        with contextlib.suppress(OSError):
            target.shutdown(socket.SHUT_RDWR)

    def pass_on_all_but_notices(source, target):
        with contextlib.suppress(OSError, EOFError), source.makefile("rb") as stream:
            while kind := stream.read(1):
                length = stream.read(4)
                body = stream.read(int.from_bytes(length, "big") - 4)
                if kind != b"A":
                    target.sendall(kind + length + body)
        with contextlib.suppress(OSError):
            target.shutdown(socket.SHUT_RDWR)

    def serve():
        with contextlib.suppress(OSError):
            while True:
                client, _address = listening.accept()
                behind = socket.socket(socket.AF_UNIX)
                behind.connect(f"{server}/.s.PGSQL.5432")
                for work, ends in ((pass_on, (client, behind)), (pass_on_all_but_notices, (behind, client))):
                    threading.Thread(target=work, args=ends, daemon=True).start()

    threading.Thread(target=serve, daemon=True).start()
    try:
        yield folder
    finally:
        listening.close()


@pytest.mark.skipif(not connection.settings_dict["HOST"].startswith("/"), reason="the server is not on a Unix socket")
def test_a_pooler_that_keeps_notices_back_is_said(tmp_path):
    folder = tmp_path / "s"
    folder.mkdir()
    user = connection.settings_dict["USER"]
    with deaf_pooler(folder, connection.settings_dict["HOST"]):
        with psycopg.connect(host=str(folder), user=user, dbname="postgres") as through:
            assert through.execute("SELECT 1").fetchone() == (1,)
        code, said = doctor(tmp_path / "home", f"postgres://{user}@/{folder}/postgres")
    assert (code, "Notices of the database do not arrive" in said) == (1, True), said


@pytest.fixture
def listed(db, settings, monkeypatch):
    """Call it with replicas: DATABASE_REPLICA_URLS names the server that leads, and them."""

    def name(*others):
        own = connections.settings["default"]
        place = {"PORT": "", "USER": "postgres", "NAME": "postgres"}
        entries = [own, *(own | place | {"HOST": str(each.run)} for each in others)]
        settings.DATABASE_REPLICAS = [f"replica{number}" for number, _each in enumerate(entries, 1)]
        for alias, entry in zip(settings.DATABASE_REPLICAS, entries, strict=True):
            monkeypatch.setitem(connections.settings, alias, entry)

    return name


def test_a_list_of_replicas_that_names_only_the_server_that_leads_leaves_none_to_read(listed):
    listed()
    assert [problem.code for problem in check_replicas()] == ["replica_none"]


def test_what_is_wrong_with_another_server_of_the_list_is_said_and_nothing_of_the_one_that_leads(listed):
    """Where any of them may lead, each restart after a failover would otherwise need another list."""
    with a_cluster() as stranger:
        listed(stranger)
        assert [problem.code for problem in check_replicas()] == ["replica_of_another"]
