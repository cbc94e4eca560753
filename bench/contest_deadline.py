"""Twenty thousand contestants submit in the last minute, through nginx, the web server and a real PostgreSQL.

    python bench/contest_deadline.py [--attempts 20000] [--seconds 60] [--burst 0] [--grace 200] [--late 200]
        [--connections 64] [--p99 2000] [--server production|local]

The web server and the schedule of contests, again and again, run over a throw-away PostgreSQL with fsync on. The web
server is that of production, `manage.py web` behind the nginx of deploy/nginx, or with `--server local` that of
script/serve, which needs a third more for a request. All
attempts end at one deadline. Phones submit one after the other over so many connections, evenly until two seconds
before it, or later where the server is slower; each tenth saves first. `--burst` phones more submit in the last five
seconds before it, whatever the others do, each over a connection of its own. `--grace` phones submit from half a second
to four seconds after it. `--late` phones have saved only, and submit when the grace of five seconds is over.

Last line: `deadline: accepted=… lost=… late_taken=… p99_ms=…`; exit 1 unless lost=0, late_taken=0, all accepted, and
p99_ms at most `--p99`.

How it could pass while the product fails, and what is done about it:
- The server could answer 200 and store nothing, or store it later: it is killed (-9) when the last phone in the grace
  has its answer, and each 200 must be a submitted row then. Another server answers the late ones.
- It could refuse what comes in the grace: each of those phones must get 200 and a receipt, as the punctual ones.
- The worker could be in its way, or close attempts that are being submitted: it runs from the first submission until
  the late ones are answered.
- It could store other answers, or sign others: each receipt is verified with the keys that /.well-known/jwks.json has,
  and its hash must be that of the nonce and the answers that this program sent; scores of a random sample are derived
  from the seed by `verifying.py`, which shares no code with the server; all rows are settled, for each score as many
  contestants are counted as there are rows, and counts that are made again from nothing are the same.
- Limits could be off: those of production are on. Each connection has an address of its own in 127.0.0.0/8.
- Connections that the server drops could hide behind a retry, as a phone makes one: exit 1 if there was any.
- It could refuse phones of a crowd: a phone that sent in time and got no 200 is lost, and so is one whose row is
  not submitted. Phones that never got a connection before the deadline are not lost but not accepted: exit 1 too.
- It could take late submissions: what is sent after the grace must be 409 `too_late`, and no row of a person may have a
  later time. Its clock could be wrong: that of the database is compared with this program's before it begins.
- What a late phone had saved could be lost: the worker closes it, and the saved answers must be those that count.
- It could refuse saves for another reason than the crowd: what is neither 200 nor 503 `too_many_saves` is lost.
- A load generator that waits for answers could hide slow ones: the time is measured from the moment when a phone was to
  submit, or to save before it, and where the server is slower than the phones, the line before the last says so.
"""  # fmt: skip

import argparse
import asyncio
import itertools
import json
import os
import random
import secrets
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections import Counter
from dataclasses import dataclass, field
from functools import partial

import psutil
import throwaway

GRACE, MARGIN, SAMPLE, QUESTIONS = 5.0, 2.0, 1_000, 20
CLOSED_AFTER = 40.0  # seconds after the deadline: the worker closes what is left 20 s after the grace
GRACE_FIRST, GRACE_LAST = 0.5, 4.0  # seconds after the deadline
BURST = 5.0  # seconds before it
PRODUCTION_WRITES = "6000"  # of one address in a minute
SCHEDULE = """
import time, django
django.setup()
from content.contest_results.services import run_schedule
while True:
    run_schedule()
    time.sleep(0.2)
"""


@dataclass
class Phone:
    """A contestant: the secret and the attempt, and what became of it."""

    secret: str
    key: str
    nonce: bytes
    group: str  # punctual, burst, grace, late
    answers: dict[str, str]
    saved: dict[str, str] = field(default_factory=dict)
    status: int = 0  # of the submission; 0: none, or no answer
    code: str = ""
    receipt: str = ""
    sent_at: float = 0.0
    took: float = 0.0  # since it was to submit
    answered_in: float = 0.0  # since it was sent
    bad_save: str = ""  # status and code of a save that was refused without the right to

    @property
    def is_late(self):
        return self.group == "late"


