"""Is the service back soon after its database was killed, and is every acknowledged write there?

    .venv/bin/python bench/database_kills.py [--kills 20] [--writes 20] [--power-cuts 2] [--port N --fcm-port N]

A whole installation (`manage.py up`) in a folder of its own, with fsync. Twenty writes a second arrive over HTTP, half
registrations of devices, half follows, each in a thread of its own. PostgreSQL's postmaster gets SIGQUIT, as from
`pg_ctl stop -m immediate`, every second time SIGKILL, always while a write is under way. `manage.py up` starts it
again.

`back`: seconds on this process's monotonic clock from the signal to the first 2xx of a write that began after it.
`worker_back`: to the answer of the local FCM server for the first follow made after it. `lost`: writes
answered with 2xx whose row is not there at the end. Then everything idles and `work`, the web server and `up` get
SIGTERM in turn (`stop`: until the process has ended). At last all processes are killed at once, PostgreSQL's too, with
its pid file and socket left behind; `power_cut`: from the new `up` to the first 2xx of a write.

Goals: lost=0, back ≤ 5 s each time, worker_back ≤ 10 s, stop ≤ 5 s, power_cut ≤ 20 s; exit code 1 outside.
"""

import argparse
import json
import os
import signal
import sys
import tempfile
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psutil
import psycopg

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from config.local.private_postgres import PrivatePostgres
from tests.journeys import installation as journeys

GOALS = {"lost": 0, "back_max_s": 5, "worker_back_max_s": 10, "stop_max_s": 5, "power_cut_max_s": 20}
PATIENCE = 60  # seconds; then something is not back at all
STEADY_SECONDS = 1.5  # of writes between a recovery and the next kill
HEADING = "11-dat-dai"


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--kills", type=int, default=20)
    options.add_argument("--writes", type=float, default=20, help="a second")
    options.add_argument("--power-cuts", type=int, default=2)
    options.add_argument("--port", type=int)
    options.add_argument("--fcm-port", type=int)
    asked = options.parse_args()
    with tempfile.TemporaryDirectory(prefix="luatmo-bench-kills-") as folder:
        os.chmod(folder, 0o711)
        bench = Kills(Path(folder), asked)
        try:
            figures = bench.run()
        finally:
            bench.clean_up()
    print("database-kills: " + " ".join(f"{name}={value:g}" for name, value in figures.items()))
    sys.exit(any(figures[name] > goal for name, goal in GOALS.items()))


class Writers:
    """Open loop: a write begins every 1/rate seconds, however long the others take."""

    def __init__(self, installation, rate):
        self._installation, self._rate = installation, rate
        self._pool, self._ending = ThreadPoolExecutor(200), threading.Event()
        self._lock = threading.Lock()
        self._secrets = []
        self.under_way = 0
        self.devices, self.follows = [], []  # (key, seconds it began, seconds it was acknowledged)
        self.refused = 0
        self._beginning = threading.Thread(target=self._run, daemon=True)
        self._beginning.start()

    def _run(self):
        number, began_at = 0, time.monotonic()
        while not self._ending.wait(max(0, began_at + number / self._rate - time.monotonic())):
            number += 1
            self._pool.submit(self._write, number)

    def end(self):
        self._ending.set()
        self._beginning.join()
        self._pool.shutdown(wait=True)

    def _write(self, number):
        began_at = time.monotonic()
        with self._lock:
            self.under_way += 1
            mine = self._secrets.pop(0) if number % 2 and self._secrets else None
        try:
            if mine:
                key, secret = mine
                path, body = f"follows/topic/{HEADING}", {"kinds": ["new"]}
            else:
                key, secret = f"kills-{number:08}", None
                path = f"devices/{key}"
                body = {"registration_id": f"registration-{number:08}-{os.getpid()}", "id_kind": "token"}
                body |= {"platform": "android", "language": "vi"}
            status, answer = self._installation.api("PUT", path, body, secret)
            if status // 100 == 2:
                (self.follows if mine else self.devices).append((key, began_at, time.monotonic()))
                if not mine:
                    self._secrets.append((key, answer["secret"]))
            else:
                self.refused += 1
        except OSError:
            self.refused += 1
        finally:
            with self._lock:
                self.under_way -= 1

    def first_after(self, moment, kinds):
        """(key, acknowledged at) of the first acknowledged write of these kinds that began after `moment`."""
        after = [(end, key) for kind in kinds for key, began_at, end in list(kind) if began_at > moment]
        return min(after) if after else None


