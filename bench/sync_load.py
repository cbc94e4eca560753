"""How fast is following, and what does it cost the installation that is followed?

    .venv/bin/python bench/sync_load.py [PART …] [--laws 40] [--articles 100] [--seconds 30] [--peers 63]

Parts, each with its goal; without any, all:
- record: a line of the change log with its chain against one without, in turn. At most 0.5 ms more (median).
- empty: `changes` with nothing new, as the server answers it. At most 1 ms.
- lag: A publishes a law a second; B's worker follows by long polling. In B's log p50 ≤ 1 s, p95 ≤ 3 s after it
  was made; sent to B's follower p95 ≤ 5 s.
- catch_up: B was off while A published; at least 100 records a second.
- load: the first load of laws of many articles; at least 1,500 articles a second, and the second half of it takes no
  more memory than the first (50 MiB allowed).
- peers: one installation is played under 63 addresses, each with a new law a second; lag p95 ≤ 10 s.

The goals are meant for two cores that do nothing else. Exit code 1 outside of them.
"""

import argparse
import datetime
import http.server
import json
import os
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

import throwaway

throwaway.start()

import jwt
from django.db import connection, transaction
from rest_framework.test import APIClient

from config.local.fcm_emulator.client import running_emulator
from content import locks
from content.changes import chain, services
from content.copying import records
from content.seals import keys as seal_keys
from content.seals import services as seals
from tests.builders import a_document
from tests.journeys.installation import free_port
from tests.other_installations import ROOT, OtherInstallation, dump_of_tables

PARTS = ("record", "empty", "lag", "catch_up", "load", "peers")
FOLLOW = "peer = a_peer({url!r}, {columns}); None"
NOW = "state='following', loaded_at=datetime.datetime.now(datetime.UTC), bookmark={0}, chain={1!r}, notifies=True"
LAGS = (
    "[(c.changed_at - datetime.datetime.fromisoformat(c.facts['origin']['changed_at'])).total_seconds() for c in "
    "Change.objects.filter(reader=None, facts__origin__has_key='changed_at').order_by('pk')]"
)
SENT = (
    "from notifications.deliveries.models import Delivery;"
    "[(d.finished_at - d.notification.change.changed_at).total_seconds() for d in"
    " Delivery.objects.filter(status='sent').select_related('notification__change')]"
)


