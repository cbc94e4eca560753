"""Restore an installation to the second before a mistake, with pgBackRest and the samples of deploy/pgbackrest.

    .venv/bin/python bench/point_in_time.py

A throw-away PostgreSQL sends its log to a repository on disk. A full backup, a law, an incremental backup, another law
that only the log has; then a withdrawal by mistake at a known second, and a phone that registers after it. Restored to
the second before, the database must have the change log and the rows of that second, and the program must serve from it
and write to it. Exit code 1 otherwise; 0 and a sentence where pgBackRest is not installed.
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

from config.local.postgres_files import make_private_folder, make_root_folder
from config.local.private_postgres import PrivatePostgres
from tests.upgrade_traffic import Reader, Traffic, web_server

SAMPLES = ROOT / "deploy" / "pgbackrest"
STATE = """
    SELECT (SELECT max(id) FROM content_change), (SELECT chain FROM content_change WHERE reader_id IS NULL
    ORDER BY id DESC LIMIT 1), (SELECT count(*) FROM content_legaldocument WHERE status = 'published'),
    (SELECT count(*) FROM notifications_device)
"""
PUBLISH = "from tests.builders import a_document; print(a_document('{}').key)"
WITHDRAW = """
from content.documents.models import LegalDocument
from content.editing import services
services.withdraw_document(LegalDocument.objects.get(key='{}'), reason='Nhầm')
"""


def main():
    argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter).parse_args()
    if not shutil.which("pgbackrest"):
        print("point_in_time: LEFT OUT: pgbackrest is not installed (Debian: apt-get install pgbackrest)")
        return 0
    folder = Path(tempfile.mkdtemp(prefix="luatmo-pit-"))
    folder.chmod(0o711)
    servers = [PrivatePostgres(folder / name) for name in ("first", "restored")]
    try:
        return Rehearsal(folder, *servers).run()
    finally:
        for server in servers:
            server.destroy()
        shutil.rmtree(folder, ignore_errors=True)


class Rehearsal:
    def __init__(self, folder, first, restored):
        self.folder, self.first, self.restored = folder, first, restored
        self.home = folder / "home"
        for name in ("repository", "log", "lock", "spool"):
            make_private_folder(folder / name, first.uid, first.gid)
        self.config = folder / "pgbackrest.conf"
        self.config.write_text(self.sample("pgbackrest.conf") + self.places_of_this_machine())

    def sample(self, name):
        text = (SAMPLES / name).read_text()
        for written, here in (
            ("/var/lib/pgbackrest", self.folder / "repository"),
            ("/var/lib/postgresql/17/main", self.first.data),
            ("pgbackrest --stanza", f"pgbackrest --config={self.folder}/pgbackrest.conf --stanza"),
        ):
            text = text.replace(written, str(here))
        return text

    def places_of_this_machine(self):
        places = {"log-path": "log", "lock-path": "lock", "spool-path": "spool"}
        lines = [f"{name}={self.folder / place}" for name, place in places.items()]
        return "\n".join([f"pg1-socket-path={self.first.run}", "pg1-user=postgres", "[global]", *lines, ""])

    def run(self):
        began = time.monotonic()
        with self.archiving(self.first):
            self.pgbackrest("stanza-create")
            self.pgbackrest("check")
            self.manage(self.first, "migrate", "--verbosity", "0")
            self.manage(self.first, "load_sample")
            self.pgbackrest("backup", "--type=full")
            self.publish("31/2019/QH14")
            self.pgbackrest("backup", "--type=incr")
            law = self.publish("32/2019/QH14")
            wanted = ask(self.first, STATE)
            moment = the_next_second(self.first)
            self.manage(self.first, "shell", "-v0", "-c", WITHDRAW.format(law))
            self.read_and_write(self.first)
            lost = ask(self.first, STATE)
            self.pgbackrest("check")  # waits until the log so far is in the repository
        restored_at = time.monotonic()
        self.restore(moment)
        with self.restored.joined():
            the_end_of_recovery(self.restored)
            seconds = time.monotonic() - restored_at
            found = ask(self.restored, STATE)
            faults, served = self.read_and_write(self.restored, law)
        is_equal = found == wanted != lost
        print(
            f"point_in_time: moment={moment} head={found[0]} of={wanted[0]} after_mistake={lost[0]} equal={is_equal} "
            f"law={served} faults={len(faults)} restored_s={seconds:.1f} all_s={time.monotonic() - began:.0f}"
        )
        return 0 if is_equal and served == 200 and not faults else 1

    @contextlib.contextmanager
    def archiving(self, server):
        """The server with the settings of the sample, until the end of the block."""
        server.join()  # makes it
        server.leave()
        with open(server.data / "postgresql.conf", "a", encoding="utf-8") as settings:
            settings.write(self.sample("postgresql.conf"))
        with server.joined():
            yield

    def restore(self, moment):
        """The one command of docs/how-to/operate.md, into a folder of its own."""
        make_root_folder(self.restored.root, self.restored.uid)
        for each in (self.restored.run, self.restored.data):
            make_private_folder(each, self.restored.uid, self.restored.gid)
        target = ["--type=time", f"--target={moment}", "--target-action=promote", f"--pg1-path={self.restored.data}"]
        self.pgbackrest("restore", *target)

    def pgbackrest(self, command, *options):
        """Run it as the account of the server."""
        told = [
            "pgbackrest",
            f"--config={self.config}",
            "--stanza=luatmo",
            "--log-level-console=warn",
            *options,
            command,
        ]
        account = {"user": self.first.uid, "group": self.first.gid, "extra_groups": []} if os.geteuid() == 0 else {}
        done = subprocess.run(told, capture_output=True, text=True, check=False, cwd=self.folder, **account)
        if done.returncode:
            sys.exit(f"pgbackrest {command} failed ({done.returncode}):\n{done.stdout[-2000:]}{done.stderr[-2000:]}")

    def environment(self, server):
        return os.environ | {"DATABASE_URL": server.url(), "LUATMO_HOME": str(self.home), "PYTHONPATH": str(ROOT)}

    def manage(self, server, *arguments):
        command = [sys.executable, "manage.py", *arguments]
        done = subprocess.run(
            command, cwd=ROOT, env=self.environment(server), capture_output=True, text=True, check=False
        )
        if done.returncode:
            sys.exit(f"manage.py {arguments[0]} failed:\n{done.stdout[-2000:]}{done.stderr[-2000:]}")
        return done.stdout.strip()

    def publish(self, number):
        return self.manage(self.first, "shell", "-v0", "-c", PUBLISH.format(number))

    def read_and_write(self, server, law=""):
        """(faults of a reader who does everything once, status of the law): the program on this server."""
        with web_server(ROOT, self.environment(server), self.folder / "web.log") as port:
            traffic = Traffic(port)
            traffic.once()
            wrong = Reader(port, "stranger").wrong_with("GET", f"/api/v1/documents/{law}", None)
        return traffic.faults, wrong or 200


def ask(server, statement):
    with psycopg.connect(host=str(server.run), user="postgres", dbname="luatmo", autocommit=True) as session:
        return session.execute(statement).fetchone()


def the_next_second(server):
    """The end of this second, by the clock of the server, once it is over: nothing of what follows is before it."""
    moment = ask(server, "SELECT date_trunc('second', clock_timestamp()) + interval '1 second'")[0]
    ask(server, "SELECT pg_sleep(1.5)")
    return moment.isoformat(sep=" ")


def the_end_of_recovery(server):
    give_up_at = time.monotonic() + 60
    while ask(server, "SELECT pg_is_in_recovery()")[0]:
        if time.monotonic() > give_up_at:
            sys.exit("the restored server stays in recovery")
        time.sleep(0.1)


if __name__ == "__main__":
    sys.exit(main())
