import contextlib
import gc
import json
import os
import subprocess
import sys

import hypothesis
import pytest
from django.conf import settings
from django.db import connection, transaction
from django.test import TransactionTestCase
from django.utils import translation
from rest_framework.test import APIClient

from api.entity_tags import made_once
from api.v1.channels.now import forget_kept_contents
from config import jobs
from config.local.fcm_emulator.client import running_emulator
from config.local.private_postgres import file_lock
from content.dissemination.openings import COUNTER
from notifications.push.firebase import FirebaseGateway
from tests import database_server

LONGEST = (  # of all files. The first worker makes the tables in half a minute, the others begin with what needs none
    "tests/journeys/test_a_law_reaches_its_followers.py",
    "tests/test_upgrade.py",  # makes tables of its own
    "tests/config/test_start_errors.py",  # wants none, as the next
    "tests/test_architecture.py",
    "tests/test_deploy.py",
    "tests/config/test_settings.py",
    "tests/journeys/",
    "tests/test_upgrade_under_load.py",
    "tests/config/test_backup.py",
    "tests/config/test_granian_server.py",
    "tests/test_contract.py",
)
# a busy machine makes inputs slowly; that is no fault of a test
hypothesis.settings.register_profile("suite", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow])
hypothesis.settings.load_profile("suite")


def pytest_collection_modifyitems(items):
    """What takes longest begins first, so that no worker is left alone with it at the end."""

    def place(item):
        return next((n for n, name in enumerate(LONGEST) if item.nodeid.startswith(name)), len(LONGEST))

    items.sort(key=place)  # stable: the others stay in their order


def pytest_collection_finish():
    """Let the collector of garbage leave out what stays for the whole run: it would look through it again and again."""
    gc.freeze()


@pytest.fixture(scope="session")
def media_folder(tmp_path_factory):
    """Where files of materials are stored: one folder of the run, for their names are hashes of their bytes."""
    return tmp_path_factory.mktemp("media")


@pytest.fixture(autouse=True)
def settings_of_tests(settings, media_folder):
    if not settings.MEDIA_BUCKET:  # bench/s3_files.py names one
        location = {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": str(media_folder)},
        }
        settings.STORAGES = settings.STORAGES | {"default": location}
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # hashing is slow on purpose
    settings.READINESS_SECONDS = 0  # readiness is looked at each time
    settings.WHITENOISE_AUTOREFRESH = True  # a static file is looked for when asked for: not all, at each new client


@pytest.fixture(autouse=True)
def nothing_kept():
    """Each test begins without answers that an earlier one left in the process, and leaves no openings to be added.

    A timer adds those ten seconds later: among the rows of another test, and in vain, for their links are gone.
    """
    made_once.STORE.clear()
    forget_kept_contents()
    yield
    COUNTER.forget()


@pytest.fixture(autouse=True)
def own_language():
    """Each test begins in the language of the settings: a request leaves its own active in the thread."""
    translation.activate(settings.LANGUAGE_CODE)


@pytest.fixture
def api():
    """Ask the API as anybody, or as a device: `api("get", path, device=…)`; paths are under /api/v1."""

    def ask(method, path, body=None, *, device=None, **headers):
        if device:
            headers["HTTP_AUTHORIZATION"] = f"Bearer {device.secret}"
        arguments = {} if body is None else {"data": json.dumps(body), "content_type": "application/json"}
        path = path if path.startswith("http") else f"/api/v1/{path}"
        return getattr(APIClient(), method)(path, **arguments, **headers)

    return ask


@pytest.fixture(scope="session")
def fcm_server(tmp_path_factory):
    """One local FCM server for the run; environment variables point this process at it."""
    with running_emulator(tmp_path_factory.mktemp("fcm")) as server:
        before = dict(os.environ)
        os.environ.update(server.environment)
        yield server
        os.environ.clear()
        os.environ.update(before)


@pytest.fixture
def fcm(fcm_server):
    """The local FCM server, emptied."""
    fcm_server.call("POST", "reset")
    fcm_server.call("DELETE", "log")
    return fcm_server


@pytest.fixture
def gateway(fcm):
    gateway = FirebaseGateway(fcm.environment["FIREBASE_CREDENTIALS_FILE"])
    yield gateway
    gateway.close()


@pytest.fixture(scope="session")
def worker_jobs():
    """The jobs of the worker, registered in this process. They have no push service."""
    jobs.register(None, wake_sender=lambda: None)


