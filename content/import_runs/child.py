"""The side of a process that reads texts ahead: calls come through a pipe, what they give goes back.

`processes.py` starts it. It opens no connection to the database, and ends with the process that started it.
"""

import signal
from collections.abc import Callable
from multiprocessing.connection import Connection
from typing import Any

import django


def serve(pipe: Connection) -> None:
    """Answer each (function, arguments) with (result, None) or (None, what went wrong). Ends with the pipe."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches the whole group: who started us decides
    django.setup()
    while True:
        try:
            function, arguments = pipe.recv()
            pipe.send(_answer(function, arguments))
        except (EOFError, OSError):  # nobody wants more
            return


def _answer(function: Callable[..., Any], arguments: tuple[Any, ...]) -> tuple[Any, str | None]:
    try:
        return function(*arguments), None
    except Exception as error:
        return None, f"{type(error).__name__}: {error}"