def make_phones(contest, round, groups):
    """So many readers with a device, an entry and an open attempt each. The rows are written at once."""
    from django.utils import timezone

    from content.contests.models import Attempt, Entry
    from content.people.models import Reader
    from notifications.devices.models import Device
    from notifications.devices.services import secret_hash

    rng, now, phones = random.Random(1), timezone.now(), []
    readers = Reader.objects.bulk_create([Reader() for _ in groups], batch_size=2_000)
    devices, entries, rows = [], [], []
    for number, reader in enumerate(readers):
        answers = {str(n): rng.choice("abcd") for n in range(1, QUESTIONS + 1)}
        phone = Phone(secrets.token_urlsafe(24), "", os.urandom(16), groups[number], answers)
        devices.append(
            Device(
                reader=reader, installation_key=f"bench-{number}", secret_hash=secret_hash(phone.secret), id_kind="fid",
                platform="android", last_seen_at=now,
            )
        )  # fmt: skip
        entries.append(Entry(contest=contest, reader=reader, age_band="adult", consented_at=now))
        phones.append(phone)
    Device.objects.bulk_create(devices, batch_size=2_000)
    for phone, entry in zip(phones, Entry.objects.bulk_create(entries, batch_size=2_000), strict=True):
        rows.append(
            Attempt(entry=entry, round=round, number=1, nonce=phone.nonce, started_at=now, deadline_at=round.ends_at)
        )
        phone.key = rows[-1].key
    Attempt.objects.bulk_create(rows, batch_size=2_000)
    return phones


class Connection:
    """One HTTP/1.1 connection from an address of its own, opened again where the server ends it."""

    made, retries = itertools.count(), 0

    def __init__(self, port):
        self.port, self.streams, number = port, None, next(self.made)
        self.address = f"127.0.{1 + number // 250 % 250}.{1 + number % 250}"

    async def ask(self, method, path, secret, body):
        """(status, JSON). A connection that was ended before anything was answered is tried once more."""
        content = json.dumps(body).encode()
        head = f"{method} /api/v1/{path} HTTP/1.1\r\nHost: 127.0.0.1:{self.port}\r\nAuthorization: Bearer {secret}\r\n"
        head += f"Content-Type: application/json\r\nContent-Length: {len(content)}\r\n\r\n"
        for is_last in (False, True):
            try:
                if self.streams is None:
                    self.streams = await asyncio.open_connection("127.0.0.1", self.port, local_addr=(self.address, 0))
                return await self._exchange(head.encode() + content)
            except (OSError, asyncio.IncompleteReadError):
                self.streams = None
                if is_last:
                    return 0, {}
                Connection.retries += 1
        return 0, {}

    async def _exchange(self, request):
        reader, writer = self.streams
        writer.write(request)
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").lower()
        length = int(head.partition("content-length:")[2].partition("\r\n")[0])
        body = json.loads(await reader.readexactly(length))
        if "connection: close" in head:
            writer.close()
            self.streams = None
        return int(head[9:12]), body


async def submit_all(phones, port, begins_at, deadline):
    """Each connection takes the next phone when its moment has come. Returns [saves taken, saves refused]."""
    window = deadline - MARGIN - begins_at
    queue = iter(list(enumerate(phones)))
    saves = [0, 0]

    async def run(connection):
        for number, phone in queue:
            due = begins_at + window * number / len(phones)
            await asyncio.sleep(max(0.0, due - time.time()))
            if time.time() > deadline - 0.5:  # it found no connection: not sent
                return
            if number % 10 == 0:
                await save(connection, phone, saves)
            phone.sent_at = time.time()
            await submit(connection, phone)
            phone.took, phone.answered_in = time.time() - due, time.time() - phone.sent_at

    await asyncio.gather(*(run(Connection(port)) for _ in range(OPTIONS.connections)))
    return saves


