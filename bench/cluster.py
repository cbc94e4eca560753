"""Is every acknowledged write there, and do people read on, whatever dies in a cluster of five machines?

    .venv/bin/python bench/cluster.py [--kills 20] [--others 40] [--reads 200] [--writes 20] [--seed N] [--keep]

Linux. From Debian: apt-get install patroni python3-etcd etcd-server haproxy pgbouncer nginx-light postgresql-17. Five
machines, each a loopback address, with the samples of deploy/ (cluster_machines.py). Writers register phones, follow,
ask and register for events, somebody publishes laws at the staff site, readers want pages, all through nginx and TLS.
Meanwhile, in an order that the seed gives:

- kills of a primary: SIGKILL to its postmaster, or to everything on its machine, where Patroni is started again;
- others: postmaster of a replica, the primary's Patroni, a member of etcd, PgBouncer, HAProxy, nginx, a web server, one
  of its processes, a worker; everything on the primary's machine frozen (SIGSTOP) until another leads and 3 s more, or
  its Patroni alone; the primary's disk full; the standby that confirms commits frozen, and the primary's machine killed
  10 s later; the primary killed, and the next one as soon as it leads.

A machine of databases dies or freezes with its member of etcd.

Each fault waits until all that the one before hit is well again, and some seconds.

`kills`: of a primary. `acknowledged`: writes answered with 2xx or, at the staff site, its redirect. `lost`: those whose
row is not in the database at the end, writes of probes that are not, and pushes that a phone does not show.
`write_outage_p95_s`: after each kill of a primary the longest time without an acknowledgement. `read_availability`:
reads answered within 5 s from the moment that somebody wanted them, with 200 and nothing older than is allowed, of all.
`pushed_twice`: entries that a tray shows twice, and messages that FCM took twice with no fault that hit the first of
them. `split_brain`: writes that two databases took which cannot both lead, of those that were acknowledged.

How it could pass while the product fails, and what prevents that:
- Kills hit an idle cluster: each waits until a write is under way, those of workers until FCM has an open call of that
  worker. What was to die must have been started again, or another must lead; otherwise it counts as nothing.
- The primary comes back in its place each time, and no replica ever leads: at least half of the kills must make another
  one lead.
- Writers are told nothing, so nothing can be lost: a thousand writes an hour would do. Fewer acknowledgements than half
  of what was begun, or of one kind none, fail.
- The clients ask the server what it holds: they remember what they were told themselves, each key, and the table is
  read past the program at the end.
- A commit is acknowledged when nobody but the primary can have it: that is why the standby is frozen before the primary
  dies, for longer than a statement of a reader may take, and stays the only one that may lead.
- Nobody asks the old primary, so nobody sees that it takes writes: a probe asks each database itself, four times a
  second, and its question must be open when a frozen one goes on, so that it runs at once.
- What the readers want is all in memory: a fifth of their pages nobody has wanted before, and nginx, which answers
  through an outage from its cache, keeps only searches, another fifth.
- Reads are answered from a replica or a memory that hangs: somebody numbers the title of one law again and again, and
  an answer may lack what was stored in the last 33 s and nothing else; what was published before must be found.
- The machine is too slow, and what it does not serve looks like a fault of the product: before the first fault no read
  may fail, 99 of 100 be answered within half a second, and no write be refused; else the rehearsal ends there. What
  everybody does in the first seconds of all servers may be slow, but no answer may be wrong or missing there either.
- Readers wait for each other, so that few ask while nobody answers: they are an open loop, and late is no answer. There
  are clients for one and a half seconds of reads, and nothing is sent that could not be answered any more.
- Faults explain every push that left twice: only a fault that can hit a push, and was there while it was under way,
  does; and at the end pushes leave while there is none.
- A retry hides a loss: a writer sends nothing twice but a question, with one Idempotency-Key, and then there must be
  one row of it. A reader tries the other nginx where it cannot connect, and again where a connection it had used before
  was closed, as every HTTP client does; an answer that is an error counts.
- Pushes never leave, so none is doubled: each phone must show each law that was published, once.
- The settings make it easy: limits of requests are those of production, clients have addresses of their own.

Patroni takes no lease below 20 s, so a machine that vanishes (the frozen one) costs writes about that long:
`frozen_max_s` above the last line, which must be within FROZEN_SECONDS. etcd does not wait for its disk here, and the
disks of the databases are in memory: what a power cut does is not tried.

Goals: lost=0, write_outage_p95_s ≤ 12, read_availability ≥ 0.999, pushed_twice=0, split_brain=0; exit code 1 outside.
"""

