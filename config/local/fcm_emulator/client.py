"""Start the local FCM server from Python and speak to its control side. Standard library only."""

import contextlib
import json
import os
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

from config.local.fcm_emulator import client_environment

ROOT = Path(__file__).resolve().parents[3]


class ControlClient:
    """The control side of the server on `port`. `folder` holds its certificates and service account.

    `patience`: seconds a call waits for the server.
    """

    def __init__(self, port: int, folder: str | Path, patience: float = 10):
        self.port, self.folder, self._patience = port, Path(folder), patience
        self._opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))

    @property
    def environment(self) -> dict[str, str]:
        return client_environment(self.port, self.folder)

    def call(self, method: str, path: str, body: object = None) -> object:
        """JSON in, JSON out, `path` below `/_emu/`. Raises urllib.error.HTTPError for 4xx, with the answer in it."""
        url = f"http://127.0.0.1:{self.port}/_emu/{path}"
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(url, data, method=method)
        with self._opener.open(request, timeout=self._patience) as answer:
            return json.load(answer)

    def phone(self, registration: str, verb: str | None = None) -> dict:
        """The phone as it is, or after `verb`: online, offline, invalidate."""
        path = f"devices/{quote(registration, safe='')}"
        return self.call("POST", f"{path}/{verb}") if verb else self.call("GET", path)

    def log(self, op: str | None = None) -> list[dict]:
        return [entry for entry in self.call("GET", "log") if op in (None, entry["op"])]


@contextlib.contextmanager
def running_emulator(folder: str | Path, port: int = 0) -> Iterator[ControlClient]:
    """The server as a child process, until the end of the block."""
    folder = Path(folder).resolve()  # the child's working folder is another
    command = [sys.executable, "-m", "config.local.fcm_emulator", "--dir", str(folder), "--port", str(port)]
    command += ["--parent", str(os.getpid())]  # so that it notices even if we end before it has started
    child = subprocess.Popen(command, stdout=subprocess.PIPE, cwd=ROOT)
    try:
        first_line = child.stdout.readline()  # empty if it ended instead of starting: its stderr says why
        if not first_line:
            raise RuntimeError(f"the local FCM server did not start (exit code {child.wait()})")
        yield ControlClient(json.loads(first_line)["port"], folder)
    finally:
        child.terminate()
        child.wait(10)
        child.stdout.close()
