"""How fast is following, and what does it cost the installation that is followed?

    .venv/bin/python bench/sync_load.py [PART …] [--laws 40] [--articles 100] [--seconds 30] [--peers 63]

Parts, each with its goal; without any, all:
- record: a line of the change log with its chain against one without, in turn. At most 0.5 ms more (median).
- empty: `changes` with nothing new, as the web server answers it. At most 1 ms, both the median and the mean.
- lag: A publishes a law a second; B's worker follows by long polling. In B's log p50 ≤ 1 s, p95 ≤ 3 s after it
  was made; in the tray of B's follower p95 ≤ 5 s.
- catch_up: B was off while A published; at least 100 records a second.
- load: the first load of laws of many articles; at least 1,500 articles a second, and the second half of it takes no
  more memory than the first (50 MiB allowed).
- peers: one installation is played under 63 addresses, each with a new decision of a province a second; lag p95 ≤ 10 s.

The goals are meant for two cores that do nothing else, A and the database too. Exit code 1 outside of them.

How it could pass while the product fails, and what closes that:
- What arrives could be incomplete or other words: after `catch_up` and `load` all data of A and B are compared, after
  `lag` B must answer each law over HTTP, and nothing may wait or be in conflict. A change that does not arrive within a
  minute fails its part, so that a lag is never that of the quick ones alone.
- A line of B's log has the moment just before its commit. The tray is seen after it, by asking the phone.
- The empty answer could be an old one: a change between two requests must be in the answer within a second. And it
  could be quick because nothing ever changes: each 25th comes after a change of another object, and is made anew.
- `record()` could be quick because the lock is free. It is: the lock is as old as the log, the chain is what is new.
- The played installations answer from memory, so `peers` says nothing of the cost on their side; `catch_up` does. They
  publish decisions, as provinces do: for a law B also reads the names of laws anew, which `lag` and `catch_up` have.
- Those played could publish more slowly than said, or the backlog could grow for ever: the time that they took is
  checked, and the second half of the changes may not come later than the first by more than 2 s.
"""

import argparse
import datetime
import http.server
import io
import json
import os
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import NamedTuple

import throwaway

throwaway.start()

import jwt
import requests
from django.db import transaction
from django.utils.text import slugify

from api import long_polling
from config.local.fcm_emulator.client import running_emulator
from config.wsgi import application
from content import locks
from content.changes import chain, services
from content.copying import records
from content.documents.provisions import text_sha256
from content.seals import keys as seal_keys
from content.seals import services as seals
from content.topics.models import Topic
from tests.builders import a_local_document, registration_of
from tests.journeys.installation import free_port
from tests.other_installations import ROOT, OtherInstallation, dump_of_tables

NUMBER = "1/2024/QĐ-UBND"  # of the decision that the played installations have, each with a number of its own
PARTS = ("record", "empty", "lag", "catch_up", "load", "peers")
FOLLOW = "peer = a_peer({url!r}, {columns}); None"
NOW = "state='following', loaded_at=datetime.datetime.now(datetime.UTC), bookmark={0}, chain={1!r}, notifies=True"
LAGS = (
    "[(c.changed_at - datetime.datetime.fromisoformat(c.facts['origin']['changed_at'])).total_seconds() for c in "
    "Change.objects.filter(reader=None, facts__origin__has_key='changed_at').order_by('pk')]"
)
UNSETTLED = (
    "from notifications.follows.models import UNSETTLED, FcmSubscription;"
    "[FcmSubscription.objects.count(), FcmSubscription.objects.filter(UNSETTLED).count()]"
)
LEFT_OVER = (
    "[f'{each.subject}: {each.error}' for each in Waiting.objects.all()] + "
    "[f'{each.subject}: {each.kind}' for each in Conflict.objects.all()]"
)
FOLLOWER = "minh"