async def save(connection, phone, saves):
    answers = dict(list(phone.answers.items())[:7])
    status, said = await connection.ask(
        "PUT", f"attempts/{phone.key}/answers", phone.secret, {"seq": 1, "answers": answers}
    )
    saves[0 if status == 200 else 1] += 1
    if status == 200:
        phone.saved = answers
    elif (status, said.get("code")) != (503, "too_many_saves"):
        phone.bad_save = f"{status} {said.get('code', '')}"


async def submit(connection, phone):
    body = {"seq": 9, "answers": phone.answers}
    phone.status, said = await connection.ask("POST", f"attempts/{phone.key}/submission", phone.secret, body)
    phone.code, phone.receipt = said.get("code", ""), said.get("receipt") or ""


async def save_first(phones, port):
    """The late ones save, each until it is taken."""
    connection, saves = Connection(port), [0, 0]
    for phone in phones:
        while not phone.saved and not phone.bad_save:
            await save(connection, phone, saves)


async def submit_apart(phones, port, first, last):
    """Evenly between these times, each over a connection of its own: none waits for another."""

    async def run(number, phone):
        due = first + (last - first) * number / len(phones)
        await asyncio.sleep(max(0.0, due - time.time()))
        phone.sent_at = time.time()
        await submit(Connection(port), phone)
        phone.took, phone.answered_in = time.time() - due, time.time() - phone.sent_at

    await asyncio.gather(*(run(number, phone) for number, phone in enumerate(phones)))


async def submit_with_burst(punctual, burst, port, begins_at, deadline):
    """As `submit_all`, while the others come in the last seconds."""
    saves, _ = await asyncio.gather(
        submit_all(punctual, port, begins_at, deadline), submit_apart(burst, port, deadline - BURST, deadline)
    )
    return saves


async def submit_late(phones, port, deadline):
    """One after the other from a moment after the grace."""
    connection = Connection(port)
    await asyncio.sleep(max(0.0, deadline + GRACE + 0.2 - time.time()))
    for phone in phones:
        phone.sent_at = time.time()
        await submit(connection, phone)


def receipt_is_right(phone, row, keys, contest):
    """Whether the receipt that the phone got is the stored one, was signed, and is of what the phone sent."""
    import jwt

    from content.contest_papers.verifying import canonical, sha256

    if phone.receipt != row["receipt"] or row["answers"] != phone.answers:
        return False
    try:
        claims = jwt.decode(phone.receipt, keys[jwt.get_unverified_header(phone.receipt)["kid"]], algorithms=["EdDSA"])
    except (jwt.InvalidTokenError, KeyError):
        return False
    return (
        claims["answers_hash"] == sha256(phone.nonce, canonical(phone.answers))
        and (claims["contest"], claims["entry"], claims["number"]) == (contest.key, row["entry__code"], 1)
        and claims["submitted_at"][:19] == f"{row['submitted_at']:%Y-%m-%dT%H:%M:%S}"
    )


def score_is_right(proof, phone, row):
    """Whether the stored score is the one that `verifying.py` and a look at each answer give."""
    from content.contest_papers import verifying

    line = {"code": row["entry__code"], "number": 1, "nonce": phone.nonce.hex()}
    numbers = verifying.random_numbers(proof, line)
    drawn = verifying.shuffle(proof["pool"], QUESTIONS, numbers)
    right = 0
    for number, each in enumerate(drawn, 1):
        order = verifying.shuffle(range(len(each["question"]["choices"])), len(each["question"]["choices"]), numbers)
        right += order["abcd".index(phone.answers[str(number)])] == each["question"]["right"] - 1
    return right == row["correct"]


def unstored(phones):
    """The phones that were told 200 and whose attempt is not submitted, as the rows are now."""
    from content.contests.models import Attempt

    stored = set(Attempt.objects.exclude(submitted_at=None).values_list("key", flat=True))
    return [f"{phone.key}: 200, but not stored" for phone in phones if phone.status == 200 and phone.key not in stored]


