"""The installation that is attacked: `manage.py up` in a folder of its own, and what a part looks at from outside."""

import contextlib
import os
import re
import shutil
import sys
import tempfile
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil
import psycopg
import requests

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from config.local.private_postgres import PrivatePostgres
from tests.journeys.installation import Installation, printed_accounts

LIMITS = (
    "READS_PER_MINUTE",
    "WRITES_PER_MINUTE",
    "BULK_PER_MINUTE",
    "CITATIONS_PER_MINUTE",
    "SIMILAR_SEARCHES_PER_MINUTE",
    "CERTIFICATES_PER_MINUTE",
    "NEW_DEVICES_PER_HOUR",
    "ADDRESS_QUESTIONS_PER_HOUR",
)
NO_LIMITS = dict.fromkeys(LIMITS, "1000000")  # a part that is limited shows nothing
TIMEOUT_SECONDS = 60  # until a request counts as unanswered
CSRF = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')


class CannotRun(Exception):
    """The part could not attack what it is for. The run then fails: nothing was shown."""


def require(is_so: object, what: str) -> None:
    """Raise CannotRun unless a control holds."""
    if not is_so:
        raise CannotRun(what)


class Target(Installation):
    """A whole installation. `base` is its address; the web server is found by its port, whatever program it is."""

    def __init__(self, home: Path) -> None:
        super().__init__(home)
        self.home = home
        self.environment |= NO_LIMITS
        self.base = f"http://127.0.0.1:{self.port}"

    def sql(self) -> psycopg.Connection[Any]:
        """A connection of the operator, not through the product; each statement is a transaction."""
        run = PrivatePostgres(self.home).run
        return psycopg.connect(host=str(run), user="postgres", dbname="luatmo", autocommit=True)

    def web_processes(self) -> list[psutil.Process]:
        """The processes that hold the listening socket of PORT."""
        found = []
        for pid in self.processes():
            with contextlib.suppress(psutil.Error):
                process = psutil.Process(pid)
                if any(each.laddr.port == self.port and each.status == "LISTEN" for each in process.net_connections()):
                    found.append(process)
        require(found, "no process listens on the port of the web server")
        return found

    def staff(self, username: str) -> "StaffSession":
        """A member of staff of the first start, signed in."""
        return StaffSession(self.base, username, printed_accounts(self.first_said)[username])

    def device(self, name: str | None = None) -> "DeviceSession":
        """A newly registered device whose phone the local FCM server knows."""
        name = name or f"attack-{uuid.uuid4()}"
        registration = f"registration-{name}"
        self.emu("POST", "devices", [{"token": registration}])
        body = {"registration_id": registration, "id_kind": "token", "platform": "android"}
        status, made = self.api("PUT", f"devices/{name}", body)
        require(status == 201, f"a device could not be registered ({status}: {made})")
        return DeviceSession(self.base, name, made["secret"])


@contextlib.contextmanager
def target(prepare: Callable[[Path], AbstractContextManager[None]] = contextlib.nullcontext) -> Iterator[Target]:
    """Start an installation, and remove everything of it afterwards. `prepare` is given its empty folder before."""
    home = Path(tempfile.mkdtemp(prefix="luatmo-attack-"))
    os.chmod(home, 0o711)
    try:
        with prepare(home), _started(Target(home)) as installation:
            yield installation
    finally:
        shutil.rmtree(home, ignore_errors=True)


@contextlib.contextmanager
def _started(installation: Target) -> Iterator[Target]:
    try:
        with contextlib.suppress(AssertionError):
            installation.start()
        require("is up" in installation.said(), f"the installation did not start: {installation.said()[-500:]}")
        yield installation
    finally:
        if installation.process.poll() is None:
            installation.stop()
        PrivatePostgres(installation.home).destroy()


class Client(requests.Session):
    """Calls below `base`, without the proxies of this machine. A redirect is an answer."""

    def __init__(self, base: str, secret: str | None = None) -> None:
        super().__init__()
        self.trust_env = False
        self.base = base
        if secret:
            self.headers["Authorization"] = f"Bearer {secret}"

    def request(self, method: str, url: str, *args: Any, **options: Any) -> requests.Response:
        options = {"timeout": TIMEOUT_SECONDS, "allow_redirects": False} | options
        return super().request(method, self.base + url, *args, **options)


class DeviceSession(Client):
    """Calls with the secret of a device."""

    def __init__(self, base: str, name: str, secret: str) -> None:
        super().__init__(base, secret)
        self.name, self.secret = name, secret


class StaffSession(Client):
    """A signed-in member of staff. Raises CannotRun unless the first page greets them."""

    def __init__(self, base: str, username: str, password: str) -> None:
        super().__init__(base)
        form = self.get("/staff/login/").text
        data = {"username": username, "password": password, "csrfmiddlewaretoken": csrf_token(form), "next": "/staff/"}
        answer = self.post("/staff/login/", data=data, headers={"Referer": f"{base}/staff/login/"})
        first = self.get("/staff/")
        require(answer.status_code == 302 and first.status_code == 200, f"{username} could not sign in")
        require("logout-form" in first.text, f"the first page does not know {username}")

    def submit(self, path: str, fields: dict[str, str], files: Any = None) -> requests.Response:
        """Open the page of a form and send it, as the button does."""
        page = self.get(path)
        require(page.status_code == 200, f"the form at {path} is {page.status_code}")
        data = {"csrfmiddlewaretoken": csrf_token(page.text)} | fields
        return self.post(path, data=data, files=files, headers={"Referer": self.base + path})


def csrf_token(page: str) -> str:
    found = CSRF.search(page)
    if not found:
        raise CannotRun("a page has no CSRF token: it is not the form")
    return found[1]


@dataclass
class Usage:
    """What some processes used: seconds of CPU of their own and of children that ended, MiB at the peak."""

    own_seconds: float
    child_seconds: float
    peak_mebibytes: float
    base_mebibytes: float


@contextlib.contextmanager
def used_by(processes: list[psutil.Process]) -> Iterator[Usage]:
    """Measure these processes during the block. Linux: the peak is reset and read in /proc."""
    usage = Usage(0, 0, 0, 0)
    for process in processes:
        Path(f"/proc/{process.pid}/clear_refs").write_text("5")
    base = max(_peak(process) for process in processes)
    before = [process.cpu_times() for process in processes]
    yield usage
    after = [process.cpu_times() for process in processes]
    for old, new in zip(before, after, strict=True):
        usage.own_seconds += new.user + new.system - old.user - old.system
        usage.child_seconds += new.children_user + new.children_system - old.children_user - old.children_system
    usage.peak_mebibytes, usage.base_mebibytes = max(_peak(process) for process in processes), base


def _peak(process: psutil.Process) -> float:
    status = Path(f"/proc/{process.pid}/status").read_text()
    return next(int(line.split()[1]) / 1024 for line in status.splitlines() if line.startswith("VmHWM"))


def until(look: Any, seconds: float, pause: float = 0.05) -> Any:
    """What `look` returns once it is true; False when it is not within that time."""
    give_up_at = time.monotonic() + seconds
    while not (found := look()):
        if time.monotonic() > give_up_at:
            return False
        time.sleep(pause)
    return found
