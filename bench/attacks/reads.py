"""Reads that anybody may send 600 times a minute: what each costs the web processes once it has been read before.

Faults: one for each read that costs more than READ_SECONDS of CPU (the median of TIMES), and for each answer that is
not 200.

How it could pass while the product fails, and what closes that:
- the CPU is not seen: a read that is known to cost something, the whole text of a law, must show some;
- a read goes to a process that has not answered it yet: each is sent WARM_UPS times first, on new connections;
- the answer is 304 or an error: only 200 counts, and its bytes must be more than none.
"""

import statistics
from urllib.parse import quote

import psutil

from attacks.target import Client, require, target, used_by

READ_SECONDS = 0.1  # 600 of those a minute keep a processor busy
WARM_UPS, TIMES = 6, 5
WORDS = quote("luật đất đai nhà ở " * 10)
PATHS = (
    "/api/v1/openapi.yaml",
    "/api/v1/openapi.json",
    "/api/v1/topics",
    "/api/v1/documents/facets",
    f"/api/v1/search?q={WORDS}",
    "/api/v1/feeds/documents.atom",
    "/api/v1/effects.ics",
    "/docs",
    "/problems",
    "/sitemap.xml",
    "/sitemap-documents-1.xml",
)


def run() -> tuple[int, str]:
    """(faults, CPU seconds of each read)."""
    with target() as installation:
        processes = installation.web_processes()
        law = Client(installation.base).get("/api/v1/documents").json()["results"][0]["key"]
        text = f"/api/v1/documents/{law}/text"
        costs = {path: _cost(installation.base, path, processes) for path in (*PATHS, text)}
    require(sum(each or 0 for each in costs.values()) > 0, "the CPU of the web processes was not seen")
    faults = sum(seconds is None or seconds > READ_SECONDS for seconds in costs.values())
    words = ", ".join(f"{path[:40]} {'failed' if cost is None else f'{cost:.2f} s'}" for path, cost in costs.items())
    return faults, words


def _cost(base: str, path: str, processes: list[psutil.Process]) -> float | None:
    """The median CPU seconds of a read; None if it was not answered with 200."""
    found = []
    for number in range(WARM_UPS + TIMES):
        with used_by(processes) as usage, Client(base) as client:
            answer = client.get(path)
        if answer.status_code != 200 or not answer.content:
            return None
        if number >= WARM_UPS:
            found.append(usage.own_seconds)
    return statistics.median(found)
