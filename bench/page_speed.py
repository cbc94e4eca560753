"""How long a reader waits for the page of an article: made anew, and from memory.

    .venv/bin/python bench/page_speed.py [--laws 5]

`manage.py web` with two processes over a throw-away database with real laws, the largest of ../shared/data first. One
client asks each article's page once, and then until it comes from memory. The server says which it was (Cache-Status).

How it could pass while the product fails, and what closes that:
- an answer is an error page, which is fast: the status must be 200, and the page must hold the article's own words;
- all pages are of short articles: the largest laws are asked, all their articles;
- «cold» was stored by an earlier request: each address is asked cold once; one that says `hit` then is wrong.

Last line: `page_speed: pages=… cold_p50=… cold_p95=… stored_p50=… stored_p95=… ms wrong=…`; exit 1 where a median is
above 60 ms cold or 5 ms stored, or a page is wrong.
"""

import argparse
import html
import http.client
import os
import re
import statistics
import sys
import tempfile
import time
from pathlib import Path

import throwaway

os.environ.setdefault("PUBLIC_URL", "http://127.0.0.1:8000")
throwaway.start()

from tqdm import tqdm
from web_server import WebServer

from content.documents.models import LegalDocument
from content.documents.provision_queries import provisions_on
from content.law.page_paths import provision_path
from content.vietnam_time import today

COLD, STORED = 60, 5  # milliseconds, the median
LAWS = throwaway.ROOT.parent / "shared/data/documents.jsonl.gz"
MOST_ASKED = 12  # requests until a page must come from memory: two processes have a memory each


def articles():
    """[(path of the page, words that it must hold)] of each article with text today."""
    return [
        (provision_path(document.key, each.eid), each.heading or each.text)
        for document in LegalDocument.objects.filter(status="published")
        for each in provisions_on(document, today()).filter(kind="article")
    ]


def ask(connection, path):
    """(milliseconds, whether from memory, status, page)."""
    began = time.perf_counter()
    connection.request("GET", path, headers={"Accept": "text/html", "Accept-Language": "vi"})
    answer = connection.getresponse()
    page = answer.read().decode()
    took = 1000 * (time.perf_counter() - began)
    return took, answer.headers.get("Cache-Status") == "luat-mo; hit", answer.status, page


def only_words(text):
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", text)).split())


def main(laws):
    throwaway.import_largest(LAWS, laws)
    asked = articles()
    server = WebServer(Path(tempfile.mkdtemp(prefix="luatmo-bench-pages-")))
    cold, stored, wrong = [], [], 0
    try:
        connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=60)
        for path, _words in asked[:: max(1, len(asked) // 40)]:  # both processes have loaded every module
            for as_of in range(4):
                ask(connection, f"{path}?as_of=202{as_of}-12-31")
        for path, words in tqdm(asked, disable=None):
            took, is_hit, status, page = ask(connection, path)
            cold.append(took)
            wrong += is_hit or status != 200 or only_words(words)[:60] not in only_words(page)
            again = [ask(connection, path) for _ in range(MOST_ASKED)]
            hits = [took for took, is_hit, *_rest in again if is_hit]
            wrong += not hits or any(same != page for *_rest, same in again)
            stored += hits[:1]
    finally:
        server.stop()
    (cold_p50, cold_p95), (stored_p50, stored_p95) = (
        (statistics.median(times), statistics.quantiles(times, n=20)[18]) for times in (cold, stored)
    )
    print(
        f"page_speed: pages={len(asked)} cold_p50={cold_p50:.1f} cold_p95={cold_p95:.1f} stored_p50={stored_p50:.2f} "
        f"stored_p95={stored_p95:.2f} ms wrong={wrong}"
    )
    return 0 if asked and not wrong and cold_p50 <= COLD and stored_p50 <= STORED else 1


if __name__ == "__main__":
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--laws", type=int, default=5)
    sys.exit(main(options.parse_args().laws))
