import http.server
import threading

import pytest
from django.db import connection

from tests.other_installations import OtherInstallation, dump_of_tables
from tests.sync import a_peer


@pytest.fixture(scope="module")
def tables_of_others(django_db_setup, django_db_blocker, tmp_path_factory):
    """(SQL of all tables, a folder)."""
    with django_db_blocker.unblock():
        connection.close()
    folder = tmp_path_factory.mktemp("others")
    return dump_of_tables(folder / "tables.sql"), folder


@pytest.fixture(scope="module")
def ministry(tables_of_others):
    """Another installation with HTTP of its own. The tests of a module share it; each reads it from an empty start."""
    tables, folder = tables_of_others
    other = OtherInstallation("bo", folder, tables)
    try:
        other.create_database()
        other.begin()
        yield other.ready()
    finally:
        other.stop()


@pytest.fixture
def peer(db, ministry):
    """The ministry as we follow it; what it holds now is loaded by the first round."""
    ministry.export()
    return a_peer(ministry.url)


class Hostile(http.server.BaseHTTPRequestHandler):
    """Answers what the test told it: `answer(handler)`."""

    def do_GET(self):
        self.server.asked.append((self.path, dict(self.headers)))
        self.server.answer(self)

    def log_message(self, *arguments):
        pass


@pytest.fixture
def hostile():
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Hostile)
    server.asked, server.daemon_threads = [], True
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield server
    server.shutdown()
    server.server_close()
