"""The side of a process that reads texts ahead: calls come through a pipe, what they give goes back.

`processes.py` starts it. It opens no connection to the database, and ends with the process that started it.
"""

import pickle
import signal
from multiprocessing.connection import Connection

import django

READY = "ready"


def serve(pipe: Connection) -> None:
    """Say READY, then answer each (function, arguments) with (result, None) or (None, what went wrong).

    Ends with the pipe.
    """
    for each in (signal.SIGINT, signal.SIGTERM):  # they reach the whole group: who started us decides
        signal.signal(each, signal.SIG_IGN)
    django.setup()
    try:
        pipe.send(READY)
        while True:
            pipe.send_bytes(_answer(pipe.recv_bytes()))
    except (EOFError, OSError):  # nobody wants more
        return


def _answer(packed: bytes) -> bytes:
    try:
        function, arguments = pickle.loads(packed)  # noqa: S301 (from who started us)
        return pickle.dumps((function(*arguments), None))
    except Exception as error:
        return pickle.dumps((None, f"{type(error).__name__}: {error}"))
