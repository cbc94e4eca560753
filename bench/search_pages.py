"""What one page of search results costs: finding, showing twenty of them, and how long a reader waits.

    [DATABASE_URL=…] .venv/bin/python bench/search_pages.py [--laws 60] [--rounds 20] [--documents FILE]

`manage.py web` with two processes over real laws, in a throw-away database unless DATABASE_URL names one. One client
asks for the first page of queries of each class of bench/search_speed.py, one after the other. CPU is that of the web
processes from /proc, without PostgreSQL's. Finding is `search_or_nearest`, asked here in the same way and in the same
minute; all else of a request is showing: the rows, their texts, the marked words, facets, JSON, the middleware, the log
line.

How it could pass while the product fails, and what closes that:
- empty or short pages are shown: each class that finds many must show FULL results on average, each result of law must
  have a text, and half of these texts a marked word;
- answers come from memory: no query is asked twice in a measured round, and an answer that says `hit` is wrong;
- finding is measured too dear, so that little is left for showing: a page behind the last result costs the same finding
  and shows nothing, so finding may not count for more than that page;
- all laws are small: the largest are imported first.

Last line: `search_pages: queries=… shown=… find=… show=… rows=… p50=… p95=… ms wrong=…`. `show`: CPU of a page of the
dearest class; `rows`: what a page of twenty costs more than one behind the last. Exit 1 where show is above 15 ms of
CPU or p95 above 80 ms, or an answer is wrong.
"""

import argparse
import contextlib
import http.client
import json
import random
import statistics
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote

import throwaway

throwaway.start()

import brotli
import search_speed
from web_server import WebServer

from content import vietnam_time
from content.passages.models import Passage
from content.search import queries
from content.search.index import services
from content.search.limits import SearchLimits
from content.sql import snapshot, time_limit

SHOW, WAIT = 15, 80  # milliseconds: of CPU; 95 of 100 requests
FULL = 15  # results on a page of a class that finds many
FINDS_FEW = ("rare word", "no such word")
BEHIND = "cj05MDAw"  # the cursor of a page behind the last result: «r=9000»
WARM_UP = 2  # rounds until the processes have read the statistics of words
LAWS = throwaway.ROOT.parent / "shared/data/documents.jsonl.gz"


@dataclass
class Figures:
    """Of one class of queries; CPU in milliseconds a request."""

    name: str
    find: float = 0
    page: float = 0
    behind: float = 0
    shown: float = 0
    waited: list[float] = field(default_factory=list)
    wrong: int = 0

    @property
    def show(self) -> float:
        return self.page - min(self.find, self.behind)

    @property
    def rows(self) -> float:
        return self.page - self.behind

    def __str__(self) -> str:
        p50, p95 = percentile(self.waited, 50), percentile(self.waited, 95)
        return (
            f"{self.name:18} find {self.find:5.1f}  page {self.page:5.1f}  behind the last {self.behind:5.1f}  "
            f"show {self.show:5.1f}  rows {self.rows:5.1f} ms of CPU, {self.shown:4.1f} results; "
            f"waited p50 {p50:5.1f} p95 {p95:5.1f} ms; {self.wrong} wrong"
        )


def percentile(values, percent):
    return statistics.quantiles(values, n=100, method="inclusive")[percent - 1]


def import_laws(path, count):
    """Import the largest laws of the file unless the database has some."""
    if Passage.objects.exists():
        return
    throwaway.import_largest(path, count)
    services.rebuild_index()


class Client:
    """Asks one web server, one request after the other."""

    def __init__(self, server):
        self.server = server
        self.connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=60)

    def ask(self, text, cursor=""):
        """(milliseconds, whether from memory, status, answer)."""
        path = f"/api/v1/search?q={quote(text)}" + (f"&cursor={cursor}" if cursor else "")
        headers = {"Accept-Encoding": "br", "Accept-Language": "vi"}
        began = time.perf_counter()
        self.connection.request("GET", path, headers=headers)
        answer = self.connection.getresponse()
        body = answer.read()
        took = 1000 * (time.perf_counter() - began)
        return took, "hit" in answer.headers.get("Cache-Status", ""), answer.status, body

    def cpu(self, texts, cursor=""):
        """(milliseconds of CPU a request, answers)."""
        before = sum(self.server.spent())
        answers = [self.ask(text, cursor) for text in texts]
        return 1000 * (sum(self.server.spent()) - before) / len(texts), answers


def is_wrong(is_hit, status, body):
    """Whether an answer is from memory or an error, or shows provisions without texts or marked words."""
    if is_hit or status != 200:
        return True
    texts = [each["highlights"][-1] for each in results_of(body) if each["provision"]]
    marked = sum(bool(text["marks"]) for text in texts)
    return any(text["field"] != "text" or not text["text"] for text in texts) or marked < len(texts) / 2


def results_of(body):
    return json.loads(body if body.startswith(b"{") else brotli.decompress(body))["results"]


def find_cpu(texts):
    """Milliseconds of this process's CPU that finding one takes."""
    filters, limits = queries.SearchFilters(day=vietnam_time.today()), SearchLimits()
    before = time.process_time()
    for text in texts:
        with contextlib.ExitStack() as stack:
            stack.enter_context(snapshot())
            stack.enter_context(time_limit(limits.statement_ms))
            queries.search_or_nearest(text, filters, limits=limits)
    return 1000 * (time.process_time() - before) / len(texts)


def measure(client, name, texts):
    found = Figures(name)
    for _ in range(WARM_UP):
        for text in texts:
            client.ask(text)
        find_cpu(texts)
    found.find = find_cpu(texts)
    found.page, answers = client.cpu(texts)
    found.behind, _answers = client.cpu(texts, BEHIND)
    found.waited = [took for took, *_rest in answers]
    found.wrong = sum(is_wrong(*rest) for _took, *rest in answers)
    found.shown = statistics.mean(len(results_of(body)) for *_rest, body in answers)
    if name not in FINDS_FEW and found.shown < FULL:
        found.wrong += 1
    return found


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--laws", type=int, default=60)
    parser.add_argument("--rounds", type=int, default=60, help="different queries of each class")
    parser.add_argument("--documents", type=Path, default=LAWS, metavar="FILE")
    options = parser.parse_args()
    import_laws(options.documents, options.laws)
    server = WebServer(Path(tempfile.mkdtemp(prefix="luatmo-bench-search-")))
    try:
        client = Client(server)
        asked = search_speed.classes(random.Random(1), options.rounds)
        found = [measure(client, name, list(dict.fromkeys(texts))) for name, texts in asked.items()]
    finally:
        server.stop()
    print(*found, sep="\n")
    dearest = max(found, key=lambda each: each.show)
    waited = [took for each in found for took in each.waited]
    wrong, p95 = sum(each.wrong for each in found), percentile(waited, 95)
    print(
        f"search_pages: queries={len(waited)} shown={statistics.mean(each.shown for each in found):.1f} "
        f"find={statistics.mean(each.find for each in found):.1f} show={dearest.show:.1f} "
        f"rows={max(each.rows for each in found):.1f} p50={percentile(waited, 50):.1f} p95={p95:.1f} ms wrong={wrong}"
    )
    return 0 if waited and not wrong and dearest.show <= SHOW and p95 <= WAIT else 1


if __name__ == "__main__":
    sys.exit(main())
