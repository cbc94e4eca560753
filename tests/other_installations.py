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

import psycopg

from config.postgres_binaries import wheel_binaries
from tests.journeys.installation import free_port

ROOT = Path(__file__).resolve().parents[1]


class OtherInstallation:
    """Start it with `begin`, wait with `ready`; `stop` ends its process and drops its database."""

    def __init__(self, name, folder, server, tables, *, remembers=False):
        """`server`: (host, user) of PostgreSQL; `tables`: file of SQL that makes all tables.

        It tells at once what was changed, unless it `remembers` answers: then it first has to hear of a change.
        """
        self.name, self.folder, self._remembers = name, Path(folder) / name, remembers
        self.folder.mkdir()
        (self.host, self.user), self._tables = server, tables
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
        environment = os.environ | {
            "DATABASE_URL": f"postgres://{self.user}@/{self.database}?host={self.host}",
            "DJANGO_SETTINGS_MODULE": "config.settings",
            "LUATMO_HOME": str(self.folder),
            "PORT": str(self.port),
            "PUBLIC_URL": self.url,
            "INSTALLATION_NAME": f"Cổng {self.name}",
        }
        if not self._remembers:
            environment["READ_CACHE_MEBIBYTES"] = "0"
        environment.pop("SEAL_KEYS", None)
        return environment

    def create_database(self):
        with self._server() as server:
            server.execute(f"DROP DATABASE IF EXISTS {self.database} WITH (FORCE)")
            server.execute(f"CREATE DATABASE {self.database}")
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
        subprocess.run(
            [_binary("pg_dump"), "-h", self.host, "-U", self.user, "-Fc", "-f", file, self.database], check=True
        )

    def restore(self, file):
        """The database as it was when it was dumped; call it while the process is ended."""
        with self._server() as server:
            server.execute(f"DROP DATABASE {self.database} WITH (FORCE)")
            server.execute(f"CREATE DATABASE {self.database}")
        restore = [_binary("pg_restore"), "-h", self.host, "-U", self.user, "-d", self.database, file]
        subprocess.run(restore, check=True)

    def stop(self):
        if self.process:
            with contextlib.suppress(OSError):
                self.process.stdin.close()
            self.process.kill()
            self.process.wait()
            self.process.stdout.close()
            self._log.close()
        with self._server() as server:
            server.execute(f"DROP DATABASE IF EXISTS {self.database} WITH (FORCE)")
        shutil.rmtree(self.folder, ignore_errors=True)

    def _server(self):
        return psycopg.connect(host=self.host, user=self.user, dbname="postgres", autocommit=True)

    def _psql(self, *arguments):
        command = [
            _binary("psql"),
            "-q",
            "-h",
            self.host,
            "-U",
            self.user,
            "-d",
            self.database,
            "-v",
            "ON_ERROR_STOP=1",
        ]
        subprocess.run([*command, *arguments], check=True, stdout=subprocess.DEVNULL)


def _binary(name):
    return str(wheel_binaries() / name)


def dump_of_tables(server, database, file):
    """SQL that makes all tables with what the migrations put in them, from a database that holds no more."""
    host, user = server
    command = [_binary("pg_dump"), "-h", host, "-U", user, "--exclude-schema=kept", "-f", str(file), database]
    subprocess.run(command, check=True)
    return file
