"""Do two replicas answer 1.8 times as many reads as one, where the database is what limits?

    .venv/bin/python bench/replicas.py [--seconds 20] [--rounds 2] [--laws 120]

Linux, as root: each database gets a share of a processor by a control group (version 1 or 2), as one machine has too
few for three of them. A primary and two streaming replicas run on loopback, and `manage.py web` with two processes and
DATABASE_REPLICA_URLS, once with one of them and once with both, in turns. Clients ask one after the other for lists of
laws, each address once. Before, one replica without a bound shows what a request costs web server and database; the
share is such that two replicas leave the web server WEB_SHARE of a processor to use.

How it could pass while the product fails, and what prevents that:
- The primary answers: how often each server has looked at the table of laws is read from its statistics; the primary
  may have PRIMARY_PART of all, and has no larger share of a processor than a replica.
- One replica does all the work, or none: each of the two must have two fifths of it.
- Answers come from the memory of the web server: no address is asked twice, and what the replicas looked at must be as
  much per request with two as with one.
- Answers are short or wrong: each is 200 and has as many laws as a page has.
- Something else limits, so that both figures are of the web server: the replicas must have used USED_PART of their
  share in each measured time.
- The web server pays for it: its CPU per request and that of the databases with two may be MOST_COST of that with one.
- Reads count that began in another time: only those within it do, and all clients go on until it is over.

Last line: `replicas: ratio=… one_per_s=… two_per_s=… web_ms=…→… database_ms=…→… primary=…% used=…%`. Goal: ratio ≥ 1.8;
exit code 1 below or where one of the above does not hold.
"""

import argparse
import contextlib
import datetime
import http.client
import itertools
import json
import os
import statistics
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import NamedTuple

import psutil

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from tests.journeys.installation import eventually
from tests.replicas import a_cluster, a_replica_of, place_of, run

LEAST_RATIO = 1.8
PAGE_SIZES = (20, 21, 22)
CLIENTS = 12  # more wait so long at one replica that it is a second behind: then the primary answers, as it should
WARM_SECONDS = 13  # of each web server: it has to find its replicas, and an idle session tells what it did after ten
WEB_SHARE = 0.5  # of a processor that two replicas may make the web server use
MOST_SHARE = 0.25  # of a processor, for one database
USED_PART, PRIMARY_PART, LEAST_OF_ONE, MOST_COST = 0.9, 0.02, 0.4, 1.1
PERIOD_MICROSECONDS = 50_000
LOOKED_AT = "SELECT coalesce(seq_scan, 0) + coalesce(idx_scan, 0) FROM pg_stat_user_tables WHERE relname = %s"


class Bound:
    """A control group that counts the CPU of what is in it, and gives it no more than a share of a processor."""

    ROOT = Path("/sys/fs/cgroup")

    def __init__(self, name):
        is_second = (self.ROOT / "cgroup.controllers").exists()
        self._places = [self.ROOT / each / name for each in (("",) if is_second else ("cpu", "cpuacct"))]
        self._is_second = is_second
        for each in self._places:
            each.mkdir()

    def take(self, processes):
        for place, each in itertools.product(self._places, processes):
            with contextlib.suppress(ProcessLookupError):
                (place / "cgroup.procs").write_text(str(each.pid))

    def limit(self, share):
        """`share` of one processor; None: no bound."""
        quota = "max" if share is None else str(int(share * PERIOD_MICROSECONDS))
        if self._is_second:
            (self._places[0] / "cpu.max").write_text(f"{quota} {PERIOD_MICROSECONDS}")
        else:
            (self._places[0] / "cpu.cfs_period_us").write_text(str(PERIOD_MICROSECONDS))
            (self._places[0] / "cpu.cfs_quota_us").write_text("-1" if share is None else quota)

    def seconds(self):
        """Of CPU that its processes have spent."""
        if self._is_second:
            lines = dict(line.split() for line in (self._places[0] / "cpu.stat").read_text().splitlines())
            return int(lines["usage_usec"]) / 1e6
        return int((self._places[1] / "cpuacct.usage").read_text()) / 1e9

    def remove(self):
        """Once all that was in it has ended."""
        eventually(lambda: not any((place / "cgroup.procs").read_text() for place in self._places))
        for each in self._places:
            each.rmdir()


