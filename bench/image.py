"""Build the image of deploy/Containerfile, run it as deploy/compose.yaml does, and try what an installation needs.

    .venv/bin/python bench/image.py [--base IMAGE] [--keep FOLDER]

Debian, as root: apt-get install buildah podman runc mmdebstrap. Without one of them it says so and exits 0. The base is
made by mmdebstrap (Debian trixie with its Python): registries of images cannot be reached everywhere. `--base` takes
another image. Images are kept in a folder of their own, removed at the end unless `--keep` names it; a repeat takes the
base that it finds there. What pip needs to reach an index is a secret of the build, from `pip config list`.

User, read-only root, tmpfs, capabilities and settings are those of compose.yaml; addresses, ports and secrets are of
here, and the network is the host's. A throw-away PostgreSQL and the local FCM server run beside it.

How it could pass while the product fails, and what prevents that:
- The program reads files of this checkout: the containers see no folder of it.
- Containers that may write anywhere hide a folder that is missing: each tries to write to its root, and must fail.
- It is ready in time only because this machine is fast: no file of the program may be compiled anew at a start.
- Only what needs no package is asked for: a law, a page with its style sheet, Vietnamese words of an error, a
  certificate that typst draws, backups (pg_dump, openssl) that are restored to verify them, a push that FCM gets.
- It is killed, and that counts as a stop: the exit code is that of a program that ended itself, the worker's too, and a
  request that waited when the stop began is answered.

Last line: `image: compressed_mb=… ready_s=… stop_s=… faults=…`. Compressed as registries keep it, the base included.
Goals: no faults, compressed_mb ≤ 250, ready_s ≤ 3 from the start of the container, stop_s ≤ 30; exit 1 outside.
"""

import argparse
import contextlib
import http.client
import json
import os
import resource
import secrets
import shutil
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import yaml

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from config.local.fcm_emulator.client import running_emulator
from config.local.private_postgres import SOCKET_NAME, PrivatePostgres
from tests.journeys.installation import eventually, free_port

PACKAGES = {"buildah": "buildah", "podman": "podman", "runc": "runc", "mmdebstrap": "mmdebstrap"}
BASE, IMAGE = "localhost/luatmo-base:trixie", "localhost/luatmo:tried"
OWNER = 10001
HOST = "luatmo.example"
TOPIC = "11-dat-dai"
PHONE = "registration-of-a-phone-0123456789"
MOST_MB, MOST_READY_SECONDS, MOST_STOP_SECONDS = 250, 3, 30
WAITS = 8  # seconds that a request waits for a change: the most that it may (api/long_polling.py)
# as compose, which makes no other place writable
READ_ONLY = ["--read-only", "--read-only-tmpfs=false", "--tmpfs", "/dev/shm"]  # noqa: S108 (in the container)
RUNTIME = ["--cgroup-manager", "cgroupfs", "--runtime", "runc"]  # crun refuses machines that have both kinds of cgroups
ENVIRONMENT = os.environ | {"PODMAN_IGNORE_CGROUPSV1_WARNING": "1"}
DRAWS = """
import datetime
from content.contest_certificates.drawing import FileType, Printed, draw_certificate
day = datetime.date(2026, 1, 2)
printed = Printed("Nguyễn Thị Ỷ", "Cuộc thi", "Sở", "Vòng 1", "", 9, 10, 1, 2, day, "s", "https://a", True)
assert draw_certificate(printed, FileType.PDF).startswith(b"%PDF")
"""
WRITES_TO_ROOT = """
import errno
for place in ("/x", "/app/x", "/venv/x", "/home/x", "/var/tmp/x", "/run/lock/x"):
    try:
        open(place, "w")
    except OSError as error:
        if place.startswith("/var") and error.errno != errno.EROFS:  # anybody might write there
            print(place, error)
        continue
    print(place)
"""
COMPILED_AT_START = """
import importlib.util, pathlib, sys
import config.urls, config.wsgi
for name, module in [*sys.modules.items()]:
    file = getattr(module, "__file__", None) or ""
    if name != "__main__" and file.startswith(("/app/", "/venv/")) and file.endswith(".py"):
        compiled = pathlib.Path(importlib.util.cache_from_source(file))
        if not compiled.is_file() or compiled.read_bytes()[4] & 3 != 1:  # PEP 552: by its hash, and not checked
            print(file)
"""


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--base", help="an image with Debian's or another Python from 3.11 on")
    options.add_argument("--keep", type=Path, metavar="FOLDER", help="where the images are kept")
    asked = options.parse_args()
    if missing := [package for program, package in PACKAGES.items() if not shutil.which(program)]:
        print(f"image: LEFT OUT: not installed: apt-get install {' '.join(missing)}")
        return 0
    if os.geteuid() != 0:
        print("image: LEFT OUT: it needs root")
        return 0
    with contextlib.ExitStack() as stack:
        folder = Path(tempfile.mkdtemp(prefix="luatmo-image-"))
        folder.chmod(0o711)
        stack.callback(shutil.rmtree, folder, ignore_errors=True)
        storage = asked.keep or folder / "storage"
        trial = Trial(folder, Builder(folder, storage), stack)
        return trial.run(asked.base)


