"""Registrations, follows, reconciliation with FCM and erasures of the same readers, from many processes.

CALLERS processes register one phone after the other. From two threads each phone follows topics with one kind of
notification, then another, so that subscriptions are ended and made while the worker, and EXTRA_WORKERS more, tell FCM
of the ones before. Meanwhile it takes over a registration that a phone of another process may have, and at the end it
erases its reader. Faults: deadlocks that PostgreSQL counted, answers of 500 and above, but 503 («database busy», with
Retry-After) only beyond BUSY_SHARE of the calls: more processes than processors wait longer than a lock may take.

How it could pass while the product fails, and what closes that:
- the counter of deadlocks is not read, or comes late: a deadlock between two connections of ours must be counted first;
- the calls fail (401, 404): each kind of call must succeed in LEAST_WELL of its calls that had a living phone;
- the worker does nothing meanwhile: FCM's log must show calls about topics while the load runs;
- the callers run one after the other: each process notes its first and last moment, and all must overlap.
"""

import contextlib
import json
import multiprocessing
import random
import sys
import threading
import time
import uuid
from collections import Counter
from multiprocessing.synchronize import Barrier
from typing import Any

import psycopg

from attacks.target import ROOT, Client, Target, require, target, until
from config.local.fcm_emulator import client_environment
from config.local.supervisor import SupervisedProcess

CALLERS, EXTRA_WORKERS, LOAD_SECONDS = 6, 1, 30
KINDS = ("new", "effect", "amended")
LEAST_WELL = 0.5  # a phone that its other caller has just erased answers 401
LEAST_TOPIC_CALLS = 100
BUSY_SHARE = 0.02  # of the calls may be answered with 503
COUNTED = "SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()"


def run() -> tuple[int, str]:
    """(deadlocks + server errors, the figures)."""
    with target() as installation, installation.sql() as database:
        _control(installation, database)
        before, calls_before = _deadlocks(database), _topic_calls(installation)
        results = _load(installation)
        seconds = min(each["until"] for each in results) - max(each["since"] for each in results)
        require(seconds > LOAD_SECONDS / 2, "the callers did not overlap")
        topic_calls = _topic_calls(installation) - calls_before
        require(topic_calls >= LEAST_TOPIC_CALLS, f"only {topic_calls} calls to FCM: the worker did not reconcile")
        time.sleep(1)  # PostgreSQL publishes a counter within a second
        deadlocks = _deadlocks(database) - before
    statuses: Counter[tuple[str, int]] = Counter()
    for each in results:
        statuses.update({(verb, status): count for verb, status, count in each["statuses"]})
    errors = _judged(statuses)
    words = ", ".join(f"{verb} {status}: {count}" for (verb, status), count in sorted(statuses.items()))
    return deadlocks + errors, (
        f"{deadlocks} deadlocks and {errors} server errors in {statuses.total()} requests of {CALLERS} processes, "
        f"{topic_calls} calls to FCM meanwhile ({words})"
    )


def _judged(statuses: Counter[tuple[str, int]]) -> int:
    """How many server errors. Raises CannotRun where a kind of call did not work."""
    for verb in {verb for verb, _status in statuses}:
        of_verb = Counter({status: count for (each, status), count in statuses.items() if each == verb})
        well = sum(count for status, count in of_verb.items() if status < 300)
        gone = of_verb[401] + of_verb[404]
        require(well >= LEAST_WELL * max(of_verb.total() - gone, 1), f"{verb} does not work: {dict(of_verb)}")
    busy = sum(count for (_verb, status), count in statuses.items() if status == 503)
    other = sum(count for (_verb, status), count in statuses.items() if status >= 500 and status != 503)
    return other + max(0, busy - int(BUSY_SHARE * statuses.total()))


def _control(installation: Target, database: psycopg.Connection[Any]) -> None:
    """Two connections that wait for each other are counted as a deadlock."""
    before = _deadlocks(database)
    with installation.sql() as one, installation.sql() as other:
        for connection, first in ((one, 1), (other, 2)):
            connection.execute("BEGIN")
            connection.execute("SELECT pg_advisory_xact_lock(%s)", [first])
        waiting = threading.Thread(target=_wait, args=(one, 2))
        waiting.start()
        _wait(other, 1)
        waiting.join()
    counted = until(lambda: _deadlocks(database) == before + 1, 5)
    require(counted, "a planted deadlock was not counted")


