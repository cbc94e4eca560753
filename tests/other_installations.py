"""Other installations for tests: processes of their own, each with its database, home, keys and real HTTP.

`OtherInstallation.run` executes statements in the other process, where the names of `tests.builders` are known, and
returns what the last expression says, as JSON.
"""

import contextlib
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from urllib.parse import urlsplit

from django.db import connection

from tests import database_server
from tests.journeys.installation import free_port

ROOT = Path(__file__).resolve().parents[1]


class OtherInstallation:
    """Start it with `begin`, wait with `ready`; `stop` ends its process and drops its database."""

    def __init__(self, name, folder, tables, *, remembers=False):
        """Its database is in the server of the tests; `tables`: file of SQL that makes all tables.

        It tells at once what was changed, unless it `remembers` answers: then it first has to hear of a change.
        """
        self.name, self.folder, self._remembers = name, Path(folder) / name, remembers
        self.folder.mkdir()
        self._tables = tables
        self.database = f"other_{name}_{os.getpid()}"
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.key = urlsplit(self.url).netloc
        self.process = None

    def serve_at(self, public_port):
        """Be known under another port, that of a proxy before this one."""
        self.url = f"http://127.0.0.1:{public_port}"
        self.key = urlsplit(self.url).netloc

    def environment(self):
        """That of each process of this installation."""
        environment = (
            os.environ
            | database_server.addresses(self.database)
            | {
                "DJANGO_SETTINGS_MODULE": "config.settings",
                "LUATMO_HOME": str(self.folder),
                "PORT": str(self.port),
                "PUBLIC_URL": self.url,
                "INSTALLATION_NAME": f"Cổng {self.name}",
            }
        )
        if not self._remembers:
            environment["READ_CACHE_MEBIBYTES"] = "0"
        environment.pop("SEAL_KEYS", None)
        return environment

    def create_database(self):
        with database_server.connect() as postgres:
            postgres.execute(f"DROP DATABASE IF EXISTS {self.database} WITH (FORCE)")
            postgres.execute(f"CREATE DATABASE {self.database}")
        self._psql("-f", str(self._tables))

    def begin(self):
        self._log = (self.folder / "log").open("ab")
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.serving_installation"], cwd=ROOT, env=self.environment(),
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=self._log, text=True,
        )  # fmt: skip

    def ready(self):
        said = self.process.stdout.readline()
        assert said == "ready\n", said + (self.folder / "log").read_text()[-3000:]
        return self

    def run(self, statements):
        self.process.stdin.write(json.dumps(statements) + "\n")
        self.process.stdin.flush()
        answer = json.loads(self.process.stdout.readline() or '{"error": "it ended"}')
        assert "error" not in answer, answer["error"] + (self.folder / "log").read_text()[-2000:]
        return answer["value"]

    def export(self):
        return self.run("bulk_export.write_bulk_export()['key']")

    def kill(self):
        self.process.kill()
        self.process.wait()

    def dump(self, file):
        subprocess.run([*database_server.program("pg_dump"), "-Fc", "-f", file, self.database], check=True)

    def restore(self, file):
        """The database as it was when it was dumped; call it while the process is ended."""
        with database_server.connect() as postgres:
            postgres.execute(f"DROP DATABASE {self.database} WITH (FORCE)")
            postgres.execute(f"CREATE DATABASE {self.database}")
        subprocess.run([*database_server.program("pg_restore"), "-d", self.database, file], check=True)

    def stop(self):
        if self.process:
            with contextlib.suppress(OSError):
                self.process.stdin.close()
            self.process.kill()
            self.process.wait()
            self.process.stdout.close()
            self._log.close()
        with database_server.connect() as postgres:
            postgres.execute(f"DROP DATABASE IF EXISTS {self.database} WITH (FORCE)")
        shutil.rmtree(self.folder, ignore_errors=True)

    def _psql(self, *arguments):
        command = [*database_server.program("psql"), "-q", "-d", self.database, "-v", "ON_ERROR_STOP=1"]
        subprocess.run([*command, *arguments], check=True, stdout=subprocess.DEVNULL)


def dump_of_tables(file):
    """SQL that makes all tables with what the migrations put in them, from a database that holds no more."""
    command = [*database_server.program("pg_dump"), "--exclude-schema=kept", "-f", str(file)]
    subprocess.run([*command, connection.settings_dict["NAME"]], check=True)
    return file