def run(command, **options):
    """Output of a program. Exits with its words where it fails."""
    done = subprocess.run([*map(str, command)], capture_output=True, text=True, check=False, **options)
    if done.returncode:
        said = f"{done.stdout[-3000:]}{done.stderr[-3000:]}"
        sys.exit(f"{command[0]} {[*map(str, command)][-1]} failed ({done.returncode}):\n{said}")
    return done.stdout


def limits_of_here():
    """Options that keep the limits of this machine: both tools would raise them, which not every root may."""
    options = []
    for name, number in (("nofile", resource.RLIMIT_NOFILE), ("nproc", resource.RLIMIT_NPROC)):
        _soft, hard = resource.getrlimit(number)
        options += ["--ulimit", f"{name}={hard}:{hard}"]
    return options


class Builder:
    """buildah and podman over a storage of their own."""

    def __init__(self, folder, storage):
        self.folder = folder
        places = ["--root", storage.absolute(), "--runroot", storage.absolute() / "run"]
        self.storage = ["--storage-driver", "overlay", *places]

    def has(self, image):
        command = ["buildah", *self.storage, "inspect", "--type", "image", image]
        return subprocess.run(command, capture_output=True, check=False).returncode == 0

    def make_base(self):
        archive = self.folder / "base.tar"
        run(["mmdebstrap", "--variant=minbase", "--include=ca-certificates,python3,python3-venv", "trixie", archive])
        file = self.folder / "Containerfile"
        file.write_text("FROM scratch\nADD base.tar /\n")
        self.build(file, self.folder, BASE)
        archive.unlink()

    def build(self, file, context, name, *options):
        how = ["--isolation", "chroot", "--layers=false", *limits_of_here(), *options]
        run(["buildah", *self.storage, "build", *how, "--file", file, "--tag", name, context])

    def build_image(self, base):
        settings, places = index_of_packages()
        secret = self.folder / "pip.conf"
        secret.write_text(settings)
        volumes = [part for place in places for part in ("--volume", f"{place}:{place}:ro")]
        options = ["--build-arg", f"BASE={base}", "--secret", f"id=pip,src={secret}", *volumes]
        self.build(ROOT / "deploy" / "Containerfile", ROOT, IMAGE, *options)

    def compressed_megabytes(self, image):
        copy = self.folder / "copy"
        run(["buildah", *self.storage, "push", "--compression-format", "gzip", image, f"dir:{copy}"])
        size = sum(file.stat().st_size for file in copy.iterdir())
        shutil.rmtree(copy)
        return size / 1e6


