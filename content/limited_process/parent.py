"""Reads what people give in a process of its own, with limits on time, memory and what it may write or answer.

A file of 8 kB can unpack to gigabytes, and nobody can tell from outside. So no process that serves requests or holds a
database connection reads a file: a child does that knows no secret, no table and no network. It is started for one job
and ends with it; bench/bombs.py says what starting it costs.
"""

import contextlib
import json
import os
import selectors
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum
from pathlib import Path
from typing import IO, Any, cast

ROOT = Path(__file__).resolve().parents[2]
_START = "import sys; sys.path.insert(0, sys.argv[1]); import {module}; {module}.main()"
_PIECE = 1 << 16  # bytes read at once
_CPU_SIGNALS = (signal.SIGXCPU, signal.SIGKILL)  # at the soft limit, at the hard one
MAX_AT_ONCE = 2  # readers of one process: editors who upload at once wait for one another
_slots = threading.BoundedSemaphore(MAX_AT_ONCE)


@dataclass(frozen=True)
class Limits:
    """What a reader may use. With `renewed` the time starts again with each result, as in an import of many records."""

    cpu_seconds: int
    wall_seconds: int
    memory: int = 2**30  # bytes of address space
    written: int = 64 * 2**20  # bytes of one temporary file
    unpacked: int | None = 64 * 2**20  # bytes of a gzipped file
    result: int = 96 * 2**20  # bytes of one result
    renewed: bool = False


ONE_FILE = Limits(cpu_seconds=30, wall_seconds=60)  # of an upload; somebody waits for the page
ONE_TEXT = Limits(cpu_seconds=10, wall_seconds=30)  # of a form
IMPORT = Limits(cpu_seconds=900, wall_seconds=3_600, memory=2**31, written=2**33, unpacked=None, renewed=True)


class StopReason(StrEnum):
    TIME = "time"
    MEMORY = "memory"
    SIZE = "size"  # of the result
    DAMAGED = "damaged"  # what was packed cannot be unpacked to its end
    BUSY = "busy"  # other readers kept every place
    ERROR = "error"  # the reader itself failed


class ReadingStopped(Exception):
    """The reader gave no further result. `reason` says why; the text is one English sentence for an import's report.

    `seconds`: how long it was allowed to take, if that is the reason.
    """

    def __init__(self, reason: StopReason, limits: Limits, detail: str = "", *, seconds: int = 0) -> None:
        words = {
            StopReason.TIME: f"reading it takes more than {seconds or limits.cpu_seconds} seconds",
            StopReason.MEMORY: f"reading it needs more than {limits.memory // 2**20} MiB of memory",
            StopReason.SIZE: f"it holds more than {limits.result // 2**20} MiB of text",
            StopReason.DAMAGED: f"it cannot be read to its end: {detail}",
            StopReason.BUSY: "other files are being read. Try again in a minute",
            StopReason.ERROR: f"the reader failed: {detail or 'it was stopped'}",
        }
        super().__init__(words[reason])
        self.reason = reason
        self.seconds = seconds or limits.cpu_seconds


def results_of_reader(module: str, reader: str, files: Sequence[int], limits: Limits, **options: Any) -> Iterator[Any]:
    """Yield what a reader finds in files (descriptors at their beginning), as it finds it. JSON values.

    `module` is the name of one whose `main` calls `child.serve` with the reader; `options` are the reader's own, as
    JSON. Raises ReadingStopped. The process ends when the caller stops iterating.
    """
    if not _slots.acquire(timeout=limits.wall_seconds):
        raise ReadingStopped(StopReason.BUSY, limits)
    try:
        process = _started(module, files)
        try:
            _send_job(process, {"reader": reader, "files": list(files), "limits": asdict(limits), "options": options})
            yield from _results(process, limits)
        finally:
            process.kill()
            process.wait()
            for pipe in (process.stdin, process.stdout):
                if pipe:
                    pipe.close()
    finally:
        _slots.release()


def _started(module: str, files: Sequence[int]) -> "subprocess.Popen[bytes]":
    known = {name: value for name in ("PATH", "TMPDIR", "LD_LIBRARY_PATH") if (value := os.environ.get(name))}
    return subprocess.Popen(
        [sys.executable, "-I", "-c", _START.format(module=module), str(ROOT)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=known | {"LANG": "C.UTF-8"},
        pass_fds=files,
        cwd="/",
    )


def _send_job(process: "subprocess.Popen[bytes]", job: Mapping[str, Any]) -> None:
    given = cast(IO[bytes], process.stdin)
    with contextlib.suppress(BrokenPipeError):  # it is gone already
        given.write(json.dumps(job).encode())
        given.close()


def _results(process: "subprocess.Popen[bytes]", limits: Limits) -> Iterator[Any]:
    """Yield the values of the answer, one a line. The last line is {"end": true} or names why there is no more."""
    for line in _lines(process, limits):
        answer = json.loads(line)
        if "value" in answer:
            yield answer["value"]
        elif "stopped" in answer:
            raise ReadingStopped(StopReason(answer["stopped"]), limits, answer["detail"])
        else:
            return
    stopped_by = -process.wait()
    raise ReadingStopped(StopReason.TIME if stopped_by in _CPU_SIGNALS else StopReason.ERROR, limits)


def _lines(process: "subprocess.Popen[bytes]", limits: Limits) -> Iterator[bytes]:
    """Yield the lines that the process writes. Raises ReadingStopped for one that comes too late or is too long."""
    pipe = cast(IO[bytes], process.stdout).fileno()
    deadline = time.monotonic() + limits.wall_seconds
    pieces: list[bytes] = []
    size = 0
    with selectors.DefaultSelector() as selector:
        selector.register(pipe, selectors.EVENT_READ)
        while True:
            if not selector.select(max(0, deadline - time.monotonic())):
                raise ReadingStopped(StopReason.TIME, limits, seconds=limits.wall_seconds)
            piece = os.read(pipe, _PIECE)
            if not piece:
                return
            *ended, rest = piece.split(b"\n")
            for end in ended:
                yield b"".join([*pieces, end])
                pieces, size = [], 0
                if limits.renewed:
                    deadline = time.monotonic() + limits.wall_seconds
            pieces.append(rest)
            size += len(rest)
            if size > limits.result:
                raise ReadingStopped(StopReason.SIZE, limits)
