"""Answers from memory are never older than the last commit. Aim: none is, 50 ms after it, on any process.

    .venv/bin/python bench/freshness.py [--seconds 60] [--seed N]

Two web servers of two processes each, gunicorn and granian, read one throw-away database. A random history publishes,
corrects, amends,
withdraws and answers, and between its steps a person with psql changes documents: ten commits a second. 50 ms after the
last, addresses that were just changed and others are asked on new connections, each
twice, and compared byte by byte with what Django answers in this process, which has no memory of answers. Meanwhile
readers ask all addresses, so that answers are being made while the data changes; and the sessions that hear of changes
are killed, one by one and all at once.

How it could pass while the product fails, and what closes that:
- nothing comes from memory: LEAST_FROM_MEMORY of the compared answers must, by their Cache-Status;
- nothing changes: LEAST_PER_SECOND commits a second must change public law, and a share of the compared answers must
  differ from the answer of the same address before;
- the comparison sees nothing: at the end the triggers of the documents are switched off, and the same comparison must
  then find old answers;
- the kills hit nothing: each must end a session, and memory must serve again afterwards.
"""

import argparse
import contextlib
import os
import random
import socket
import subprocess
import sys
import threading
import time
from collections import Counter

import throwaway

os.environ.setdefault("READS_PER_MINUTE", "100000000")
os.environ["PUBLIC_URL"] = "http://127.0.0.1:8000"
throwaway.start()

import psutil
import requests
from django.core.signals import request_finished, request_started
from django.db import close_old_connections, connection
from django.test import Client
from tqdm import tqdm

from content.documents.models import LegalDocument, Provision
from content.law.page_paths import document_path, provision_path
from tests.random_history import RandomHistory

FIRST_LAWS = 20
TOUCHED = 8  # documents that are changed by hand after each step of the history
LEAST_PER_SECOND = 8
SETTLED_SECONDS = 0.05  # after a commit
COMPARED = 1  # addresses of the documents that were changed by hand, and as many others
LEAST_FROM_MEMORY, LEAST_CHANGED = 0.3, 0.1
KILL_SECONDS = 4
READERS = 2
ADDRESSES = 150  # that are asked at all, so that most are in memory
LISTENERS = "SELECT pid FROM pg_stat_activity WHERE query LIKE '%luatmo_beat%' AND pid <> pg_backend_pid()"


class Servers:
    """Two web servers over the database of this process."""

    def __init__(self):
        self.bases, self.processes = [], []
        gunicorn = ["-m", "gunicorn", "-c", "config/gunicorn.conf.py", "config.wsgi"]
        for command in (gunicorn, ["manage.py", "web"]):
            with socket.socket() as probe:
                probe.bind(("127.0.0.1", 0))
                port = probe.getsockname()[1]
            environment = os.environ | {
                "PORT": str(port), "WEB_PROCESSES": "2", "END_WITH_PARENT": str(os.getpid()), "NO_PROXY": "127.0.0.1",
                "TRUSTED_PROXIES": "127.0.0.2",
            }  # fmt: skip
            quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
            self.processes.append(
                subprocess.Popen([sys.executable, *command], cwd=throwaway.ROOT, env=environment, **quiet)
            )
            self.bases.append(f"http://127.0.0.1:{port}")
        for base in self.bases:
            self._wait_for(base)

    def _wait_for(self, base):
        give_up_at = time.monotonic() + 60
        while time.monotonic() < give_up_at:
            with contextlib.suppress(requests.RequestException):
                if requests.get(f"{base}/health/ready", timeout=5).ok:
                    return
            time.sleep(0.1)
        sys.exit("A web server did not start.")

    def workers(self):
        """How many processes answer: the children of the two."""
        return sum(len(psutil.Process(each.pid).children()) for each in self.processes)

    def stop(self):
        for each in self.processes:
            each.terminate()
        for each in self.processes:
            each.wait(30)


def addresses():
    """Addresses of public law, the newest documents first."""
    found = ["/api/v1/documents", "/api/v1/documents?status=in_force", "/api/v1/documents/facets", "/api/v1/topics"]
    gone = LegalDocument.objects.filter(status="withdrawn").order_by("-pk")[:3]
    for document in [*LegalDocument.objects.filter(status="published").order_by("-pk")[:20], *gone]:
        api = f"/api/v1/documents/{document.key}"
        found += [api, f"{api}/text", f"{api}/relations", document_path(document.key)]
        for eid in Provision.objects.filter(document=document).order_by("pk").values_list("eid", flat=True)[:2]:
            found += [f"{api}/provisions/{eid}", provision_path(document.key, eid)]
    return found[:ADDRESSES]


def truth(path):
    answer = Client(HTTP_HOST="127.0.0.1").get(path)
    return answer.status_code, _body(answer.status_code, answer.content)


def _body(status, content):
    return content if status in (200, 304) else b""  # a refusal has the id of its request


class Readers:
    """Ask addresses at random, until `stop`."""

    def __init__(self, servers, known):
        self.asked, self._servers, self._known, self._is_over = 0, servers, known, threading.Event()
        self._threads = [threading.Thread(target=self._read) for _ in range(READERS)]
        for each in self._threads:
            each.start()

    def _read(self):
        draw, session = random.Random(), requests.Session()
        while not self._is_over.is_set():
            session.get(draw.choice(self._servers.bases) + draw.choice(self._known), timeout=60)
            self.asked += 1

    def stop(self):
        self._is_over.set()
        for each in self._threads:
            each.join()


