"""Does an installation that follows another hold the same, whatever is killed, cut, slowed or made up on the way?

    .venv/bin/python bench/two_installations.py [--steps 300] [--kills 20] [--seed 1]

Two installations with databases, homes and keys of their own, in one PostgreSQL. A lives a random history and serves
real HTTP. B's worker (`manage.py work`) follows through a proxy that answers 503 or 429, cuts bodies, sends them
slowly, and changes words of records. Meanwhile B's worker is killed (SIGKILL), and A's web server, and PostgreSQL
(SIGQUIT to the postmaster), in turn. Then one page gets another chain, and one head the seal of an unknown key: B must
stop each time with nothing changed, and is begun anew. Then a third installation C closes a ring: C follows B, A
follows C, each hands on the copies of the others. At last A is restored from a dump made in the middle.

`lost`: objects of A that B has not, and lines about held objects that B's own log has not. `differ`: objects with other
data, days on which a text reads otherwise through the API, changes while B should have stopped. `echoed`: lines that B
has twice, lines about copies without their origin, lines that came round the ring, objects of B's own that changed.
`forks`: how often B stopped by itself because A has another history: once, after the restored dump.

How it could pass while the product fails, and what prevents it:
- No fault hits anything: each kind of fault and of kill must have happened, else it fails.
- B reads everything after the faults: its bookmark must have moved in each half of the history, while faults lasted.
  It must have read something between two kills, too: each hits work in progress.
- B never ends: not to have caught up in the given time counts as lost, and so does anything that still waits.
- Both sides omit the same words, for one function writes the data of both: texts on several days, answers and events
  are compared as the API shows them, too.
- B writes the objects and forgets the lines: each line of A about a held object, from the first load on, must be there
  once, except of a whole life (published … withdrawn) that B never saw, and those that each clock writes itself.
- No original file and no doubtful text is in the history: at least two files, compared by their bytes, and one doubt.
- Nothing goes round the ring: C must hold what B and A hold, of all three homes.
- B forgets a history that has nothing in it: fewer than eight kinds of lines fail.

Goals: lost=0 differ=0 echoed=0 forks=1; exit code 1 outside.
"""

import argparse
import http.server
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import threading
import time
import urllib.error
import urllib.request
from collections import Counter
from pathlib import Path

import throwaway

server = throwaway.start()

from django.db import connection
from tqdm import tqdm

from config.local.fcm_emulator.client import running_emulator
from content.copying import records
from tests.journeys.installation import free_port
from tests.other_installations import ROOT, OtherInstallation, dump_of_tables