class Kills:
    def __init__(self, home, asked):
        self.home, self.asked = home, asked
        self.installation = journeys.Installation(home)
        self.installation.port = asked.port or self.installation.port
        self.installation.fcm_port = asked.fcm_port or self.installation.fcm_port
        self.installation.environment |= {
            "PORT": str(self.installation.port),
            "FCM_PORT": str(self.installation.fcm_port),
            "NEW_DEVICES_PER_HOUR": "1000000",
        }
        self.server = PrivatePostgres(home)
        self.backs, self.worker_backs = [], []

    def run(self):
        self.installation.start()
        print("started", flush=True)
        self.writers = Writers(self.installation, self.asked.writes)
        journeys.eventually(lambda: self.writers.follows)
        for number in range(self.asked.kills):
            time.sleep(STEADY_SECONDS)
            self._kill(signal.SIGKILL if number % 2 else signal.SIGQUIT)
        self.writers.end()
        lost = self._lost()
        acknowledged = len(self.writers.devices) + len(self.writers.follows)
        print(f"writes: acknowledged {acknowledged}, refused or cut off {self.writers.refused}")
        stops = self._stops()
        cuts = [self._power_cut() for _ in range(self.asked.power_cuts)]
        ordered = sorted(self.backs)
        return {
            "kills": len(ordered),
            "acknowledged": acknowledged,
            "lost": lost,
            "back_p95_s": round(ordered[int(0.95 * (len(ordered) - 1))], 2),
            "back_max_s": round(ordered[-1], 2),
            "worker_back_max_s": round(max(self.worker_backs), 2),
            "stop_max_s": round(max(stops.values()), 2),
            "power_cut_max_s": round(max(cuts, default=0), 2),
        }

    def _kill(self, number):
        while not self.writers.under_way:
            time.sleep(0.001)
        pid = int((self.server.data / "postmaster.pid").read_text().split("\n")[0])
        under_way, at = self.writers.under_way, time.monotonic()
        os.kill(pid, number)
        everything = (self.writers.devices, self.writers.follows)
        back, _key = journeys.eventually(lambda: self.writers.first_after(at, everything), seconds=PATIENCE)
        _at, key = journeys.eventually(lambda: self.writers.first_after(at, [self.writers.follows]), seconds=PATIENCE)
        journeys.eventually(lambda: self._is_subscribed(key), seconds=PATIENCE)
        self.backs.append(back - at)
        self.worker_backs.append(time.monotonic() - at)
        print(
            f"{number.name}: {under_way} writes under way, back after {back - at:.2f} s, "
            f"worker after {self.worker_backs[-1]:.2f} s",
            flush=True,
        )

    def _query(self, statement, parameters=()):
        address = {"host": str(self.server.run), "user": "postgres", "dbname": "luatmo"}
        with psycopg.connect(**address, autocommit=True) as connection:
            return connection.execute(statement, parameters).fetchall()

    def _is_subscribed(self, key):
        """Whether the worker has called FCM about this device: the local FCM server logs every call."""
        time.sleep(0.1)
        registration = f"registration-{key.removeprefix('kills-')}-{os.getpid()}"
        return any(registration in json.dumps(each) for each in self.installation.emu("GET", "log"))

    def _lost(self):
        stored = {key for (key,) in self._query("SELECT installation_key FROM notifications_device")}
        following = self._query(
            """SELECT installation_key FROM notifications_device JOIN notifications_follow USING (reader_id)"""
        )
        missing = {key for key, _began, _end in self.writers.devices} - stored
        return len(missing) + len({key for key, _began, _end in self.writers.follows} - {key for (key,) in following})

    def _stops(self):
        """Seconds from SIGTERM until the process has ended: worker, web server, all."""
        seconds = {}
        for name, pattern in (("work", r"manage\.py work"), ("web", r"-m gunicorn|granian")):
            process = psutil.Process(self._oldest(pattern))
            seconds[name] = self._seconds_to_end(process)
            journeys.eventually(
                lambda pattern=pattern, process=process: self._oldest(pattern) not in (None, process.pid)
            )
            journeys.eventually(self._is_ready)
        began_at = time.monotonic()
        self.installation.stop()
        seconds["up"] = time.monotonic() - began_at
        print("SIGTERM: " + ", ".join(f"{name} {each:.2f} s" for name, each in seconds.items()))
        return seconds

    def _seconds_to_end(self, process):
        began_at = time.monotonic()
        process.terminate()
        while process.is_running() and process.status() != psutil.STATUS_ZOMBIE:
            time.sleep(0.01)
        return time.monotonic() - began_at

    def _oldest(self, pattern):
        return self.installation.child(pattern)

    def _is_ready(self):
        try:
            answer = self.installation.api("GET", f"http://127.0.0.1:{self.installation.port}/health/ready")
        except OSError:
            return False
        return answer[0] == 200

    def _power_cut(self):
        """Start, write, kill everything at once, start again. Returns the seconds until a write is accepted again."""
        self.installation.start()
        writers = Writers(self.installation, self.asked.writes)
        journeys.eventually(lambda: writers.devices)
        while not writers.under_way:
            time.sleep(0.001)
        postmaster = int((self.server.data / "postmaster.pid").read_text().split("\n")[0])
        victims = [*self.installation.processes(), *self._family(postmaster)]
        for pid in victims:
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                continue
        self.installation.process.wait()
        writers.end()
        acknowledged = {key for key, _began, _end in writers.devices}
        began_at = time.monotonic()
        self.installation.begin()
        again = Writers(self.installation, self.asked.writes)
        journeys.eventually(lambda: again.devices, seconds=PATIENCE)
        seconds = again.devices[0][2] - began_at
        again.end()
        stored = {key for (key,) in self._query("SELECT installation_key FROM notifications_device")}
        print(f"power cut of {len(victims)} processes: back after {seconds:.2f} s", flush=True)
        if acknowledged - stored:
            sys.exit(f"lost after a power cut: {len(acknowledged - stored)} of {len(acknowledged)}")
        self.installation.stop()
        return seconds

    def _family(self, pid):
        return [each.pid for each in psutil.Process(pid).children(recursive=True)] + [pid]

    def clean_up(self):
        if getattr(self.installation, "process", None) and self.installation.process.poll() is None:
            self.installation.stop()
        self.server.destroy()


if __name__ == "__main__":
    main()