def spread(values):
    """p50 and p95."""
    ordered = sorted(values)
    return statistics.median(ordered), ordered[min(len(ordered) - 1, len(ordered) * 95 // 100)]


class Bench:
    def __init__(self, folder, options, fcm):
        self.folder, self.options, self.fcm, self.failed, self.started = folder, options, fcm, [], []
        self.tables = dump_of_tables(folder / "tables.sql")

    def installation(self, name):
        made = OtherInstallation(name, self.folder, self.tables, remembers=True)
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
        """The answer to who has no place to wait, through the application that the web server runs."""
        taken = []
        while long_polling.slots_of_process().acquire(blocking=False):
            taken.append(True)
        line = self.line()
        self.ask_for_changes(line)  # the first request begins to listen
        self.eventually(lambda: "hit" in self.ask_for_changes(line).headers["Cache-Status"], seconds=20)
        spent = []
        for number in range(500):
            if number % 25 == 0:  # another object changes, and the answer is made anew
                Topic.objects.filter(pk=Topic.objects.first().pk).update(name=f"Lĩnh vực {number}")
                time.sleep(0.05)
            began = time.perf_counter()
            answer = self.ask_for_changes(line, number)
            spent.append((time.perf_counter() - began) * 1000)
            assert answer.status == "200 OK" and not answer.body["results"], answer
            assert answer.headers["Retry-After"] == "1", answer
        before, line = line, self.line()
        self.eventually(lambda: [each["key"] for each in self.ask_for_changes(before).body["results"]] == [str(line)])
        for _slot in taken:
            long_polling.slots_of_process().release()
        print(f"  p95 {spread(spent)[1]:.2f} ms, at most {max(spent):.2f} ms")
        self.check("an empty answer of changes, p50", spread(spent)[0], 1.0, "ms")
        self.check("an empty answer of changes, mean", statistics.mean(spent), 1.0, "ms")

    def line(self):
        with transaction.atomic():
            facts = {"title": "Luật"}
            return services.record_change("document.published", "luat-1", nature="legal", facts=facts).pk

    def ask_for_changes(self, after, caller=0):
        """What the application answers a follower."""
        said = {}
        environ = {
            "REQUEST_METHOD": "GET", "PATH_INFO": "/api/v1/changes", "SERVER_NAME": "127.0.0.1", "SERVER_PORT": "80",
            "QUERY_STRING": f"after={after}&wait=8&page_size=100", "HTTP_HOST": "127.0.0.1",
            "REMOTE_ADDR": f"192.0.2.{caller % 250}", "wsgi.url_scheme": "http", "wsgi.input": io.BytesIO(),
            "SERVER_PROTOCOL": "HTTP/1.1", "HTTP_ACCEPT": "application/json", "HTTP_ACCEPT_LANGUAGE": "vi",
        }  # fmt: skip
        parts = application(environ, lambda status, headers, error=None: said.update(status=status, headers=headers))
        body = b"".join(parts)
        return Answer(said["status"], {"Cache-Status": "", **dict(said["headers"])}, json.loads(body))

    def eventually(self, look, seconds=1):
        give_up_at = time.monotonic() + seconds
        while not look():
            assert time.monotonic() < give_up_at, f"the answer of {seconds} seconds ago is still given"
            time.sleep(0.01)

    def lag(self):
        a, b = self.installation("lag_a"), self.installation("lag_b")
        columns = NOW.format(*a.run("[chain.head().key, chain.head().chain]"))
        self.fcm.call("POST", "devices", {"token": registration_of(FOLLOWER)})
        b.run(f"a_follower({FOLLOWER!r}, land()); None")
        b.run(FOLLOW.format(url=a.url, columns=columns))
        worker = self.worker_of(b)
        self.wait_until_fcm_knows(b)
        with Tray(self.fcm, registration_of(FOLLOWER)) as tray:
            for number in range(self.options.seconds):
                a.run(f"a_document('{number + 1}/2013/QH13', topics=[land()], notify=True); None")
                time.sleep(1)
            self.wait_for(b, self.options.seconds)
            latest_first = "Change.objects.filter(reader=None).order_by('-pk')"  # so the first line of a law is used
            made = a.run(f"{{each.subject: each.changed_at.timestamp() for each in {latest_first}}}")
            shown = tray.lags(made, seconds=30)
        worker.terminate()
        worker.wait()
        half, most = spread(b.run(LAGS))
        self.check("public at A, in B's log, p50", half, 1, "s")
        self.check("public at A, in B's log, p95", most, 3, "s")
        self.check("public at A, in the tray of B's follower, p95", spread(shown)[1], 5, "s")
        if min(shown) < 0:
            self.failed.append("a push was shown before its law was public")
        self.refuse_left_over(b)
        if unread := [
            key for key in made if requests.get(f"{b.url}/api/v1/documents/{key}", timeout=30).status_code != 200
        ]:
            self.failed.append(f"{len(unread)} laws cannot be read at B")

    def wait_until_fcm_knows(self, installation, seconds=150):
        give_up_at = time.monotonic() + seconds
        while installation.run(UNSETTLED)[1] or not installation.run(UNSETTLED)[0]:
            assert time.monotonic() < give_up_at, "FCM was not told what B's follower follows"
            time.sleep(0.5)

    def refuse_left_over(self, *installations):
        """What waits or is in conflict is not here, whatever else is quick."""
        for each in installations:
            if left := each.run(LEFT_OVER):
                self.failed.append(f"{len(left)} objects wait or are in conflict: {left[0]}")

    def compare(self, a, b):
        data = "hashlib.sha256(json.dumps(data_by_key(), sort_keys=True).encode()).hexdigest()"
        if len({each.run(f"import hashlib, json; {data}") for each in (a, b)}) > 1:
            self.failed.append("A and B do not have the same data")
        self.refuse_left_over(b)

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
        done = b.run("catch_up(peer)")
        taken = time.monotonic() - began
        count = b.run("LegalDocument.objects.count()")
        print(f"  {count} records in {taken:.1f} s, {done}")
        self.check("catching up", count / taken, 100, "records/s", at_least=True)
        self.compare(a, b)

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
        self.compare(a, b)

    def peers(self):
        b = self.installation("peers_b")
        key = a_local_document(NUMBER, title=f"Quyết định mẫu số {NUMBER}").key
        template = records.public_record("document", key)
        players = [Player(number, template, self.options.seconds) for number in range(self.options.peers)]
        b.run(
            f"from content.sync.models import Peer; [Peer.objects.create(key=key, url='http://' + key, name=key, "
            f"keys={seals.keys_of_set(seals.public_keys())!r}, {NOW.format(0, '')}) for key in "
            f"{[each.home for each in players]!r}] and None"
        )
        worker = self.worker_of(b)
        time.sleep(10)
        all_began = time.monotonic()
        for _second in range(self.options.seconds):
            began = time.monotonic()
            for each in players:
                each.publish()
            time.sleep(max(0, 1 - (time.monotonic() - began)))
        self.check("they published", (time.monotonic() - all_began) / self.options.seconds, 1.2, "s for each second")
        self.wait_for(b, self.options.seconds * self.options.peers)
        self.refuse_left_over(b)
        worker.terminate()
        worker.wait()
        lags = b.run(LAGS) or [float("inf")]
        half, most = spread(lags)
        print(f"  p50 {half:.1f} s")
        early, late = (statistics.median(each) for each in (lags[: len(lags) // 2] or lags, lags[len(lags) // 2 :]))
        self.check("the second half of the changes comes later than the first by", late - early, 2, "s")
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


def key_of(number):
    """The part of a key that says the number."""
    return slugify(number.replace("Đ", "D").replace("/", "-"))


class Answer(NamedTuple):
    """What the application answered."""

    status: str
    headers: dict
    body: dict


class Tray:
    """Watches the tray of a phone from a thread of its own: when each link was first seen there."""

    def __init__(self, fcm, registration):
        self._fcm, self._registration = fcm, registration
        self._seen, self._ended = {}, threading.Event()
        self._thread = threading.Thread(target=self._watch)

    def __enter__(self):
        self._thread.start()
        return self

    def __exit__(self, *error):
        self._ended.set()
        self._thread.join()

    def _watch(self):
        while not self._ended.wait(0.05):
            for entry in list(self._fcm.phone(self._registration)["tray"].values()):
                self._seen.setdefault((entry.get("link") or "").rpartition("/")[2], time.time())

    def lags(self, made, seconds):
        """Seconds from the moment at which each object was made until its link was seen; infinite where it was not."""
        give_up_at = time.monotonic() + seconds
        while made.keys() - self._seen.keys() and time.monotonic() < give_up_at:
            time.sleep(0.1)
        return [self._seen.get(key, float("inf")) - moment for key, moment in made.items()]


class Player(http.server.ThreadingHTTPServer):
    """An installation that is played: a key, a chain and one new decision each time that it is told to."""

    daemon_threads = True

    def __init__(self, number, template, count):
        """`count`: how many records it seals now, so that the seals cost nothing while it is followed."""
        super().__init__(("127.0.0.1", free_port()), PlayedAnswer)
        self.number, self.template = number, template
        self.home = f"127.0.0.1:{self.server_port}"
        self.lines, self.changed = [], threading.Condition()
        made = [self.record(line) for line in range(1, count + 1)]
        self.keys, self.records = [each["key"] for each in made], {each["key"]: each for each in made}
        threading.Thread(target=self.serve_forever, daemon=True).start()

    def record(self, line):
        """The record that its line tells of: the template under another number, with the hashes of its words."""
        number = f"{self.number * 10_000 + line}{NUMBER[NUMBER.index('/') :]}"
        written = json.dumps(self.template, ensure_ascii=False).replace(NUMBER, number)
        key = self.template["key"].replace(key_of(NUMBER), key_of(number))
        record = json.loads(written) | {"home": self.home, "key": key}
        for unit in record["data"]["provisions"]:
            for version in unit["versions"]:
                version["text_hash"] = text_sha256(version["text"])
        record["record_hash"] = records.hash_of(record)
        seal = self.seal(records.claims_of(record, line))
        return record | {"of_change": str(line), "seal": seal, "home_seal": None}

    def publish(self):
        count = len(self.lines) + 1
        now = datetime.datetime.now(datetime.UTC)
        said = {
            "key": str(count), "event_type": "document.published", "nature": "legal", "subject": self.keys[count - 1],
            "eids": [], "topics": [], "organisation": "", "notify": False, "facts_digest": "0" * 64, "hash_before": "",
            "hash_after": "", "changed_at": now.isoformat(timespec="microseconds"),
        }  # fmt: skip
        before = self.lines[-1]["chain"] if self.lines else ""
        line = said | {"chain": chain.next_chain(before, said), "is_tombstone": False, "facts": {}}
        with self.changed:
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
        head |= {"seal": self.seal({"about": "head", **head})}
        return {"results": lines, "head": head, "records_url": f"http://{self.home}/api/v1/records"}

    def together(self, keys):
        return {"results": [self.records[key] for key in keys if key in self.records], "left": []}


class PlayedAnswer(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        path, _mark, query = self.path.partition("?")
        if path.endswith("/changes"):
            asked = dict(each.split("=") for each in query.split("&"))
            said = self.server.page(int(asked["after"]), int(asked["wait"]))
        elif path.endswith("/records"):
            said = self.server.together(query.rpartition("keys=")[2].split(","))
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
    options.add_argument("--lines", type=int, default=1_000)
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
