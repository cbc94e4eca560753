"""Who uses the cluster of bench/cluster.py: writers, an approver, readers, and probes that ask each database itself.

All come from addresses of their own, so that the limits of nginx and of the web server are those of production. A
client knows both addresses of the site, as DNS gives them, and tries the other where it cannot connect; what was sent
once is not sent again, but for a question, which an app sends again with the same Idempotency-Key.
"""

import contextlib
import html
import http.client
import json
import queue
import re
import socket
import ssl
import statistics
import threading
import time
import urllib.parse
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from typing import NamedTuple

import psycopg
from cluster_machines import HOST

from api.replicas.sessions import BoundedConnection

CONNECT_SECONDS = 2
WRITE_SECONDS = 15  # until a writer gives up on an answer
READ_SECONDS = 5  # from the moment a reader wants it; later is no answer
QUESTION_TRIES, QUESTION_PAUSE = 60, 1
PUBLISH_SECONDS = 2  # from one publication to the next
PROBE_SECONDS = 0.25
STAMP_SECONDS = 3
LEAST_SECONDS = 0.5  # that a reader has left when the question is sent: later nobody could answer
CLIENTS_PER_READ = 1.5  # of readers, per read a second: so many are open when each takes a second and a half


class Answer(NamedTuple):
    status: int
    headers: http.client.HTTPMessage
    body: bytes

    def json(self):
        return json.loads(self.body)


class Site:
    """The two nginx, by address. `clients`: the subnet whose addresses the clients have, "127.78." say."""

    def __init__(self, addresses, certificate, clients):
        self._addresses, self._clients = addresses, clients
        self._context = ssl.create_default_context(cafile=str(certificate))

    def source(self, number):
        """The address of client `number`."""
        return f"{self._clients}{number // 250 % 250 + 1}.{number % 250 + 1}"

    def connect(self, source, turn):
        """A connection to one nginx, to the other where that one cannot be reached. Raises OSError without either."""
        for place in (turn, turn + 1):
            address = self._addresses[place % len(self._addresses)]
            with contextlib.suppress(OSError) if place == turn else contextlib.nullcontext():
                raw = socket.create_connection((address, 8443), CONNECT_SECONDS, source_address=(source, 0))
                try:
                    connection = http.client.HTTPConnection(HOST)  # over TLS all the same: it writes to this socket
                    connection.sock = self._context.wrap_socket(raw, server_hostname=HOST)
                except BaseException:
                    raw.close()
                    raise
                return connection
        raise OSError("unreachable")

    def send(self, connection, method, path, body=None, headers=None, seconds=WRITE_SECONDS):
        """The Answer. Raises OSError or http.client.HTTPException where none comes."""
        connection.sock.settimeout(seconds)
        connection.request(method, path, body, headers or {})
        answer = connection.getresponse()
        return Answer(answer.status, answer.headers, answer.read())

    def api(self, number, method, path, body=None, secret=None, **headers):
        """The Answer to a call of client `number`, on a connection of its own."""
        headers = {name.replace("_", "-"): value for name, value in headers.items()}
        headers |= {"Content-Type": "application/json"} | ({"Authorization": f"Bearer {secret}"} if secret else {})
        connection = self.connect(self.source(number), number)
        try:
            data = None if body is None else json.dumps(body).encode()
            return self.send(connection, method, f"/api/v1/{path}", data, headers)
        finally:
            connection.close()


NO_ANSWER = (OSError, http.client.HTTPException)
# of a connection that was used before; http.client.RemoteDisconnected is a ConnectionError, too. To Python 3.11 a reset
# is a bare SSLError without a reason (python/cpython#127257)
CLOSED = (ConnectionError, ssl.SSLError)


class Write(NamedTuple):
    kind: str
    key: str
    began: float
    acknowledged: float  # both of time.monotonic()


