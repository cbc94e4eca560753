"""What a read and a follow cost us, next to FastAPI + asyncpg + orjson on the same database with the same bytes.

    python bench/rivals.py --rival-python VENV/bin/python [--rounds 5] [--requests 60] [--goal detail=3 …]

Ours runs as in production (`manage.py web`, granian with two threads in each process, log lines to a file), with
--server waitress as `manage.py up` starts it (gunicorn with config/gunicorn.conf.py);
the rival is bench/rival_app.py under uvicorn with as many processes. VENV has fastapi, uvicorn[standard], asyncpg,
orjson and django (whose enums our pure modules use); without --rival-python the bench makes one in a scratch folder.
DATABASE_URL names a database with published laws; without it one is made, and --documents are imported (minutes).

CPU of a request: user and system time of all processes of the web server, from /proc/PID/stat, and apart from it that
of all processes of PostgreSQL. Cells of the two servers alternate; each figure is the median of the rounds, and only
ratios inside one run count.

- detail, large, provision, list: no request of a run is repeated. Each names another day in `as_of`, so a cache of
  whole answers, ours or a later one, never hits: these are misses.
- warm, warm_list: the same paths again and again over 32 connections, as many as in the trial that set the goals: what
  most readers ask was asked before. Ours are answers in memory (api/reads), with their log lines; FastAPI makes them
  anew. `Cache-Status` must say so of LEAST_HITS of them, else the bench ends. `warm_rate`, `warm_list_rate`: how many
  times as many a second.
- warm_1, warm_list_1: the same over one connection, where each request waits for the one before: half of ours is then
  the kernel, which puts threads to sleep and wakes them.
- same_cache, same_cache_1: the same detail again and again over eight connections, and over one: ours, `remembering`
  (FastAPI behind the cache of api/reads, with the access log that uvicorn writes by default, as ours writes a line for
  each request), `silent` (the same without that log), both without our quota and metrics, and `bare`, the web server of
  ours with an application that only hands out that answer: what remains is not ours to save. The ratio is to
  `remembering`.
- unchanged: If-None-Match with the ETag of before over 32 connections, next to FastAPI that reads the stored ETag and
  body in one query; `unchanged_1` over one, and `unchanged_rate` as above.
- follow: PUT of a new document and of one that is followed already, in turn. Each new one asks for its subscriptions:
  they are counted after each cell, and other than three for each document ends the bench.
- device: PUT of an installation that says of itself what it said before, as each start of an app does. Both note when.

How this could pass while the product fails, and what is done about it: the rival does more than it must (what it reads
is in the file beside this; bytes are compared for every path before the clock runs, and a difference ends the bench);
ours answers an error fast (every status and length is compared with the first answer's); work is done in a process that
nobody counts (all descendants of the master count, PostgreSQL's are printed); a median hides dear laws (`large` is the
longest law of the database); tags match too often (a 304 follows a 200 with that tag here; that a tag is never kept
too long is tests/api/test_entity_tags.py's matter).

Last line: `rivals: detail=… large=… list=… provision=… warm=… warm_list=… same_cache=… same_cache_1=… unchanged=…
follow=… device=…`: our CPU / the rival's, web server only; and the rates, ours / the rival's. Exit 1 if a CPU is above
its goal or a rate below.
"""

import argparse
import contextlib
import hashlib
import http.client
import itertools
import json
import os
import re
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import venv
from dataclasses import dataclass, field
from pathlib import Path

import psutil
import psycopg
import throwaway

ROOT = Path(__file__).resolve().parent.parent
PROCESSES = 2
PACKAGES = ("fastapi", "uvicorn[standard]", "asyncpg", "orjson", "django")
CONNECTIONS = 32
GOALS = {"detail": 3.0, "large": 3.0, "list": 3.0, "provision": 3.0, "unchanged": 1.5, "follow": 4.0, "device": 4.0,
         "warm": 1 / 12, "warm_list": 1 / 12, "warm_1": 1 / 12, "warm_list_1": 1 / 12, "unchanged_1": 1.5,
         "same_cache": 1 / 0.8, "same_cache_1": 1 / 0.8}  # fmt: skip
