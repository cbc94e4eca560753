"""How much memory a web process and the worker hold after mixed reading and an import.

    [DATABASE_URL=…] .venv/bin/python bench/memory.py [--requests 6000] [--documents FILE…]

One web process of 16 threads reads like the readers of an afternoon: details, whole texts in each format, provisions on
days, lists, searches, feeds, pages, the contract. Eight clients ask at once. The worker is started before the import:
it has worked through all of it. Without DATABASE_URL the bench imports the documents into a throw-away database.

Memory is the proportional set size (`Pss` of /proc/PID/smaps_rollup): what the process has alone, and its part of what
the processes share. The peak counts of five readings at the end, not the lowest.

How it could pass while the product fails, and what closes that:
- nothing is read: each answer must be a 200, and LEAST_KINDS kinds of address must have been asked;
- everything comes from memory or is small: addresses are drawn anew each time, whole texts are a tenth of them, and
  the longest text is among them;
- the process is young: growth between the half and the end is told, and may be GROWTH at most.

Last line: `memory: web=… worker=… growth=… requests=…` in MiB; exit 1 outside the goals.
"""

import argparse
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

import throwaway

GOALS = {"web": 140, "worker": 150}  # MiB
GROWTH = 1.1
CLIENTS = 8
LEAST_KINDS = 12
READINGS = 5
WORDS = ("đất đai", "ly hôn", "hợp đồng lao động", "nồng độ cồn", "thừa kế", "giấy phép lái xe", "điều 5")


def pss(pid):
    """MiB: the highest of some readings."""
    found = []
    for _ in range(READINGS):
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

    def __init__(self, port, drawn, bar):
        self.base, self.drawn, self.bar = f"http://127.0.0.1:{port}", drawn, bar
        self.kinds, self.refused, self.asked = set(), [], 0
        self._lock = threading.Lock()

    def read(self, count):
        """Ask `count` times in all, CLIENTS at once."""
        with ThreadPoolExecutor(CLIENTS) as pool:
            list(pool.map(self._read, [count // CLIENTS] * CLIENTS))

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


def measure_web(folder, requests):
    """(memory of the process after half of the requests, after all, the readers)."""
    from rivals import free_port, start_ours, wait_for
    from tqdm import tqdm

    eids, longest = units_of_documents()
    server = start_ours(folder, free_port(), processes=1)
    try:
        wait_for(server, "/health/live")
        process = int(subprocess.check_output(["pgrep", "-P", str(server.process.pid)], text=True).split()[0])
        with tqdm(total=requests, unit="request", disable=not sys.stderr.isatty()) as bar:
            readers = Readers(server.port, addresses(random.Random(1), eids, longest), bar)
            found = []
            for _half in range(2):
                readers.read(requests // 2)
                found.append(pss(process))
        return *found, readers
    finally:
        server.process.terminate()
        server.process.wait(60)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--requests", type=int, default=6_000)
    shared = throwaway.ROOT.parent / "shared/data/documents.jsonl.gz"
    parser.add_argument("--documents", nargs="+", type=Path, default=[shared])
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
            if is_empty:
                throwaway.import_and_publish(asked.documents)
            half, web, readers = measure_web(folder, asked.requests)
            of_worker = pss(worker.pid)
        finally:
            worker.stop()
    print("\n".join(readers.refused[:10]))
    growth = web / half
    print(f"memory: web={web:.0f} worker={of_worker:.0f} growth={growth:.2f} requests={readers.asked}")
    is_read = not readers.refused and len(readers.kinds) >= LEAST_KINDS
    sys.exit(not (is_read and growth <= GROWTH and web <= GOALS["web"] and of_worker <= GOALS["worker"]))


if __name__ == "__main__":
    main()