def judge(phones, contest, keys, deadline):
    """(accepted, lost, late_taken), from the rows alone and what the phones were told."""
    from content.contest_results import proof as proofs
    from content.contests.models import Attempt
    from content.vietnam_time import VIETNAM_TIME

    fields = ("key", "answers", "receipt", "submitted_at", "is_closed_by_system", "correct", "entry__code")
    rows = {row["key"]: row for row in Attempt.objects.values(*fields)}
    round = contest.rounds.get()
    proof = proofs.round_commitment(round) | {
        "seed": bytes(round.seed).hex(),
        "pool": [
            {"hash": each.hash, "question": proofs.hashed_content(each.question)}
            for each in round.questions.select_related("question").order_by("position")
        ],
    }
    accepted, lost, late_taken = 0, [], []
    sample = {phone.key for phone in random.sample(phones, min(SAMPLE, len(phones)))}
    for phone in phones:
        row = rows[phone.key]
        by_person = row["submitted_at"] is not None and not row["is_closed_by_system"]
        if row["submitted_at"]:
            row["submitted_at"] = row["submitted_at"].astimezone(VIETNAM_TIME)
        if by_person and row["submitted_at"].timestamp() > deadline + GRACE:
            late_taken.append(phone.key)
        if phone.bad_save:
            lost.append(f"{phone.key}: a save was refused: {phone.bad_save}")
        if phone.is_late:
            if by_person or phone.status == 200:
                late_taken.append(phone.key)
            elif phone.code != "too_late":
                lost.append(f"{phone.key}: too late, and told {phone.status} {phone.code}")
            elif not row["is_closed_by_system"] or row["answers"] != phone.saved:
                lost.append(f"{phone.key}: what was saved does not count")
        elif phone.sent_at and (phone.status != 200 or not by_person):
            lost.append(f"{phone.key}: {phone.status} {phone.code}")
        elif phone.sent_at:
            accepted += 1
            if not receipt_is_right(phone, row, keys, contest) or (
                phone.key in sample and not score_is_right(proof, phone, row)
            ):
                lost.append(f"{phone.key}: other answers, receipt or score")
    return accepted, lost, late_taken


def wrong_counts(contest):
    """What is not counted as the rows are: scores, and what counting again from nothing would change."""
    from content.contest_results.models import ScoreCount
    from content.contest_results.services import counting
    from content.contests.models import Attempt
    from tests.content.contest_results.test_results import counted

    rows = Attempt.objects.exclude(submitted_at=None).values_list("correct", flat=True)
    if Counter(rows) != Counter(dict(ScoreCount.objects.values_list("correct", "contestants"))):
        yield "the counts of scores differ from the rows"
    before = counted()
    counting.rebuild(contest)
    if counted() != before:
        yield "counts made again are others"


def clock_differs(contest):
    """By how many seconds the clock of the database differs from this program's."""
    from content.contests.queries import database_now

    before = time.time()
    asked = database_now(contest).timestamp()
    return max(before - asked, asked - time.time(), 0)


def start_schedule():
    """The schedule of contests again and again, in a process of its own."""
    environment = os.environ | {"DJANGO_SETTINGS_MODULE": "config.settings", "PYTHONPATH": str(throwaway.ROOT)}
    return subprocess.Popen([sys.executable, "-c", SCHEDULE], cwd=throwaway.ROOT, env=environment)


def spent_so_far(server, schedule):
    """Seconds of CPU of each part: they share the cores, and phones and worker take little."""
    from contest_server import cpu_of_family
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        postmaster = psutil.Process(cursor.fetchone()[0]).parent()
    families = {"PostgreSQL": postmaster.pid, "worker": schedule.pid}
    return (
        server.spent() | {name: cpu_of_family(pid) for name, pid in families.items()} | {"phones": time.process_time()}
    )


def parsed_options():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--attempts", type=int, default=20_000)
    options.add_argument("--seconds", type=float, default=60)
    options.add_argument("--burst", type=int, default=0)
    options.add_argument("--grace", type=int, default=200)
    options.add_argument("--late", type=int, default=200)
    options.add_argument("--server", choices=("production", "local"), default="production")
    options.add_argument("--p99", type=float, default=2_000, help="milliseconds")
    options.add_argument("--connections", type=int, default=64)
    return options.parse_args()


