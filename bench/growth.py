"""What each public read costs when the library is 150 times as large: CPU and memory of every operation.

    .venv/bin/python bench/growth.py [--times 150] [--acts 220] [--repeats 5] [--export]

`manage.py up` in a folder of its own, with about 227 documents of ../shared/data: acts of the sizes that most acts
have, and the Penal Code. Every anonymous GET of openapi.yaml is asked, and reads that were dear once (DEAR). Then the
library is copied by SQL to 34,000 documents (library_copies.py), and the same is asked again. A cost is the CPU of the
web processes and of PostgreSQL together, the median of `--repeats` requests; memory is what the largest web process
gains at its peak. Before each request a document changes, so that what is made once for each change is made anew.

How it could pass while the product fails, and what closes that:
- answers come from memory: the web server keeps none, and a document changes before each request;
- an answer is an error or a redirect: each must be 200 with a body;
- an operation is left out: one without a measurement is a fault;
- copies are not found: the number of documents that the API counts must have grown as the library has;
- the work is done by processes that nobody counts: parallel workers of PostgreSQL are counted when they end, and the
  worker of the installation is stopped while reads are measured;
- only the ratio is good, or only the figure: both have goals. An operation under LEAST_MS is flat. How many times as
  long an answer is, is printed: it explains a ratio, and excuses none.

`--export` writes the nightly export of the large library too. Last line: `growth: worst=… dearest_ms=… most_mb=…
operations=… faults=…`; exit 1 outside the goals.
"""

import argparse
import contextlib
import gzip
import json
import os
import random
import re
import signal
import statistics
import sys
import time
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

import psutil
import yaml
from attacks.target import Client, Target, require, target, until
from library_copies import copy_library
from made_up_world import QUERIES, TOPIC, World
from tqdm import tqdm

ROOT = Path(__file__).resolve().parent.parent
DATA = ROOT.parent / "shared/data"
PARTS = [DATA / f"phapdien_articles_{part}.jsonl.gz" for part in (1, 2, 3)]
LONGEST = "100/2015/QH13"  # the Penal Code
MOST_ARTICLES = 40  # of an act that is taken
WORST_RATIO, DEAREST_MS, MOST_MB, EXPORT_SECONDS = 1.5, 300, 50, 600
TRIES = 20
LEAST_MS = 2.0  # below it a ratio says nothing
WORKER_SECONDS = 30
SETTLE_SECONDS = 0.15  # until a change is known to the web processes
A_CHANGE = """
    UPDATE content_legaldocument SET updated_at = now() WHERE id = (SELECT min(id) FROM content_legaldocument)
"""
BY_DEVICE = ("countUnread", "listInbox", "listFollows")
WORDS = quote("quyền của người sử dụng đất")
DEAR = {  # {name: path below /api/v1}
    "status that matches nothing": "documents?status=suspended",
    "expired of a topic": f"documents?status=expired&topic={TOPIC}",
    "in force in 1990": "documents?status=in_force&as_of=1990-01-01",
    "list of two words": f"documents?q={quote('đất đai')}",
    "list of a topic": f"documents?topic={TOPIC}",
    "list with its count": "documents?count=true&status=in_force",
    "hundred documents": "documents?page_size=100",
    "by date of effect": "documents?ordering=effective_on",
    "facets of a topic": f"documents/facets?topic={TOPIC}",
    "facets in 1990": "documents/facets?as_of=1990-01-01",
    "effects of all years": "effects?from=1945-01-01",
    "effects of one year": "effects?from=2015-01-01&to=2015-12-31",
    "effects of a topic": f"effects?from=1945-01-01&topic={TOPIC}",
    "calendar of a year": "effects.ics?from=2015-01-01&to=2015-12-31",
    "search of a common word": f"search?q={quote('luật')}",
    "search of five words": f"search?q={WORDS}",
    "search in a topic": f"search?q={quote('đất đai')}&topic={TOPIC}",
    "feed of a topic": f"feeds/documents.atom?topic={TOPIC}",
}
PAGES = {  # {name: path}: what is not in the contract and is read by machines
    "first page": "/", "index of the sitemap": "/sitemap.xml", "search page": f"/tim?q={WORDS}",
    "catalogue": "/catalogue.jsonld",
}  # fmt: skip


@dataclass
class Cost:
    """What the requests of one read took."""

    milliseconds: list[float] = field(default_factory=list)
    mebibytes: float = 0
    answer: int = 0  # bytes, without compression
    faults: list[str] = field(default_factory=list)

    @property
    def typical(self) -> float:
        return statistics.median(self.milliseconds) if self.milliseconds else 0.0


@dataclass
class Asked:
    """As much of a case of schemathesis as `World` looks at."""

    operation: Any
    path_parameters: dict[str, Any]
    query: dict[str, Any] = field(default_factory=dict)
    headers: dict[str, str] = field(default_factory=dict)
    cookies: dict[str, str] = field(default_factory=dict)