class Server:
    """A database with its bound. `making`: the context that gives the running server."""

    def __init__(self, name, stack, making):
        self.name = name
        self.bound = Bound(f"luatmo-bench-{os.getpid()}-{name}")
        stack.callback(self.bound.remove)  # before the server is made, so that it is called after its end
        self.postgres = stack.enter_context(making)
        stack.callback(self.bound.limit, None)  # so that it ends soon
        postmaster = psutil.Process(int((self.postgres.data / "postmaster.pid").read_text().split("\n")[0]))
        self.bound.take([postmaster, *postmaster.children(recursive=True)])  # what it starts later inherits it

    def url(self):
        place = place_of(self.postgres, "luatmo")
        return f"postgres://{place['user']}@/{place['dbname']}?host={place['host']}"

    def looks(self):
        return run(self.postgres, LOOKED_AT, ["content_legaldocument"])[0][0]


class Measured(NamedTuple):
    """Of one web server: reads a second, milliseconds of CPU of web and databases for each, and what databases did."""

    per_second: float
    web_ms: float
    database_ms: float
    used: float  # the least part of its share that a replica in use has used
    looks: dict[str, float]  # of each server, for each request


class Clients:
    """Ask one after the other until the end. `wrong`: what was not as it must be."""

    def __init__(self, port, addresses):
        self._port, self._addresses = port, addresses
        self._ending, self._lock = threading.Event(), threading.Lock()
        self.ended, self.wrong = [], []
        self._threads = [threading.Thread(target=self._ask, daemon=True) for _ in range(CLIENTS)]
        for each in self._threads:
            each.start()

    def end(self):
        self._ending.set()
        for each in self._threads:
            each.join()

    def _ask(self):
        connection = http.client.HTTPConnection("127.0.0.1", self._port, timeout=60)
        while not self._ending.is_set():
            with self._lock:
                address = next(self._addresses)
            try:
                connection.request("GET", address)
                answer = connection.getresponse()
                body = answer.read()
            except (OSError, http.client.HTTPException) as error:
                self.wrong.append(repr(error))
                connection.close()
                continue
            if answer.status != 200 or len(json.loads(body)["results"]) != int(address.rpartition("=")[2]):
                self.wrong.append(f"{answer.status} {body[:200]!r}")
            self.ended.append(time.monotonic())


def addresses():
    """Of lists that nobody asked for before: all laws of the bench are younger than the day."""
    first = datetime.date(1900, 1, 1)
    for days, size in itertools.product(range(40_000), PAGE_SIZES):
        yield f"/api/v1/documents?issued_from={first + datetime.timedelta(days)}&page_size={size}"


def measure(primary, replicas, pages, seconds):
    """One web server that knows these replicas."""
    from web_server import WebServer  # after Django has been set up

    servers = [primary, *replicas]
    os.environ["DATABASE_REPLICA_URLS"] = ",".join(each.url() for each in replicas)
    with tempfile.TemporaryDirectory() as home:
        web = WebServer(Path(home))
        try:
            clients = Clients(web.port, pages)
            time.sleep(WARM_SECONDS)
            before = [each.bound.seconds() for each in servers], sum(web.spent()), time.monotonic()
            looked = [each.looks() for each in servers]
            time.sleep(seconds)
            after = [each.bound.seconds() for each in servers], sum(web.spent()), time.monotonic()
            clients.end()
        finally:
            web.stop()  # its sessions end, and with them what they have not told the statistics yet
    if clients.wrong:
        sys.exit(f"replicas: {len(clients.wrong)} wrong answers: {clients.wrong[:3]}")
    requests = sum(before[2] <= each <= after[2] for each in clients.ended)
    took = after[2] - before[2]
    spent = [late - early for early, late in zip(before[0], after[0], strict=True)]
    looks = [each.looks() - early for each, early in zip(servers, looked, strict=True)]
    return Measured(
        requests / took,
        (after[1] - before[1]) * 1000 / requests,
        sum(spent[1:]) * 1000 / requests,
        min(spent[1:]) / took,
        {each.name: count for each, count in zip(servers, looks, strict=True)},
    )