CATCH_UP_SECONDS = 240
STOP_SECONDS = 90
NEWS_SECONDS = 90  # a lease of a killed worker runs out in 15
SETTLE_EACH = 10  # steps: A's acts are read, as its worker would
EXPORT_EACH = 25  # steps: a night at A; an export is no longer public once words in it were taken out
READ_LOG = (
    "from content.public_changes.citations import update_citations;"
    "[None for _ in iter(lambda: settle_changes() + update_citations(), 0)] and None"
)
OWN_CLOCK = (
    "document.status_changed", "document.status_ahead", "event.starts_soon", "question.basis_changed",
    "material.basis_changed",
)  # fmt: skip
COPIED = ("document", "question", "event", "material", "plan", "contest")
TOMBSTONES = ("document.withdrawn", "question.withdrawn", "material.withdrawn", "plan.withdrawn")
FAULTS = ("503", "429", "cut", "slow", "wrong record", "forged record")
KILLS = ("worker of B", "web of A", "worker of B", "database")
LEAST_KINDS = 8
DAYS = ("2019-12-31", "2025-06-30", "2026-12-01")
LINES = "[[c.subject, c.event_type, str(c.pk)] for c in Change.objects.filter(reader=None, pk__gt={}).order_by('pk')]"
LINES_OF_COPIES = (
    "[[c.subject, c.event_type, c.facts.get('origin', {}).get('key', '')] for c in Change.objects.filter(reader=None,"
    " subject__in=Origin.objects.values('subject')).order_by('pk')]"
)
A_LAW_WITH_A_FILE = (
    "from content.documents.records import OriginalBytes; a_document('{number}/2009/QH12',"
    "original=OriginalBytes('luat.pdf', 'application/pdf', b'%PDF-1.4 {number}')); None"
)
A_DOUBTFUL_LAW = (
    "a_document('{number}/2008/QH12', title='Luật Mẫu cũ {number}/2008/QH12');"
    "a_document('{number}/2020/QH14', title='Luật sửa đổi, bổ sung một số điều của Luật Mẫu cũ {number}/2008/QH12',"
    "text='Điều 1. Sửa đổi, bổ sung một số điều của Luật Mẫu cũ {number}/2008/QH12 số {number}/2008/QH12\\n"
    "1. Sửa đổi, bổ sung khoản 9 Điều 2 như sau:\\n“9. Một.”.\\n', issued_on=datetime.date(2021, 1, 1),"
    "effective_on=datetime.date(2021, 7, 1)); [None for _ in iter(settle_changes, 0)] and None"
)
FOLLOW = "peer = a_peer({url!r}, relays=True, state='following', loaded_at=datetime.datetime.now(datetime.UTC)); None"
LINES_OF_ALL = f"Change.objects.filter(reader=None).exclude(event_type__in={OWN_CLOCK!r}).count()"
FILES = (
    "import hashlib; from content.documents.models import OriginalFile;"
    "sorted([f.document.key, hashlib.sha256(bytes(f.content)).hexdigest()] for f in OriginalFile.objects.filter("
    "document__status='published', document__home={home!r}, name='luat.pdf'))"
)
DOUBTS = (
    "EffectDoubt.objects.filter(kind='amends', document__status='published', document__home={home!r},"
    "act__home={home!r}).count()"
)
FILES_OF_COPIES = "from content.copying.models import CopiedFile, CopiedMaterialFile, CopiedPlanFile;"
LACKING = (
    f"{FILES_OF_COPIES} sum(each.objects.filter(fetched_at=None).count()"
    " for each in (CopiedFile, CopiedMaterialFile, CopiedPlanFile))"
)
TRY_NOW = (
    f"from django.utils import timezone; {FILES_OF_COPIES} Waiting.objects.update(next_try_at=timezone.now());"
    "[each.objects.update(next_try_at=None) for each in (CopiedFile, CopiedMaterialFile, CopiedPlanFile)]; None"
)
SHOWN = """
found = {{}}
for key in {keys!r}:
    for day in {days!r}:
        text = get(f'documents/{{key}}/text?as_of={{day}}')
        found[f'{{key}} {{day}}'] = [text.get('text_is_of'), text.get('status'),
                                     [[u['eid'], u.get('heading'), u['text']] for u in text.get('provisions', [])]]
for key in {questions!r}:
    question = get(f'questions/{{key}}')
    found[key] = [question.get('title'), question.get('text'), (question.get('answer') or {{}}).get('text')]
for key in {events!r}:
    found[key] = [get(f'events/{{key}}').get(name) for name in ('title', 'text', 'status', 'starts_at', 'place')]
for key in {materials!r}:
    found[key] = [get(f'materials/{{key}}').get(name) for name in ('title', 'kind', 'credits', 'language')]
for key in {plans!r}:
    found[key] = [get(f'plans/{{key}}').get(name) for name in ('title', 'number', 'adopted_on', 'status')]
for key in {contests!r}:
    contest = get(f'contests/{{key}}')
    rounds = [get(f"contests/{{key}}/rounds/{{each['number']}}") for each in contest.get('rounds', [])]
    found[key] = [contest.get(name) for name in ('title', 'text', 'status', 'cancel_reason', 'prizes')] + [
        [each.get(name) for name in ('number', 'starts_at', 'seed_hash', 'pool_hash', 'status')] for each in rounds]
found
"""