def _wait(connection: psycopg.Connection[Any], lock: int) -> None:
    with contextlib.suppress(psycopg.errors.DeadlockDetected):
        connection.execute("SELECT pg_advisory_xact_lock(%s)", [lock])
    connection.rollback()


def _deadlocks(database: psycopg.Connection[Any]) -> int:
    row = database.execute(COUNTED).fetchone()
    return int(row[0]) if row else 0


def _topic_calls(installation: Target) -> int:
    return sum(each["op"] == "topic" for each in installation.emu("GET", "log"))


def _load(installation: Target) -> list[dict[str, Any]]:
    topics = [each["key"] for each in Client(installation.base).get("/api/v1/topics").json()["results"]]
    require(len(topics) > 10, "there are too few topics to follow")
    results: multiprocessing.Queue[str] = multiprocessing.Queue()
    start = multiprocessing.Barrier(CALLERS)
    callers = [
        multiprocessing.Process(target=call, args=(installation.base, installation.fcm_port, topics, start, results))
        for _ in range(CALLERS)
    ]
    with _more_workers(installation):
        for caller in callers:
            caller.start()
        said = [json.loads(results.get(timeout=LOAD_SECONDS * 4)) for _ in callers]
        for caller in callers:
            caller.join()
    return said


@contextlib.contextmanager
def _more_workers(installation: Target) -> Any:
    """Further workers, as an operator adds them."""
    environment = installation.environment | client_environment(installation.fcm_port, installation.home / "fcm")
    workers = [
        SupervisedProcess(
            f"worker {number}", [sys.executable, str(ROOT / "manage.py"), "work"], environment, quiet=True
        )
        for number in range(EXTRA_WORKERS)
    ]
    for worker in workers:
        worker.start()
    try:
        yield
    finally:
        for worker in workers:
            worker.stop()


def call(base: str, fcm_port: int, topics: list[str], start: Barrier, results: Any) -> None:
    """One process of callers."""
    caller = Caller(base, fcm_port)
    start.wait()
    since = time.time()
    while time.time() < since + LOAD_SECONDS:
        caller.round(topics)
    statuses = [(*key, count) for key, count in caller.statuses.items()]
    results.put(json.dumps({"since": since, "until": time.time(), "statuses": statuses}))


class Caller:
    """Phones, one after the other, and how often each kind of call got each status."""

    def __init__(self, base: str, fcm_port: int) -> None:
        self.base, self.emulator, self.random = base, Client(f"http://127.0.0.1:{fcm_port}"), random.Random()
        self.statuses: Counter[tuple[str, int]] = Counter()

    def round(self, topics: list[str]) -> None:
        """A new phone: follow, change what it wants to hear, unfollow, take over registrations; then erase."""
        phone = str(uuid.uuid4())
        secret = self.register(phone, f"registration-{phone}")
        if secret is None:
            return
        threads = [threading.Thread(target=self.follow, args=(secret, topics)) for _ in range(2)]
        for thread in threads:
            thread.start()
        for _ in range(2):
            self.register(phone, f"registration-shared-{self.random.randrange(CALLERS)}", secret)
        for thread in threads:
            thread.join()
        self.send("erase", "DELETE", "/api/v1/me", secret)

    def follow(self, secret: str, topics: list[str]) -> None:
        for topic in self.random.sample(topics, 4):
            for kind in KINDS:
                self.send("follow", "PUT", f"/api/v1/follows/topic/{topic}", secret, {"kinds": [kind]})
            self.send("unfollow", "DELETE", f"/api/v1/follows/topic/{topic}", secret)

    def register(self, phone: str, registration: str, secret: str | None = None) -> str | None:
        self.emulator.post("/_emu/devices", json=[{"token": registration}])
        body = {"registration_id": registration, "id_kind": "token", "platform": "android"}
        answer = self.send("register", "PUT", f"/api/v1/devices/{phone}", secret, body)
        return answer.json().get("secret") if answer is not None and answer.status_code < 300 else None

    def send(self, verb: str, method: str, path: str, secret: str | None, body: Any = None) -> Any:
        headers = {"Authorization": f"Bearer {secret}"} if secret else {}
        with Client(self.base) as client:
            answer = client.request(method, path, json=body, headers=headers)
        self.statuses[verb, answer.status_code] += 1
        return answer