class Writers:
    """Open loop: a write begins every 1/rate seconds, however long the others take.

    Of twelve six register a phone, the others use the secret of an earlier one: three follow a topic, one asks, one
    registers for an event, one follows a document. `meet(registration)` is called before a phone registers.
    """

    def __init__(self, site, rate, targets, meet):
        self._site, self._rate, self._targets, self._meet = site, rate, targets, meet
        self._pool, self._ending = ThreadPoolExecutor(300), threading.Event()
        self._lock, self._secrets = threading.Lock(), queue.SimpleQueue()
        self.under_way, self.acknowledged, self.refused = 0, [], Counter()
        self._beginning = threading.Thread(target=self._run, daemon=True)

    def start(self):
        self._beginning.start()

    def _run(self):
        number, began_at = 0, time.monotonic()
        while not self._ending.wait(max(0, began_at + number / self._rate - time.monotonic())):
            number += 1
            self._pool.submit(self._write, number)

    def end(self):
        self._ending.set()
        self._beginning.join()
        self._pool.shutdown(wait=True, cancel_futures=True)

    def _write(self, number):
        kind, mine = "device", None
        if number % 2:
            with contextlib.suppress(queue.Empty):
                mine = self._secrets.get_nowait()
                kind = ("follow", "question", "follow", "registration", "follow", "document")[number // 2 % 6]
        with self._lock:
            self.under_way += 1
        try:
            getattr(self, f"_{kind}")(number, *(mine or ()))
        finally:
            with self._lock:
                self.under_way -= 1

    def _try(self, kind, key, number, *call, **headers):
        began = time.monotonic()
        try:
            answer = self._site.api(number, *call, **headers)
        except NO_ANSWER as error:
            self.refused[type(error).__name__] += 1
            return None
        if answer.status // 100 == 2:
            self.acknowledged.append(Write(kind, key, began, time.monotonic()))
            return answer
        self.refused[f"{answer.status} {code_of(answer)}"] += 1
        return None

    def _device(self, number):
        key, registration = f"cluster-{number:08}", f"registration-of-{number:08}-0123456789"
        with contextlib.suppress(OSError):
            self._meet(registration)
        body = {"registration_id": registration, "id_kind": "token", "platform": "android", "language": "vi"}
        if answer := self._try("device", key, number, "PUT", f"devices/{key}", body):
            self._secrets.put((key, answer.json()["secret"]))

    def _follow(self, number, key, secret):
        path = f"follows/topic/{self._targets['heading']}"
        self._try("follow", key, number, "PUT", path, {"kinds": ["new"]}, secret)

    def _document(self, number, key, secret):
        path = f"follows/document/{self._targets['document']}"
        self._try("document", key, number, "PUT", path, {}, secret)

    def _registration(self, number, key, secret):
        self._try("registration", key, number, "PUT", f"events/{self._targets['event']}/registration", {}, secret)

    def _question(self, number, key, secret):
        """As an app does: again with the same key, until it is accepted."""
        words = f"Câu hỏi số {number} về đất đai"
        body = {"title": words, "text": f"{words}?", "consent_to_publish": False}
        for _ in range(QUESTION_TRIES):
            if self._try("question", words, number, "POST", "questions", body, secret, Idempotency_Key=key):
                return
            if self._ending.wait(QUESTION_PAUSE):
                return


class Approver:
    """Somebody at the staff site who publishes one draft after the other, and looks again where no answer came."""

    def __init__(self, site, username, password, code):
        self._site, self._cookies, self._ending = site, {}, threading.Event()
        self._sign_in(username, password, code)
        self.published, self.refused = [], Counter()  # primary keys that the site said are public
        self.published_at = {}  # {primary key: when it said so, of time.monotonic()}
        self._thread = None

    def start(self, drafts):
        self._thread = threading.Thread(target=self._run, args=(iter(drafts),), daemon=True)
        self._thread.start()

    def end(self):
        self._ending.set()
        self._thread.join()

    def _sign_in(self, username, password, code):
        page = self._get("/staff/login/")
        form = {"username": username, "password": password, "csrfmiddlewaretoken": hidden(page, "csrfmiddlewaretoken")}
        self._post("/staff/login/", form)
        page = self._get("/staff/code/")
        answer = self._post("/staff/code/", {"code": code, "csrfmiddlewaretoken": hidden(page, "csrfmiddlewaretoken")})
        if answer.status != 302 or self._get("/staff/").status != 200:
            raise RuntimeError(f"nobody could sign in to the staff site: {answer.status} {answer.body[:500]!r}")

    def _run(self, drafts):
        draft = next(drafts, None)
        while draft and not self._ending.wait(PUBLISH_SECONDS):
            try:
                is_public = self._publish(f"/staff/content/legaldocument/{draft}/transition/publish/")
            except NO_ANSWER as error:
                self.refused[type(error).__name__] += 1
                continue
            if is_public:
                self.published_at[draft] = time.monotonic()
                self.published.append(draft)
                draft = next(drafts, None)

    def _publish(self, path):
        page = self._get(path)
        if page.status == 302 and path.removesuffix("transition/publish/") in page.headers["Location"]:
            return True  # the try before got no answer, and has published it
        if page.status != 200:
            self.refused[page.status] += 1
            return False
        form = {name: hidden(page, name) for name in ("csrfmiddlewaretoken", "seen")} | {"notify": "on"}
        answer = self._post(path, form)
        is_public = answer.status == 302 and "/login/" not in answer.headers["Location"]
        if not is_public:
            self.refused[answer.status] += 1
        return is_public

    def _get(self, path):
        return self._call("GET", path)

    def _post(self, path, form):
        return self._call("POST", path, urllib.parse.urlencode(form))

    def _call(self, method, path, body=None):
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self._cookies.items())}
        headers |= {"Referer": f"https://{HOST}/staff/", "Content-Type": "application/x-www-form-urlencoded"}
        connection = self._site.connect(self._site.source(0), len(self._cookies))
        try:
            answer = self._site.send(connection, method, path, body, headers, seconds=30)
        finally:
            connection.close()
        for line in answer.headers.get_all("Set-Cookie", []):
            name, _equals, value = line.partition(";")[0].partition("=")
            self._cookies[name] = value
        return answer