def main():
    home = tempfile.mkdtemp(prefix="luatmo-bench-")
    os.environ["LUATMO_HOME"] = home  # one key for this program, which freezes, and for the server, which signs
    throwaway.start()
    import jwt
    from contest_server import Server
    from django.db import connection

    from content.contest_results import services
    from tests.builders_contests import a_quiz_bank, a_running_contest, round_of

    contest = a_running_contest(a_quiz_bank(60), size=QUESTIONS)
    sizes = {name: getattr(OPTIONS, name) for name in ("burst", "grace", "late")} | {"punctual": OPTIONS.attempts}
    groups = [name for name, size in sizes.items() for _ in range(size)]
    phones = make_phones(contest, round_of(contest), groups)
    print(f"made: {len(phones)} open attempts", flush=True)
    if (differs := clock_differs(contest)) > 0.05:
        raise SystemExit(f"the clock of the database differs by {differs:.3f} s")
    a_server = partial(
        Server, home, is_production=OPTIONS.server == "production", ATTEMPT_WRITES_PER_MINUTE=PRODUCTION_WRITES
    )
    server, schedule = a_server(), start_schedule()
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{server.port}/.well-known/jwks.json") as answer:
            keys = {key.key_id: key for key in jwt.PyJWKSet.from_json(answer.read().decode()).keys}
        punctual, burst, grace, late = (
            [phone for phone in phones if phone.group == group] for group in ("punctual", "burst", "grace", "late")
        )
        asyncio.run(save_first(late, server.port))
        begins_at = time.time() + 1
        deadline = begins_at + OPTIONS.seconds
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
            cursor.execute(
                "UPDATE content_attempt SET started_at = to_timestamp(%s), deadline_at = to_timestamp(%s)",
                [begins_at, deadline],
            )
        before = spent_so_far(server, schedule)
        saved, shed = asyncio.run(submit_with_burst(punctual, burst, server.port, begins_at, deadline))
        ended_at = time.time()
        cpu = {each: now - before[each] for each, now in spent_so_far(server, schedule).items()}
        asyncio.run(submit_apart(grace, server.port, deadline + GRACE_FIRST, deadline + GRACE_LAST))
        server.kill()
        not_stored = unstored(phones)
        server = a_server()
        asyncio.run(submit_late(late, server.port, deadline))
        time.sleep(max(0.0, deadline + CLOSED_AFTER - time.time()))
    finally:
        server.kill()
        worker_ended = schedule.poll()
        schedule.kill()
        schedule.wait()
    services.run_schedule()  # what the worker has not counted yet
    accepted, lost, late_taken = judge(phones, contest, keys, deadline)
    lost += not_stored
    if worker_ended is not None:
        lost.append(f"the schedule ended with {worker_ended}")
    lost += wrong_counts(contest)
    if Connection.retries:
        lost.append(f"{Connection.retries} connections were dropped before an answer")
    for each in [*lost, *late_taken][:10]:
        print(each)
    in_time = [phone for phone in punctual + burst if phone.sent_at]
    took, answered = [phone.took * 1000 for phone in in_time], [phone.answered_in * 1000 for phone in in_time]
    p99, p99_answered = (statistics.quantiles(each, n=100)[98] for each in (took, answered))
    spent = ended_at - begins_at
    print(
        f"sent {len(took)} of {len(punctual) + len(burst)} in {spent:.1f} s = {len(took) / spent:.0f}/s; answered in a "
        f"median of {statistics.median(answered):.0f} ms, p99 {p99_answered:.0f} ms; ms of CPU for each: "
        + ", ".join(f"{part} {seconds / len(took) * 1000:.2f}" for part, seconds in cpu.items())
        + f"; saves: {saved} taken, {shed} told to come later; late: {len(late)}"
    )
    print(f"deadline: accepted={accepted} lost={len(lost)} late_taken={len(late_taken)} p99_ms={p99:.0f}")
    is_right = accepted == len(punctual) + len(burst) + len(grace) and not lost and not late_taken
    return 0 if is_right and p99 <= OPTIONS.p99 else 1


if __name__ == "__main__":
    OPTIONS = parsed_options()
    sys.exit(main())
