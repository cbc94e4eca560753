"""Runs a command of `manage.py` in a process of its own, which ends with the process that began it.

For jobs of the worker that need much memory or a core for minutes: what they load is gone with the process, and the
worker goes on sending pushes meanwhile.
"""

import os
import signal
import subprocess
import sys
import threading
import time

from django.conf import settings

_PARENT = "END_WITH_PARENT"  # variable with the id of the process that started this one
_REASON_LENGTH = 4_000  # characters of what a command said last: a sentence, or a traceback


class CommandFailed(Exception):
    """A command ended with another exit code than 0. The message is what it said."""


def run_command(name: str, *arguments: str) -> None:
    """Run a command of `manage.py` and wait until it has ended; it calls `end_with_parent`. Raises CommandFailed."""
    done = subprocess.run(
        [sys.executable, str(settings.BASE_DIR / "manage.py"), name, *arguments],
        env=os.environ | {_PARENT: str(os.getpid())},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        errors="replace",
        check=False,
    )
    if done.returncode:
        reason = done.stderr.strip()[-_REASON_LENGTH:] or "it said nothing"
        raise CommandFailed(f"manage.py {name} ended with {done.returncode}: {reason}")


def end_with_parent() -> None:
    """Call `exit_with_parent` where END_WITH_PARENT names the process that started this one."""
    if parent := os.environ.get(_PARENT):
        exit_with_parent(int(parent))


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