import argparse
import contextlib
import itertools
import os
import random
import secrets
import shutil
import signal
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

import cluster_machines
import lasting_fcm
import psutil
import psycopg
from cluster_clients import Approver, ProbeConnection, Probes, Readers, Site, Stamps, Writers
from cluster_machines import HOST, Machines
from cluster_result import Result

from api.replicas.sessions import BoundedConnection
from api.replicas.watch import AWAY_SECONDS, BEHIND_SECONDS
from tests.full_disk import filled
from tests.journeys.installation import eventually

PRIMARY_FAULTS = ("postmaster", "machine")
OTHER_FAULTS = (
    "frozen", "pgbouncer", "etcd", "web", "replica", "worker", "nginx", "standby_then_machine", "haproxy", "patroni",
    "web_process", "disk", "twice", "patroni_frozen",
)  # fmt: skip
HARMLESS_TO_PUSHES = ("web", "web_process", "nginx", "etcd")  # neither worker nor primary notices
WARM_SECONDS = 20  # of work before anything is judged: every server has just started
CALM_SECONDS = 10  # in which nothing may fail yet
CALM_READ_SECONDS = 0.5  # within which 99 of 100 reads are answered then
CALM_PUSHES = 15  # publications after the last fault
STEADY_SECONDS = 3  # of ordinary work between two faults
PATIENCE = 240  # until something is not well again at all
LOOK_SECONDS = 0.5
WORK_SECONDS = 15  # until there is work that a fault could hit
NEXT_LEADER_SECONDS = 90
STANDBY_SECONDS = 10  # longer than the 8 s that a statement of a reader may take, shorter than the lease
DISK_SECONDS = 20
FCM_SECONDS = 0.2  # how long FCM takes
PHONES = 6  # that follow what is published
DRAFTS_PER_FAULT = 25
# what a public answer may lack while the primary is away (api/replicas), and a second to notice it
STALE_SECONDS = AWAY_SECONDS + BEHIND_SECONDS + 2
HEADING, PUSHED = "11-dat-dai", "15-hanh-chinh-tu-phap"
SEARCHED = ("dat dai", "luat mau", "nguoi thu", "vuon chung", "dieu 1")


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--kills", type=int, default=20, help="of a primary")
    options.add_argument("--others", type=int, default=40)
    options.add_argument("--only", nargs="+", choices=OTHER_FAULTS, default=OTHER_FAULTS, help="of the others")
    options.add_argument("--reads", type=float, default=200, help="a second")
    options.add_argument("--writes", type=float, default=20, help="a second")
    options.add_argument("--seed", type=int, default=random.randrange(10**6))
    options.add_argument("--postgres", type=Path, default=cluster_machines.newest_postgres(), help="folder of initdb")
    options.add_argument("--keep", action="store_true", help="the folder with all logs, also when all went well")
    asked = options.parse_args()
    if missing := cluster_machines.missing_programs():
        sys.exit(missing)
    if asked.postgres is None:
        sys.exit("Not installed: apt-get install postgresql-17")
    print(f"seed={asked.seed} kills={asked.kills} others={asked.others}", flush=True)
    folder = Path(tempfile.mkdtemp(prefix="luatmo-bench-cluster-"))
    folder.chmod(0o711)
    rehearsal = Rehearsal(folder, asked)
    ends = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)
    for each in ends:
        signal.signal(each, lambda *_: sys.exit("ended"))  # so that nothing is left running
    try:
        faults = rehearsal.run()
    finally:
        for each in ends:
            signal.signal(each, signal.SIG_IGN)  # a second one would leave the rest running
        rehearsal.stop()
    if faults or asked.keep:
        print(f"the logs: {folder}")
    else:
        shutil.rmtree(folder, ignore_errors=True)
    sys.exit(bool(faults))


