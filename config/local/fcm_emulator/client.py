"""Start the local FCM server from Python and call its control side. Imports neither Django nor cryptography."""

import contextlib
import json
import os
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

from config.local.fcm_emulator import client_environment
from config.local.fcm_emulator.http_messages import JsonObject

ROOT = Path(__file__).resolve().parents[3]


class ControlClient:
    """The control side of the server on `port`. `folder` holds its certificates and service account.

    `timeout_seconds`: how long a call waits for the server.
    """

    def __init__(self, port: int, folder: str | Path, timeout_seconds: float = 10) -> None:
        self.port, self.folder, self._timeout_seconds = port, Path(folder), timeout_seconds
        self._opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))

    @property
    def environment(self) -> dict[str, str]:
        """The environment variables that point a process at this server."""
        return client_environment(self.port, self.folder)

    def call(self, method: str, path: str, body: Any = None) -> Any:
        """Send and receive JSON; `path` is below `/_emu/`. Raises urllib.error.HTTPError for 4xx, with the answer."""
        url = f"http://127.0.0.1:{self.port}/_emu/{path}"
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(url, data, method=method)
        with self._opener.open(request, timeout=self._timeout_seconds) as answer:
            return json.load(answer)

    def phone(self, registration: str, verb: str | None = None) -> JsonObject:
        """The phone as it is, or after `verb`: online, offline, invalidate."""
        path = f"devices/{quote(registration, safe='')}"
        phone: JsonObject = self.call("POST", f"{path}/{verb}") if verb else self.call("GET", path)
        return phone

    def log(self, op: str | None = None) -> list[JsonObject]:
        """The requests that the server has logged, those of one operation if `op` is given."""
        return [entry for entry in self.call("GET", "log") if op in (None, entry["op"])]


@contextlib.contextmanager
def running_emulator(folder: str | Path, port: int = 0) -> Iterator[ControlClient]:
    """Run the server as a child process until the end of the block."""
    folder = Path(folder).resolve()  # the child has another working folder
    command = [sys.executable, "-m", "config.local.fcm_emulator", "--dir", str(folder), "--port", str(port)]
    command += ["--parent", str(os.getpid())]  # so that it ends even if we end before it has started
    with subprocess.Popen(command, stdout=subprocess.PIPE, cwd=ROOT) as child:
        try:
            first_line = child.stdout.readline() if child.stdout else b""  # empty if it ended: its stderr says why
            if not first_line:
                raise RuntimeError(f"the local FCM server did not start (exit code {child.wait()})")
            yield ControlClient(json.loads(first_line)["port"], folder)
        finally:
            child.terminate()
            child.wait(10)