class Comparison:
    """Compares what the servers answer with the truth, and counts."""

    def __init__(self, servers, draw):
        self.servers, self.draw, self.counts = servers, draw, Counter()
        self.stale, self.before = [], {}

    def look(self, paths):
        for path in paths:
            right = truth(path)
            self.counts["changed"] += path in self.before and self.before[path] != right
            self.before[path] = right
            base = self.draw.choice(self.servers.bases)
            session = requests.Session()  # a new connection: any of the processes may answer, the same one twice
            for _ in range(2):
                answer = session.get(base + path, headers={"Accept-Encoding": "identity"}, timeout=60)
                self.counts["compared"] += 1
                self.counts["from_memory"] += answer.headers.get("Cache-Status") == "luat-mo; hit"
                if (answer.status_code, _body(answer.status_code, answer.content)) != right:
                    self.stale.append(f"{path} {answer.status_code} {answer.headers.get('Cache-Status')}")


def kill_listeners(draw):
    """End one of the sessions that hear of changes, or all. Returns how many ended."""
    with connection.cursor() as cursor:
        cursor.execute(LISTENERS)
        found = [pid for (pid,) in cursor.fetchall()]
        chosen = found if draw.random() < 0.3 else found[:1]
        cursor.execute("SELECT count(*) FILTER (WHERE pg_terminate_backend(pid)) FROM unnest(%s::int[]) pid", [chosen])
        return cursor.fetchone()[0]


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--seconds", type=int, default=60)
    options.add_argument("--seed", type=int, default=1)
    asked = options.parse_args()
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    history, draw = RandomHistory(seed=asked.seed), random.Random(asked.seed)
    history.actions[history.withdraw] = 0.3  # else nothing is left to read
    for _ in range(FIRST_LAWS):
        history.publish()
    servers = Servers()
    known = addresses()
    readers = Readers(servers, known)
    comparison, kills, commits = Comparison(servers, draw), 0, 0
    began = killed_at = time.monotonic()
    try:
        with tqdm(total=asked.seconds, unit="s", disable=None) as bar:
            while (passed := time.monotonic() - began) < asked.seconds:
                history.step()
                touched = change_by_hand(draw)
                commits += 1 + len(touched)
                time.sleep(SETTLED_SECONDS)
                changed = [path for path in known if any(f"{key}/" in f"{path}/" for key in touched)]
                comparison.look(draw.sample(changed, min(COMPARED, len(changed))) + draw.sample(known, COMPARED))
                if time.monotonic() - killed_at > KILL_SECONDS:
                    kills += kill_listeners(draw)
                    killed_at = time.monotonic()
                if commits % 20 == 0:
                    known[:] = addresses()
                bar.update(int(passed) - bar.n)
        seconds = time.monotonic() - began
    finally:
        readers.stop()
    workers = servers.workers()
    blind = not sees_old_answers(servers, draw)
    servers.stop()
    return told(comparison, readers, commits / seconds, kills, workers, blind)


def change_by_hand(draw):
    """Change documents past every service, each in a commit of its own. Returns their keys."""
    documents = list(LegalDocument.objects.filter(status="published").order_by("-pk")[:20])
    touched = draw.sample(documents, min(TOUCHED, len(documents)))
    for document in touched:
        title = f"{document.title.partition(' thử ')[0]} thử {draw.randrange(1_000_000)}"
        LegalDocument.objects.filter(pk=document.pk).update(title=title)
    return [each.key for each in touched]


def sees_old_answers(servers, draw):
    """Whether the comparison finds old answers when no change is announced."""
    control = Comparison(servers, draw)
    time.sleep(3)  # the last kill
    law = LegalDocument.objects.filter(status="published").latest("pk")
    path = document_path(law.key)
    control.look([path] * 12)
    if control.stale:
        return False
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE content_legaldocument DISABLE TRIGGER USER")
    LegalDocument.objects.filter(pk=law.pk).update(title="Luật khác hẳn")
    control.look([path] * 12)
    return bool(control.stale)


def told(comparison, readers, per_second, kills, workers, blind):
    counts = comparison.counts
    from_memory = counts["from_memory"] / max(counts["compared"], 1)
    changed = counts["changed"] / max(counts["compared"] / 2, 1)
    for each in comparison.stale[:20]:
        print("STALE", each)
    wrong = [
        why
        for why, holds in (
            ("an answer was old", not comparison.stale),
            ("too few answers came from memory", from_memory >= LEAST_FROM_MEMORY),
            ("too few answers changed", changed >= LEAST_CHANGED),
            ("too few commits", per_second >= LEAST_PER_SECOND),
            ("too few kills", kills >= 5),
            ("a process ended", workers == 4),
            ("the comparison does not see old answers", not blind),
        )
        if not holds
    ]
    for each in wrong:
        print("FAIL", each)
    print(
        f"freshness: commits_per_second={per_second:.1f} compared={counts['compared']} from_memory={from_memory:.2f} "
        f"changed={changed:.2f} read={readers.asked} kills={kills} stale={len(comparison.stale)}"
    )
    return int(bool(wrong))


if __name__ == "__main__":
    sys.exit(main())