class Rehearsal:
    def __init__(self, folder, asked):
        self.folder, self.asked, self.random = folder, asked, random.Random(asked.seed)
        self.random_reads = random.Random(asked.seed)  # of the thread of the readers
        subnet = f"127.{64 + os.getpid() % 60}.{os.getpid() // 60 % 250}."
        self.clients_subnet = f"127.{130 + os.getpid() % 60}."
        self.machines = Machines(folder, asked.postgres, subnet)
        (folder / "fcm").mkdir()
        self.fcm = lasting_fcm.LastingServer(folder / "fcm")
        self.writers = self.readers = self.approver = self.probes = self.stamps = None
        self.wrong, self.outages, self.frozen = [], [], []
        self.moments = []  # of faults that can hit a push: (began, all was well), of time.time() as the journal of FCM
        self.spans = []  # the same of all faults, of time.monotonic()
        self.calm_since = float("inf")  # time.time() of the end of the last fault
        self.done, self.failovers, self.hit_calls = Counter(), 0, 0

    # -- beginning

    def run(self):
        began = time.monotonic()
        self.fcm.start()
        self.machines.start_databases()
        self._say(began, "databases and poolers run")
        self.environment = self._environment()
        self._fill()
        self._say(began, f"{len(self.drafts)} drafts are written")
        accounts = [
            {"FIREBASE_CREDENTIALS_FILE": str(lasting_fcm.worker_account(self.fcm.folder, each))} for each in "12"
        ]
        self.machines.start_web(self.environment, [self.fcm.environment | each for each in accounts])
        self._wait_until_whole()
        self._say(began, "all machines run")
        self._begin_clients()
        if too_slow := self._what_is_too_slow():
            print(f"this machine is too slow: ask for fewer --reads and --writes. {too_slow}", flush=True)
            return [too_slow]
        self._say(began, "all clients work")
        try:
            self._storm()
            self._publish_in_calm()
        except AssertionError as never:
            print(never, flush=True)  # at once: the result cannot be told without a primary
            self.wrong.append(str(never))
        self._end_clients()
        return Result(self).tell()

    def _say(self, began, what):
        print(f"{time.monotonic() - began:4.0f} s: {what}", flush=True)

    def _environment(self):
        """Settings of production, with the limits that it has."""
        return {
            "LUATMO_MODE": "production",
            "SECRET_KEY": secrets.token_urlsafe(50),
            "ALLOWED_HOSTS": HOST,
            "PUBLIC_URL": f"https://{HOST}",
            "SECURITY_CONTACTS": f"mailto:an-ninh@{HOST}",
            "FIREBASE_CREDENTIALS_FILE": str(self.fcm.folder / "service-account.json"),
            "TRUSTED_PROXIES": "127.0.0.1",  # from where nginx calls: loopback has one source
            "WEB_PROCESSES": "1",
            "DELIVERY_LEASE_SECONDS": "10",
        }

    def _fill(self):
        """Tables, a few laws and an event, drafts to publish, and somebody who may."""
        ours = self.environment | self.machines.environment_of(self.machines.webs[0])
        direct = f"{ours['DATABASE_DIRECT_URL']}?options=-csynchronous_commit%3Doff"  # nobody is told anything yet
        os.environ |= ours | {"DATABASE_URL": direct, "DATABASE_DIRECT_URL": direct}
        os.environ["LUATMO_HOME"] = str(self.folder / "home0")
        os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
        import django

        django.setup()
        from django.core.management import call_command
        from django.db import connection
        from django_otp.plugins.otp_totp.models import TOTPDevice
        from django_otp.util import random_hex

        from content.people import services as people
        from content.people.models import Role
        from tests import builders

        call_command("migrate", verbosity=0)
        laws = [builders.a_document(topics=[builders.land()]) for _ in range(20)]
        event = builders.an_event()
        self.targets = {"heading": HEADING, "document": laws[0].key, "event": event.key}
        self.stamped, *self.keys = [law.key for law in laws[1:]]
        wanted = DRAFTS_PER_FAULT * (self.asked.kills + self.asked.others) + 4 * CALM_PUSHES
        drafts = [builders.a_draft(topics=[builders.topic(PUSHED)]) for _ in range(wanted)]
        self.drafts = {draft.pk: draft.key for draft in drafts}
        user, self.password = people.create_account("cong-bo", roles=[Role.PUBLISHER])
        self.otp = TOTPDevice.objects.create(user=user, name="authenticator", key=random_hex(), confirmed=True).bin_key
        connection.close()
        connection.close_pool()
        with self.machines.superuser(self.machines.leader()) as session:
            session.execute("CREATE TABLE cluster_probe (number bigint PRIMARY KEY)")

    def _begin_clients(self):
        from tests.staff.conftest import totp_code

        self.site = Site(self.machines.webs, self.folder / "fullchain.pem", self.clients_subnet)
        self.fcm.call("POST", "faults", [{"op": "send", "kind": "slow", "times": 10**6, "delay": FCM_SECONDS}])
        self.phones = [self._phone(number) for number in range(PHONES)]
        eventually(self._all_are_subscribed, seconds=PATIENCE)
        self.approver = Approver(self.site, "cong-bo", self.password, totp_code(self.otp))
        self.probes = Probes(self.machines.databases, self._probe_session)
        self.writers = Writers(self.site, self.asked.writes, self.targets, self._meet)
        self.stamps = Stamps(self.stamped, self._stamp_session)
        self.readers = Readers(self.site, self.asked.reads, self._page, self._what_is_wrong_with)
        self.probes.start()
        self.stamps.start()
        self.writers.start()
        self.approver.start(self.drafts)
        eventually(lambda: self.approver.published and len({each.kind for each in self.writers.acknowledged}) > 4)
        self.readers.start()
        time.sleep(WARM_SECONDS)
        print(f"reads that came too late in the first {WARM_SECONDS} s: {self.readers.forget_slowness()}", flush=True)
        time.sleep(CALM_SECONDS)

    def _what_is_too_slow(self):
        """What this machine could not serve although nothing had been hit, in words; "" when it could."""
        missed, slowest = Counter(why for _at, why in self.readers.failures), self.readers.slowest()
        if missed or self.writers.refused:
            return f"before any fault: reads {dict(missed)}, writes refused {dict(self.writers.refused)}"
        return f"before any fault one of 100 reads took {slowest:.1f} s" if slowest > CALM_READ_SECONDS else ""

    def _phone(self, number):
        """Register a phone that follows what is published. Returns its registration."""
        registration, client = f"registration-of-phone-{number}-0123456789", 50_000 + number
        self._meet(registration)
        body = {"registration_id": registration, "id_kind": "token", "platform": "android", "language": "vi"}
        answer = self.site.api(client, "PUT", f"devices/phone-{number}-of-cluster", body)
        secret = answer.json()["secret"]
        followed = self.site.api(client, "PUT", f"follows/topic/{PUSHED}", {"kinds": ["new"]}, secret)
        if followed.status != 201:
            raise RuntimeError(f"a phone cannot follow: {followed.status} {followed.body[:300]!r}")
        return registration

    def _meet(self, registration):
        self.fcm.call("POST", "devices", {"token": registration})

    def _all_are_subscribed(self):
        with self.machines.superuser(self.machines.leader()) as session:
            query = "SELECT count(*), count(*) FILTER (WHERE actual IS DISTINCT FROM desired)"
            total, open_ones = session.execute(f"{query} FROM notifications_fcmsubscription").fetchone()
        return total >= PHONES and not open_ones

    def _probe_session(self, database):
        return ProbeConnection.connect(
            host=database.address, port=5432, user="postgres", password=self.machines.passwords["POSTGRES"],
            dbname="luatmo", connect_timeout=2, prepare_threshold=None, autocommit=True,
        )  # fmt: skip

    def _stamp_session(self, turn):
        """A session at whichever database leads, as HAProxy of one of the two machines says."""
        url = self.machines.url(self.machines.webs[turn % 2], 5000)
        return BoundedConnection.connect(url, connect_timeout=2, prepare_threshold=None, autocommit=True)

    def _what_is_wrong_with(self, path, body, began):
        return self.stamps.why_not(body, began, STALE_SECONDS) if path == self._stamped_path else ""

    @property
    def _stamped_path(self):
        return f"/api/v1/documents/{self.stamped}"

    def _page(self, number):
        """What reader `number` wants: four of five pages are in memory as a rule, the fifth nobody wanted before."""
        if number % 20 == 1:
            return self._stamped_path
        key = self.keys[number % len(self.keys)]
        if number % 20 == 11:  # what must be there by now
            known = [pk for pk, at in list(self.approver.published_at.items()) if at < time.monotonic() - STALE_SECONDS]
            return f"/api/v1/documents/{self.drafts[self.random_reads.choice(known)] if known else key}"
        if number % 5 == 0:
            day = f"{1900 + number // 28 % 100}-01-{number % 28 + 1:02}"
            return f"/api/v1/documents?issued_from={day}&page_size={number // 2800 % 50 + 1}"
        return (
            f"/api/v1/documents/{key}", f"/api/v1/documents/{key}/text", "/api/v1/documents",
            f"/api/v1/search?q={SEARCHED[number // 5 % len(SEARCHED)].replace(' ', '+')}", "/api/v1/events",
        )[number % 5]  # fmt: skip

    # -- faults

    def _storm(self):
        for kind in self._plan():
            time.sleep(STEADY_SECONDS)
            self._hit(kind)
        time.sleep(STEADY_SECONDS)

    def _plan(self):
        primaries = list(itertools.islice(itertools.cycle(PRIMARY_FAULTS), self.asked.kills))
        others = list(itertools.islice(itertools.cycle(self.asked.only), self.asked.others))
        plan = primaries + others
        self.random.shuffle(plan)
        return plan

    def _hit(self, kind):
        """One fault. What it did is judged when all is well again."""
        self._wait_for(lambda: self.writers.under_way, f"{kind}: no write was under way")
        leader = eventually(self.machines.leader, seconds=PATIENCE)
        began, at = time.monotonic(), time.time()
        postmaster, failed = leader.postmaster(), len(self.readers.failures)
        trouble = getattr(self, f"_{kind}")(leader) or ""
        self._wait_until_whole()
        eventually(lambda: any(each.began > began for each in self.writers.acknowledged[-50:]), seconds=PATIENCE)
        outage, now_leads = self._outage_since(began), eventually(self.machines.leader, seconds=PATIENCE)
        self.spans.append((began, time.monotonic()))
        if kind not in HARMLESS_TO_PUSHES:
            self.moments.append((at, time.time()))
        is_other = now_leads is not leader
        if kind in PRIMARY_FAULTS:
            self.outages.append(outage)
            self.failovers += is_other
            if not is_other and leader.postmaster() == postmaster:
                trouble = "the primary lived on"
        if kind in ("frozen", "patroni_frozen"):
            self.frozen.append(outage)
        self.done[kind] += not trouble
        if trouble:
            self.wrong.append(f"{kind}: {trouble}")
        print(
            f"{kind}: writes away {outage:.1f} s, whole after {time.monotonic() - began:.1f} s, "
            f"{'another leads' if is_other else 'the same leads'}, "
            f"reads failed {dict(Counter(why for _at, why in self.readers.failures[failed:]))} {trouble}",
            flush=True,
        )

    def _wait_until_whole(self):
        """Raises AssertionError when something is never well again. Looking costs all of them, so seldom."""
        give_up_at = time.monotonic() + PATIENCE
        while trouble := self.machines.trouble():
            assert time.monotonic() < give_up_at, f"never well again: {trouble}"
            time.sleep(LOOK_SECONDS)

    def _wait_for(self, look, otherwise):
        give_up_at = time.monotonic() + WORK_SECONDS
        while not look():
            if time.monotonic() > give_up_at:
                self.wrong.append(otherwise)
                return
            time.sleep(0.001)

    def _outage_since(self, began):
        """The longest time without an acknowledgement, from `began` on."""
        after = sorted(each.acknowledged for each in self.writers.acknowledged if each.acknowledged > began)
        return max(later - earlier for earlier, later in itertools.pairwise([began, *after, time.monotonic()]))

    def _postmaster(self, leader):
        os.kill(leader.postmaster(), signal.SIGKILL)

    def _machine(self, leader):
        self._kill_machine(leader)

    def _kill_machine(self, database):
        for service in self._services_of(database):
            service.kill()
        for each in database.postgres_processes():
            with contextlib.suppress(psutil.Error):
                each.kill()

    def _services_of(self, database):
        return [self.machines.services[f"{name}{database.name[-1]}"] for name in ("patroni", "etcd")]

    def _replica(self, leader):
        chosen = self.random.choice([each for each in self.machines.databases if each is not leader])
        pid = chosen.postmaster()
        os.kill(pid, signal.SIGKILL)
        return self._unless(lambda: chosen.postmaster() not in (None, pid))

    def _unless(self, look):
        """ "" as soon as what was killed runs again."""
        try:
            eventually(look, seconds=PATIENCE)
        except AssertionError:
            return "nothing was started again"
        return ""

    def _patroni(self, leader):
        return self._kill(f"patroni{leader.name[-1]}")

    def _kill(self, name):
        service = self.machines.services[name]
        before = service.starts
        service.kill()
        return self._unless(lambda: service.starts > before)

    def _one_of(self, kind, count=2):
        return self._kill(f"{kind}{self.random.randint(1, count)}")

    def _etcd(self, _leader):
        return self._one_of("etcd", 3)

    def _pgbouncer(self, _leader):
        return self._one_of("pgbouncer")

    def _haproxy(self, _leader):
        return self._one_of("haproxy")

    def _nginx(self, _leader):
        return self._one_of("nginx")

    def _web(self, _leader):
        return self._one_of("web")

    def _web_process(self, _leader):
        service = self.machines.services[f"web{self.random.randint(1, 2)}"]
        before = {each.pid for each in service.children()}
        for each in service.children():
            with contextlib.suppress(psutil.Error):
                each.kill()
        return (
            "it had no process"
            if not before
            else self._unless(lambda: {each.pid for each in service.children()} - before)
        )

    def _worker(self, _leader):
        found = []
        self._wait_for(lambda: found.extend(self.fcm.open_calls()) or found, "worker: FCM had no open call")
        worker = next((each for each in found if each in ("1", "2")), "1")
        self.hit_calls += bool(self.fcm.open_calls().get(worker))
        return self._kill(f"worker{worker}")

    def _stopped(self, database):
        """Freeze everything on a machine of databases. Returns what to wake."""
        frozen = []
        for _ in range(2):  # a process may be made while the others are frozen
            services = [each for service in self._services_of(database) for each in service.processes()]
            frozen += self._suspended([*services, *database.postgres_processes()])
        return frozen

    def _suspended(self, processes):
        frozen = []
        for each in processes:
            with contextlib.suppress(psutil.Error):
                each.suspend()
                frozen.append(each)
        return frozen

    def _wake(self, frozen):
        for each in frozen:
            with contextlib.suppress(psutil.Error):
                each.resume()

    def _next_leader(self, leader):
        """Another one that leads; None while there is none."""
        found = self.machines.leader(without=leader)
        return None if found is leader else found

    def _frozen(self, leader):
        return self._until_another_leads(leader, self._stopped(leader))

    def _patroni_frozen(self, leader):
        """Its PostgreSQL lives on and has nobody who tells it that it leads no more."""
        return self._until_another_leads(leader, self._suspended(self._services_of(leader)[0].processes()[:1]))

    def _until_another_leads(self, leader, frozen):
        try:
            eventually(lambda: self._next_leader(leader), seconds=NEXT_LEADER_SECONDS)
            time.sleep(STEADY_SECONDS)
            is_asked = self.probes.is_open(leader.name)
        except AssertionError:
            return "nobody else led"
        finally:
            self._wake(frozen)
        return "" if is_asked else "no probe was open when it went on"

    def _twice(self, leader):
        """Kill the primary, and the next one as soon as it leads: few servers have what it acknowledged meanwhile."""
        os.kill(leader.postmaster(), signal.SIGKILL)
        try:
            second = eventually(lambda: self._next_leader(leader), seconds=NEXT_LEADER_SECONDS)
            pid = eventually(second.postmaster, seconds=NEXT_LEADER_SECONDS)
        except AssertionError:
            return "nobody else led"
        os.kill(pid, signal.SIGKILL)
        return self._unless(lambda: second.postmaster() not in (None, pid))

    def _standby_then_machine(self, leader):
        standby = self.machines.synchronous_standby()
        if standby is None:
            return "there was no standby"
        frozen, patroni = self._stopped(standby), self.machines.services[f"patroni{leader.name[-1]}"]
        try:
            time.sleep(STANDBY_SECONDS)
            patroni.is_held = True
            self._kill_machine(leader)
        finally:
            self._wake(frozen)
        try:
            eventually(lambda: self._next_leader(leader), seconds=NEXT_LEADER_SECONDS)
        except AssertionError:
            return "nobody else led"
        finally:
            patroni.start()
        return ""

    def _disk(self, leader):
        if leader.disk is None:
            return "no disk could be made: run it as root"
        refused = self.writers.refused.total()
        with filled(leader.disk):
            give_up_at = time.monotonic() + DISK_SECONDS
            while time.monotonic() < give_up_at and self.writers.refused.total() == refused:
                time.sleep(0.2)
            time.sleep(STEADY_SECONDS)
        return (
            "" if self.writers.refused.total() > refused or self.machines.leader() is not leader else "it hit no write"
        )

    # -- ending

    def _publish_in_calm(self):
        """Some more, which nothing can send twice."""
        self._wait_until_whole()
        self.calm_since = time.time()
        wanted = min(len(self.approver.published) + CALM_PUSHES, len(self.drafts))
        eventually(lambda: len(self.approver.published) >= wanted, seconds=PATIENCE)

    def _end_clients(self):
        """End them, and wait until every push has left."""
        self.readers.end()
        self.writers.end()
        self.approver.end()
        self.stamps.end()
        time.sleep(STEADY_SECONDS)
        try:
            eventually(self._pushes_are_settled, seconds=PATIENCE)
        except AssertionError:
            self.wrong.append("pushes still wait")
        self.probes.end()

    def _pushes_are_settled(self):
        with (
            contextlib.suppress(psycopg.Error, AttributeError),
            self.machines.superuser(self.machines.leader()) as session,
        ):
            query = "SELECT count(*) FROM notifications_delivery WHERE settled_at IS NULL"
            return session.execute(query).fetchone()[0] == 0
        return False

    def stop(self):
        """End all that was started: first what runs elsewhere, then the clients, which wait for no answer then."""
        try:
            self.machines.stop()
        finally:
            if self.fcm.process:
                self.fcm.kill()
        for each in (self.readers, self.writers, self.approver, self.stamps, self.probes):
            if each:
                with contextlib.suppress(RuntimeError, AttributeError):  # it never began
                    each.end()


if __name__ == "__main__":
    main()
