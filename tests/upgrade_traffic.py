"""Readers of an installation that is being upgraded: they read and write without a pause, and count what fails."""

import contextlib
import itertools
import json
import subprocess
import sys
import threading
import urllib.error
import urllib.request
from dataclasses import dataclass

from tests.journeys.installation import eventually, free_port

TOPIC = "11-dat-dai"
WAIT_SECONDS = 30  # for an answer; the server gives up long before
TO_CALL_OFF = 3  # a server that fails at each call need not be asked further


@dataclass(frozen=True)
class Fault:
    """A call that did not do what it always does."""

    call: str
    answer: str


class Reader:
    """Registers a phone, follows, asks, reads; each call must succeed."""

    def __init__(self, port, name):
        self.base, self._name, self._secret = f"http://127.0.0.1:{port}", name, None

    def do_all(self):
        """Every call once. Yields (call, None or what was wrong)."""
        phone = {"registration_id": f"registration-of-{self._name}", "id_kind": "token", "platform": "android"}
        question = {"title": f"Hỏi của {self._name}", "text": "Bao lâu thì phải sang tên?", "consent_to_publish": True}
        steps = [
            ("PUT", f"/api/v1/devices/phone-of-{self._name}", phone | {"app_version": "1", "language": "vi"}),
            ("GET", "/api/v1/documents", None),
            ("PUT", f"/api/v1/follows/topic/{TOPIC}", {}),
            ("GET", "/api/v1/search?q=lu%E1%BA%ADt", None),
            ("POST", "/api/v1/questions", question),
            ("GET", "/api/v1/changes?after=0", None),
            ("GET", "/api/v1/inbox", None),
            ("GET", "/api/v1/events", None),
            ("DELETE", f"/api/v1/follows/topic/{TOPIC}", None),
            ("GET", "/van-ban/" + self._a_document(), None),
        ]
        for method, path, body in steps:
            yield f"{method} {path.partition('/phone-of')[0]}", self.wrong_with(method, path, body)

    def may_read_inbox(self):
        """Whether the secret of an earlier registration is still known."""
        return self.wrong_with("GET", "/api/v1/inbox", None) is None

    def _a_document(self):
        with contextlib.suppress(OSError, ValueError, LookupError):
            return json.loads(self.call("GET", "/api/v1/documents", None))["results"][0]["key"]
        return "none"

    def wrong_with(self, method, path, body):
        """None, or what was wrong with the answer."""
        try:
            said = self.call(method, path, body)
        except urllib.error.HTTPError as error:
            return f"{error.code} {error.read()[:200]!r}"
        except OSError as error:
            return type(error).__name__
        if "/devices/" in path:
            self._secret = json.loads(said)["secret"]
        return None

    def call(self, method, path, body):
        """The body of an answer. Raises urllib's errors for any that is no success."""
        headers = {"Content-Type": "application/json"} if body is not None else {}
        if method == "POST":
            headers["Idempotency-Key"] = f"key-of-{self._name}"
        if self._secret:
            headers["Authorization"] = f"Bearer {self._secret}"
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self.base + path, data, headers, method=method)
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        with opener.open(request, timeout=WAIT_SECONDS) as answer:
            return answer.read()


class Traffic:
    """Readers at one web server, each in a thread, until the end of the block; each then finishes what it has begun."""

    def __init__(self, port, *, readers=2):
        self._port, self._count = port, readers
        self._names = itertools.count()
        self._is_over = threading.Event()
        self.faults, self.readers, self.calls = [], [], []

    def __enter__(self):
        self.once()  # alone: in the release of before (0.1.0) two first requests of a process could break each other
        self._threads = [threading.Thread(target=self._run) for _ in range(self._count)]
        for each in self._threads:
            each.start()
        return self

    def __exit__(self, *_exception):
        self._is_over.set()
        for each in self._threads:
            each.join()

    def once(self):
        """One more reader, in this thread."""
        reader = Reader(self._port, f"reader-{self._port}-{next(self._names)}")
        for call, wrong in reader.do_all():
            self.calls.append(call)
            if wrong:
                self.faults.append(Fault(call, wrong))
        self.readers.append(reader)

    def _run(self):
        while not self._is_over.is_set() and len(self.faults) < TO_CALL_OFF:
            self.once()


@contextlib.contextmanager
def web_server(tree, environment, log):
    """The web server of the program in `tree`. Yields its port once it answers."""
    port = free_port()
    command = [sys.executable, "-m", "gunicorn", "-c", "config/gunicorn.conf.py", "config.wsgi"]
    variables = environment | {"PORT": str(port), "WEB_PROCESSES": "1", "WEB_THREADS": "4"}
    with open(log, "wb") as said:
        process = subprocess.Popen(command, cwd=tree, env=variables, stdout=said, stderr=subprocess.STDOUT)
    try:
        eventually(lambda: process.poll() is not None or _answers(port))
        assert process.poll() is None, log.read_text()
        yield port
    finally:
        process.terminate()
        process.wait()


def _answers(port):
    with contextlib.suppress(OSError):
        Reader(port, "nobody").call("GET", "/health/live", None)
        return True
    return False
