"""Programs that are started to try a client, and what a trial needs to know."""

import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path


class Failed(Exception):
    """A step failed; the message is what it printed last."""


@dataclass(frozen=True)
class Trial:
    """One client: the folder of all trials, the generated client, the address of the server."""

    folder: Path
    client: Path
    base: str


@dataclass(frozen=True)
class Program:
    """A compiled client. `job` runs the main job, `compiles` is for the matrix. Without a job `not_run` says why."""

    job: Sequence[object] = ()
    compiles: str = "yes"
    not_run: str = ""


def run(*command: object, **options: object) -> str:
    """What the command printed. Raises Failed."""
    done = subprocess.run(
        [str(each) for each in command], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, **options
    )
    if done.returncode:
        raise Failed(done.stdout[-2_000:])
    return done.stdout
