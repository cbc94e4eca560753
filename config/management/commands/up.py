"""`manage.py up`: a whole installation on one machine, for development and small servers."""

import fcntl
import os
import socket
import sys
import time
import urllib.request
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import connection, transaction
from django.db.models import Max
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateWorker

from config import processes, start_errors
from config.command_lines import manage_line
from config.local.fcm_emulator import client_environment
from config.local.supervisor import SupervisedProcess
from config.processes import DatabaseUnavailable
from content.management import CHECKS_OF_SETTINGS
from content.people import services as people
from content.people.models import Role, User

READY_SECONDS = 60
LOCAL_STAFF = {  # username: (first name, role)
    "editor": ("Lan", Role.EDITOR),
    "answerer": ("Tâm", Role.ANSWERER),
    "approver": ("Hoa", Role.APPROVER),
}


class Command(BaseCommand):
    """Start and supervise every process, see `help`."""

    requires_system_checks = CHECKS_OF_SETTINGS
    help = "Start all processes: database, local FCM server, web server, worker. Ctrl-C stops them."

    def handle(self, **options: Any) -> None:
        """Start everything, then restart what ends, until a signal arrives."""
        started_at = time.monotonic()
        self._started_at = timezone.now()
        self._children: list[SupervisedProcess] = []
        processes.stop_on_signals()
        try:
            self._start(started_at)
            while True:
                time.sleep(0.2)
                processes.raise_if_stop_requested()
                for child in self._children:
                    child.look_after(self._say)
                self._look_after_database()
        except processes.StopRequested:
            self._say("Stopping …")
        finally:
            for child in reversed(self._children):
                child.stop()
        self._say("Stopped.")

    def _start(self, started_at: float) -> None:
        processes.raise_if_stop_requested()
        self._refuse_second_start()
        self._refuse_taken_ports()
        start_errors.check_database("up")
        fcm_environment = self._start_fcm_server()
        self._say("Preparing the database (a minute or more at the first start) …")
        self._prepare_database()
        processes.raise_if_stop_requested()
        python, here = sys.executable, str(settings.BASE_DIR)
        ours = {"END_WITH_PARENT": str(os.getpid()), "PYTHONPATH": here, "PYTHONUNBUFFERED": "1"}
        web = [python, "-m", "gunicorn", "-c", f"{here}/config/gunicorn.conf.py", "config.wsgi"]
        self._add(SupervisedProcess("web", web, ours | {"PORT": str(settings.PORT)}))
        self._add(SupervisedProcess("worker", [python, f"{here}/manage.py", "work"], ours | fcm_environment))
        self._wait_for(f"http://127.0.0.1:{settings.PORT}/health/ready", "the web server")
        self._wait_until("the worker", self._is_worker_alive)
        self._say(self._addresses(time.monotonic() - started_at))

    def _add(self, child: SupervisedProcess) -> None:
        self._children.append(child)
        child.start()

    def _look_after_database(self) -> None:
        """Restart the private PostgreSQL if it ended. It is not our child: another process may have started it."""
        try:
            if settings.PRIVATE_POSTGRES and settings.PRIVATE_POSTGRES.look_after():
                self._say("PostgreSQL had ended and runs again")
        except DatabaseUnavailable as problem:
            self._say(f"PostgreSQL ended and does not start; trying again. {problem}")

    def _start_fcm_server(self) -> dict[str, str]:
        """Start the local FCM server unless real credentials are set. Returns the worker's variables for it."""
        if settings.FIREBASE_CREDENTIALS_FILE:
            return {}
        folder = settings.HOME / "fcm"
        command = [sys.executable, "-m", "config.local.fcm_emulator", "--port", str(settings.FCM_PORT)]
        command += ["--dir", str(folder), "--parent", str(os.getpid()), "--keep"]
        self._add(SupervisedProcess("local FCM server", command, {"PYTHONPATH": str(settings.BASE_DIR)}, quiet=True))
        self._wait_for(f"http://127.0.0.1:{settings.FCM_PORT}/_emu/log", "the local FCM server")
        return client_environment(settings.FCM_PORT, folder)

    def _prepare_database(self) -> None:
        """Migrate, and fill a new database with accounts and samples."""
        call_command("migrate", verbosity=0, interactive=False)
        if settings.LOCAL and not User.objects.exists():
            self._create_first_data()
        connection.close()

    def _create_first_data(self) -> None:
        """Create staff accounts and samples. The passwords are printed here and stored nowhere."""
        with transaction.atomic():
            accounts = [
                people.create_account(
                    username, roles=[role], first_name=name, reason="first start of a local installation"
                )
                for username, (name, role) in LOCAL_STAFF.items()
            ]
            call_command("load_sample", stdout=self.stdout)
        self._say("Accounts created at this first start. The passwords are not shown again:")
        for user, password in accounts:
            self._say(f"  {user.username:<10}{password}   («{user.first_name}»)")

    def _refuse_second_start(self) -> None:
        """Raise CommandError if another `up` uses this folder: the two would run each other's jobs on one database."""
        settings.HOME.mkdir(parents=True, exist_ok=True)
        self._lock = open(settings.HOME / "serve.lock", "a+")  # noqa: SIM115 (held until we end)
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            self._lock.seek(0)
            raise CommandError(
                f"Luật Mở already runs here ({self._lock.read().strip()}). Stop it, or choose another LUATMO_HOME."
            ) from None
        self._lock.truncate(0)
        self._lock.write(f"process {os.getpid()}, PORT {settings.PORT}\n")
        self._lock.flush()

    def _refuse_taken_ports(self) -> None:
        """Raise CommandError if another program listens on one of our ports."""
        ports = {"PORT": settings.PORT}
        if not settings.FIREBASE_CREDENTIALS_FILE:
            ports["FCM_PORT"] = settings.FCM_PORT
        for name, port in ports.items():
            with socket.socket() as probe:
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                try:
                    probe.bind(("127.0.0.1", port))
                except OSError as error:
                    raise CommandError(
                        f"Port {port} is not available ({error.strerror}). Choose another: {name}=…"
                    ) from None

    def _wait_for(self, url: str, name: str) -> None:
        direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))

        def answers() -> bool:
            try:
                with direct.open(url, timeout=2):
                    return True
            except OSError:
                return False

        self._wait_until(name, answers)

    def _wait_until(self, name: str, is_ready: Callable[[], bool]) -> None:
        """Poll until `is_ready`, and restart what ends. Raises CommandError after READY_SECONDS."""
        give_up_at = time.monotonic() + READY_SECONDS
        while not is_ready():
            if time.monotonic() > give_up_at:
                raise CommandError(f"{name} did not answer within {READY_SECONDS} s. See its output above.")
            time.sleep(0.05)
            processes.raise_if_stop_requested()
            for child in self._children:
                child.look_after(self._say)

    def _is_worker_alive(self) -> bool:
        """Whether a worker has written its heartbeat since this command started."""
        newest = ProcrastinateWorker.objects.aggregate(at=Max("last_heartbeat"))["at"]
        connection.close()
        return newest is not None and newest >= self._started_at

    def _addresses(self, seconds: float) -> str:
        """What to open and type next, for the terminal."""
        lines = [
            "",
            f"Luật Mở is up ({seconds:.1f} s).",
            *([f"  start here      {settings.PUBLIC_URL}/phone"] if settings.VIRTUAL_PHONES else []),
            f"  API             {settings.PUBLIC_URL}/api/v1/topics",
            f"  API guide       {settings.PUBLIC_URL}/docs",
            f"  staff site      {settings.PUBLIC_URL}/staff/",
            f"  health          {settings.PUBLIC_URL}/health/ready",
        ]
        if not settings.FIREBASE_CREDENTIALS_FILE:
            lines.append(f"  virtual phones  http://127.0.0.1:{settings.FCM_PORT}/_emu/devices (local FCM server)")
        lines += [
            f"  files           {settings.HOME}",
            f"In another terminal: {manage_line('import_documents FILE --topic KEY --publish --notify')}",
            "Ctrl-C stops everything.",
        ]
        return "\n".join(lines)

    def _say(self, text: str) -> None:
        self.stdout.write(text)
        self.stdout.flush()
