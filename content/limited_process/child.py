"""The side of the process that reads: a job on standard input, results on standard output, one JSON value a line.

The limits apply before anything of a file is read. The last line says {"end": true}, or why there is no further result.
"""

import io
import json
import logging
import os
import resource
import sys
import traceback
import zlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

_REFUSED_EVENTS = ("socket.", "subprocess.", "os.exec", "os.fork", "os.posix_spawn", "os.system", "ctypes.")


@dataclass(frozen=True)
class Job:
    """What to read: files, open at their beginning, and the options of the reader."""

    files: list[BinaryIO]
    options: dict[str, Any]
    max_unpacked: int | None  # bytes


Reader = Callable[[Job], Iterator[Any]]  # yields JSON values


def serve(readers: Mapping[str, Reader]) -> None:
    """Do the job of standard input. Never returns; ends without clearing up, which would only cost time."""
    given = json.load(sys.stdin)
    limits = given["limits"]
    _apply_limits(limits)
    logging.disable(logging.CRITICAL)
    answers = os.fdopen(1, "wb", closefd=False)
    try:
        files: list[BinaryIO] = [os.fdopen(number, "rb") for number in given["files"]]
        job = Job(files, given["options"], limits["unpacked"])
        for value in readers[given["reader"]](job):
            _write(answers, {"value": value})
            if limits["renewed"]:
                _renew_cpu_time(limits["cpu_seconds"])
        _write(answers, {"end": True})
    except MemoryError:
        _write(answers, {"stopped": "memory", "detail": ""})
    except BrokenPipeError:  # nobody wants more
        pass
    except (OSError, EOFError, zlib.error) as error:  # a truncated gzip, a file that is not gzip
        _write(answers, {"stopped": "damaged", "detail": str(error)})
    except Exception as error:  # a bug, or a library's error of a kind nobody expected
        where = traceback.extract_tb(error.__traceback__)[-1]
        detail = f"{type(error).__name__} in {Path(where.filename).name}:{where.lineno}"  # no word of the text itself
        _write(answers, {"stopped": "error", "detail": detail})
    os._exit(0)


def _write(answers: io.BufferedWriter, answer: dict[str, Any]) -> None:
    answers.write(json.dumps(answer).encode() + b"\n")
    answers.flush()


def _apply_limits(limits: dict[str, Any]) -> None:
    _limit(resource.RLIMIT_AS, limits["memory"])
    _limit(resource.RLIMIT_FSIZE, limits["written"])
    _limit(resource.RLIMIT_CORE, 0)  # no copy of the file on the disk
    if limits["renewed"]:
        _renew_cpu_time(limits["cpu_seconds"])
    else:
        _limit(resource.RLIMIT_CPU, limits["cpu_seconds"])
    sys.addaudithook(_refuse_event)


def _limit(kind: int, value: int) -> None:
    """Lower a limit, soft and hard. One that is lower already stays."""
    hard = resource.getrlimit(kind)[1]
    if hard == resource.RLIM_INFINITY or hard >= value:
        resource.setrlimit(kind, (value, value))


def _renew_cpu_time(seconds: int) -> None:
    """Allow `seconds` more than were used until now."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    hard = resource.getrlimit(resource.RLIMIT_CPU)[1]
    soft = int(used.ru_utime + used.ru_stime) + seconds
    resource.setrlimit(resource.RLIMIT_CPU, (soft if hard == resource.RLIM_INFINITY else min(soft, hard), hard))


def _refuse_event(event: str, _arguments: object) -> None:
    if event.startswith(_REFUSED_EVENTS):
        raise RuntimeError(f"a reader may not do this: {event}")
