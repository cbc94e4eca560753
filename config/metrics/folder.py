"""The folder in which all processes of one machine count. prometheus_client keeps a file there for each of them.

Each process writes its own file, and who is asked for /metrics adds them up: so it does not matter which web process
answers, and what one of them counted stays when it ends. What ended processes counted goes when all are started anew.
"""

import fcntl
import logging
import os
import threading
from pathlib import Path

import psutil
from django.conf import settings

LOCK = "processes.lock"
log = logging.getLogger("luatmo.metrics")
_lock = threading.Lock()
_counts: dict[int, bool] = {}  # by process: a fork has one entry of its parent, which is not its own


def is_counting() -> bool:
    """Whether this process counts. The first call makes the folder; where that fails, the log says so."""
    if (found := _counts.get(os.getpid())) is not None:
        return found
    with _lock:
        if os.getpid() not in _counts:
            _counts[os.getpid()] = _begin(Path(settings.METRICS_FOLDER))
        return _counts[os.getpid()]


def _begin(folder: Path) -> bool:
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        with open(folder / LOCK, "a") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not any(psutil.pid_exists(int(marker.stem)) for marker in folder.glob("*.alive")):
                for file in [*folder.glob("*.db"), *folder.glob("*.alive")]:
                    file.unlink(missing_ok=True)
            (folder / f"{os.getpid()}.alive").touch()
    except OSError as error:
        log.warning("Nothing is counted for /metrics: METRICS_FOLDER cannot be used (%s)", error.strerror)
        return False
    return True