def code_of(answer):
    """The code of a problem; "" of another answer."""
    with contextlib.suppress(ValueError, AttributeError):
        return answer.json().get("code", "")
    return ""


def hidden(page, name):
    """The value of a hidden field of a page. Raises OSError where the page has none: it is another one."""
    found = re.search(rf'name="{name}" value="([^"]*)"', page.body.decode())
    if not found:
        raise OSError(f"no {name} in an answer {page.status}")
    return html.unescape(found[1])


class Stamps:
    """Somebody who numbers the title of one law, again and again, past the program: so an answer shows how old it is.

    `connect(turn)` opens a session at whichever database leads, by one way or the other.
    """

    UPDATE = "UPDATE content_legaldocument SET title = %s, updated_at = now() WHERE key = %s"
    TITLE = "Luật mẫu số {} của diễn tập"
    SEEN = re.compile(TITLE.format("([0-9]+)"))

    def __init__(self, key, connect):
        self.key, self._connect, self._ending = key, connect, threading.Event()
        self._told = []  # (number, when the database said that it is stored), in order
        self._thread = threading.Thread(target=self._run, daemon=True)

    def start(self):
        self._thread.start()

    def end(self):
        self._ending.set()
        self._thread.join()

    def _run(self):
        session, number = None, 0
        while not self._ending.wait(STAMP_SECONDS):
            number += 1
            try:
                session = session or self._connect(number)
                session.execute(self.UPDATE, [self.TITLE.format(number), self.key])
                self._told.append((number, time.monotonic()))
            except psycopg.Error:
                session = session and session.close()

    def why_not(self, body, asked_at, allowed):
        """What is wrong with an answer about this law that was asked for at `asked_at`; "" if nothing is.

        It may lack what was stored in the `allowed` seconds before, and nothing else.
        """
        least = next((number for number, at in reversed(self._told) if at < asked_at - allowed), 0)
        found = self.SEEN.search(body.decode())
        if (int(found[1]) if found else 0) >= least:
            return ""
        return "stale" if found else "without a stamp"


