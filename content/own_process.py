"""Runs a command of `manage.py` in a process of its own, which ends with the process that began it.

For jobs of the worker that need much memory or a core for minutes: what they load is gone with the process, and the
worker goes on sending pushes meanwhile.
"""

import contextlib
import os
import signal
import subprocess
import sys
import threading
import time

from django.conf import settings

_PARENT = "END_WITH_PARENT"  # variable with the id of the process that started this one
_is_stopping = threading.Event()  # this process: its commands end


class CommandFailed(Exception):
    """A command ended with another exit code than 0. The log says why: the command writes its own lines there."""


def run_command(name: str, *arguments: str) -> None:
    """Run a command of `manage.py` and wait until it has ended. Raises CommandFailed, also after `stop_commands`.

    The command calls `end_with_parent`. It logs where this process logs, and what ends it is logged without values.
    """
    command = [sys.executable, str(settings.BASE_DIR / "manage.py"), name, *arguments]
    environment = os.environ | {_PARENT: str(os.getpid())}
    with subprocess.Popen(command, env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL) as running:
        while running.poll() is None:
            if _is_stopping.is_set():
                running.terminate()
            with contextlib.suppress(subprocess.TimeoutExpired):
                running.wait(1)
    if running.returncode:
        raise CommandFailed(f"manage.py {name} ended with {running.returncode}")


def stop_commands() -> None:
    """Send SIGTERM within a second to each command that this process runs, or begins from now on."""
    _is_stopping.set()


def is_begun_by_process() -> bool:
    """Whether another process of ours began this one, and not a person."""
    return _PARENT in os.environ


def end_with_parent() -> bool:
    """Call `exit_with_parent` where END_WITH_PARENT names the process that started this one. Returns whether it did."""
    if parent := os.environ.get(_PARENT):
        exit_with_parent(int(parent))
    return bool(parent)


def exit_with_parent(parent: int, *, kill_after: float | None = None) -> None:
    """Send SIGTERM to this process when `parent`, the id of the process that started it, is gone, even by kill -9.

    If it still runs `kill_after` seconds later, it ends without finishing anything.
    """

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(1)
        os.kill(os.getpid(), signal.SIGTERM)
        if kill_after is not None:
            time.sleep(kill_after)
            os._exit(1)

    threading.Thread(target=watch, name="end-with-parent", daemon=True).start()
