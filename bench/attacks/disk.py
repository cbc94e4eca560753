"""The disk of PostgreSQL is full. What writers and the health check are told, and what is so afterwards.

The files of PostgreSQL lie on a tmpfs of DISK_MEBIBYTES (needs root to mount it), which a file of ours then fills.
A device asks questions until REFUSALS of them were not accepted. Faults: answers to them other than 2xx, or 503 or 507
with Retry-After; readiness that still says 200 after READY_SECONDS; a read with another status than 200 or 503;
readiness or writers that are not back RECOVERY_SECONDS after the disk has free space again; questions that were
accepted and are not there, or are there and were not accepted.

How it could pass while the product fails, and what closes that:
- the disk is not full: no byte may be left, and PostgreSQL must refuse a large table of ours with its code 53100 (or be
  down, which the line says);
- the questions fit into pages that were there: the part goes on until REFUSALS were refused, at most MOST_QUESTIONS;
- the writers are refused for another reason: the same call must succeed before.
"""

import contextlib
import os
import secrets
import subprocess
import time
import uuid
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import requests

from attacks import target as targets
from attacks.target import CannotRun, DeviceSession, Target, require, until
from tests.full_disk import filled

DISK_MEBIBYTES = 768
REFUSALS, MOST_QUESTIONS = 20, 200
READY_SECONDS, RECOVERY_SECONDS = 10, 30
TOO_LARGE = "CREATE TABLE attack AS SELECT md5(n::text) FROM generate_series(1, 5000) AS n"
COUNT = "SELECT count(*) FROM content_question"


def run() -> tuple[int, str]:
    """(faults, the figures)."""
    with targets.target(prepare=_small_disk) as installation:
        device = installation.device()
        before, asked = _count(installation), Counter[int]()
        require(_ask(device, asked)[0] == 201, f"a question could not be asked: {asked}")
        require(_ready(installation) == 200, "the health check fails before the disk is full")
        disk = installation.home / "postgres"
        with filled(disk):
            full = _control(installation, disk)
            wrong = _ask_until_refused(device, asked)
            ready = until(lambda: _ready(installation) != 200, READY_SECONDS, 0.5)
            read = _status(installation, "/api/v1/topics")
        began_at = time.monotonic()
        back = until(lambda: _ready(installation) == 200 and _ask(device, asked)[0] == 201, RECOVERY_SECONDS, 0.5)
        seconds = time.monotonic() - began_at
        differ = abs(_count(installation) - before - asked[201]) if back else 0
    faults = wrong + (not ready) + (read not in (200, 503)) + (not back) + differ
    return faults, (
        f"{full}; questions {dict(asked)}, {wrong} answers wrong; readiness {'says so' if ready else 'says 200'}; "
        f"a read {read}; {f'back after {seconds:.1f} s' if back else 'not back'}; {differ} questions more or fewer"
    )


@contextlib.contextmanager
def _small_disk(home: Path) -> Iterator[None]:
    """A tmpfs where the private PostgreSQL of this home keeps its files."""
    folder = home / "postgres"
    folder.mkdir()
    size = f"size={DISK_MEBIBYTES}m,mode=0755"
    done = subprocess.run(["mount", "-t", "tmpfs", "-o", size, "tmpfs", folder], capture_output=True, text=True)
    if done.returncode:
        raise CannotRun(f"a small disk cannot be mounted; this part needs root ({done.stderr.strip()})")
    try:
        yield
    finally:
        subprocess.run(["umount", "--lazy", folder], check=True)


def _control(installation: Target, disk: Path) -> str:
    """The disk is full for PostgreSQL too. Returns what it said."""
    left = os.statvfs(disk)
    require(left.f_bavail * left.f_bsize < 1 << 20, "the disk could not be filled")
    try:
        with installation.sql() as database:
            database.execute(TOO_LARGE)
    except psycopg.errors.DiskFull as refusal:
        return f"PostgreSQL refuses ({refusal.sqlstate})"
    except psycopg.OperationalError:
        return "PostgreSQL is down"
    raise CannotRun("PostgreSQL still has free space")


def _ask_until_refused(device: DeviceSession, asked: Counter[int]) -> int:
    """How many answers were wrong, until REFUSALS questions were not accepted."""
    wrong = refused = 0
    for _ in range(MOST_QUESTIONS):
        status, may_retry = _ask(device, asked)
        if status != 201:
            refused += 1
            wrong += not (status in (503, 507) and may_retry)
        if refused == REFUSALS:
            return wrong
    raise CannotRun(f"only {refused} of {MOST_QUESTIONS} questions did not fit on the full disk")


def _ask(device: DeviceSession, asked: Counter[int]) -> tuple[int, bool]:
    """(status, whether it may be sent again) of a question that does not compress."""
    body = {"title": "Sang tên xe", "text": secrets.token_urlsafe(2_500), "consent_to_publish": True}
    status, may_retry = 0, False
    with contextlib.suppress(requests.RequestException):
        answer = device.post("/api/v1/questions", json=body, headers={"Idempotency-Key": str(uuid.uuid4())})
        status, may_retry = answer.status_code, "Retry-After" in answer.headers
    asked[status] += 1
    return status, may_retry


def _status(installation: Target, path: str) -> int:
    with contextlib.suppress(requests.RequestException), targets.Client(installation.base) as client:
        return client.get(path, timeout=10).status_code
    return 0


def _ready(installation: Target) -> int:
    return _status(installation, "/health/ready")


def _count(installation: Target) -> int:
    with installation.sql() as database:
        row: Any = database.execute(COUNT).fetchone()
    return int(row[0])