class Readers:
    """Open loop: somebody wants a page every 1/rate seconds. Answered: 200 with a body within READ_SECONDS.

    `judge(path, body, began)` says what is wrong with an answer, "" where nothing is. `most_late`: the seconds by which
    this loop itself was late.
    """

    NO_CLIENT = "no client was free"

    def __init__(self, site, rate, paths, judge):
        self._site, self._rate, self._paths, self._judge = site, rate, paths, judge
        self._wanted, self._ending = queue.SimpleQueue(), threading.Event()
        self.answered, self.failures = [], []  # (moment, seconds it took), (moment, why)
        self.most_late = 0.0
        self._local = threading.local()
        clients = max(60, int(rate * CLIENTS_PER_READ))
        self._threads = [threading.Thread(target=self._run, daemon=True)]
        self._threads += [threading.Thread(target=self._read, args=(each,), daemon=True) for each in range(clients)]

    def start(self):
        for thread in self._threads:
            thread.start()

    def forget_slowness(self):
        """Count from now on how long answers take and which come too late. What was wrong stays. Returns how many."""
        too_slow = ("late", self.NO_CLIENT, "TimeoutError")
        self.answered, before = [], len(self.failures)
        self.failures = [each for each in self.failures if not each[1].startswith(too_slow)]
        return before - len(self.failures)

    def end(self):
        self._ending.set()
        self._threads[0].join()
        for _ in self._threads[1:]:
            self._wanted.put(None)
        for thread in self._threads[1:]:
            thread.join()

    def _run(self):
        number, began_at = 0, time.monotonic()
        while not self._ending.wait(max(0, began_at + number / self._rate - time.monotonic())):
            self.most_late = max(self.most_late, time.monotonic() - began_at - number / self._rate)
            number += 1
            self._wanted.put((time.monotonic(), self._paths(number)))

    def _read(self, number):
        self._local.connection, self._local.source = None, self._site.source(60_000 + number)
        self._local.turn = number
        while wanted := self._wanted.get():
            why, now = self._why_not(*wanted), time.monotonic()
            if why:
                self.failures.append((now, why))
            else:
                self.answered.append((now, now - wanted[0]))

    def _why_not(self, began, path):
        """Why a page was not answered; "" if it was. Again on a new connection where a used one turns out closed."""
        why = self.NO_CLIENT
        while (left := READ_SECONDS - (time.monotonic() - began)) > LEAST_SECONDS:
            mine, why = self._local, "late"
            is_used = mine.connection is not None
            try:
                mine.connection = mine.connection or self._site.connect(mine.source, mine.turn)
                answer = self._site.send(mine.connection, "GET", path, seconds=left)
            except NO_ANSWER as error:
                mine.turn += 1
                mine.connection = mine.connection and mine.connection.close()
                if is_used and isinstance(error, CLOSED):
                    continue
                return f"{type(error).__name__} {error.args[-1] if error.args else ''}".strip()
            if answer.headers.get("Connection") == "close":
                mine.connection = mine.connection.close()
            if answer.status != 200 or not answer.body:
                return str(answer.status)
            return self._judge(path, answer.body, began)
        return why

    def availability(self, spans=None):
        """The part of the reads that were answered: of all, or of those that ended within `spans` (monotonic)."""

        def count(reads):
            return sum(spans is None or any(began <= at <= ended for began, ended in spans) for at, _what in reads)

        answered, failed = count(self.answered), count(self.failures)
        return answered / (answered + failed) if answered + failed else 0.0

    def slowest(self):
        """The 99th percentile of the seconds that answers took; infinite before there are two."""
        seconds = [took for _at, took in self.answered]
        return statistics.quantiles(seconds, n=100, method="inclusive")[98] if len(seconds) > 1 else float("inf")


class ProbeConnection(BoundedConnection):
    """One that is given up where its server does not answer."""

    limit_seconds = 60.0  # so long a question stays open: it runs as soon as a frozen server goes on


class Accepted(NamedTuple):
    number: int
    node: str
    timeline: int
    began: float
    acknowledged: float


class Probes:
    """Ask each database itself to write, four times a second: whichever takes it believes that it leads."""

    INSERT = """
        INSERT INTO cluster_probe (number) VALUES (%s)
        RETURNING ('x' || substr(pg_walfile_name(pg_current_wal_lsn()), 1, 8))::bit(32)::int
    """

    def __init__(self, databases, connect):
        self._connect, self._ending, self._lock = connect, threading.Event(), threading.Lock()
        self._number, self.accepted, self._open = 0, [], set()  # databases that have not answered yet
        self._threads = [threading.Thread(target=self._probe, args=(each,), daemon=True) for each in databases]

    def start(self):
        for thread in self._threads:
            thread.start()

    def end(self):
        self._ending.set()
        for thread in self._threads:
            thread.join()

    def is_open(self, name):
        """Whether this database was asked to write and has not answered."""
        return name in self._open

    def _probe(self, database):
        session = None
        while not self._ending.wait(PROBE_SECONDS):
            try:
                session = session or self._connect(database)
                with self._lock:
                    self._number += 1
                    number = self._number
                began = time.monotonic()
                self._open.add(database.name)
                with session.transaction():
                    (timeline,) = session.execute(self.INSERT, [number]).fetchone()
                self.accepted.append(Accepted(number, database.name, timeline, began, time.monotonic()))
            except psycopg.errors.ReadOnlySqlTransaction:
                continue
            except psycopg.Error:
                session = session and session.close()
            finally:
                self._open.discard(database.name)

    def split_brains(self, stored):
        """How many writes were taken that no single primary could have taken. `stored`: numbers that are there now.

        One timeline has one primary. Once a later timeline has taken a write, an earlier one may take none; an answer
        that comes late, of a write that the later primary has too, is none.
        """
        owners, first, wrong = {}, {}, 0
        for each in sorted(self.accepted, key=lambda each: each.acknowledged):
            wrong += owners.setdefault(each.timeline, each.node) != each.node
            first.setdefault(each.timeline, each.acknowledged)
        for each in self.accepted:
            later = [at for timeline, at in first.items() if timeline > each.timeline]
            wrong += any(at < each.began or (at < each.acknowledged and each.number not in stored) for at in later)
        return wrong
