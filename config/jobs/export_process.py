"""Runs the bulk export beside the worker.

An export loads the whole API and keeps one core busy for minutes. In a process of its own it leaves nothing behind, and
the worker goes on sending pushes meanwhile.
"""

import os
import subprocess
import sys

from django.conf import settings

_REASON_LENGTH = 4_000  # characters of what it said last: a sentence, or a traceback


class ExportFailed(Exception):
    """`manage.py export_bulk` wrote no export. The message is what it said."""


def run_export() -> None:
    """Run `manage.py export_bulk` and wait until it has ended. It ends a second after this process at the latest.

    A repeat without new changes writes nothing. Raises ExportFailed.
    """
    done = subprocess.run(
        [sys.executable, str(settings.BASE_DIR / "manage.py"), "export_bulk"],
        env=os.environ | {"END_WITH_PARENT": str(os.getpid())},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        errors="replace",
        check=False,
    )
    if done.returncode:
        reason = done.stderr.strip()[-_REASON_LENGTH:] or "it said nothing"
        raise ExportFailed(f"manage.py export_bulk ended with {done.returncode}: {reason}")
