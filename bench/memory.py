"""How much memory a web process and the worker hold after mixed reading and an import.

    [DATABASE_URL=…] .venv/bin/python bench/memory.py [--requests 6000] [--servers web alone] [--documents FILE…]

Web processes of 16 threads answer what readers of an afternoon ask for: details, whole texts in each format, provisions
on days, lists, searches, feeds, pages, the contract. Eight clients for each process ask at once. `web` is the server of
production with its two processes (`manage.py web`, docs/decisions/022), `alone` one process of gunicorn, which needs no
proxy (docs/decisions/018). One server is asked after the other, so many times for each of its processes. The worker is
started before the import: it has worked through all of it. Without DATABASE_URL the bench imports the documents (files
of JSON lines, with gzip) into a throw-away database.

Memory is the proportional set size (`Pss` of /proc/PID/smaps_rollup): what the process has alone, and its part of what
the processes share. The peak counts of five readings at the end, not the lowest, of the largest process.

How it could pass while the product fails, and what closes that:
- nothing is read: each answer must be a 200, and LEAST_KINDS kinds of address must have been asked;
- everything comes from memory or is small: addresses are drawn anew each time, whole texts are a tenth of them, and
  the longest text is among them;
- the process is young: growth between the half and the end is told, of the server that grew more, and may be GROWTH
  at most;
- one process of two answers all: the largest counts;
- the search index is complete, which makes searches cheaper: it is built after two thirds of the documents, and the
  bench keeps the worker from building it again until both servers were measured.

Last line: `memory: web=… alone=… worker=… growth=… requests=…` in MiB; exit 1 outside the goals.
"""

import argparse
import contextlib
import gzip
import math
import os
import random
import subprocess
import sys
import tempfile
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import quote

import psycopg
import throwaway

GOALS = {"web": 140, "alone": 140, "worker": 150}  # MiB
THREADS = 16  # of a web process, the default of WEB_THREADS
GROWTH = 1.1
CLIENTS = 8  # for each process
LEAST_KINDS = 12
READINGS = 5
WORDS = ("đất đai", "ly hôn", "hợp đồng lao động", "nồng độ cồn", "thừa kế", "giấy phép lái xe", "điều 5")


def pss(*pids):
    """MiB: the highest of some readings, of the largest process."""
    found = []
    for _ in range(READINGS):
        for pid in pids:
            lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
            found += [int(line.split()[1]) / 1024 for line in lines if line.startswith("Pss:")]
        time.sleep(0.2)
    return max(found)


def addresses(rng, eids, longest):
    """(kind, path) without end. `eids`: {key of a document: eids of its articles and clauses}."""
    from content.law.page_paths import provision_path

    keys = sorted(eids)
    while True:
        key = rng.choice(keys)
        eid = rng.choice(eids[key])
        day = f"{rng.randrange(2015, 2026)}-0{rng.randrange(1, 10)}-1{rng.randrange(10)}"
        words = quote(rng.choice(WORDS) + rng.choice(("", " " + rng.choice(WORDS))))
        document, article = f"/api/v1/documents/{key}", eid.partition("__")[0]
        yield rng.choice(
            [
                ("detail", document),
                ("detail in English", f"{document}?lang=en"),
                ("text", f"{document}/text"),
                ("longest text", f"/api/v1/documents/{longest}/text"),
                ("akn", f"{document}/text?format=akn"),
                ("markdown", f"{document}/text?format=md"),
                *[("provision", f"{document}/provisions/{eid}")] * 4,
                ("list", f"/api/v1/documents?page_size=50&as_of={day}"),
                ("list of a query", f"/api/v1/documents?q={words}"),
                *[("search", f"/api/v1/search?q={words}")] * 3,
                ("topics", "/api/v1/topics"),
                ("changes", "/api/v1/changes"),
                ("page", f"/van-ban/{key}"),
                ("page of an article", provision_path(key, article)),
                ("search page", f"/tim?q={words}"),
                ("contract", "/api/v1/openapi.yaml"),
                ("sitemap", "/sitemap.xml"),
            ]
        )


def units_of_documents():
    """({key of a document: eids of its articles and clauses}, key of the document with most of them)."""
    from content.documents.models import Provision
    from content.documents.queries import public_documents

    rows = Provision.objects.filter(document__in=public_documents(), kind__in=("article", "clause"))
    eids = {}
    now = rows.filter(versions__valid_until=None, versions__valid_from=None)  # never changed
    for key, eid in now.values_list("document__key", "eid"):
        eids.setdefault(key, []).append(eid)
    return eids, max(eids, key=lambda key: len(eids[key]))