def spread(values):
    """p50 and p95."""
    ordered = sorted(values)
    return statistics.median(ordered), ordered[min(len(ordered) - 1, len(ordered) * 95 // 100)]


class Bench:
    def __init__(self, folder, options, fcm):
        self.folder, self.options, self.fcm, self.failed, self.started = folder, options, fcm, [], []
        host, user = connection.settings_dict["HOST"], connection.settings_dict["USER"]
        self.server = (host, user)
        self.tables = dump_of_tables(self.server, connection.settings_dict["NAME"], folder / "tables.sql")

    def installation(self, name):
        made = OtherInstallation(name, self.folder, self.server, self.tables)
        self.started.append(made)
        made.create_database()
        made.begin()
        return made.ready()

    def check(self, name, value, goal, unit, *, at_least=False):
        is_right = value >= goal if at_least else value <= goal
        sign = "≥" if at_least else "≤"
        print(f"  {name}: {value:.2f} {unit} (goal {sign} {goal} {unit}){'' if is_right else '  ✗'}", flush=True)
        if not is_right:
            self.failed.append(name)

    def worker_of(self, installation):
        log = (self.folder / "worker.log").open("ab")
        environment = installation.environment() | self.fcm.environment
        command = [sys.executable, "manage.py", "work"]
        return subprocess.Popen(command, cwd=ROOT, env=environment, stdout=log, stderr=log)

    # -- the parts

    def record(self):
        """Lines with a chain and lines without one, in turn, so that both meet the same machine."""
        facts = {"title": "Luật Mẫu", "number": "1/2019/QH14", "doc_type": "law", "is_sample": False}
        linked, taken = chain.link, {True: [], False: []}
        for number in range(2 * self.options.lines):
            is_chained = bool(number % 2)
            chain.link = linked if is_chained else link_of_before
            began = time.perf_counter()
            with transaction.atomic():
                services.record_change("document.published", f"luat-{number}", nature="legal", facts=facts)
            taken[is_chained].append((time.perf_counter() - began) * 1000)
        chain.link = linked
        (before, before95), (after, after95) = spread(taken[False]), spread(taken[True])
        print(f"  without p50 {before:.2f} p95 {before95:.2f} ms; with p50 {after:.2f} p95 {after95:.2f} ms")
        self.check("record() with its chain", after - before, 0.5, "ms")

    def empty(self):
        with transaction.atomic():
            line = services.record_change("document.published", "luat-1", nature="legal", facts={"title": "Luật"})
        client, taken = APIClient(HTTP_HOST="127.0.0.1"), []
        for _ in range(500):
            began = time.perf_counter()
            answer = client.get(f"/api/v1/changes?after={line.pk}&page_size=100")
            taken.append((time.perf_counter() - began) * 1000)
            assert answer.status_code == 200 and not answer.json()["results"], answer
        half, most = spread(taken)
        print(f"  p50 {half:.2f} p95 {most:.2f} ms, with the client of the test")
        self.check("an empty answer of changes", half, 1.0, "ms")

    def lag(self):
        a, b = self.installation("lag_a"), self.installation("lag_b")
        columns = NOW.format(*a.run("[chain.head().key, chain.head().chain]"))
        b.run("fcm_knows_follows(); a_follower('minh', land()); None")
        b.run(FOLLOW.format(url=a.url, columns=columns))
        worker = self.worker_of(b)
        time.sleep(5)  # it has started, and waits for the first change
        for number in range(self.options.seconds):
            a.run(f"a_document('{number + 1}/2013/QH13', topics=[land()], notify=True); None")
            time.sleep(1)
        self.wait_for(b, self.options.seconds)
        worker.terminate()
        worker.wait()
        half, most = spread(b.run(LAGS))
        self.check("public at A, in B's log, p50", half, 1, "s")
        self.check("public at A, in B's log, p95", most, 3, "s")
        if sent := b.run(SENT):
            self.check("public at A, sent to B's follower, p95", most + spread(sent)[1], 5, "s")
        else:
            self.failed.append("nothing was sent to B's follower")

    def wait_for(self, installation, count, seconds=60):
        give_up_at = time.monotonic() + seconds
        while len(installation.run(LAGS)) < count and time.monotonic() < give_up_at:
            time.sleep(0.5)
        found = len(installation.run(LAGS))
        if found < count:
            self.failed.append(f"only {found} of {count} changes arrived")

    def catch_up(self):
        a, b = self.installation("up_a"), self.installation("up_b")
        b.run(FOLLOW.format(url=a.url, columns=NOW.format(*a.run("[chain.head().key, chain.head().chain]"))))
        a.run(f"[a_document(f'{{n}}/2013/QH13').pk for n in range(1, {self.options.records + 1})] and None")
        began = time.monotonic()
        done = b.run("[catch_up(peer), catch_up(peer), catch_up(peer)][0]")
        taken = time.monotonic() - began
        count = b.run("LegalDocument.objects.count()")
        print(f"  {count} records in {taken:.1f} s, {done}")
        self.check("catching up", count / taken, 100, "records/s", at_least=True)

    def load(self):
        a, b = self.installation("load_a"), self.installation("load_b")
        articles = "''.join(f'Điều {n}. Mẫu {n}\\n1. Khoản một của điều {n}.\\n2. Khoản hai.\\n' for n in range(1, %d))"
        articles %= self.options.articles + 1
        text = f"'QUỐC HỘI\\nLUẬT\\nMẪU\\n' + {articles}"
        laws = self.options.laws
        a.run(f"text = {text}; [a_document(f'{{n}}/2013/QH13', text=text).pk for n in range(1, {laws + 1})] and None")
        a.export()
        b.run(FOLLOW.format(url=a.url, columns=""))
        memory = "import resource; resource.getrusage(resource.RUSAGE_SELF).ru_maxrss"
        b.run(
            "from content.sync import loading; import resource; seen = []; before = loading._note\n"
            "def noted(*args):\n    before(*args)\n"
            "    seen.append(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)\n"
            f"loading._note = noted; loading.NOTED_EACH = {max(1, laws // 20)}"
        )
        began = time.monotonic()
        b.run("work_once(peer, PeerClient(peer.url)).objects")
        taken = time.monotonic() - began
        count = b.run(
            "from content.documents.models import Provision; Provision.objects.filter(kind='article').count()"
        )
        seen = [*b.run("seen"), b.run(memory)]
        print(f"  {count} articles in {taken:.1f} s; at most {seen[-1] // 1024} MiB")
        self.check("first load", count / taken, 1500, "articles/s", at_least=True)
        self.check("memory of its second half", (seen[-1] - seen[len(seen) // 2]) / 1024, 50, "MiB")

    def peers(self):
        b = self.installation("peers_b")
        a_document("1/2013/QH13", title="Luật Mẫu số 1/2013/QH13")
        template = records.public_record("document", "luat-2019-1-2013-qh13")
        players = [Player(number, template) for number in range(self.options.peers)]
        b.run(
            f"from content.sync.models import Peer; [Peer.objects.create(key=key, url='http://' + key, name=key, "
            f"keys={seals.keys_of_set(seals.public_keys())!r}, {NOW.format(0, '')}) for key in "
            f"{[each.home for each in players]!r}] and None"
        )
        worker = self.worker_of(b)
        time.sleep(10)
        for _second in range(self.options.seconds):
            began = time.monotonic()
            for each in players:
                each.publish()
            time.sleep(max(0, 1 - (time.monotonic() - began)))
        self.wait_for(b, self.options.seconds * self.options.peers, seconds=120)
        worker.terminate()
        worker.wait()
        half, most = spread(b.run(LAGS) or [float("inf")])
        print(f"  p50 {half:.1f} s")
        self.check(f"lag of {self.options.peers} installations, p95", most, 10, "s")
        if wrong := b.run("list(Peer.objects.exclude(error='').values_list('error', flat=True)[:3])"):
            self.failed.append(f"errors of peers: {wrong}")

    def clean_up(self):
        for each in self.started:
            each.stop()


def link_of_before(changes):
    """As before there was a chain: the database numbers the lines. What is there instead links nothing."""
    locks.hold(locks.Lock.CHANGE_LOG)
    for change in changes:
        change.chain = "0" * 64


class Player(http.server.ThreadingHTTPServer):
    """An installation that is played: a key, a chain and one new law each time that it is told to."""

    daemon_threads = True

    def __init__(self, number, template):
        super().__init__(("127.0.0.1", free_port()), PlayedAnswer)
        self.number, self.template = number, template
        self.home = f"127.0.0.1:{self.server_port}"
        self.lines, self.records, self.changed = [], {}, threading.Condition()
        threading.Thread(target=self.serve_forever, daemon=True).start()

    def publish(self):
        count = len(self.lines) + 1
        number = f"{self.number * 10_000 + count}/2013/QH13"
        written = json.dumps(self.template).replace("1/2013/QH13", number)
        key = self.template["key"].replace("1-2013-qh13", number.replace("/", "-").lower())
        record = json.loads(written) | {"home": self.home, "key": key}
        record["record_hash"] = records.hash_of(record)
        record |= {"of_change": str(count), "seal": self.seal(records.claims_of(record, count)), "home_seal": None}
        now = datetime.datetime.now(datetime.UTC)
        said = {
            "key": str(count), "event_type": "document.published", "nature": "legal", "subject": record["key"],
            "eids": [], "topics": [], "organisation": "", "notify": False, "facts_digest": "0" * 64, "hash_before": "",
            "hash_after": "", "changed_at": now.isoformat(timespec="microseconds"),
        }  # fmt: skip
        before = self.lines[-1]["chain"] if self.lines else ""
        line = said | {"chain": chain.next_chain(before, said), "is_tombstone": False, "facts": {"number": number}}
        with self.changed:
            self.records[record["key"]] = record
            self.lines.append(line)
            self.changed.notify_all()

    def seal(self, claims):
        keys = seal_keys.current_keys()
        said = {"iss": f"http://{self.home}"} | dict(claims)
        return jwt.encode(said, keys.signing, algorithm="EdDSA", headers={"kid": keys.signing_id})

    def page(self, after, wait):
        with self.changed:
            self.changed.wait_for(lambda: len(self.lines) > after, timeout=wait)
            lines = self.lines[after : after + 100]
        nothing = {"key": "0", "chain": "", "changed_at": None}
        last = self.lines[after + len(lines) - 1] if after + len(lines) else nothing
        head = {"key": last["key"], "chain": last["chain"], "at": last["changed_at"]}
        return {"results": lines, "head": head | {"seal": self.seal({"about": "head", **head})}}


class PlayedAnswer(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        path, _mark, query = self.path.partition("?")
        if path.endswith("/changes"):
            asked = dict(each.split("=") for each in query.split("&"))
            said = self.server.page(int(asked["after"]), int(asked["wait"]))
        elif path.endswith("/record"):
            said = self.server.records[path.split("/")[-2]]
        else:
            said = seals.public_keys()
        body = json.dumps(said).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *arguments):
        pass


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("parts", nargs="*", choices=[[], *PARTS], default=[])
    options.add_argument("--laws", type=int, default=40)
    options.add_argument("--articles", type=int, default=100, help="of each law that is loaded")
    options.add_argument("--seconds", type=int, default=30)
    options.add_argument("--records", type=int, default=300)
    options.add_argument("--lines", type=int, default=400)
    options.add_argument("--peers", type=int, default=63)
    options = options.parse_args()
    with tempfile.TemporaryDirectory(prefix="luatmo-bench-load-") as name, running_emulator(name) as fcm:
        os.chmod(name, 0o711)
        bench = Bench(Path(name), options, fcm)
        try:
            for part in options.parts or PARTS:
                print(part, f"(load of the machine {os.getloadavg()[0]:.1f})", flush=True)
                getattr(bench, part)()
        finally:
            bench.clean_up()
    print("sync_load:", "; ".join(bench.failed) or "all goals reached")
    sys.exit(bool(bench.failed))


if __name__ == "__main__":
    main()
