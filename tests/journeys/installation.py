"""A whole installation for a journey: `manage.py up` in a folder of its own, as a newcomer starts it."""

import contextlib
import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
WAIT_SECONDS = 60  # until a journey gives up waiting
START_SECONDS = 400  # until it gives up on a start; the first one creates all tables
# of the database of the tests: an installation has its own
DATABASE_ADDRESSES = ("DATABASE_URL", "DATABASE_DIRECT_URL", "DATABASE_REPLICA_URLS")
PAUSE_SECONDS = 0.05  # between two looks; without it, looking takes a processor from what is looked at


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def eventually(look, *, seconds=WAIT_SECONDS):
    """Call `look` until it returns something true, and return that. Raises AssertionError when it never does."""
    give_up_at = time.monotonic() + seconds
    while not (found := look()):
        assert time.monotonic() < give_up_at, f"never: {look}"
        time.sleep(PAUSE_SECONDS)
    return found


class Installation:
    def __init__(self, home):
        self.port, self.fcm_port = free_port(), free_port()
        kept = {name: value for name, value in os.environ.items() if not name.lower().endswith("proxy")}
        for name in (*DATABASE_ADDRESSES, "REQUESTS_CA_BUNDLE", "SSL_CERT_FILE", "FIREBASE_CREDENTIALS_FILE"):
            kept.pop(name, None)
        self.environment = kept | {"LUATMO_HOME": str(home), "PORT": str(self.port), "FCM_PORT": str(self.fcm_port)}
        self.log = Path(home) / "up.log"
        self.first_said = None  # at the first start over this home, passwords included

    def begin(self):
        with open(self.log, "wb") as log:
            self.process = subprocess.Popen(
                [sys.executable, "manage.py", "up"],
                cwd=ROOT,
                env=self.environment,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def start(self):
        self.begin()
        eventually(lambda: "is up" in self.said() or self.process.poll() is not None, seconds=START_SECONDS)
        assert "is up" in self.said(), self.said()
        self.first_said = self.first_said or self.said()

    def said(self):
        return self.log.read_text()

    def stop(self, number=signal.SIGTERM):
        self.process.send_signal(number)
        return self.process.wait(START_SECONDS)  # a start that is stopped finishes its step first: all migrations

    def manage(self, *arguments, may_fail=False):
        done = subprocess.run(
            [sys.executable, "manage.py", *map(str, arguments)],
            cwd=ROOT,
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert may_fail or done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def api(self, method, path, body=None, secret=None):
        """(status, JSON) of a call; `path` under /api/v1, or a whole address."""
        url = path if path.startswith("http") else f"http://127.0.0.1:{self.port}/api/v1/{path}"
        return call(method, url, body, secret)

    def emu(self, method, path, body=None):
        return call(method, f"http://127.0.0.1:{self.fcm_port}/_emu/{path}", body)[1]

    def processes(self):
        """Ids of all processes of this installation: those with its folder in their environment."""
        mine = f"LUATMO_HOME={self.environment['LUATMO_HOME']}".encode()
        found = []
        for entry in Path("/proc").glob("[0-9]*/environ"):
            with contextlib.suppress(OSError):
                if mine in entry.read_bytes().split(b"\0"):
                    found.append(int(entry.parent.name))
        return found

    def child(self, pattern):
        """The id of the process of this installation whose command line matches."""
        for pid in self.processes():
            with contextlib.suppress(OSError):
                command = Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode()
                if re.search(pattern, command):
                    return pid
        return None


def printed_accounts(said):
    """{username: password}, from the output of a first start."""
    return dict(re.findall(r"^  (editor|answerer|approver) +(\S+)", said, re.MULTILINE))


def call(method, url, body=None, secret=None):
    headers = {"Content-Type": "application/json"} | ({"Authorization": f"Bearer {secret}"} if secret else {})
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(url, data, headers, method=method)
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(request, timeout=20) as answer:
            return answer.status, json.loads(answer.read() or "null")
    except urllib.error.HTTPError as error:
        return error.code, json.loads(error.read() or "null")