class FaultyProxy(http.server.ThreadingHTTPServer):
    """Answers under A's public address instead of A; every fifth answer is spoilt while `is_faulty`.

    `forgery`: changes the JSON of each page of the change log, until it is None again.
    """

    daemon_threads = True

    def __init__(self, port, target, seed):
        super().__init__(("127.0.0.1", port), Answer)
        self.target, self.random, self.is_faulty, self.done = target, random.Random(seed), True, Counter()
        self.tried = Counter(), Counter()  # of pages, of records
        self.forgery = None
        threading.Thread(target=self.serve_forever, daemon=True).start()

    def next_fault(self, path):
        """One of those that can happen there and happened least: each kind happens in a short run too."""
        is_record = has_records(path)
        tried = self.tried[is_record]  # each apart: what happened to pages did not happen to records
        kinds = FAULTS if is_record else FAULTS[:4]
        least = min(tried[each] for each in kinds)
        kind = self.random.choice([each for each in kinds if tried[each] == least])
        tried[kind] += 1
        return kind


class Answer(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        proxy = self.server
        fault = proxy.next_fault(self.path) if proxy.is_faulty and proxy.random.random() < 0.2 else ""
        if fault in ("503", "429"):
            proxy.done[fault] += 1
            return self._send(int(fault), b"", {"Retry-After": "1"})
        status, body = self._ask(proxy.target)
        is_record = has_records(self.path) and status == 200
        if fault in ("wrong record", "forged record") and not is_record:
            fault = ""
        if fault == "forged record":
            spoilt = forged(body)
            body, fault = spoilt, fault if spoilt != body else ""
        if fault == "wrong record":
            spoilt = body.replace("Mẫu".encode(), "Xấu".encode(), 1)
            body, fault = spoilt, fault if spoilt != body else ""  # else nothing was spoilt
        if proxy.forgery and "/changes?" in self.path and status == 200:
            body = json.dumps(proxy.forgery(json.loads(body))).encode()
        proxy.done[fault] += bool(fault)
        return self._send(status, body, {}, fault)

    def _ask(self, target):
        headers = {name: self.headers[name] for name in ("Accept", "Accept-Language") if name in self.headers}
        request = urllib.request.Request(target + self.path, headers=headers)  # noqa: S310 (of this bench)
        try:
            with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(request, timeout=20) as answer:
                return answer.status, answer.read()
        except urllib.error.HTTPError as error:
            return error.code, error.read()
        except OSError:
            return 502, b""

    def _send(self, status, body, headers, fault=""):
        pieces = [body]
        if fault == "cut":
            pieces = [body[: len(body) // 2]]
        elif fault == "slow":
            size = len(body) // 10 + 1
            pieces = [body[place : place + size] for place in range(0, len(body), size)]
        try:
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            for piece in pieces:
                self.wfile.write(piece)
                self.wfile.flush()
                if fault == "slow":
                    time.sleep(0.1)
        except OSError:
            pass
        self.close_connection = True

    def log_message(self, *arguments):
        pass


def has_records(path):
    """Whether it is the address of a record, or of several."""
    return path.endswith("/record") or path.startswith("/api/v1/records?")


def forged(body):
    """A record with other words and the hash of these, alone or among others: only the seal is of what A says."""
    spoilt = body.replace("Mẫu".encode(), "Giả".encode(), 1)
    if spoilt == body:
        return body
    said = json.loads(spoilt)
    for record in said.get("results", [said]):
        record["record_hash"] = records.hash_of(record)  # of one that was not spoilt it is what it was
    return json.dumps(said).encode()


def another_chain(page):
    for line in page["results"]:
        line["chain"] = line["chain"][::-1]
    return page


def an_unknown_key(page):
    """The head with a seal whose signature is none of A's: its last part comes from elsewhere."""
    head, _dot, signature = page["head"]["seal"].rpartition(".")
    page["head"]["seal"] = f"{head}.{signature[::-1]}"
    return page


def parts_that_differ(theirs, ours, path=""):
    """Lines «path: theirs | ours» for two values of JSON."""
    if isinstance(theirs, dict) and isinstance(ours, dict):
        names = sorted(theirs.keys() | ours.keys())
        return [
            line for name in names for line in parts_that_differ(theirs.get(name), ours.get(name), f"{path}/{name}")
        ]
    if isinstance(theirs, list) and isinstance(ours, list) and len(theirs) == len(ours):
        pairs = enumerate(zip(theirs, ours, strict=True))
        return [line for place, pair in pairs for line in parts_that_differ(*pair, f"{path}/{place}")]
    return [] if theirs == ours else [f"  {path}: {str(theirs)[:300]} | {str(ours)[:300]}"]


class Bench:
    def __init__(self, folder, options, fcm):
        self.options, self.random, self.fcm = options, random.Random(options.seed), fcm
        tables = dump_of_tables(folder / "tables.sql")
        connection.close()
        self.folder = folder
        self.a, self.b = (OtherInstallation(name, folder, tables, remembers=True) for name in "ab")
        self.c = OtherInstallation("c", folder, tables, remembers=True)
        self.inner_port = self.a.port
        self.peer = ""
        self.worker, self.killed, self.starts, self.restarts, self.moved, self.wrong = None, Counter(), 0, 0, [], []

    def run(self):
        public = free_port()
        self.a.serve_at(public)
        self.peer = f"Peer.objects.get(key={self.a.key!r})"
        self.proxy = FaultyProxy(public, f"http://127.0.0.1:{self.inner_port}", self.options.seed)
        for each in (self.a, self.b):
            each.create_database()
            each.begin()
            each.ready()
        self.begin_history()
        self.a.run("a_document('1/2012/QH13'); an_event(in_days=40); None")
        self.a.run(A_LAW_WITH_A_FILE.format(number=1))
        self.b.run("own = a_document('1/2010/QH12'); an_event(in_days=30); None")
        self.proxy.is_faulty = False
        self.loaded_at = self.a.run("chain.head().key")
        self.a.export()
        self.b.run(f"peer = a_peer({self.a.url!r}, relays=True, notifies=True); None")
        self.own = self.b.run(f"data_by_key({self.b.key!r})")
        self.proxy.is_faulty = True
        self.begin_worker()
        self.load()
        self.live()
        figures = self.compare()
        self.be_deceived(figures)
        self.go_round(figures)
        figures["forks"] = self.restore_and_begin_anew(figures)
        figures["echoed"] += self.b.run(f"data_by_key({self.b.key!r})") != self.own
        self.check_faults()
        return figures

    def begin_history(self):
        self.starts += 1
        seed = self.options.seed * 100 + self.starts
        self.a.run(f"history = HistoryOfEverything(seed={seed}); history.number = {self.starts * 1000}")

    def begin_worker(self):
        log = (self.folder / "worker.log").open("ab")
        environment = self.b.environment() | self.fcm.environment
        self.worker = subprocess.Popen(
            [sys.executable, "manage.py", "work"], cwd=ROOT, env=environment, stdout=log, stderr=log
        )
        log.close()

    def end_worker(self):
        self.worker.kill()
        self.worker.wait()

    def look_after_worker(self):
        """Start it again if it ended, as `manage.py up` does: it ends where its database does not answer."""
        if self.worker.poll() is not None:
            self.restarts += 1
            self.begin_worker()

    def load(self):
        """Wait for the first load, which meets the faults too; each line after it must then arrive."""
        give_up_at = time.monotonic() + CATCH_UP_SECONDS
        while self.b.run(f"{self.peer}.loaded_at is None"):
            if time.monotonic() > give_up_at:
                raise SystemExit(f"B has not loaded: {self.state()}")
            self.look_after_worker()
            time.sleep(0.5)

    def live(self):
        steps = self.options.steps
        kills = sorted(self.random.sample(range(1, steps), min(self.options.kills, steps - 1)))
        halves = [self.bookmark()]
        for step in tqdm(range(steps), unit="step", disable=None):
            self.a.run("history.step(); None")
            self.look_after_worker()
            if step % SETTLE_EACH == 0:
                self.a.run(READ_LOG)
            if step % EXPORT_EACH == 0:
                self.a.export()
                self.a.run(A_LAW_WITH_A_FILE.format(number=step + 2))
                self.a.run(A_DOUBTFUL_LAW.format(number=step + 2))
            if step == steps // 2:
                self.a.dump(self.folder / "a.dump")
                halves.append(self.bookmark())
            if step in kills:
                self.kill(kills.index(step))
                self.wait_for_news()
        self.wait_for_a_page(halves[-1])
        halves.append(self.bookmark())
        self.moved = halves

    def wait_for_news(self):
        """Let B read something between two kills: a worker that is killed before it begins proves nothing."""
        progress = (
            f"[{self.peer}.bookmark, Change.objects.filter(subject__in=Origin.objects.values('subject')).count()]"
        )
        before, give_up_at = self.b.run(progress), time.monotonic() + NEWS_SECONDS
        while self.b.run(progress) == before:
            if time.monotonic() > give_up_at:
                self.wrong.append(f"B read nothing within {NEWS_SECONDS} s of a kill: {self.state()}")
                return
            self.a.run("history.step(); None")
            self.look_after_worker()
            time.sleep(0.5)

    def wait_for_a_page(self, before):
        """While answers are still spoilt: on a fast machine the steps after the last kills are over in no time."""
        give_up_at = time.monotonic() + NEWS_SECONDS
        while self.bookmark() == before and time.monotonic() < give_up_at:
            self.look_after_worker()
            time.sleep(0.5)

    def bookmark(self):
        return self.b.run(f"{self.peer}.bookmark")

    def kill(self, number):
        name = KILLS[number % len(KILLS)]
        self.killed[name] += 1
        if name == "worker of B":
            self.end_worker()
            self.begin_worker()
        elif name == "web of A":
            self.a.kill()
            self.begin_again(self.a)
        else:
            for each in (self.a, self.b):
                each.kill()
            os.kill(int((server.data / "postmaster.pid").read_text().split("\n")[0]), signal.SIGQUIT)
            while not server.look_after():
                time.sleep(0.2)
            self.begin_again(self.a, self.b)

    def begin_again(self, *installations):
        for each in installations:
            each.begin()
        for each in installations:
            each.ready()
        self.begin_history()

    def state(self):
        return self.b.run(f"peer = {self.peer}; [peer.state, peer.bookmark, peer.waitings.count(), peer.error]")

    def is_caught_up(self):
        state, bookmark, waiting, _error = self.state()
        is_at_head = state == "following" and bookmark >= self.a.run("chain.head().key") and waiting == 0
        return is_at_head and self.b.run(LACKING) == 0

    def catch_up(self):
        """Wait until B is at A's head and nothing waits. Returns how much is lost if it never is."""
        give_up_at = time.monotonic() + CATCH_UP_SECONDS
        while not self.is_caught_up():
            self.look_after_worker()
            if time.monotonic() > give_up_at:
                waiting = self.b.run("list(Waiting.objects.values_list('subject', 'error')[:5])")
                self.wrong.append(f"B has not caught up: {self.state()} {waiting}")
                print(self.wrong[-1], (self.folder / "worker.log").read_text()[-2_000:], sep="\n")
                return 1
            self.b.run(TRY_NOW)
            if self.b.run(f"{self.peer}.loaded_at is None"):
                self.a.export()
            time.sleep(0.5)
        return 0

    def compare(self):
        self.proxy.is_faulty = False
        lost = self.catch_up()
        theirs, ours = self.a.run("data_by_key()"), self.b.run(f"data_by_key({self.a.key!r})")
        missing, copied, kinds = self.lines()
        if len(kinds) < min(LEAST_KINDS, self.options.steps // 5):
            self.wrong.append(f"only {sorted(kinds)} happened")
        differ = [key for key in theirs.keys() & ours.keys() if theirs[key] != ours[key]] + self.read_otherwise(theirs)
        files, copies = self.a.run(FILES.format(home="")), self.b.run(FILES.format(home=self.a.key))
        differ += [each for each in files + copies if (each in files) != (each in copies)]
        doubts = self.a.run(DOUBTS.format(home="")), self.b.run(DOUBTS.format(home=self.a.key))
        is_short = self.options.steps < 50
        if doubts[0] != doubts[1] or not (is_short or (len(files) > 1 and doubts[0])):
            self.wrong.append(f"{len(files)} files, doubts {doubts}: none, or not the same")
        for name, found in (("lost", sorted(theirs.keys() - ours.keys()) + missing), ("differ", differ)):
            if found:
                print(f"{name}:", found[:5])
        for key in differ[:3]:
            if isinstance(key, str):
                print(*parts_that_differ(theirs.get(key), ours.get(key)), sep="\n")
        twice = [line for line, count in copied.items() if count > 1 and line[1] not in OWN_CLOCK]
        foreign = [line for line in copied if not line[2] and line[1] not in OWN_CLOCK]
        if twice or foreign:
            print("echoed:", twice[:5], foreign[:5])
        return {
            "lines": len(copied),
            "lost": lost + len(theirs.keys() - ours.keys()) + len(missing),
            "differ": len(differ) + len(ours.keys() - theirs.keys()),
            "echoed": sum(copied[line] - 1 for line in twice) + len(foreign),
        }

    def lines(self):
        """(lines of A that B lacks, B's lines about copies with their number, kinds of lines that A wrote)."""
        copied = Counter(tuple(each) for each in self.b.run(LINES_OF_COPIES))
        held = set(self.b.run("list(Origin.objects.values_list('subject', flat=True))"))
        told = [tuple(each) for each in self.a.run(LINES.format(self.loaded_at))]
        told = [each for each in told if each[1].partition(".")[0] in COPIED and each[1] not in OWN_CLOCK]
        lives = {}
        for line in told:
            lives.setdefault(line[0], [[]])[-1].append(line)
            if line[1] in TOMBSTONES:
                lives[line[0]].append([])
        missing = []
        for subject, each in lives.items():
            for life in each:
                unseen = [line for line in life if line not in copied]
                is_over = bool(life) and life[-1][1] in TOMBSTONES
                if unseen and subject in held and not (is_over and unseen == life):
                    missing += unseen
        return missing, copied, {line[1] for line in told}

    def read_otherwise(self, theirs):
        """What the API of B says otherwise than that of A, of some objects on some days."""
        keys = {name: [] for name in COPIED}
        for each in sorted(theirs):
            name, _slash, key = each.partition("/")
            keys[name].append(key)
        chosen = {name: self.random.sample(found, min(len(found), 20)) for name, found in keys.items()}
        others = {f"{name}s": chosen[name] for name in COPIED if name != "document"}
        asked = SHOWN.format(keys=chosen["document"], days=DAYS, **others)
        one, other = self.a.run(asked), self.b.run(asked)
        return [key for key in one if one[key] != other[key]]

    def be_deceived(self, figures):
        """A page with another chain, then a head sealed by nobody: B stops, nothing changes, a person begins anew."""
        for name, forgery, number in (("another chain", another_chain, 1), ("an unknown key", an_unknown_key, 2)):
            before = self.b.run("data_by_key()")
            self.proxy.forgery = forgery
            self.a.run(f"a_document('{number}/2011/QH13'); None")
            if self.stopped() != "forked":
                self.wrong.append(f"{name} did not stop B: {self.state()}")
            figures["differ"] += self.b.run("data_by_key()") != before
            self.proxy.forgery = None
            self.begin_anew()
            figures["lost"] += self.catch_up()
            figures["differ"] += self.a.run("data_by_key()") != self.b.run(f"data_by_key({self.a.key!r})")
        gone = self.b.run("Conflict.objects.count()")
        figures["lost"] += gone  # nothing was gone there

    def stopped(self):
        give_up_at = time.monotonic() + STOP_SECONDS
        while (state := self.state()[0]) != "forked" and time.monotonic() < give_up_at:
            self.look_after_worker()
            time.sleep(0.2)
        return state

    def begin_anew(self):
        self.a.export()
        self.b.run(
            "from content.sync import services; from content.people.models import User;"
            "by = User.objects.filter(username='lan-adds').first() or two_of_staff()[0];"
            f"services.begin_anew({self.peer}, by=by, reason='Đã gọi cho Bộ'); None"
        )

    def go_round(self, figures):
        """C follows B, and A follows C, each with the copies of others: all hold the same, and nothing comes twice."""
        ring = (self.a, self.b, self.c)
        self.c.create_database()
        self.c.begin()
        self.c.ready()
        self.c.run("a_document('1/2007/QH11'); an_event(in_days=20); None")
        for each, other in ((self.a, self.b), (self.b, self.c), (self.c, self.a)):  # whose copies come through another
            each.run(f"a_peer({other.url!r}, state='paused'); None")
        self.b.export()
        self.c.run(f"peer = a_peer({self.b.url!r}, relays=True); None")
        self.a.run(FOLLOW.format(url=self.c.url))
        lines = []
        for _round in range(2):
            for _turn in range(3):
                for each in (self.c, self.a):
                    each.run("catch_up(peer)")
                figures["lost"] += self.catch_up()
            held = [each.run("data_by_key()") for each in ring]
            lines.append([each.run(LINES_OF_ALL) for each in ring])
        for one, other in ((held[0], held[1]), (held[0], held[2])):
            if found := sorted(key for key in one.keys() | other.keys() if one.get(key) != other.get(key)):
                print("not the same in the ring:", found[:5])
            figures["differ"] += len(found)
        figures["echoed"] += sum(lines[1]) - sum(lines[0])
        print("ring:", [len(each) for each in held], "objects,", *lines, "lines")

    def restore_and_begin_anew(self, figures):
        stops = "from content.people.models import AuditRow; AuditRow.objects.filter(action='peer.began_anew').count()"
        deceived = self.b.run(stops)
        self.a.kill()
        self.a.restore(self.folder / "a.dump")
        self.begin_again(self.a)
        forks = int(self.stopped() == "forked")
        self.a.run("a_document('3/2011/QH13'); None")
        self.begin_anew()
        figures["lost"] += self.catch_up()
        theirs, ours = (each.run(f"data_by_key({self.a.key!r})") for each in (self.a, self.b))
        ours |= self.b.run(f"data_by_key({self.c.key!r})")  # what A brought, and has no more
        gone = {f"{name}/{key}" for name, key in self.b.run("list(Conflict.objects.values_list('object', 'subject'))")}
        lacking, unsaid = theirs.keys() - ours.keys(), (ours.keys() - theirs.keys()) ^ gone
        for name, found in (("lacks", lacking), ("has or puts before a person, not both", unsaid)):
            if found:
                print(f"after the restored dump B {name}:", sorted(found)[:5])
        figures["lost"] += len(lacking) + len(unsaid)
        figures["differ"] += sum(theirs[key] != ours[key] for key in theirs.keys() & ours.keys())
        print("after the restored dump:", self.state(), f"{len(gone)} are put before a person")
        if self.b.run(stops) != deceived + 1 or deceived != 2:
            self.wrong.append("B stopped more or less often than it was deceived")
        return forks

    def check_faults(self):
        """Note what did not happen: then nothing is proved."""
        print(dict(self.proxy.done), dict(self.killed), f"bookmarks {self.moved}")
        if self.options.steps >= 50:
            self.wrong += [f"no fault «{name}» happened" for name in FAULTS if not self.proxy.done[name]]
        kinds = set(KILLS[: self.options.kills])
        self.wrong += [f"nobody killed the {name}" for name in kinds if not self.killed[name]]
        if self.restarts > 2 * self.killed["database"]:
            self.wrong.append(f"B's worker ended by itself {self.restarts} times")
        if self.options.steps >= 50 and not self.moved[0] < self.moved[1] < self.moved[2]:
            self.wrong.append(f"B did not follow while there were faults: {self.moved}")

    def clean_up(self):
        if self.worker:
            self.worker.kill()
            self.worker.wait()
        for each in (self.a, self.b, self.c):
            each.stop()


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--steps", type=int, default=300)
    options.add_argument("--kills", type=int, default=20)
    options.add_argument("--seed", type=int, default=1)
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="luatmo-bench-two-") as name, running_emulator(name) as fcm:
        folder = Path(name)
        os.chmod(folder, 0o711)
        bench = Bench(folder, options.parse_args(), fcm)
        try:
            figures = bench.run()
        finally:
            bench.clean_up()
    for each in bench.wrong:
        print("wrong:", each)
    print(json.dumps(figures), f"{time.monotonic() - began:.0f} s")
    print("sync: " + " ".join(f"{name}={value}" for name, value in figures.items()))
    is_right = (figures["lost"], figures["differ"], figures["echoed"], figures["forks"]) == (0, 0, 0, 1)
    sys.exit(not is_right or bool(bench.wrong))


if __name__ == "__main__":
    main()