def index_of_packages():
    """(pip.conf, files and folders that it names), from what pip reads here; nothing of it is kept in an image."""
    lines, places = ["[global]"], []
    for line in run([sys.executable, "-m", "pip", "config", "list"]).splitlines():
        name, _equals, value = line.partition("=")
        key, value = name.rpartition(".")[2], value.strip("'")
        if key in ("index-url", "extra-index-url", "cert", "find-links", "trusted-host"):
            lines.append(f"{key} = {value}")
            places += [value] if value.startswith("/") and value not in places else []
    return "\n".join(dict.fromkeys(lines)) + "\n", places


class Trial:
    """The containers of compose.yaml beside a database and the local FCM server."""

    def __init__(self, folder, builder, stack):
        self.folder, self.builder, self.stack = folder, builder, stack
        self.compose = yaml.safe_load((ROOT / "deploy" / "compose.yaml").read_text())["services"]
        self.port, self.health_port, self.metrics_port = free_port(), free_port(), free_port()
        self.faults = []

    def run(self, base):
        began = time.monotonic()
        if not base and not self.builder.has(BASE):
            self.builder.make_base()
            self.say(began, "the base is made")
        self.builder.build_image(base or BASE)
        size = self.builder.compressed_megabytes(IMAGE)
        self.say(began, f"the image is built, {size:.0f} MB")
        self._start_what_is_beside()
        self._run_to_end("migrate")
        self.say(began, "the database is migrated")
        ready = self._start("web")
        self._start("worker")
        try:
            self._try_all()
            self.say(began, "all is tried")
        finally:
            if self.faults:
                for name in ("web", "worker"):
                    print(name, self._said("logs", "--tail", "15", name)[1][-6000:])
        stopped = max(self._stop_while_somebody_waits(), self._stop("worker"))
        for fault in self.faults:
            print(f"fault: {fault}")
        print(f"image: compressed_mb={size:.0f} ready_s={ready:.1f} stop_s={stopped:.1f} faults={len(self.faults)}")
        good = size <= MOST_MB and ready <= MOST_READY_SECONDS and stopped <= MOST_STOP_SECONDS
        return 0 if good and not self.faults else 1

    def say(self, began, what):
        print(f"{time.monotonic() - began:4.0f} s: {what}", flush=True)

    def expect(self, what, found, wanted=True):
        if found != wanted:
            self.faults.append(f"{what}: {str(found)[:600]}")

    # -- beginning

    def _start_what_is_beside(self):
        server = PrivatePostgres(self.folder)
        self.stack.callback(server.destroy)
        server.join()
        server.run.chmod(0o711)
        (server.run / SOCKET_NAME).chmod(0o777)  # the account of the image is not that of the server
        fcm = self.folder / "fcm"
        fcm.mkdir()
        self.fcm = self.stack.enter_context(running_emulator(fcm))
        self.secrets, self.files = self.folder / "secrets", self.folder / "files"
        for each in (self.secrets, self.files):
            each.mkdir()
        self.mounts = [f"{server.run}:{server.run}", f"{fcm}:{fcm}:ro", f"{self.files}:/var/lib/luatmo"]
        for name, text in (("database_url", server.url()), ("secret_key", secrets.token_urlsafe(50))):
            (self.secrets / name).write_text(text)
        (self.secrets / "passphrase").write_text(secrets.token_hex(16))
        shutil.copy(fcm / "service-account.json", self.secrets / "firebase.json")
        self._give_to_image(self.secrets, self.files, fcm)
        alone = ["--rm", "--network", "none", "--env", "LUATMO_MODE=local"]  # as compose.yaml says
        key = self._podman("run", *alone, IMAGE, "python", "manage.py", "make_seal_key")
        (self.secrets / "seal_keys.pem").write_text(key)
        self._give_to_image(self.secrets)

    def _give_to_image(self, *folders):
        for folder in folders:
            for each in (folder, *folder.rglob("*")):
                os.chown(each, OWNER, OWNER)

    def _options(self, service, **environment):
        """The options of podman that do what compose.yaml says of a service."""
        of = self.compose[service]
        here = self.fcm.environment | {"PORT": self.port, "HEALTH_PORT": self.health_port, "BIND_ADDRESS": "127.0.0.1"}
        here |= {"METRICS_NETWORKS": "127.0.0.0/8", "WORKER_METRICS_ADDRESS": "127.0.0.1"}
        here |= {"WORKER_METRICS_PORT": self.metrics_port, "FIREBASE_CREDENTIALS_FILE": "/run/secrets/firebase.json"}
        if "TRUSTED_PROXIES" in of["environment"]:
            here["TRUSTED_PROXIES"] = "127.0.0.1"
        options = ["--network", "host", "--user", of["user"], *(READ_ONLY if of["read_only"] else [])]
        for name in ("tmpfs", "cap_drop", "security_opt"):
            options += [part for value in of[name] for part in (f"--{name.replace('_', '-')}", value)]
        for name, value in (of["environment"] | here | environment).items():
            options += ["--env", f"{name}={value}"]
        own = [each for each in of["volumes"] if each.startswith("/")]
        mounts = [*self.mounts, f"{self.secrets}:/run/secrets:ro", *own]
        return options + [part for mount in mounts for part in ("--volume", mount)]

    def _podman(self, command, *arguments):
        """Output. Exits where it fails."""
        return run(self._command(command, *arguments), env=ENVIRONMENT)

    def _command(self, command, *arguments):
        limits = limits_of_here() if command == "run" else []
        return ["podman", *self.builder.storage, *RUNTIME, command, *limits, *arguments]

    def _said(self, command, *arguments):
        """(exit code, all output) of a call of podman that may fail."""
        told = [*map(str, self._command(command, *arguments))]
        done = subprocess.run(told, capture_output=True, text=True, check=False, env=ENVIRONMENT)
        return done.returncode, done.stdout + done.stderr

    def _succeeds(self, service, *command):
        """Run a command in the container of a service; it is a fault where it fails."""
        code, said = self._said("exec", service, *command)
        if code:
            self.faults.append(f"{' '.join(command)[:80]} ({code}): {said[-1500:]}")

    def _run(self, command, service="worker", **environment):
        """Output of a command in a container of its own."""
        return self._podman("run", "--rm", *self._options(service, **environment), IMAGE, *command)

    def _run_to_end(self, service):
        self._run(self.compose[service]["command"], service)

    def _start(self, service):
        """Seconds until it is ready, from the start of its container."""
        began = time.monotonic()
        command = self.compose[service].get("command", [])
        self._podman("run", "--detach", "--name", service, *self._options(service), IMAGE, *command)
        self.stack.callback(self._said, "rm", "--force", "--time", "0", service)
        look = self._is_ready if service == "web" else self._worker_answers
        try:
            eventually(look, seconds=60)
        except AssertionError:
            sys.exit(f"{service} does not start:\n{self._said('logs', service)[1][-6000:]}")
        return time.monotonic() - began

    def _is_ready(self):
        with contextlib.suppress(OSError):
            return self.ask("GET", "/health/ready")[0] == 200

    def _worker_answers(self):
        with contextlib.suppress(OSError):
            return self.ask("GET", "/metrics", port=self.metrics_port)[0] == 200

    # -- trying

    def ask(self, method, path, body=None, port=None, **headers):
        """(status, text) as nginx asks."""
        proxied = {"X-Forwarded-Proto": "https", "X-Forwarded-For": "203.0.113.9"}
        said = {"Host": HOST} | ({} if port else proxied)
        said |= {name.replace("_", "-"): value for name, value in headers.items()}
        if body is not None:
            said["Content-Type"], body = "application/json", json.dumps(body)
        connection = http.client.HTTPConnection("127.0.0.1", port or self.port, timeout=60)
        try:
            connection.request(method, path, body, said)
            answer = connection.getresponse()
            return answer.status, answer.read().decode("utf-8", "replace")
        finally:
            connection.close()

    def _try_all(self):
        for name in ("web", "worker"):
            said = self._podman("exec", name, "python", "-c", WRITES_TO_ROOT)
            self.expect(f"{name} may write to its root", said, "")
        said = self._podman("exec", "web", "python", "manage.py", "shell", "-v0", "-c", COMPILED_AT_START)
        self.expect("files that each start compiles anew", said, "")
        self._try_health()
        self._try_push()
        self._try_pages()
        self._try_backup()
        self._succeeds("worker", "python", "manage.py", "doctor")

    def _try_health(self):
        test = [part.replace("8000", str(self.port)) for part in self.compose["web"]["healthcheck"]["test"]]
        self._succeeds("web", *test[1:])
        eventually(lambda: self.ask("GET", "/health/ready")[0] == 200)

    def _try_push(self):
        """A phone follows a topic, the samples are published, and FCM gets a message."""
        self.fcm.call("POST", "devices", {"token": PHONE})
        phone = {"registration_id": PHONE, "id_kind": "token", "platform": "android", "language": "vi"}
        status, said = self.ask("PUT", "/api/v1/devices/phone-of-the-image", phone)
        self.expect("a phone registers", status, 201)
        secret = f"Bearer {json.loads(said).get('secret')}"
        status, said = self.ask("PUT", f"/api/v1/follows/topic/{TOPIC}", {"kinds": ["new"]}, Authorization=secret)
        self.expect("it follows", status, 201)
        self._run(["python", "manage.py", "load_sample", "--notify"], LUATMO_MODE="local")
        with contextlib.suppress(AssertionError):
            eventually(lambda: self.fcm.phone(PHONE)["tray"])
        self.expect("a push arrives", bool(self.fcm.phone(PHONE)["tray"]))

    def _try_pages(self):
        status, said = self.ask("GET", "/api/v1/documents")
        keys = [each["key"] for each in json.loads(said)["results"]] if status == 200 else []
        self.expect("laws are listed", bool(keys))
        law = f"/api/v1/documents/{keys[0]}"
        for path in (law, f"{law}/text", f"/van-ban/{keys[0]}", "/docs"):
            self.expect(path, self.ask("GET", path)[0], 200)
        page = self.ask("GET", f"/van-ban/{keys[0]}")[1]
        sheets = [part.partition('"')[0] for part in page.split('href="')[1:] if ".css" in part.partition('"')[0]]
        self.expect("a page has a style sheet", bool(sheets))
        self.expect(f"the style sheet {sheets}", [self.ask("GET", sheet)[0] for sheet in sheets], [200] * len(sheets))
        words = self.ask("GET", "/api/v1/documents/none", Accept_Language="vi")[1]
        self.expect("an error in Vietnamese", "Không" in words or words)
        materials = json.loads(self.ask("GET", "/api/v1/materials")[1])["results"]
        self.expect("materials that typst has drawn are listed", bool(materials))
        self._succeeds("web", "python", "manage.py", "shell", "-v0", "-c", DRAWS)

    def _try_backup(self):
        for name, options in (("plain", []), ("sealed", ["--passphrase-file", "/run/secrets/passphrase"])):
            self._succeeds("worker", "python", "manage.py", "backup", f"/var/lib/luatmo/backup-{name}", *options)

    # -- ending

    def _stop_while_somebody_waits(self):
        """A reader has asked for the next change, and none comes: the stop must answer it."""
        newest = json.loads(self.ask("GET", "/api/v1/changes/head")[1])["key"]
        with ThreadPoolExecutor() as pool:
            waiting = pool.submit(self.ask, "GET", f"/api/v1/changes?after={newest}&wait={WAITS}")
            time.sleep(1)
            self.expect("it waits", waiting.done(), False)
            seconds = self._stop("web")
            try:
                self.expect("a request under way when the stop began", waiting.result()[0], 200)
            except (OSError, http.client.HTTPException) as error:
                self.faults.append(f"a request under way when the stop began: {error!r}")
        return seconds

    def _stop(self, name):
        began = time.monotonic()
        self._podman("stop", "--time", str(MOST_STOP_SECONDS + 10), name)
        seconds = time.monotonic() - began
        code = self._podman("inspect", "--format", "{{.State.ExitCode}}", name).strip()
        self.expect(f"exit code of {name}", code, "0")
        return seconds


if __name__ == "__main__":
    sys.exit(main())
