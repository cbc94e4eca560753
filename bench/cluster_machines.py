"""Five machines on loopback for bench/cluster.py, with the samples of deploy/cluster and deploy/nginx.

Three databases (PostgreSQL under Patroni, and etcd) and two with HAProxy, PgBouncer, nginx, web server and worker. Each
machine has a loopback address of its own; of the samples only addresses, folders and passwords are changed. Linux only.
`Service` does what systemd would: it starts again whatever ends.
"""

import contextlib
import json
import os
import re
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from pathlib import Path

import psutil
import psycopg

from config.local.postgres_files import server_account
from tests.journeys.installation import eventually

ROOT = Path(__file__).resolve().parent.parent
SAMPLES = ROOT / "deploy"
HOST = "luatmo.example"
PATH = os.pathsep.join([os.environ.get("PATH", ""), "/usr/sbin", "/sbin"])
PROGRAMS = {  # program: Debian package
    "patroni": "patroni",
    "etcd": "etcd-server",
    "haproxy": "haproxy",
    "pgbouncer": "pgbouncer",
    "nginx": "nginx-light",
    "openssl": "openssl",
}
RESTART_SECONDS = {"web": 2, "worker": 2}  # as deploy/systemd says; the others: RestartSec of systemd, a little more
OTHER_RESTART_SECONDS = 0.5
START_SECONDS = 180
# Of one database: its tables, 128 MiB of its log, 16 MiB more for each of its leaders until a checkpoint deletes them,
# and space for a copy that is made anew.
DISK_MEBIBYTES = 1_536
SMALL = {"max_connections": 250, "shared_buffers": "64MB", "min_wal_size": "64MB", "max_wal_size": "128MB"}


def missing_programs():
    """What to say about programs that are not there; "" if all are."""
    missing = [package for program, package in PROGRAMS.items() if not shutil.which(program, path=PATH)]
    if not Path("/usr/lib/python3/dist-packages/etcd").is_dir():  # Patroni finds no etcd without it
        missing.append("python3-etcd")
    return f"Not installed: apt-get install {' '.join(missing)}" if missing else ""