@dataclass
class Operation:
    """A GET of the contract."""

    name: str
    path: str


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--times", type=int, default=150)
    options.add_argument("--acts", type=int, default=220)
    options.add_argument("--repeats", type=int, default=5)
    options.add_argument("--export", action="store_true", help="also write the export of the large library")
    asked = options.parse_args()
    os.environ["READ_CACHE_MEBIBYTES"] = "0"
    with target() as installation:
        world = World(installation)
        fill(installation, asked.acts)
        installation.manage("check_document_counts", "--write")  # as the worker does within a minute
        reads = addresses(installation, world)
        wait_for_answers(installation, world, reads)
        small = measured(installation, world, reads, asked.repeats)
        counted = documents(installation)
        with without_worker(installation), installation.sql() as database:
            held = copy_library(database, asked.times)
        installation.manage("rebuild_search_index")
        installation.manage("check_document_counts", "--write")  # no trigger saw the copies
        large = measured(installation, world, reads, asked.repeats)
        grown = documents(installation) / counted
        require(grown > asked.times * 0.9, f"the API counts only {grown:.0f} times as many documents")
        print(f"documents: {counted}, then {held}")
        print_costs(small, large)
        seconds = export_seconds(installation) if asked.export else None
    return told(small, large, seconds)


def fill(installation: Target, count: int) -> None:
    """Import that many acts and the Penal Code, and publish them."""
    articles: dict[str, list[str]] = defaultdict(list)
    for part in PARTS:
        with gzip.open(part, "rt") as lines:
            for line in lines:
                articles[json.loads(line)["src_number"]].append(line)
    chosen = random.Random(1).sample(sorted(key for key, its in articles.items() if len(its) <= MOST_ARTICLES), count)
    acts = installation.home / "acts.jsonl"
    acts.write_text("".join(line for key in chosen for line in articles[key]), encoding="utf-8")
    longest = installation.home / "longest.jsonl"
    with gzip.open(DATA / "documents.jsonl.gz", "rt") as lines:
        longest.write_text(next(line for line in lines if f'"{LONGEST}"' in line), encoding="utf-8")
    command = ["import_documents", acts, longest, "--topic", TOPIC, "--publish"]
    said = installation.manage(*command, may_fail=True)
    if named := re.findall(r"--accept \S+", said):  # as somebody does who has read the heavy faults
        installation.manage(*command, *" ".join(named).split(), may_fail=True)


def documents(installation: Target) -> int:
    said = Client(installation.base).get("/api/v1/documents?count=true&page_size=1").json()
    return int(said["count"])


def addresses(installation: Target, world: World) -> dict[str, str]:
    """{name of a read: its address}: every anonymous GET of the contract, with good values, and the dear ones."""
    contract = yaml.safe_load((ROOT / "openapi.yaml").read_text(encoding="utf-8"))
    found = {}
    for path, methods in contract["paths"].items():
        get = methods.get("get")
        if not get or (get.get("security") and {} not in get["security"] and get["operationId"] not in BY_DEVICE):
            continue
        operation = Operation(get["operationId"], path)
        names = [piece.partition("}")[0] for piece in path.split("{")[1:]]
        for _try in range(TRIES):  # one of several contests is drawn, and the ranks of some are not shown yet
            case = Asked(operation, dict.fromkeys(names))
            world.fill(operation.name, case, everything=True)
            values = {name: quote(str(value), safe="") for name, value in case.path_parameters.items()}
            query = urlencode(QUERIES.get(operation.name, {}))
            address = found[operation.name] = path.format(**values) + (f"?{query}" if query else "")
            if reader(installation, world, operation.name).get(address).status_code == 200:
                break
    found |= {name: f"/api/v1/{path}" for name, path in DEAR.items()} | PAGES
    sitemap = Client(installation.base).get("/sitemap.xml").text
    found["file of the sitemap"] = sitemap.partition("<loc>")[2].partition("</loc>")[0].removeprefix(installation.base)
    longest = Client(installation.base).get(f"/api/v1/documents?number={LONGEST}").json()["results"]
    require(longest, f"{LONGEST} was not published")
    key = longest[0]["key"]
    for name, end in (("longest text", "/text"), ("longest detail", ""), ("longest record", "/record")):
        found[name] = f"/api/v1/documents/{key}{end}"
    return found


def wait_for_answers(installation: Target, world: World, reads: dict[str, str]) -> None:
    """Let the worker finish what an answer needs: the end of a round, its board."""
    for name, path in reads.items():
        client = reader(installation, world, name)
        until(lambda client=client, path=path: client.get(path).status_code == 200, WORKER_SECONDS)


def reader(installation: Target, world: World, name: str) -> Client:
    """Who asks for that."""
    return world.own if name in BY_DEVICE else Client(installation.base)


