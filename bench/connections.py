"""A database that allows few connections: is the worker back after a load, and do readers get answers?

    python bench/connections.py [--connections 17] [--seconds 12]

An installation runs over a throw-away PostgreSQL whose role may have so many connections (max_connections=20 less the
three of superusers). Forty clients read at once; the worker is killed a quarter of the way through. Twice: with
DATABASE_CONNECTIONS as it is by default, far too high, and with the true number.

Last line: `connections: told=…s untold=…s failed=…/…`: seconds from the end of the load to the heartbeat of a new
worker (negative: it came back during the load), and reads that were not 200 when the true number was told. Exit 1 if a
worker is away for longer than 45 s, or more than one read in a hundred failed.
"""

import argparse
import os
import shutil
import signal
import sys
import tempfile
import threading
import time
from collections import Counter
from pathlib import Path

import psycopg

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from config.local.private_postgres import PrivatePostgres
from tests.journeys.installation import Installation, call, eventually

CLIENTS = 40
MOST_SECONDS, MOST_FAILED = 45, 0.01
WORKERS = "SELECT count(*) FROM procrastinate_workers WHERE last_heartbeat > %s"


def read_on(url: str, until: float, statuses: Counter[int]) -> None:
    while time.monotonic() < until:
        try:
            status, _body = call("GET", url)
        except OSError:
            status = 0
        statuses[status] += 1


def measure(server: PrivatePostgres, home: Path, *, limit: int, seconds: float, told: bool) -> tuple[float, Counter]:
    """(seconds from the end of the load until a new worker's heartbeat, {status: reads})."""
    with psycopg.connect(host=str(server.run), user="postgres", dbname="postgres", autocommit=True) as admin:
        admin.execute("DROP DATABASE IF EXISTS luatmo")
        admin.execute("DROP ROLE IF EXISTS few")
        admin.execute(f"CREATE ROLE few LOGIN CONNECTION LIMIT {limit}")
        admin.execute("CREATE DATABASE luatmo OWNER few")
    installation = Installation(home)
    installation.environment["DATABASE_URL"] = f"postgres://few@/{server.run}/luatmo"
    installation.environment["READS_PER_MINUTE"] = "1000000"
    if told:
        installation.environment["DATABASE_CONNECTIONS"] = str(limit)
    statuses: Counter[int] = Counter()
    try:
        installation.start()
        ends_at = time.monotonic() + seconds
        url = f"http://127.0.0.1:{installation.port}/api/v1/documents"
        threads = [threading.Thread(target=read_on, args=(url, ends_at, statuses)) for _ in range(CLIENTS)]
        for thread in threads:
            thread.start()
        time.sleep(seconds / 4)
        with psycopg.connect(host=str(server.run), user="postgres", dbname="luatmo", autocommit=True) as admin:
            killed_at = admin.execute("SELECT now()").fetchone()[0]
            os.kill(installation.child(r"manage\.py work"), signal.SIGKILL)
            eventually(lambda: admin.execute(WORKERS, [killed_at]).fetchone()[0], seconds=seconds + 120)
        away = time.monotonic() - ends_at
        for thread in threads:
            thread.join()
        return away, statuses
    finally:
        if installation.process.poll() is None:
            installation.stop()


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--connections", type=int, default=17)
    parser.add_argument("--seconds", type=float, default=12)
    given = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="luatmo-connections-"))
    os.chmod(folder, 0o711)
    server = PrivatePostgres(folder, throwaway=True)
    away = {}
    try:
        with server.joined():
            for told in (False, True):
                home = folder / f"home-{told}"
                home.mkdir()
                away[told], reads = measure(server, home, limit=given.connections, seconds=given.seconds, told=told)
                print(f"{'told' if told else 'untold'}: worker back {away[told]:.1f} s after the load, reads {reads}")
    finally:
        server.destroy()
        shutil.rmtree(folder, ignore_errors=True)
    failed, asked = reads.total() - reads[200], reads.total()
    print(f"connections: told={away[True]:.1f}s untold={away[False]:.1f}s failed={failed}/{asked}")
    return int(max(away.values()) > MOST_SECONDS or failed > MOST_FAILED * asked)


if __name__ == "__main__":
    sys.exit(main())