class Readers:
    """Clients that ask a web server for addresses drawn anew each time."""

    def __init__(self, port, clients, drawn, bar):
        self.base, self.clients, self.drawn, self.bar = f"http://127.0.0.1:{port}", clients, drawn, bar
        self.kinds, self.refused, self.asked = set(), [], 0
        self._lock = threading.Lock()

    def read(self, count):
        """Ask `count` times in all, all clients at once."""
        with ThreadPoolExecutor(self.clients) as pool:
            list(pool.map(self._read, [count // self.clients] * self.clients))

    def _read(self, count):
        import requests

        with requests.Session() as session:
            for _ in range(count):
                with self._lock:
                    kind, path = next(self.drawn)
                answer = session.get(self.base + path, timeout=60)
                with self._lock:
                    self.kinds.add(kind)
                    self.asked += 1
                    self.bar.update()
                    if answer.status_code != 200:
                        self.refused.append(f"{answer.status_code} {path}")


def import_ahead_of_the_index(files, folder):
    """Import the documents, the last third of them after the search index was built.

    Returns a connection that keeps others from building it again. Close it in the end.
    """
    from content import direct_sessions
    from content.locks import TRY_FOR_SESSION, Lock
    from content.search.index import services

    lines = [line for file in files for line in gzip.decompress(file.read_bytes()).splitlines(keepends=True)]
    first, rest = folder / "first.jsonl", folder / "rest.jsonl"
    first.write_bytes(b"".join(lines[: len(lines) * 2 // 3]))
    rest.write_bytes(b"".join(lines[len(lines) * 2 // 3 :]))
    throwaway.import_and_publish([first])
    while services.rebuild_index() is None:  # the worker builds it
        time.sleep(1)
    holder = psycopg.connect(**direct_sessions.parameters(), autocommit=True)
    assert holder.execute(TRY_FOR_SESSION, [Lock.SEARCH_INDEX.value]).fetchone() == (True,)
    throwaway.import_and_publish([rest])
    assert services.is_index_stale()
    return holder


def measure_web(name, folder, requests):
    """(largest memory of a process after half of the requests, the same after all, the readers)."""
    from rivals import free_port, start_ours, wait_for
    from tqdm import tqdm

    eids, longest = units_of_documents()
    processes, kind = {"web": (2, "granian"), "alone": (1, "waitress")}[name]
    server = start_ours(folder, free_port(), processes=processes, server=kind, threads=THREADS, name=name)
    try:
        wait_for(server, "/health/live")
        pids = subprocess.check_output(["pgrep", "-P", str(server.process.pid)], text=True).split()
        assert len(pids) == processes, pids
        with tqdm(total=requests * processes, desc=name, unit="request", disable=not sys.stderr.isatty()) as bar:
            drawn = addresses(random.Random(1), eids, longest)
            readers = Readers(server.port, CLIENTS * processes, drawn, bar)
            found = []
            for _half in range(2):
                readers.read(requests * processes // 2)
                found.append(pss(*pids))
        return *found, readers
    finally:
        server.process.terminate()
        server.process.wait(60)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--requests", type=int, default=6_000)
    shared = throwaway.ROOT.parent / "shared/data/documents.jsonl.gz"
    parser.add_argument("--documents", nargs="+", type=Path, default=[shared])
    parser.add_argument("--servers", nargs="+", choices=["web", "alone"], default=["web", "alone"])
    asked = parser.parse_args()
    is_empty = "DATABASE_URL" not in os.environ
    throwaway.start()
    from config.local.fcm_emulator.client import running_emulator
    from config.local.supervisor import SupervisedProcess

    folder = Path(tempfile.mkdtemp(prefix="luatmo-bench-memory-"))
    with running_emulator(folder) as fcm:
        ours = fcm.environment | {"END_WITH_PARENT": str(os.getpid())}
        worker = SupervisedProcess("worker", [sys.executable, str(throwaway.ROOT / "manage.py"), "work"], ours)
        worker.start()
        try:
            with import_ahead_of_the_index(asked.documents, folder) if is_empty else contextlib.nullcontext():
                measured = {name: measure_web(name, folder, asked.requests) for name in asked.servers}
            found = {name: web for name, (_half, web, _readers) in measured.items()} | {"worker": pss(worker.pid)}
        finally:
            worker.stop()
    readers = [each for _half, _web, each in measured.values()]
    print("\n".join([line for each in readers for line in each.refused[:10]]))
    growth = max(web / half for half, web, _readers in measured.values())
    told = " ".join(f"{name}={found.get(name, math.nan):.0f}" for name in GOALS)
    print(f"memory: {told} growth={growth:.2f} requests={sum(each.asked for each in readers)}")
    is_read = all(not each.refused and len(each.kinds) >= LEAST_KINDS for each in readers)
    is_small = all(found[name] <= GOALS[name] for name in found)
    sys.exit(not (is_read and growth <= GROWTH and is_small))


if __name__ == "__main__":
    main()