def measured(installation: Target, world: World, reads: dict[str, str], repeats: int) -> dict[str, Cost]:
    """{name of a read: its cost} while nothing but the web server and PostgreSQL runs."""
    costs = {}
    with without_worker(installation), installation.sql() as database:
        counter = Counter(installation)
        for name, path in tqdm(reads.items(), desc="reads", disable=None):
            client = reader(installation, world, name)
            cost = costs[name] = Cost()
            with contextlib.suppress(Exception):
                client.get(path)  # programs are loaded, plans are made
            for _ in range(repeats):
                database.execute(A_CHANGE)
                time.sleep(SETTLE_SECONDS)
                before = counter.begin()
                answer = client.get(path, headers={"Accept-Encoding": "gzip"})
                milliseconds, mebibytes = counter.end(before)
                cost.milliseconds.append(milliseconds)
                cost.mebibytes = max(cost.mebibytes, mebibytes)
                cost.answer = len(answer.content)
                if answer.status_code != 200 or not answer.content:
                    cost.faults.append(f"{name}: {answer.status_code} {path}")
    return costs


@contextlib.contextmanager
def without_worker(installation: Target) -> Iterator[None]:
    """Let the worker stand still meanwhile."""
    workers = [
        process
        for process in map(psutil.Process, installation.processes())
        if {"manage.py", "work"} <= {Path(each).name for each in process.cmdline()}
    ]
    require(workers, "no worker runs")
    for worker in workers:
        worker.send_signal(signal.SIGSTOP)
    try:
        yield
    finally:
        for worker in workers:
            worker.send_signal(signal.SIGCONT)


class Counter:
    """CPU of the web processes and PostgreSQL, and what a web process holds at its peak."""

    def __init__(self, installation: Target) -> None:
        self._web = installation.web_processes()
        served = [each for each in map(psutil.Process, installation.processes()) if each.name() == "postgres"]
        self._postmaster = min(served, key=lambda each: each.create_time())

    def begin(self) -> tuple[float, dict[int, float]]:
        for process in self._web:
            Path(f"/proc/{process.pid}/clear_refs").write_text("5")
        return self._spent(), {process.pid: _held(process.pid, "VmRSS") for process in self._web}

    def end(self, before: tuple[float, dict[int, float]]) -> tuple[float, float]:
        """(milliseconds, mebibytes) since then."""
        spent, held = before
        grown = max(_held(process.pid, "VmHWM") - held[process.pid] for process in self._web)
        return self._spent() - spent, grown

    def _spent(self) -> float:
        """Milliseconds. A backend that ended is in what the postmaster counts of its children."""
        backends = self._postmaster.children()
        ended = self._postmaster.cpu_times()
        total = 1000 * (ended.children_user + ended.children_system)
        return total + sum(_cpu(process.pid) for process in (*self._web, *backends))


def _cpu(pid: int) -> float:
    """Milliseconds that the threads of a process ran, by the scheduler: /proc counts in hundredths of a second."""
    total = 0
    with contextlib.suppress(OSError):
        for task in Path(f"/proc/{pid}/task").iterdir():
            total += int((task / "schedstat").read_text().split()[0])
    return total / 1e6


def _held(pid: int, name: str) -> float:
    status = Path(f"/proc/{pid}/status").read_text()
    return next(int(line.split()[1]) / 1024 for line in status.splitlines() if line.startswith(name))


def export_seconds(installation: Target) -> float:
    began = time.monotonic()
    installation.manage("export_bulk")
    return time.monotonic() - began


def print_costs(small: dict[str, Cost], large: dict[str, Cost]) -> None:
    print(f"{'':32} {'1 × ms':>9} {'large ms':>9} {'ratio':>6} {'MB':>6} {'answer ×':>9}")
    for name, after in sorted(large.items(), key=lambda item: -ratio_of(small[item[0]], item[1])):
        before, ratio = small[name], ratio_of(small[name], after)
        longer = after.answer / max(before.answer, 1)
        print(
            f"{name:32} {before.typical:9.1f} {after.typical:9.1f} {ratio:6.2f} {after.mebibytes:6.1f} {longer:9.1f}",
            flush=True,
        )


def ratio_of(before: Cost, after: Cost) -> float:
    return after.typical / max(before.typical, LEAST_MS) if after.typical > LEAST_MS else 1.0


def told(small: dict[str, Cost], large: dict[str, Cost], seconds: float | None) -> int:
    """Print the faults and the last line. Returns the exit code."""
    faults = [fault for costs in (small, large) for cost in costs.values() for fault in cost.faults]
    print("\n".join(sorted(set(faults))))
    worst = max(ratio_of(small[name], cost) for name, cost in large.items())
    dearest, most = max(cost.typical for cost in large.values()), max(cost.mebibytes for cost in large.values())
    told_export = "" if seconds is None else f" export_s={seconds:.0f}"
    print(
        f"growth: worst={worst:.2f} dearest_ms={dearest:.0f} most_mb={most:.0f} operations={len(large)}"
        f" faults={len(faults)}{told_export}"
    )
    is_good = worst <= WORST_RATIO and dearest <= DEAREST_MS and most <= MOST_MB and not faults
    return int(not (is_good and (seconds is None or seconds <= EXPORT_SECONDS)))


if __name__ == "__main__":
    sys.exit(main())
