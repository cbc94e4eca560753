"""A table that many need is locked for LOCK_SECONDS, as a careless ALTER TABLE locks it.

First the table of devices, which every call with a secret reads, while WRITERS writers follow topics at once; then the
tables that the health check reads, while nobody writes. Probes come every PROBE_PAUSE seconds. Faults: writers that
still wait when the lock goes; answers to them that are neither good nor 503 with Retry-After; probes that were not
answered within PROBE_SECONDS (any answer in time will do: 503 is honest); writers that fail once the lock is gone.

How it could pass while the product fails, and what closes that:
- the lock is never taken: PostgreSQL must list it as granted, and a statement of ours must run into it;
- the lock goes before the writers came: each writer notes when it was sent, and all must be sent while it is held;
- the writers do not need the table, or are refused (401): the same writers must succeed before;
- the server answers 503 to everybody, also without a lock: the same writers must succeed again after.
"""

import contextlib
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import psycopg
import requests
from psycopg import sql

from attacks.target import CannotRun, Client, DeviceSession, Target, require, target

LOCK_SECONDS = 8.0
WRITERS, TOPIC = 40, "11-dat-dai"
PROBE_SECONDS, PROBE_PAUSE = 1.0, 0.5
HOT = ("notifications_device",)
OF_HEALTH = ("procrastinate_workers", "notifications_channel")
HELD = "SELECT count(*) FROM pg_locks WHERE mode = 'AccessExclusiveLock' AND granted AND relation = %s::regclass"


@dataclass
class Answer:
    """What a writer or a probe got: status (0: none in time), when it was sent and answered, whether it may retry."""

    status: int
    sent_at: float
    answered_at: float
    may_retry: bool = False

    @property
    def seconds(self) -> float:
        return self.answered_at - self.sent_at


def run() -> tuple[int, str]:
    """(faults, the figures)."""
    with target() as installation, ThreadPoolExecutor(WRITERS) as pool:
        devices = [installation.device() for _ in range(WRITERS)]
        require(all(_good(each) for each in pool.map(_write, devices)), "writers fail while nothing is locked")
        require(_probe(installation.base).status == 200, "the health check fails while nothing is locked")
        busy = _locked(installation, HOT, pool, devices)
        quiet = _locked(installation, OF_HEALTH, pool, [])
    return busy[0] + quiet[0], f"{busy[1]}; {quiet[1]}"


def _locked(
    installation: Target, tables: tuple[str, ...], pool: ThreadPoolExecutor, devices: list[DeviceSession]
) -> tuple[int, str]:
    """Writers and probes while these tables are locked, and writers once they are not."""
    probes: list[Answer] = []
    stop = threading.Event()
    prober = threading.Thread(target=_probe_often, args=(installation.base, probes, stop))
    with installation.sql() as database:
        with database.transaction():
            for table in tables:
                database.execute(sql.SQL("LOCK TABLE {} IN ACCESS EXCLUSIVE MODE").format(sql.Identifier(table)))
            _control(installation, tables)
            until = time.monotonic() + LOCK_SECONDS
            sent = [pool.submit(_write, device) for device in devices]
            prober.start()
            time.sleep(LOCK_SECONDS)
        gone_at = time.monotonic()
        stop.set()
        prober.join()
    answers = [each.result() for each in sent]
    require(all(each.sent_at < until for each in answers), "some writers were sent after the lock had gone")
    require(len(probes) >= 3, "the health check was hardly asked")
    waited = sum(each.answered_at >= gone_at for each in answers)
    wrong = sum(each.answered_at < gone_at and not (_good(each) or each.may_retry) for each in answers)
    late = sum(each.status == 0 or each.seconds > PROBE_SECONDS for each in probes)
    broken = 0 if all(_good(each) for each in pool.map(_write, devices)) else 1
    slowest = max((each.seconds for each in [*probes, *answers]), default=0)
    words = (
        f"{' and '.join(tables)} locked for {LOCK_SECONDS:g} s: {waited} of {len(answers)} writers waited to its end, "
        f"{wrong} got a wrong answer ({sorted({each.status for each in answers})}), {late} of {len(probes)} health "
        f"checks late ({sorted({each.status for each in probes})}), slowest answer {slowest:.1f} s"
    )
    return waited + wrong + late + broken, words


def _control(installation: Target, tables: tuple[str, ...]) -> None:
    """The lock is there, and holds up who needs the table."""
    with installation.sql() as other:
        for table in tables:
            row: Any = other.execute(HELD, [table]).fetchone()
            require(row[0] == 1, f"{table} was not locked")
            with contextlib.suppress(psycopg.errors.LockNotAvailable), other.transaction():
                other.execute(sql.SQL("LOCK TABLE {} IN ACCESS SHARE MODE NOWAIT").format(sql.Identifier(table)))
                raise CannotRun(f"{table} can be read although it is locked")


def _write(device: DeviceSession) -> Answer:
    with DeviceSession(device.base, device.name, device.secret) as fresh:
        return _asked(fresh, "PUT", f"/api/v1/follows/topic/{TOPIC}", 60, json={"kinds": ["new"]})


def _probe(base: str) -> Answer:
    with Client(base) as client:
        return _asked(client, "GET", "/health/ready", LOCK_SECONDS + 5)


def _probe_often(base: str, probes: list[Answer], stop: threading.Event) -> None:
    """A probe every PROBE_PAUSE, each in a thread of its own: a late one must not hide the next."""
    threads = []
    while not stop.wait(PROBE_PAUSE):
        thread = threading.Thread(target=lambda: probes.append(_probe(base)))
        thread.start()
        threads.append(thread)
    for thread in threads:
        thread.join()


def _asked(client: Client, method: str, path: str, patience: float, **options: Any) -> Answer:
    sent_at = time.monotonic()
    try:
        answer = client.request(method, path, timeout=patience, **options)
    except requests.RequestException:
        return Answer(0, sent_at, time.monotonic())
    retry = answer.status_code == 503 and "Retry-After" in answer.headers
    return Answer(answer.status_code, sent_at, time.monotonic(), retry)


def _good(answer: Answer) -> bool:
    return 200 <= answer.status < 300