def fill(primary, laws):
    from django.db import connection

    from tests import builders

    for number in range(laws):
        builders.a_document(f"{number + 1}/2020/QH14")
    connection.close()
    connection.close_pool()
    run(primary.postgres, "VACUUM ANALYZE")


def start(stack, laws):
    """(primary, two replicas) with so many laws."""
    primary = Server("primary", stack, a_cluster())
    run(primary.postgres, "CREATE DATABASE luatmo", database="postgres")
    os.environ["DATABASE_URL"] = primary.url()
    import throwaway

    throwaway.start()
    fill(primary, laws)
    replicas = [Server(f"replica{number}", stack, a_replica_of(primary.postgres)) for number in (1, 2)]
    return primary, replicas


def faults(share, ones, twos):
    """What proves nothing or fails, in words."""
    found = []
    for each in [*ones, *twos]:
        total = sum(each.looks.values())
        if each.looks["primary"] > PRIMARY_PART * total:
            found.append(f"the primary did {each.looks['primary'] / total:.0%} of the work")
        if each.used < USED_PART * share:
            found.append(f"a replica used {each.used / share:.0%} of its share: something else limits")
    for each in twos:
        least = min(count for name, count in each.looks.items() if name != "primary")
        if least < LEAST_OF_ONE * sum(each.looks.values()):
            found.append(f"one replica did little: {each.looks}")
    for name in ("web_ms", "database_ms"):
        one, two = (statistics.mean(getattr(each, name) for each in group) for group in (ones, twos))
        if two > MOST_COST * one:
            found.append(f"{name} rose from {one:.2f} to {two:.2f}")
    one, two = (sum(sum(each.looks.values()) / each.per_second for each in group) for group in (ones, twos))
    if two < 0.9 * one:
        found.append("with two replicas a request looked at the laws less often")
    return found


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--seconds", type=float, default=20)
    options.add_argument("--rounds", type=int, default=2)
    options.add_argument("--laws", type=int, default=120, help="at least a page of them")
    asked = options.parse_args()
    if os.geteuid() != 0:
        sys.exit("replicas: it needs root, to give each database a share of a processor")
    pages = addresses()
    with contextlib.ExitStack() as stack:
        primary, replicas = start(stack, asked.laws)
        free = measure(primary, replicas[:1], pages, asked.seconds / 2)
        share = min(MOST_SHARE, WEB_SHARE / 2 * free.database_ms / free.web_ms)
        print(f"without a bound: {free}\nshare of a processor for each database: {share:.3f}", flush=True)
        for each in (primary, *replicas):
            each.bound.limit(share)
        ones, twos = [], []
        for _ in range(asked.rounds):
            for group, count in ((ones, 1), (twos, 2)):
                group.append(measure(primary, replicas[:count], pages, asked.seconds))
                print(f"{count}: {group[-1]} load={os.getloadavg()[0]:.1f}", flush=True)
    return tell(share, ones, twos)


def tell(share, ones, twos):
    """Print the figures. Returns the exit code."""
    found = faults(share, ones, twos)
    for each in found:
        print(f"wrong: {each}")
    one, two = (statistics.mean(each.per_second for each in group) for group in (ones, twos))
    costs = [
        "→".join(f"{statistics.mean(getattr(each, name) for each in group):.2f}" for group in (ones, twos))
        for name in ("web_ms", "database_ms")
    ]
    part = max(each.looks["primary"] / sum(each.looks.values()) for each in [*ones, *twos])
    used = min(each.used for each in [*ones, *twos]) / share
    print(
        f"replicas: ratio={two / one:.2f} one_per_s={one:.1f} two_per_s={two:.1f} web_ms={costs[0]} "
        f"database_ms={costs[1]} primary={part:.1%} used={used:.0%} share={share:.3f}"
    )
    return 1 if found or two / one < LEAST_RATIO else 0


if __name__ == "__main__":
    sys.exit(main())
