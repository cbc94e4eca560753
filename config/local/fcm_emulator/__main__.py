"""python -m config.local.fcm_emulator --port 9099 --dir DIR: run the server as long as its parent lives."""

import argparse
import asyncio
import contextlib
import errno
import json
import os
import signal
import socket
import sys
from collections.abc import Callable
from pathlib import Path

from config.local.fcm_emulator import certificates, connections
from config.local.fcm_emulator.phone_store import PhoneStore
from config.local.fcm_emulator.routes import Emulator

PARENT_POLL_SECONDS = 0.25  # how often we check whether the parent still lives


def main(arguments: list[str] | None = None) -> int:
    """Serve until SIGTERM, SIGINT or the end of the parent. Returns the exit code: 0, or 2 when it could not start."""
    options = _parser().parse_args(arguments)
    parent_lives = _parent_watch(options.parent)  # first of all: the parent may end while we are still starting
    folder = Path(options.dir).resolve()
    try:
        listener = _listen(options.port)
        port = listener.getsockname()[1]
        certificates.prepare_folder(folder, port)
        asyncio.run(_serve(listener, folder, parent_lives, keep=options.keep))
    except OSError as error:
        print(_start_failure_message(error, options), file=sys.stderr)  # noqa: T201
        return 2
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m config.local.fcm_emulator", description=__doc__)
    parser.add_argument("--port", type=_port, default=9099, help="0 takes any free port (default: 9099)")
    parser.add_argument("--dir", default=".local/fcm", help="folder for keys and certificates (default: .local/fcm)")
    parser.add_argument("--parent", type=int, help="end when this process ends (default: the process that started us)")
    parser.add_argument(
        "--keep", action="store_true", help="save the phones in the folder and restore them at the next start"
    )
    return parser


def _port(text: str) -> int:
    if not text.isdigit() or int(text) > 65535:
        raise argparse.ArgumentTypeError(f"a port is a number from 0 to 65535, not {text!r}")
    return int(text)


def _listen(port: int) -> socket.socket:
    """A socket on loopback only: the control side asks for no password."""
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind(("127.0.0.1", port))
    return listener


async def _serve(listener: socket.socket, folder: Path, parent_lives: Callable[[], bool], *, keep: bool) -> None:
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    emulator = Emulator(folder)
    store = PhoneStore(emulator, folder) if keep else None
    if store:
        store.restore()
    server = await connections.serve(listener, emulator)
    print(json.dumps({"port": listener.getsockname()[1], "dir": str(folder)}), flush=True)  # noqa: T201
    while not stop.is_set() and parent_lives():
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(stop.wait(), PARENT_POLL_SECONDS)
        if store:
            store.save()
    server.close()
    if store:
        store.save(now=True)


def _parent_watch(parent: int | None) -> Callable[[], bool]:
    """A function that says whether the parent lives.

    An orphan gets another parent, so a changed getppid() is certain. A process that is not our own parent can only be
    probed with signal 0, which also succeeds for one that died and was not yet waited for.
    """
    mine = os.getppid()
    if parent in (None, mine):
        return lambda: os.getppid() == mine
    return lambda: _process_exists(parent)


def _process_exists(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True  # it lives, under another account
    return True


def _start_failure_message(error: OSError, options: argparse.Namespace) -> str:
    if error.errno == errno.EADDRINUSE:
        return f"Port {options.port} on 127.0.0.1 is already in use. Stop what listens there, or give another --port."
    return f"The local FCM server cannot start: {error}"


if __name__ == "__main__":
    sys.exit(main())
