"""Does every push reach its phones, and appear once in each tray, whatever dies meanwhile?

    .venv/bin/python bench/push_faults.py [--messages 500] [--kills 20] [--seed N]

Four real workers (`manage.py work`, kept alive by the supervisor of `manage.py up`), the real SDK, the local FCM
server, a throw-away PostgreSQL with fsync on. Publications go out all the time, to one topic, to a condition, and to
devices one by one. Meanwhile workers are killed (-9) at random moments; FCM answers 503, and 429 with Retry-After, cuts
connections before and after it took the message, hangs; the token endpoint is down for a while; the database is stopped
(-m immediate) and started again. Each send takes two seconds, so that a kill finds something under way.

At the end each delivery must have been taken by FCM and be settled as accepted, and each phone must show each
publication it follows exactly once, and no other. Once the faults are over, what waits for its next try is tried at
once: what counts is the result, not the waiting. `lost` counts deliveries
and entries, `double_tray` entries too many, `duplicates` messages that FCM took again: the tray hides them.
The seed repeats the plan, not the races of the processes. Exit code 1 unless lost = 0 and double_tray = 0.
"""

import argparse
import os
import random
import shutil
import signal
import sys
import tempfile
import threading
import time
from collections import Counter
from pathlib import Path

LEASE_SECONDS = 6  # so that what a killed worker held is soon taken up; the SDK's hang of 20 s needs renewals
os.environ["DELIVERY_LEASE_SECONDS"] = str(LEASE_SECONDS)

import audience
import throwaway
from tqdm import tqdm

