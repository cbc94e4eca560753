"""The local FCM server for the faults bench: it survives kill -9, and knows which worker makes which call.

    python bench/lasting_fcm.py --port PORT --dir DIR --parent PID

Each call, each message it takes and each answer is a line of `DIR/journal.jsonl`, written before anything else happens,
so that a kill of this server loses no line. Phones and their topics are saved when the bench asks (`POST /_emu/keep`),
and are there again after a restart. Workers are told apart by their access tokens: each has a token endpoint of its own
(`/token?worker=2`), as `worker_account` writes it. `GET /_emu/open`: {worker: calls to send that are open}.
"""

import argparse
import asyncio
import itertools
import json
import os
import socket
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from config.local.fcm_emulator import certificates, connections
from config.local.fcm_emulator.client import ControlClient
from config.local.fcm_emulator.http_messages import Response, read_json
from config.local.fcm_emulator.phone_store import PhoneStore
from config.local.fcm_emulator.routes import Emulator


class LastingEmulator(Emulator):
    """The emulator of `manage.py up`, with a journal. It answers as that one does."""

    def __init__(self, folder):
        super().__init__(folder)
        self.store = PhoneStore(self, folder)
        self.store.restore()
        self._journal = os.open(folder / "journal.jsonl", os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        self._numbers = itertools.count()
        self._workers = {}  # access token → worker
        self._open = Counter()
        self._life = time.time()  # tells the calls of one run of this server from those of another

    async def respond(self, request):
        if request.path == "/_emu/open":
            return Response(200, {worker: count for worker, count in self._open.items() if count})
        if request.path == "/_emu/keep":
            self.store.save(now=True)
            return Response(200, {})
        answer = await super().respond(request)
        if request.path == "/token" and getattr(answer, "status", None) == 200 and isinstance(answer.body, dict):
            self._workers[answer.body["access_token"]] = request.query("worker")
        return answer

    async def _run_call(self, request, call):
        if call.op != "send":
            return await super()._run_call(request, call)
        worker = self._workers.get(request.headers.get("authorization", "").rpartition(" ")[2], "nobody")
        number = f"{self._life}-{next(self._numbers)}"
        data = read_json(request.body)["message"]["data"]
        self._write("arrives", number, worker=worker, nid=data["nid"], link=data["link"], via=call.target)
        run = call.run

        def take():
            answer = run()
            if answer.status == 200:
                self._write("takes", number, phones=self._shown(answer.body["name"]))
            return answer

        call.run = take
        self._open[worker] += 1
        answer = None
        try:
            answer = await super()._run_call(request, call)
            return answer
        finally:
            self._open[worker] -= 1
            status = getattr(answer, "status", None)
            wait = getattr(answer, "headers", {}).get("Retry-After")
            self._write("ends", number, status=status, retry_after=wait, fault=call.entry.fault)

    def _log_call(self, request, call):
        call.entry = super()._log_call(request, call)
        return call.entry

    def _shown(self, name):
        """{registration: tag under which its tray shows this message}."""
        shown = {}
        for registration, phone in self.phones.by_token.items():
            tag = next((tag for tag, entry in reversed(phone.tray.items()) if entry["id"] == name), None)
            if tag:
                shown[registration] = tag
        return shown

    def _write(self, event, number, **facts):
        line = {"event": event, "call": number, "at": time.time()} | facts
        os.write(self._journal, json.dumps(line).encode() + b"\n")


def worker_account(folder, worker):
    """Write a service account for this worker, of the same key, with a token endpoint of its own. Returns its file."""
    account = json.loads((folder / "service-account.json").read_text())
    account["token_uri"] += f"?worker={worker}"
    file = folder / f"service-account-{worker}.json"
    file.write_text(json.dumps(account))
    return file


def read_journal(folder):
    """The lines of the journal as dicts, oldest first."""
    return [json.loads(line) for line in (folder / "journal.jsonl").read_text().splitlines()]


class LastingServer(ControlClient):
    """The server as a process that can be killed and started again on the same port."""

    def __init__(self, folder):
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        super().__init__(port, folder)
        self.process = None

    def start(self):
        command = [sys.executable, str(Path(__file__).resolve()), "--port", str(self.port), "--dir", str(self.folder)]
        self.process = subprocess.Popen([*command, "--parent", str(os.getpid())], stdout=subprocess.PIPE)
        if not self.process.stdout.readline():
            raise RuntimeError(f"the FCM server did not start (exit code {self.process.wait()})")

    def kill(self):
        self.process.kill()
        self.process.wait()

    def open_calls(self):
        """{worker: calls to send that are open now}; {} while the server is away."""
        try:
            return self.call("GET", "open")
        except OSError:
            return {}


async def serve(port, folder, parent):
    listener = socket.socket()
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind(("127.0.0.1", port))
    certificates.prepare_folder(folder, port)
    server = await connections.serve(listener, LastingEmulator(folder))
    print("serving", flush=True)
    while os.getppid() == parent:
        await asyncio.sleep(0.25)
    server.close()


if __name__ == "__main__":
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--port", type=int, required=True)
    options.add_argument("--dir", type=Path, required=True)
    options.add_argument("--parent", type=int, required=True)
    asked = options.parse_args()
    asyncio.run(serve(asked.port, asked.dir.resolve(), asked.parent))