@pytest.fixture(scope="session")
def tables(tmp_path_factory):
    """All tables as the migrations leave them, made once a run: SQL that makes them, of a database named «tables».

    None in a server that is not ours, and in a run without workers. Django is not asked for a connection here: its pool
    would stay with the database that is none of the tests'.
    """
    address = os.environ.get("DATABASE_URL_OF_TABLES")
    if not address or "PYTEST_XDIST_WORKER" not in os.environ:
        return None
    made = tmp_path_factory.getbasetemp().parent / "tables.sql"
    with file_lock(made.with_suffix(".lock")):
        if not made.exists():
            with database_server.connect() as postgres:
                postgres.execute("CREATE DATABASE tables")
            migrate = [sys.executable, "manage.py", "migrate", "--verbosity", "0"]
            environment = os.environ | {"DATABASE_URL": address, "DATABASE_DIRECT_URL": ""}
            subprocess.run(migrate, cwd=settings.BASE_DIR, env=environment, check=True)
            half = made.with_suffix(".half")
            subprocess.run([*database_server.program("pg_dump"), "-f", half, "tables"], check=True)
            half.rename(made)
    return made


@pytest.fixture(scope="session")
def pooler_address():
    """Where DATABASE_URL leads: to PgBouncer, where DATABASE_DIRECT_URL names the server (bench/databases.py)."""
    return {name: connection.settings_dict[name] for name in ("HOST", "PORT", "USER", "PASSWORD", "OPTIONS")}


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings, tables, pooler_address):
    """The tables are copied into each worker's database."""
    connection.settings_dict["OPTIONS"]["pool"]["max_size"] = 24  # races have more threads than a command
    if settings.DATABASE_DIRECT:  # the migrations of each worker's database go past PgBouncer
        settings.DATABASE_DIRECT["NAME"] = connection.creation._get_test_db_name()
    if tables:
        connection.settings_dict["TEST"]["TEMPLATE"] = "tables"


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker, pooler_address):
    """Tests that commit leave every table as the migrations left it. Django would empty them all, or reload slowly."""
    with django_db_blocker.unblock():
        if settings.DATABASE_DIRECT:  # the migrations went past it, the tests do not
            connection.close()
            connection.close_pool()
            connection.settings_dict.update(pooler_address)
        restore = saved_tables()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_teardown", lambda _test: restore())
        yield restore


@pytest.fixture
def committed(transactional_db):
    """For tests that really commit."""


@pytest.fixture(scope="module")
def commits_for_the_file(django_db_setup, django_db_blocker):
    """A block that commits what all tests of a file read. Each changes it in a transaction that is rolled back.

    For a file whose tests all want it: the rows are there for each of them. Not beside `committed`, which removes them.
    """

    @contextlib.contextmanager
    def block():
        with django_db_blocker.unblock(), translation.override(settings.LANGUAGE_CODE):
            yield
            connection.close()

    yield block
    with django_db_blocker.unblock():
        django_db_setup()  # puts every table back
        connection.close()


def saved_tables():
    """Keep what the tables hold in a schema beside. Returns what puts it back, asking no trigger (the audit)."""
    with connection.cursor() as cursor:
        cursor.execute("DROP SCHEMA IF EXISTS kept CASCADE; CREATE SCHEMA kept")
        cursor.execute("""
            SELECT quote_ident(relname), string_agg(quote_ident(attname), ', ' ORDER BY attnum)
            FROM pg_class JOIN pg_attribute ON attrelid = pg_class.oid
            WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' AND relname <> 'django_migrations'
            AND attnum > 0 AND NOT attisdropped AND attgenerated = ''
            GROUP BY relname
        """)
        statements = ["SET session_replication_role = replica"]
        for table, columns in cursor.fetchall():
            cursor.execute(f"CREATE TABLE kept.{table} AS SELECT {columns} FROM public.{table}")
            statements.append(f"DELETE FROM public.{table}")
            if cursor.rowcount:
                insert = f"INSERT INTO public.{table} ({columns}) OVERRIDING SYSTEM VALUE"
                statements.append(f"{insert} SELECT * FROM kept.{table}")
    statements.append("RESET session_replication_role")

    def restore():
        connection.close()  # whatever the test left it in
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("; ".join(statements))

    return restore