LEAST_HITS = 0.95  # of what is asked again: each process makes an answer anew once a minute
LEAST_RATES = {"warm": 15, "warm_list": 15, "unchanged": 12}
TICK = os.sysconf("SC_CLK_TCK")


@dataclass
class Server:
    name: str
    port: int
    process: subprocess.Popen
    connection: http.client.HTTPConnection | None = None

    def ask(self, request):
        """(status, ETag, body). One connection, kept open."""
        if self.connection is None:
            self.connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        self.connection.request(request.method, request.path, request.body, request.headers)
        answer = self.connection.getresponse()
        return answer.status, answer.headers.get("ETag"), answer.read()

    def cpu(self):
        master = psutil.Process(self.process.pid)
        return sum(map(ticks_of, [master.pid, *(each.pid for each in master.children(recursive=True))])) / TICK


@dataclass
class Request:
    path: str
    method: str = "GET"
    body: bytes | None = None
    headers: dict = field(default_factory=dict)


@dataclass
class Cell:
    """The CPU of a request in one round, in seconds."""

    web: float
    database: float
    seconds: float


def ticks_of(pid):
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except FileNotFoundError:
        return 0
    return int(fields[11]) + int(fields[12])


def postgres_cpu(postmaster):
    """Of all processes of the database server; those that ended count for their parent."""
    fields = Path(f"/proc/{postmaster}/stat").read_text().rpartition(")")[2].split()
    children = psutil.Process(postmaster).children(recursive=True)
    return (sum(map(int, fields[11:15])) + sum(ticks_of(each.pid) for each in children)) / TICK