def newest_postgres():
    """The folder with the programs of the newest PostgreSQL that Debian has installed; None without one."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    return found[-1].parent if found else None


class Service:
    """One process with its children, started again whatever ended it, unless it is held."""

    def __init__(self, name, command, *, log, environment=None, as_postgres=False, whole_group=True):
        self.name, self._command, self._log = name, [str(part) for part in command], log
        self._environment = {k: v for k, v in os.environ.items() if not k.startswith("PG")} | {"PATH": PATH}
        self._environment |= environment or {}
        self._account = {}
        if as_postgres and os.geteuid() == 0:
            uid, gid = server_account()
            self._account = {"user": uid, "group": gid, "extra_groups": []}
        self._whole_group = whole_group  # else KillMode=process: Patroni leaves its PostgreSQL running
        self._pause = RESTART_SECONDS.get(name.rstrip("0123456789"), OTHER_RESTART_SECONDS)
        self.process, self._start_at, self.is_held, self.starts = None, 0.0, True, 0
        self._lock = threading.Lock()

    def start(self):
        self.is_held, self._start_at = False, 0.0
        self.look_after()

    def look_after(self):
        with self._lock:
            self._look_after()

    def _look_after(self):
        if self.process and self.process.poll() is not None:
            self._end_children()
            self.process, self._start_at = None, time.monotonic() + self._pause
        if self.process is None and not self.is_held and time.monotonic() >= self._start_at:
            with open(self._log, "ab") as log:
                self.process = subprocess.Popen(
                    self._command,
                    cwd=ROOT,
                    env=self._environment,
                    stdin=subprocess.DEVNULL,
                    stdout=log,
                    stderr=log,
                    start_new_session=True,
                    **self._account,
                )
            self.starts += 1

    def _end_children(self):
        if self._whole_group:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(self.process.pid, signal.SIGKILL)

    def kill(self):
        """SIGKILL to all of it, as when its machine ends it for want of memory. Nothing where it does not run."""
        with self._lock:
            if self.process is None:
                return
            if self._whole_group:
                self._end_children()
            else:
                self.process.kill()

    def processes(self):
        """It and those that it started; none where it does not run."""
        with contextlib.suppress(psutil.Error, AttributeError):
            own = psutil.Process(self.process.pid)
            return [own, *own.children(recursive=True)]
        return []

    def children(self):
        return self.processes()[1:]

    def end(self):
        """At once and for good: nothing of a bench is worth a graceful end."""
        self.is_held = True
        with self._lock:
            if self.process:
                self._end_children()  # workers of nginx outlive a master that was killed
                self.process.kill()  # does nothing where it has ended
                self.process.wait()


class Database:
    """A machine with PostgreSQL, Patroni and etcd. `disk`: a small file system of its own, None where none was made."""

    def __init__(self, number, address, folder):
        self.name, self.address, self.folder = f"database{number}", address, folder / f"database{number}"
        self.data = self.folder / "data"
        self.disk = None

    def postgres_processes(self):
        """Those that work in its data folder, the postmaster first."""
        found = []
        for each in psutil.process_iter():
            with contextlib.suppress(psutil.Error, OSError):
                if each.cwd() == str(self.data) and each.name().startswith("postgres"):
                    found.append(each)
        postmaster = self.postmaster()
        return sorted(found, key=lambda each: each.pid != postmaster)

    def postmaster(self):
        """Its process id; None without one."""
        with contextlib.suppress(OSError, ValueError, IndexError):
            return int((self.data / "postmaster.pid").read_text().split("\n")[0])
        return None

    def status(self):
        """What its Patroni says of itself and the cluster; {} where it says nothing."""
        return ask(f"http://{self.address}:8008/cluster")


class Machines:
    """All of it. `folder` is 0711 and new. `subnet`: "127.77.3." say, instead of 10.0.0."""

    def __init__(self, folder, postgres, subnet, log_level="WARNING"):
        self.folder, self.postgres, self.subnet, self.log_level = folder, postgres, subnet, log_level
        self.passwords = {
            each: secrets.token_hex(16) for each in ("POSTGRES", "REPLICATOR", "REWINDER", "RESTAPI", "LUATMO")
        }
        self.databases = [Database(number, f"{subnet}{10 + number}", folder) for number in (1, 2, 3)]
        self.webs = [f"{subnet}{20 + number}" for number in (1, 2)]
        self.services, self._mounts = {}, []
        self._ending = threading.Event()
        self._looking = threading.Thread(target=self._look_after, daemon=True)

    # -- making them

    def start_databases(self):
        for each in self.databases:
            self._make_disk(each)
            self._add_etcd(each)
            self._add_patroni(each)
        self._looking.start()
        for each in self.databases:
            self.services[f"etcd{each.name[-1]}"].start()
        eventually(lambda: all(map(self.etcd_is_well, self.databases)), seconds=START_SECONDS)
        self.services["patroni1"].start()
        eventually(self.leader, seconds=START_SECONDS)
        for number in (2, 3):
            self.services[f"patroni{number}"].start()
        eventually(self.databases_are_whole, seconds=START_SECONDS)
        self._make_roles()
        for number, address in enumerate(self.webs, 1):
            self._add_haproxy(number, address)
            self._add_pgbouncer(number, address)
        eventually(lambda: all(map(self.accepts_writes, self.webs)), seconds=START_SECONDS)

    def start_web(self, environment, worker_environments):
        """`environment` is that of both machines, `worker_environments` one for each worker besides."""
        self._make_certificate()
        for number, address in enumerate(self.webs, 1):
            ours = environment | self.environment_of(address) | {"LUATMO_HOME": str(self.folder / f"home{number}")}
            Path(ours["LUATMO_HOME"]).mkdir(exist_ok=True)
            python = [sys.executable, ROOT / "manage.py"]
            self._add(f"web{number}", [*python, "web"], environment=ours)
            theirs = ours | {"DATABASE_URL": self.url(address, 6432, "luatmo_worker")}
            theirs |= {"DATABASE_DIRECT_URL": self.url(address, 5000, "luatmo_worker")}
            self._add(f"worker{number}", [*python, "work"], environment=theirs | worker_environments[number - 1])
            self._add_nginx(number, address)

    def environment_of(self, address):
        """Where web server, worker and commands of a machine find the databases."""
        replicas = ",".join(self.url(each.address, 5432) for each in self.databases)
        return {
            "DATABASE_URL": self.url(address, 6432),
            "DATABASE_DIRECT_URL": self.url(address, 5000),
            "DATABASE_REPLICA_URLS": replicas,
            "BIND_ADDRESS": address,
            "PORT": "8000",
        }

    def url(self, address, port, role="luatmo"):
        return f"postgres://{role}:{self.passwords['LUATMO']}@{address}:{port}/luatmo"

    def rendered(self, sample, own_address="127.0.0.1"):
        """The text of a sample with addresses, folders and passwords of here."""
        text = (SAMPLES / sample).read_text().replace("127.0.0.1", own_address).replace("10.0.0.0/24", "127.0.0.0/8")
        text = re.sub(r"10\.0\.0\.\d+/32", "127.0.0.0/8", text)  # loopback has one source
        text = text.replace("10.0.0.", self.subnet)
        for name, password in self.passwords.items():
            text = text.replace(f"PASSWORD-OF-{name}", password)
        return text.replace("/usr/lib/postgresql/17/bin", str(self.postgres))

    def _add(self, name, command, **options):
        self.services[name] = Service(name, command, log=self.folder / f"{name}.log", **options)
        if name.rstrip("0123456789") not in ("etcd", "patroni"):
            self.services[name].start()

    def _make_disk(self, database):
        """A small file system where root may make one, so that it can be filled. Without it the disk is that of all."""
        database.folder.mkdir(mode=0o711)
        uid, gid = server_account()
        if os.geteuid() == 0:
            size = f"size={DISK_MEBIBYTES}m,mode=0700,uid={uid},gid={gid}"
            done = subprocess.run(["mount", "-t", "tmpfs", "-o", size, "luatmo-bench", database.folder], check=False)
            if done.returncode == 0:
                self._mounts.append(database.folder)
                database.disk = database.folder
            else:
                os.chown(database.folder, uid, gid)

    def _add_etcd(self, database):
        number = database.name[-1]
        text = self.rendered("cluster/etcd").replace("/var/lib/etcd", str(self.folder / f"etcd{number}"))
        own = dict(re.findall(r"^(ETCD_\w+)=(.+)$", text, re.MULTILINE))
        for name, value in own.items():
            if name not in ("ETCD_INITIAL_CLUSTER", "ETCD_INITIAL_CLUSTER_TOKEN"):
                own[name] = value.replace(f"{self.subnet}11", database.address).replace("database1", database.name)
        # a killed process loses nothing that it gave to the kernel, and three of them share this disk
        self._add(f"etcd{number}", ["etcd", "--unsafe-no-fsync", "--log-level", "warn"], environment=own)

    def _add_patroni(self, database):
        number = database.name[-1]
        text = self.rendered("cluster/patroni.yml").replace("name: database1", f"name: {database.name}")
        head, hosts, rest = re.split(r"(^  hosts: .+\n)", text, maxsplit=1, flags=re.MULTILINE)
        text = head + hosts + rest.replace(f"{self.subnet}11", database.address)
        for path, here in (
            ("/var/lib/postgresql/17/luatmo", database.data),
            ("/var/lib/postgresql/pgpass", database.folder / "pgpass"),
            ("/var/run/postgresql", database.folder),
        ):
            text = text.replace(path, str(here))
        lines = "".join(f"        {name}: {value}\n" for name, value in SMALL.items())
        text = re.sub(r" +max_connections: .+\n", lines, text)
        if int(subprocess.check_output([self.postgres / "postgres", "-V"], text=True).split()[2].split(".")[0]) < 17:
            text = text.replace("    - locale-provider: builtin\n", "")
        file = self.folder / f"patroni{number}.yml"
        file.write_text(text)
        file.chmod(0o644)  # of a bench: the account of PostgreSQL reads it
        self._add(f"patroni{number}", ["patroni", file], as_postgres=True, whole_group=False)

    def _make_roles(self):
        """As docs/how-to/operate.md says for a pooler: limits belong to the role; web and worker have one each."""
        word = self.passwords["LUATMO"]
        with self.superuser(self.leader(), "postgres") as session:
            for role in ("luatmo", "luatmo_worker"):
                session.execute(f"CREATE ROLE {role} LOGIN PASSWORD '{word}'")
                session.execute(f"GRANT pg_read_all_stats TO {role}")
                session.execute(f"ALTER ROLE {role} SET lock_timeout = '{'2s' if role == 'luatmo' else '10s'}'")
            session.execute("ALTER ROLE luatmo SET statement_timeout = '8s'")
            session.execute("ALTER ROLE luatmo_worker SET statement_timeout = '15min'")
            session.execute("GRANT luatmo TO luatmo_worker")
            session.execute("CREATE DATABASE luatmo OWNER luatmo")

    def _add_haproxy(self, number, address):
        file = self.folder / f"haproxy{number}.cfg"
        text = self.rendered("cluster/haproxy.cfg", address)
        if os.geteuid() != 0:  # then it cannot become another user
            text = re.sub(r"(?m)^  (user|group) haproxy\n", "", text)
        file.write_text(re.sub(r"(?m)^  log .+\n", "", text))  # it writes to its file here
        self._add(f"haproxy{number}", ["haproxy", "-db", "-f", file])

    def _add_pgbouncer(self, number, address):
        users = self.folder / f"userlist{number}.txt"
        users.write_text("".join(f'"{role}" "{self.passwords["LUATMO"]}"\n' for role in ("luatmo", "luatmo_worker")))
        text = self.rendered("cluster/pgbouncer.ini", address).replace("/etc/pgbouncer/userlist.txt", str(users))
        text = re.sub(r"(?m)^(logfile|pidfile) = .+$", "", text)
        file = self.folder / f"pgbouncer{number}.ini"
        file.write_text(text)
        uid, gid = server_account()
        for each in (file, users):
            each.chmod(0o600)
            if os.geteuid() == 0:
                os.chown(each, uid, gid)
        self._add(f"pgbouncer{number}", ["pgbouncer", file], as_postgres=True)

    def _make_certificate(self):
        key, certificate = self.folder / "key.pem", self.folder / "fullchain.pem"
        curve = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"]
        names = ["-subj", f"/CN={HOST}", "-addext", f"subjectAltName=DNS:{HOST}"]
        command = ["openssl", "req", "-x509", *curve, *names, "-days", "2", "-keyout", key, "-out", certificate]
        subprocess.run(command, check=True, capture_output=True)

    def _add_nginx(self, number, address):
        folder = self.folder / f"nginx{number}"
        folder.mkdir()
        folder.chmod(0o755)
        text = (SAMPLES / "nginx" / "luatmo.conf").read_text()
        for port in ("8000", "8001"):
            servers = " ".join(f"server {each}:{port};" for each in self.webs)
            text = text.replace(f"server 127.0.0.1:{port};", servers)
        text = text.replace("listen 80;", f"listen {address}:8080;").replace(
            "listen 443 ssl", f"listen {address}:8443 ssl"
        )
        text = text.replace("/etc/ssl/luatmo", str(self.folder)).replace("/run/luatmo-searches", f"{folder}/searches")
        kept = " ".join(
            f"{name}_temp_path {folder}/{name};" for name in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
        )
        user = "user root;" if os.geteuid() == 0 else ""
        main = f"""{user} daemon off; worker_processes 1; pid {folder}/pid; error_log stderr warn;
            events {{ worker_connections 4096; }}
            http {{ access_log off; {kept} {text} }}"""
        (folder / "nginx.conf").write_text(main)
        self._add(f"nginx{number}", ["nginx", "-e", "stderr", "-p", folder, "-c", folder / "nginx.conf"])

    # -- looking at them

    def _look_after(self):
        while not self._ending.wait(0.05):
            for each in list(self.services.values()):
                each.look_after()

    def superuser(self, database, name="luatmo", **options):
        """A session of the superuser at one server itself."""
        return psycopg.connect(
            host=database.address,
            port=5432,
            user="postgres",
            password=self.passwords["POSTGRES"],
            dbname=name,
            connect_timeout=2,
            autocommit=True,
            **options,
        )

    def members(self, without=None):
        """{name: what Patroni says of that server}, as the first that answers says; `without` is not asked."""
        for each in self.databases:
            if each is not without and (members := each.status().get("members")):
                return {member["name"]: member for member in members}
        return {}

    def leader(self, without=None):
        """The database that leads and runs; None without one. `without` is not asked, as it is frozen."""
        members = self.members(without)
        for each in self.databases:
            member = members.get(each.name, {})
            if member.get("role") == "leader" and member.get("state") == "running":
                return each
        return None

    def synchronous_standby(self):
        members = self.members()
        return next((each for each in self.databases if members.get(each.name, {}).get("role") == "sync_standby"), None)

    def etcd_is_well(self, database):
        return ask(f"http://{database.address}:2379/health").get("health") == "true"

    def databases_are_whole(self):
        """One leads, one confirms its commits, the third streams too."""
        members = self.members().values()
        roles = sorted(member["role"] for member in members)
        states = sorted(member["state"] for member in members)
        leader = self.leader()
        is_right = roles == ["leader", "replica", "sync_standby"] and states == ["running", "streaming", "streaming"]
        return bool(is_right and leader and len({member.get("timeline") for member in members}) == 1)

    def accepts_writes(self, address):
        with contextlib.suppress(psycopg.Error):
            url = self.url(address, 6432).replace("/luatmo", "/luatmo", 1)
            with psycopg.connect(url, connect_timeout=2, prepare_threshold=None) as session:
                return session.execute("SELECT NOT pg_is_in_recovery()").fetchone()[0]
        return False

    def trouble(self):
        """What is not well, in words; "" when nothing is."""
        for name, each in self.services.items():
            if each.process is None or each.process.poll() is not None:
                return f"{name} does not run"
        if sick := [each.name for each in self.databases if not self.etcd_is_well(each)]:
            return f"etcd of {sick}"
        if not self.databases_are_whole():
            return f"databases {list(self.members().values())}"
        for address in self.webs:
            if not self.accepts_writes(address):
                return f"pooler of {address}"
            if ask(f"http://{address}:8001/health/ready", HOST).get("status") != "ok":
                return f"web server of {address}: {ask(f'http://{address}:8001/health/ready', HOST)}"
            with contextlib.closing(socket.socket()) as probe:
                probe.settimeout(2)
                if probe.connect_ex((address, 8443)):
                    return f"nginx of {address}"
        return ""

    def stop(self):
        """End everything, also what outlived its parent."""
        self._ending.set()
        if self._looking.is_alive():
            self._looking.join()
        for each in self.services.values():
            each.end()
        for database in self.databases:
            for each in database.postgres_processes():
                with contextlib.suppress(psutil.Error):
                    each.kill()
        for each in self._mounts:
            subprocess.run(["umount", "-l", each], check=False)


def ask(url, host=None):
    """The JSON object that an address answers, whatever its status; {} without one within two seconds."""
    headers = {"Host": host, "X-Forwarded-Proto": "https"} if host else {}
    request = urllib.request.Request(url, headers=headers)  # noqa: S310 (of this bench)
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    with contextlib.suppress(OSError, ValueError):
        try:
            with opener.open(request, timeout=2) as answer:
                return json.load(answer)
        except urllib.error.HTTPError as error:
            return json.load(error)
    return {}