WORKERS = 4
PER_ROUND = 12  # deliveries of a round, in two languages: 2 to a topic, 2 to a condition, 2 + 6 beyond five topics
SECONDS_PER_ROUND = 2.2
SEND_SECONDS = 2
OUTAGE_SECONDS = 3  # of the database
TOKEN_SECONDS = 8  # the token endpoint is down for
PATIENCE = 90  # seconds from the last fault until what is not settled counts as lost


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--messages", type=int, default=500, help=f"deliveries, rounded up to {PER_ROUND}")
    options.add_argument("--kills", type=int, default=20)
    options.add_argument("--seed", type=int, default=random.randrange(10**6))
    options.add_argument("--log", type=Path, help="where the workers' log goes (default: kept only after a failure)")
    asked = options.parse_args()
    rounds = -(-asked.messages // PER_ROUND)
    print(f"seed={asked.seed} rounds={rounds} kills={asked.kills}")
    server = throwaway.start()
    if server is None:
        sys.exit("This bench stops its database: unset DATABASE_URL, so that it makes one of its own.")
    from config.local.fcm_emulator.client import running_emulator

    folder = Path(tempfile.mkdtemp(prefix="luatmo-bench-faults-"))
    with running_emulator(folder / "fcm") as fcm:
        storm = Storm(fcm, server, folder, rounds, asked)
        storm.rage()
        lost, double = storm.count()
    if lost or double:
        print(f"what the workers said: {storm.log}")
    else:
        shutil.rmtree(folder)
    sys.exit(bool(lost or double))


class Storm:
    def __init__(self, fcm, server, folder, rounds, asked):
        self.fcm, self.server, self.rounds = fcm, server, rounds
        self.random = random.Random(asked.seed)
        self.log = asked.log or folder / "workers.log"
        self.killed = 0
        self.phones = audience.follow(fcm)
        self.published = {}  # link → topics
        self._seen = 0
        self.workers = self._workers()
        self.plan = self._plan(asked.kills)

    def _workers(self):
        from config.local.supervisor import SupervisedProcess

        ours = self.fcm.environment | {"END_WITH_PARENT": str(os.getpid()), "SENDER_THREADS": "8"}
        into_log = ["sh", "-c", 'exec "$@" 2>>"$0"', str(self.log)]  # the terminal belongs to the progress bar
        work = [*into_log, sys.executable, str(throwaway.ROOT / "manage.py"), "work"]
        return [SupervisedProcess(f"worker {number}", work, ours) for number in range(WORKERS)]

    def _plan(self, kills):
        """[(seconds after the start, what happens then)], in order."""
        seconds = self.rounds * SECONDS_PER_ROUND
        down = seconds * self.random.uniform(0.4, 0.6)
        token = seconds * self.random.uniform(0.1, 0.3)
        happens = [
            *((seconds * self.random.uniform(0.03, 1), self._kill) for _ in range(kills - 1)),
            (token, lambda: self._faults({"op": "token", "kind": "UNAVAILABLE", "times": 10**6})),
            (token + 0.1, self._kill),  # whoever starts now needs a token
            (token + TOKEN_SECONDS, lambda: self._faults(without="token")),
            (down, self._stop_database),
            (down + OUTAGE_SECONDS, self.server.look_after),
        ]
        for kind, times, more in (
            ("UNAVAILABLE", 12, {}),
            ("QUOTA_EXCEEDED", 8, {"retry_after": 2}),
            ("accept_then_reset", 2, {}),
            ("accept_then_reset", 2, {}),
            ("reset", 2, {}),
            ("INTERNAL", 4, {}),
            ("NOT_JSON", 1, {}),
            ("hang", 1, {}),
        ):
            fault = {"op": "send", "kind": kind, "times": times, **more}
            happens.append((seconds * self.random.uniform(0.05, 0.9), lambda fault=fault: self._faults(fault)))
        return sorted(happens, key=lambda entry: entry[0])

    def rage(self):
        """Everything, until all is settled or patience ends."""
        self._faults()
        publishing = threading.Thread(target=self._publish, daemon=True)
        started_at, give_up_at = time.monotonic(), None
        try:
            for worker in self.workers:
                worker.start()
            publishing.start()
            with tqdm(total=self.rounds * PER_ROUND, unit="message", disable=None) as bar:
                while give_up_at is None or time.monotonic() < give_up_at:
                    while self.plan and self.plan[0][0] <= time.monotonic() - started_at:
                        self.plan.pop(0)[1]()
                    for worker in self.workers:
                        worker.look_after(lambda words: None)
                    if give_up_at is None and not self.plan and not publishing.is_alive():
                        self.fcm.call("DELETE", "faults")
                        give_up_at = time.monotonic() + PATIENCE
                    bar.n = self._settled(hurry=give_up_at is not None)
                    bar.refresh()
                    if give_up_at is not None and bar.n >= bar.total:
                        break
                    time.sleep(0.2)
        finally:
            for worker in self.workers:
                worker.stop()
        self.seconds = time.monotonic() - started_at

    def _settled(self, *, hurry):
        """How many deliveries are settled; with `hurry`, those that wait for a next try need not wait."""
        from django.db import DatabaseError, connection
        from django.db.models.functions import Now

        from notifications.deliveries.models import Delivery

        try:
            if hurry:
                Delivery.objects.filter(status="queued", next_try_at__gt=Now()).update(next_try_at=Now())
            self._seen = Delivery.objects.filter(settled_at__isnull=False).count()
        except DatabaseError:
            connection.close()
        return self._seen

    # -- what happens

    def _publish(self):
        """The rounds, one after the other; an editor whose database was away does it again."""
        from django.db import DatabaseError, connection

        from tests.builders import a_document

        topics = audience.the_topics()
        for number in range(self.rounds):
            began_at = time.monotonic()
            first, *_others = turned = topics[number % 5 : 5] + topics[: number % 5] + topics[5:]
            for shape, assigned in enumerate(([first], turned[:3], topics)):
                document = None
                while document is None:
                    try:
                        document = a_document(f"{3 * number + shape + 1}/2019/QH14", topics=assigned, notify=True)
                    except DatabaseError:
                        connection.close()
                        time.sleep(0.3)
                self.published[f"/documents/{document.key}"] = {topic.pk for topic in assigned}
            time.sleep(max(0, SECONDS_PER_ROUND - (time.monotonic() - began_at)))
        connection.close()

    def _kill(self):
        living = [worker.pid for worker in self.workers if worker.pid]
        if not living:  # the database is away, and the workers with it
            self.plan.insert(0, (self.plan[0][0] if self.plan else 0, self._kill))
            return
        os.kill(self.random.choice(living), signal.SIGKILL)
        self.killed += 1

    def _faults(self, *new, without=None):
        """Add to the faults that are planned, or take those of an operation away. Slowness comes last, for ever."""
        permanent = [
            {name: value for name, value in fault.items() if value is not None}
            for fault in self.fcm.call("GET", "faults")
            if fault["op"] != without and fault["kind"] != "slow"
        ]
        slow = {"op": "send", "kind": "slow", "times": 10**6, "delay": SEND_SECONDS}
        self.fcm.call("POST", "faults", [*permanent, *new, slow])

    def _stop_database(self):
        """What `pg_ctl stop -m immediate` does: no checkpoint, every connection cut."""
        pid = int((self.server.data / "postmaster.pid").read_text().split("\n")[0])
        os.kill(pid, signal.SIGQUIT)

    # -- what came of it

    def count(self):
        """Print the figures. Returns (lost, double_tray)."""
        from notifications.deliveries.models import Delivery

        missing = double = 0
        shown = {name: self.fcm.phone(name) for name in self.phones}
        for name, phone in shown.items():
            entries = Counter("/documents/" + entry["link"].rpartition("/")[2] for entry in phone["tray"].values())
            wanted = Counter(link for link, topics in self.published.items() if topics & self.phones[name])
            missing += (wanted - entries).total()
            double += (entries - wanted).total()
        arrivals = {
            (record["id"], record["message"]["data"]["nid"], record["via"])
            for phone in shown.values()
            for record in phone["received"]
        }
        taken = Counter((nid, via) for _id, nid, via in arrivals)
        deliveries = list(Delivery.objects.select_related("device"))
        accepted = [each for each in deliveries if each.status == "accepted" and taken[_identity(each)]]
        lost = max(self.rounds * PER_ROUND, len(deliveries)) - len(accepted) + missing
        duplicates = len(arrivals) - len(taken)
        self._tell(deliveries)
        print(
            f"push-faults: accepted={len(accepted)} lost={lost} double_tray={double} duplicates={duplicates}",
            flush=True,
        )
        return lost, double

    def _tell(self, deliveries):
        kinds = Counter(each.target_kind for each in deliveries)
        faults = Counter(
            f"{entry['op']} {entry['fault']}" for entry in self.fcm.log() if entry["fault"] not in (None, "slow")
        )
        again = sum(each.attempts > 1 for each in deliveries)
        states = Counter(each.status for each in deliveries)
        entries = sum(len(self.fcm.phone(name)["tray"]) for name in self.phones)
        print(f"{self.seconds:.0f} s, {len(self.published)} publications, {self.killed} kills, {dict(states)}")
        print(f"deliveries {dict(kinds)}, tried again {again}, tray entries {entries}, calls hit {dict(faults)}")


def _identity(delivery):
    """(notification, target) as the phones know them: what FCM took again for one of these is a duplicate."""
    target = delivery.device.registration_id if delivery.device else delivery.target
    kind = delivery.device.id_kind if delivery.device else delivery.target_kind
    return str(delivery.notification_id), f"{kind}:{target}"


if __name__ == "__main__":
    main()