def free_port():
    with contextlib.closing(http.client.socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_for(server, path):
    for _try in range(600):
        with contextlib.suppress(OSError):
            if server.ask(Request(path))[0] < 500:
                return
        server.connection = None
        assert server.process.poll() is None, f"{server.name} ended: see its log"
        time.sleep(0.1)
    raise AssertionError(f"{server.name} does not answer")


def start_ours(folder, port, *, processes=PROCESSES, server="waitress", threads=2, root=ROOT, name="ours"):
    """Start gunicorn («waitress»), or granian with so many threads in each process."""
    credentials = folder / "firebase.json"
    credentials.write_text("{}")  # nothing is sent by a web process
    settings = {
        "LUATMO_MODE": "production", "SECRET_KEY": "r" * 60, "ALLOWED_HOSTS": "127.0.0.1",
        "PUBLIC_URL": f"http://127.0.0.1:{port}", "FIREBASE_CREDENTIALS_FILE": str(credentials),
        "SECURITY_CONTACTS": "mailto:security@example.org", "PORT": str(port), "LUATMO_HOME": str(folder),
        "WEB_PROCESSES": str(processes), "READS_PER_MINUTE": "100000000", "WRITES_PER_MINUTE": "100000000",
        "PYTHONPATH": str(root),
    }  # fmt: skip
    command = [sys.executable, "-m", "gunicorn", "-c", str(root / "config/gunicorn.conf.py"), "config.wsgi"]
    if server == "granian":
        command = [sys.executable, str(root / "manage.py"), "web"]
        settings |= {"TRUSTED_PROXIES": "127.0.0.1", "WEB_THREADS": str(threads), "HEALTH_PORT": str(free_port())}
    log = open(folder / f"{name}.log", "wb")  # noqa: SIM115 (the process has it)
    return Server(name, port, subprocess.Popen(command, cwd=root, env=os.environ | settings, stdout=log, stderr=log))


def start_rival(folder, python, app, *, name="", writes_log=False):
    port = free_port()
    command = [
        python,
        "-m",
        "uvicorn",
        f"rival_app:{app}",
        "--factory",
        "--port",
        str(port),
        "--access-log" if writes_log else "--no-access-log",
        "--timeout-keep-alive",
        "600",
    ]
    name = name or app.removesuffix("_app")
    log = open(folder / f"{name}.log", "wb")  # noqa: SIM115 (the process has it)
    environment = os.environ | {"RIVAL_FACTS": str(folder / "facts.json")}
    started = subprocess.Popen(
        [*command, "--workers", str(PROCESSES)], cwd=ROOT / "bench", env=environment, stdout=log, stderr=log
    )
    return Server(name, port, started)


def start_bare(folder, headers, body):
    """granian as config/granian_server.py starts it, with an application that does nothing."""
    facts = folder / "facts.json"
    facts.write_text(json.dumps(json.loads(facts.read_text()) | {"bare": [headers, body.decode()]}))
    port = free_port()
    options = {
        "--interface": "wsgi", "--http": "1", "--port": str(port), "--workers": str(PROCESSES),
        "--blocking-threads": "2", "--backpressure": "1024", "--http1-header-read-timeout": "60000",
    }  # fmt: skip
    command = [sys.executable, "-m", "granian", "--no-ws", *itertools.chain(*options.items()), "bare_app:application"]
    log = open(folder / "bare.log", "wb")  # noqa: SIM115 (the process has it)
    environment = os.environ | {"RIVAL_FACTS": str(facts)}
    started = subprocess.Popen(command, cwd=ROOT / "bench", env=environment, stdout=log, stderr=log)
    return Server("bare", port, started)


def rival_python(folder):
    venv.create(folder / "venv", with_pip=True)
    python = str(folder / "venv" / "bin" / "python")
    subprocess.run([python, "-m", "pip", "install", "--quiet", *PACKAGES], check=True)
    return python


def write_facts(folder, port, database):
    from django.utils import translation
    from django.utils.translation import gettext

    from content.documents.effect import EffectStatus
    from content.law.doc_types import DocType

    with translation.override("vi"):
        facts = {
            "public_url": f"http://127.0.0.1:{port}",
            "database": database,
            "types": {each.value: str(each.label) for each in DocType},
            "statuses": {each.value: str(each.label) for each in EffectStatus},
            "doubt": gettext("%(act)s states: “%(clause)s”. This has not been checked yet."),
            "unnamed": gettext(
                "The official source states that a part is no longer in force, but not which part. "
                "This has not been checked yet."
            ),
        }  # fmt: skip
    (folder / "facts.json").write_text(json.dumps(facts))


def database_parameters():
    """Host, user, name … of the database, as asyncpg names them."""
    from django.conf import settings

    database = settings.DATABASES["default"]
    names = {"host": "HOST", "port": "PORT", "user": "USER", "password": "PASSWORD", "database": "NAME"}
    return {name: database[ours] for name, ours in names.items() if database[ours]}


# -- what is asked


def documents_by_size():
    """[(key, eid of an article in its middle)] of the laws in force, the shortest first."""
    from django.db.models import Count

    from content.documents.models import LegalDocument

    counted = LegalDocument.objects.filter(status="published").exclude(doc_type="consolidated_text")
    in_order = counted.annotate(units=Count("provisions")).order_by("units", "pk")
    found = []
    for document in in_order:
        eids = list(
            document.provisions.filter(kind="article", versions__valid_until=None)
            .order_by("position").values_list("eid", flat=True)
        )  # fmt: skip
        if eids:
            found.append((document.key, eids[len(eids) // 2]))
    return found


class Days:
    """Days that no request of this run has named: from tomorrow on, when every law has been issued."""

    def __init__(self):
        from content.vietnam_time import today

        self.today, self.used = today(), itertools.count(1)

    def next(self):
        return self.today.fromordinal(self.today.toordinal() + next(self.used) % 3640)

    def past(self):
        return self.today.fromordinal(self.today.toordinal() - 97 * next(self.used) % 3640)


def shapes(found):
    """{name: function of a day: the path}. `detail` and `provision`: 30 laws of about the median size, in turn."""
    middle = found[max(0, len(found) // 2 - 15) : len(found) // 2 + 15]
    turns = {name: itertools.cycle(middle) for name in ("detail", "provision")}
    largest = found[-1][0]

    def provision(day):
        key, eid = next(turns["provision"])
        return f"/api/v1/documents/{key}/provisions/{eid}?as_of={day}"

    return {
        "detail": lambda day: f"/api/v1/documents/{next(turns['detail'])[0]}?as_of={day}",
        "large": lambda day: f"/api/v1/documents/{largest}?as_of={day}",
        "list": lambda day: f"/api/v1/documents?as_of={day}",
        "provision": provision,
    }


# -- measuring


def same_bytes(ours, rival, paths):
    """Compare the answers to these paths, and return their lengths. What was not there on a past day is left out."""
    good = []
    for path in paths:
        status, _tag, body = ours.ask(Request(path))
        if status in (404, 410):
            continue
        other = rival.ask(Request(path))
        if (status, body) != (other[0], other[2]):
            where = next((at for at, (a, b) in enumerate(zip(body, other[2], strict=False)) if a != b), -1)
            print(path, status, other[0], len(body), len(other[2]))
            print(" ours ", body[max(0, where - 100) : where + 100].decode(errors="replace"))
            print(" rival", other[2][max(0, where - 100) : where + 100].decode(errors="replace"))
            raise SystemExit("rivals: the bytes differ")
        good.append(len(body))
    return good


def measure(server, requests, postmaster):
    """(the Cell of one request, the lengths of the bodies). `requests`: pairs of a Request and its right status."""
    before, database, began = server.cpu(), postgres_cpu(postmaster), time.perf_counter()
    lengths = []
    for request, expected in requests:
        status, _tag, body = server.ask(request)
        assert status == expected, (server.name, request.path, status, body)
        lengths.append(len(body))
    used = (server.cpu() - before, postgres_cpu(postmaster) - database, time.perf_counter() - began)
    return Cell(*(each / len(requests) for each in used)), lengths


class Waves:
    """Several connections to a server: one request on each, then their answers."""

    def __init__(self, server, count):
        self.server, self.hits = server, 0  # answers from memory
        self.sockets = [socket.create_connection(("127.0.0.1", server.port)) for _ in range(count)]

    def ask(self, requests, times):
        """{(path, length of the body)}. `requests`: pairs of a Request and its right status, in turn."""
        in_turn = itertools.cycle((request.path, written(request), expected) for request, expected in requests)
        lengths = set()
        for _wave in range(times // len(self.sockets)):
            asked = [(connection, *next(in_turn)) for connection in self.sockets]
            for connection, _path, request, _expected in asked:
                connection.sendall(request)
            lengths.update((path, self.length(connection, expected)) for connection, path, _request, expected in asked)
        return lengths

    def length(self, connection, expected):
        answer = b""
        while b"\r\n\r\n" not in answer:
            answer += self.more(connection)
        head, _end, body = answer.partition(b"\r\n\r\n")
        assert head.startswith(b"HTTP/1.1 %d" % expected), (self.server.name, head)
        self.hits += b"luat-mo; hit" in head
        if expected == 304:
            assert not body
            return 0
        whole = int(re.search(rb"(?i)\r\ncontent-length: (\d+)", head)[1])
        while len(body) < whole:
            body += self.more(connection)
        return len(body)

    def more(self, connection):
        data = connection.recv(1 << 18)
        assert data, f"{self.server.name} hung up"
        return data

    def close(self):
        for each in self.sockets:
            each.close()

    def measure(self, requests, times, postmaster):
        """(the Cell of one request, the lengths of the bodies)."""
        before, database, began = self.server.cpu(), postgres_cpu(postmaster), time.perf_counter()
        lengths = self.ask(requests, times)
        used = (self.server.cpu() - before, postgres_cpu(postmaster) - database, time.perf_counter() - began)
        return Cell(*(each / times for each in used)), lengths


def written(request):
    """The bytes of a request."""
    headers = "".join(f"{name}: {value}\r\n" for name, value in request.headers.items())
    return f"{request.method} {request.path} HTTP/1.1\r\nHost: 127.0.0.1\r\n{headers}\r\n".encode()


def measure_same_cache(table, servers, path, asked, postmaster):
    """Rounds over all servers, for eight connections and for one."""
    times = 32 * asked.requests
    for name, connections in (("same_cache", 8), ("same_cache_1", 1)):
        with contextlib.ExitStack() as at_end:
            waves = [at_end.enter_context(contextlib.closing(Waves(each, connections))) for each in servers]
            for each in waves:
                each.ask([(Request(path), 200)], 400)
            for _round in range(asked.rounds):
                lengths = [
                    table.add(name, each.server, *each.measure([(Request(path), 200)], times, postmaster))
                    for each in waves
                ]
                assert all(each == lengths[0] for each in lengths), lengths


class Table:
    def __init__(self):
        self.cells = {}

    def add(self, shape, server, cell, lengths, *, name=""):
        self.cells.setdefault(shape, {}).setdefault(name or server.name, []).append(cell)
        return lengths

    def report(self):
        """Print, and return {shape: our web CPU / the first rival's}, {shape: our requests a second / the rival's}."""
        ratios, rates = {}, {}
        print(f"{'':11} {'server':9} {'web CPU µs':>11} {'database µs':>12} {'elapsed µs':>11}")
        for shape, servers in self.cells.items():
            median = {
                name: [statistics.median(getattr(each, what) for each in cells) * 1e6 for what in Cell.__annotations__]
                for name, cells in servers.items()
            }
            for name, (web, database, seconds) in median.items():
                print(f"{shape:11} {name:9} {web:11.0f} {database:12.0f} {seconds:11.0f}")
            rival = next(name for name in median if name != "ours")
            ratios[shape] = median["ours"][0] / median[rival][0]
            if shape in LEAST_RATES:
                rates[shape] = median[rival][2] / median["ours"][2]
        return ratios, rates


def is_from_memory(server, path):
    headers, _body = whole_answer(server, path)
    return dict(headers).get("cache-status") == "luat-mo; hit"


def whole_answer(server, path):
    """([(name, value) of the application's own headers], body)."""
    server.connection.request("GET", path)
    answer = server.connection.getresponse()
    own = [(name.lower(), value) for name, value in answer.getheaders() if name.lower() not in ("date", "connection")]
    return own, answer.read()


def fill_stored(ours, direct, paths):
    """Store our answers for the rival that only reads them."""
    direct.execute("DROP SCHEMA IF EXISTS rivals CASCADE")
    direct.execute("CREATE SCHEMA rivals")
    direct.execute("CREATE TABLE rivals.stored (path text PRIMARY KEY, etag text, body bytea)")
    for path in paths:
        status, _tag, body = ours.ask(Request(path))
        assert status == 200
        row = (path.lstrip("/"), f'"{hashlib.sha256(body).hexdigest()[:32]}"', body)
        direct.execute("INSERT INTO rivals.stored VALUES (%s, %s, %s)", row)


def a_device():
    """(its installation key, its secret, what it says of itself)."""
    from notifications.follows import services

    name = f"rivals-{time.time_ns()}"
    said = {
        "registration_id": name * 3, "id_kind": "token", "platform": "android", "app_version": "1", "language": "vi",
    }  # fmt: skip
    _device, secret = services.register_device(name, caller=None, **said)
    return name, secret, said


def as_device(path, secret, body):
    return Request(path, "PUT", body, {"Authorization": f"Bearer {secret}", "Content-Type": "application/json"})


def follow_requests(keys, secret):
    """PUTs, with what each answers: half of them for the first time."""
    request = {key: as_device(f"/api/v1/follows/document/{key}", secret, b"{}") for key in keys}
    return [(request[key], status) for key in keys for status in (201, 200)]


def end_follows():
    """Delete the follows of the bench with their subscriptions, so that the next follow asks FCM for all anew."""
    from notifications.follows.models import FcmSubscription, Follow

    Follow.objects.filter(reader__devices__installation_key__startswith="rivals-").delete()
    FcmSubscription.objects.filter(device__installation_key__startswith="rivals-").delete()


def subscriptions_asked_for():
    """How many topics of FCM the devices of the bench should be on."""
    from notifications.follows.models import FcmSubscription

    return FcmSubscription.objects.filter(device__installation_key__startswith="rivals-", desired=True).count()


def goals_of(texts):
    return GOALS | {name: float(value) for name, _, value in (text.partition("=") for text in texts)}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rival-python", help="of an environment with " + ", ".join(PACKAGES))
    parser.add_argument("--documents", nargs="+", type=Path, default=[ROOT.parent / "shared/data/documents.jsonl.gz"])
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument(
        "--requests", type=int, default=120, help="of one cell; the kernel counts CPU in hundredths of a second"
    )
    parser.add_argument("--server", choices=["granian", "waitress"], default="granian")
    parser.add_argument("--litestar", action="store_true", help="measure its detail too; VENV then has litestar")
    parser.add_argument("--short", action="store_true", help="only same_cache, follow and device")
    parser.add_argument("--before", type=Path, help="another copy of this repository: its server is measured too")
    parser.add_argument("--goal", nargs="*", default=[], metavar="NAME=RATIO", help=f"else {GOALS}")
    asked = parser.parse_args()
    goals = goals_of(asked.goal)
    is_own_database = "DATABASE_URL" not in os.environ
    throwaway.start()
    from django.db import connection

    if is_own_database:
        throwaway.import_and_publish(asked.documents)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    found = documents_by_size()
    with contextlib.ExitStack() as at_end:
        folder = Path(at_end.enter_context(tempfile.TemporaryDirectory(prefix="luatmo-rivals-")))
        python = asked.rival_python or rival_python(folder)
        port = free_port()
        database = database_parameters()
        write_facts(folder, port, database)
        servers = [start_ours(folder, port, server=asked.server), start_rival(folder, python, "fastapi_app")]
        litestar = [start_rival(folder, python, "litestar_app")] if asked.litestar else []
        remembering = [
            start_rival(folder, python, "remembering_app", writes_log=True),
            start_rival(folder, python, "remembering_app", name="silent"),
        ]
        before = []
        if asked.before:
            home = folder / "before"
            home.mkdir()
            before = [start_ours(home, free_port(), server=asked.server, root=asked.before, name="before")]
        for each in servers + litestar + remembering + before:
            at_end.callback(stop, each)
        for each in [servers[0], *before]:
            wait_for(each, "/health/ready")
        for each in servers[1:] + litestar + remembering:
            wait_for(each, f"/api/v1/documents/{found[0][0]}")
        database["dbname"] = database.pop("database")
        direct = at_end.enter_context(psycopg.connect(**database, autocommit=True))
        backend = direct.info.backend_pid
        postmaster = psutil.Process(backend).ppid()
        print(f"{len(found)} laws, PostgreSQL {connection.pg_version // 10000}, Python {sys.version.split()[0]}")
        path = f"/api/v1/documents/{found[len(found) // 2][0]}"
        servers[0].ask(Request(path))
        bare = start_bare(folder, *whole_answer(servers[0], path))
        at_end.callback(stop, bare)
        wait_for(bare, path)
        table = Table()
        measure_same_cache(table, [remembering[0], servers[0], *before, remembering[1], bare], path, asked, postmaster)
        measure_follow(table, [servers[1], servers[0], *before], found, asked, postmaster)
        measure_device(table, [servers[1], servers[0], *before], asked, postmaster)
        if not asked.short:
            measure_all(table, servers, litestar, found, asked, direct, postmaster)
        ratios, rates = table.report()
        direct.execute("DROP SCHEMA IF EXISTS rivals CASCADE")
    missed = [f"{name} {value:.3f} > {goals[name]:.3f}" for name, value in ratios.items() if value > goals[name]]
    missed += [
        f"{name}_rate {value:.1f} < {LEAST_RATES[name]}" for name, value in rates.items() if value < LEAST_RATES[name]
    ]
    if missed:
        print("outside the goals:", ", ".join(missed))
    figures = [f"{name}={value:.3f}" for name, value in ratios.items()]
    print("rivals:", *figures, *(f"{name}_rate={value:.1f}" for name, value in rates.items()))
    return 1 if missed else 0


def measure_all(table, servers, litestar, found, asked, direct, postmaster):
    ours, rival = servers
    days, paths = Days(), shapes(found)
    for each in servers:  # both have compiled, connected and cached what they will
        for path_of in paths.values():
            for _time in range(10):
                each.ask(Request(path_of(days.next())))
    compared = same_bytes(ours, rival, [f"/api/v1/documents/{key}" for key, _eid in found])
    compared += same_bytes(ours, rival, [f"/api/v1/documents/{key}/provisions/{eid}" for key, eid in found])
    compared += same_bytes(ours, rival, [path_of(days.past()) for path_of in paths.values() for _ in range(20)])
    print(f"the same bytes: {len(compared)} answers, {sum(compared) / len(compared):.0f} bytes on average")
    for name, path_of in paths.items():
        for _round in range(asked.rounds):
            count = asked.requests if name != "large" else max(10, asked.requests // 4)
            requests = [(Request(path_of(days.next())), 200) for _ in range(count)]
            lengths = [table.add(name, each, *measure(each, requests, postmaster)) for each in servers]
            assert lengths[0] == lengths[1], name
            for each in litestar if name == "detail" else ():
                table.add(name, each, *measure(each, requests, postmaster))
    warm = [f"/api/v1/documents/{key}" for key, _eid in found[len(found) // 2 - 15 : len(found) // 2 + 15]]
    for name, again in (("warm", warm), ("warm_list", ["/api/v1/documents"])):
        requests = [(Request(path), 200) for path in again]
        for each in servers:
            for request, _expected in requests:
                each.ask(request)
        for path in again:
            assert is_from_memory(ours, path), f"{path} does not come from memory"
        measure_again(table, name, [(each, each.name, requests) for each in servers], asked, postmaster)
    fill_stored(ours, direct, warm)
    unchanged = []
    for each, name, prefix in ((rival, "stored", "/stored"), (ours, "ours", "")):
        requests = [Request(prefix + path) for path in warm]
        for request in requests:
            request.headers["If-None-Match"] = each.ask(request)[1]
        unchanged.append((each, name, [(request, 304) for request in requests]))
    measure_again(table, "unchanged", unchanged, asked, postmaster)


def measure_again(table, shape, askers, asked, postmaster):
    """Rounds of the same requests over many connections, and over one. `askers`: (server, its name, its requests)."""
    times = CONNECTIONS * asked.requests
    least = LEAST_HITS * times * asked.rounds
    for name, connections in ((shape, CONNECTIONS), (f"{shape}_1", 1)):
        with contextlib.ExitStack() as at_end:
            waves = [
                (at_end.enter_context(contextlib.closing(Waves(each, connections))), server_name, requests)
                for each, server_name, requests in askers
            ]
            for each, _server_name, requests in waves:
                each.ask(requests, 600)  # then each process should have all answers
                each.hits = 0
            for _round in range(asked.rounds):
                lengths = [
                    table.add(name, each.server, *each.measure(requests, times, postmaster), name=server_name)
                    for each, server_name, requests in waves
                ]
                answered = [{(path.removeprefix("/stored"), length) for path, length in each} for each in lengths]
                assert answered[0] == answered[1], (name, answered)
            assert max(each.hits for each, *_ in waves) >= least, f"{name}: ours does not come from memory"
    for each, _server_name, _requests in askers:
        each.connection = None  # idle for so long, the server has closed it


def measure_follow(table, servers, found, asked, postmaster):
    """Rounds over all servers, the rival first: it writes the follow and no subscription, ours all three of each."""
    from notifications.follows.models import Follow

    (_name, secret, _said), keys = a_device(), [key for key, _eid in found[:100]]
    subscribed = len(keys) * len(Follow.KINDS["document"])
    for _round in range(asked.rounds + 1):
        for each in servers:
            end_follows()
            used = measure(each, follow_requests(keys, secret), postmaster)
            found_now, right = subscriptions_asked_for(), 0 if each is servers[0] else subscribed
            assert found_now == right, (each.name, found_now, right)
            if _round:  # before, each has connected and compiled
                table.add("follow", each, *used)
    end_follows()


def measure_device(table, servers, asked, postmaster):
    """Rounds over all servers. What both answer is compared, but for the time that each has noted."""
    name, secret, said = a_device()
    request = as_device(f"/api/v1/devices/{name}", secret, json.dumps(said).encode())
    rival, ours = (re.sub(rb'"last_seen_at":"[^"]{32}"', b"", each.ask(request)[2]) for each in servers[:2])
    assert rival == ours, (rival, ours)
    for _round in range(asked.rounds + 1):
        for each in servers:
            seen = last_seen(name)
            used = measure(each, [(request, 200)] * 2 * asked.requests, postmaster)
            assert last_seen(name) > seen, f"{each.name} has not noted when"
            if _round:  # before, each has connected and compiled
                table.add("device", each, *used)


def last_seen(name):
    from notifications.devices.models import Device

    return Device.objects.get(installation_key=name).last_seen_at


def stop(server):
    server.process.terminate()
    with contextlib.suppress(subprocess.TimeoutExpired):
        server.process.wait(20)
    for each in psutil.Process().children(recursive=True):
        if each.pid == server.process.pid:
            each.kill()


if __name__ == "__main__":
    sys.exit(main())
