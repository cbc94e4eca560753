"""What a publication costs as its followers grow, how soon it is in a tray, and how fast private pushes leave.

    .venv/bin/python bench/push.py [--followers 10 1000 10000] [--publications 50] [--private 6000] [--workers 2]

On a throw-away PostgreSQL with fsync on, with real workers (`manage.py work`), the real SDK and the local FCM server.
There are two workers, as in deploy/compose.yaml: one Python process cannot use two cores. For each number of
followers: calls to FCM and rows written per publication (both should be flat), and the time from the commit of the
publication until the entry is in a follower's tray, as p50 and p95. Followers are subscribed at FCM by the reconciling
job, twice at once as a worker may run it: the most topic calls within a second are what its pace allows. Private
pushes are deliveries to one device each: as many a second as are settled, from the commit that queues them to the last
result, and the commits of the database for each. Everything shares the cores, so the CPU of each is told apart: that
of the workers (with the SDK), of PostgreSQL, and of the local FCM server, which takes Google's place and is no part of
the product.

How it could pass while the product fails: a push could be counted that no phone got, or that two workers sent. So the
trays of all phones are read at the end, and each private push must have arrived once. Nor is anything measured before
all workers have begun.

Last line: `push: …`; exit 1 outside the goals, which are named in a line before it. `load` is that of the machine
before the private pushes: what others run takes from their rate, hardly from their CPU.
"""

import argparse
import os
import statistics
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import psutil
import throwaway
from tqdm import tqdm

LANGUAGE = "vi"
WAIT_SECONDS = 300
PRIVATE_PHONES = 1_000
MOST_P50_MS = 150
LEAST_PRIVATE = 600  # a second
MOST_COMMITS = 0.2  # for each private push


@dataclass
class Private:
    """What the private pushes took. The CPU is milliseconds for each."""

    per_second: float
    commits: float
    worker_ms: float
    postgres_ms: float
    fcm_ms: float
    missing: int  # of those that no phone has
    twice: int  # more than one phone or one message has


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--followers", nargs="+", type=int, default=[10, 1_000, 10_000])
    options.add_argument("--publications", type=int, default=50)
    options.add_argument("--private", type=int, default=6_000, help="deliveries to one device each")
    options.add_argument("--workers", type=int, default=2, help="processes that send")
    options.add_argument("--threads", type=int, default=32, help="of each worker's sender")
    asked = options.parse_args()
    throwaway.start()
    from config.local.fcm_emulator.client import running_emulator
    from config.local.supervisor import SupervisedProcess
    from notifications.push.firebase import FirebaseGateway

    with running_emulator(Path(tempfile.mkdtemp(prefix="luatmo-bench-fcm-"))) as fcm:
        os.environ.update(fcm.environment)
        gateway = FirebaseGateway(fcm.environment["FIREBASE_CREDENTIALS_FILE"])
        audiences = dict(zip(sorted(asked.followers), the_topics(), strict=False))
        topic_calls = follow(fcm, gateway, audiences)
        ours = {"END_WITH_PARENT": str(os.getpid()), "SENDER_THREADS": str(asked.threads)}
        command = [sys.executable, str(throwaway.ROOT / "manage.py"), "work"]
        workers = [SupervisedProcess(f"worker {number}", command, ours) for number in range(asked.workers)]
        for worker in workers:  # not earlier: they would share the reconciling
            worker.start()
        try:
            eventually(lambda: working() == asked.workers, f"{asked.workers} workers work")
            found = [measure(fcm, topic, count, asked.publications) for count, topic in audiences.items()]
            load = os.getloadavg()[0]
            private = private_sends(fcm, asked.private)
        finally:
            for worker in workers:
                worker.stop()
    failures = outside(found, private)
    if failures:
        print("outside the goals:", ", ".join(failures))
    tell(found, private, topic_calls, load, asked.workers)
    sys.exit(bool(failures))


def outside(found, private):
    """The goals that were missed, as text."""
    failures = [
        *(
            f"tray p50 {each['p50']} ms with {each['followers']} followers"
            for each in found
            if each["p50"] > MOST_P50_MS
        ),
        *(f"{name} per publication grow" for name in ("calls", "rows") if len({each[name] for each in found}) > 1),
    ]
    if private.per_second < LEAST_PRIVATE:
        failures.append(f"{private.per_second:.0f} private pushes a second")
    if private.commits > MOST_COMMITS:
        failures.append(f"{private.commits:.2f} commits for each private push")
    if private.missing or private.twice:
        failures.append(f"{private.missing} private pushes in no tray, {private.twice} sent twice")
    return failures


def tell(found, private, topic_calls, load, workers):
    def each(name):
        return "/".join(f"{figures[name]:g}" for figures in found)

    print(
        f"push: followers={each('followers')} calls_per_publication={each('calls')} "
        f"rows_per_publication={each('rows')} tray_p50_ms={each('p50')} tray_p95_ms={each('p95')} "
        f"workers={workers} private_per_second={private.per_second:.0f} commits_per_private={private.commits:.2f} "
        f"cpu_ms_per_private: workers={private.worker_ms:.2f} postgres={private.postgres_ms:.2f} "
        f"fcm_server={private.fcm_ms:.2f} missing={private.missing} twice={private.twice} load={load:.1f} "
        f"most_topic_calls_per_second={topic_calls}"
    )


def working():
    """How many workers have begun."""
    from procrastinate.contrib.django.models import ProcrastinateWorker

    return ProcrastinateWorker.objects.count()


def eventually(look, awaited, *, pause=0.002):
    """What `look` returns once it is true. TimeoutError says what was `awaited` and which deliveries are left."""
    give_up_at = time.monotonic() + WAIT_SECONDS
    while not (found := look()):
        if time.monotonic() > give_up_at:
            raise TimeoutError(f"after {WAIT_SECONDS} s not: {awaited}. Not settled: {not_settled()}")
        time.sleep(pause)
    return found


def not_settled():
    """(how many deliveries are not accepted, a few of them with what was tried)."""
    from notifications.deliveries.models import Delivery

    left = Delivery.objects.exclude(status="accepted")
    return left.count(), list(left.values("pk", "target_kind", "status", "attempts", "next_try_at", "error")[:5])


def measure(fcm, topic, followers, publications):
    """Publish, one after the other, and wait for each in the tray. Returns the figures of this number of followers."""
    from notifications.deliveries.models import Delivery, Notification
    from tests.builders import a_draft, registration_of

    fcm.call("DELETE", "log")
    rows = Delivery.objects.count() + Notification.objects.count()
    seconds = []
    for _ in tqdm(range(publications), desc=f"{followers} followers", unit="publication", disable=None):
        draft = a_draft(topics=[topic])
        committed_at = publish(draft)
        eventually(
            lambda key=draft.key: key in newest_entry(fcm, registration_of("bench-0")), f"{draft.key} in the tray"
        )
        seconds.append(time.perf_counter() - committed_at)
    eventually(lambda: not Delivery.objects.exclude(status="accepted").exists(), "all publications are settled")
    written = Delivery.objects.count() + Notification.objects.count() - rows
    p95 = statistics.quantiles(seconds, n=20)[18] if len(seconds) > 1 else seconds[0]
    figures = {
        "followers": followers,
        "calls": len(fcm.log("send")) / publications,
        "rows": written / publications,
        "p50": round(statistics.median(seconds) * 1000),
        "p95": round(p95 * 1000),
    }
    print(" ".join(f"{name}={figure:g}" for name, figure in figures.items()), flush=True)
    return figures


def publish(draft):
    """Publish, and return the moment it was committed."""
    from content.publishing import services as documents

    documents.publish(draft)
    return time.perf_counter()


def newest_entry(fcm, registration):
    """The link of what the phone shows last."""
    tray = fcm.phone(registration)["tray"]
    return list(tray.values())[-1]["link"] if tray else ""


def private_sends(fcm, deliveries):
    """Queue that many deliveries at once, in turn to PRIVATE_PHONES, and wait until they are settled.

    The commits are all of the database, also those that only read, until every delivery is settled.
    """
    from django.db.models import Max
    from django.utils import timezone

    from notifications.deliveries.models import Delivery
    from notifications.devices.models import Device

    model, devices = Delivery.objects.first(), list(Device.objects.values_list("pk", flat=True)[:PRIVATE_PHONES])
    queued = [
        Delivery(
            key=f"private-{number}",
            notification_id=model.notification_id,
            target_kind="device",
            device_id=devices[number % len(devices)],
            language=model.language,
            payload=model.payload | {"tag": f"private-{number}"},
            next_try_at=timezone.now(),
            expires_at=model.expires_at,
        )
        for number in range(deliveries)
    ]
    fcm.call("DELETE", "log")
    Delivery.objects.bulk_create(queued)
    committed_at, commits, cpu = timezone.now(), commits_so_far(), cpu_so_far()
    mine = Delivery.objects.filter(key__startswith="private-")
    looks = 0

    def all_are_settled():
        nonlocal looks
        looks += 1
        return not mine.exclude(status="accepted").exists()

    eventually(all_are_settled, "all private pushes are settled", pause=0.25)
    cpu = {name: 1000 * (after - cpu[name]) / deliveries for name, after in cpu_so_far().items()}
    time.sleep(1.5)  # a session reports its commits once a second
    commits = commits_so_far() - commits - looks
    seconds = (mine.aggregate(at=Max("settled_at"))["at"] - committed_at).total_seconds()
    sent = len(fcm.log("send"))
    shown = shown_private(fcm, devices)
    return Private(
        deliveries / seconds,
        commits / deliveries,
        cpu["worker"],
        cpu["postgres"],
        cpu["fcm"],
        missing=deliveries - shown,
        twice=sent - deliveries,
    )


def shown_private(fcm, devices):
    """How many private pushes the trays of these devices show."""
    from notifications.devices.models import Device

    registrations = Device.objects.filter(pk__in=devices).values_list("registration_id", flat=True)
    trays = [fcm.phone(each)["tray"] for each in registrations]
    return sum(tag.startswith("private-") for tray in trays for tag in tray)


def cpu_so_far():
    """Seconds of CPU that each part has used: {"worker", "postgres", "fcm"}."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        postmaster = psutil.Process(cursor.fetchone()[0]).parent()
    ours = [(each, each.cmdline()) for each in psutil.Process().children()]
    ended = sum(postmaster.cpu_times()[2:4])  # sessions that are over
    parts = {
        "worker": [each for each, command in ours if "work" in command],
        "postgres": [postmaster, *postmaster.children()],
        "fcm": [each for each, command in ours if "config.local.fcm_emulator" in command],
    }
    used = {name: sum(sum(each.cpu_times()[:2]) for each in members) for name, members in parts.items()}
    return used | {"postgres": used["postgres"] + ended}


def commits_so_far():
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_stat_force_next_flush(), pg_stat_clear_snapshot()")
        cursor.execute("SELECT xact_commit FROM pg_stat_database WHERE datname = current_database()")
        return cursor.fetchone()[0]


def the_topics():
    """Headings, each for another number of followers."""
    from content.topics.models import Topic

    return Topic.objects.filter(parent__isnull=False).order_by("pk")


def follow(fcm, gateway, audiences):
    """Phones on topics ({followers: topic}), written in bulk with us and subscribed at FCM by the job.

    Returns the most calls the job made within a second.
    """
    from django.utils import timezone

    from notifications.follows import fcm_topics
    from notifications.follows.models import FcmSubscription, NotificationType
    from notifications.follows.reconciliation import reconcile_subscriptions

    devices = phones(fcm, max(audiences))
    FcmSubscription.objects.bulk_create(
        FcmSubscription(
            device=device,
            fcm_topic=fcm_topics.fcm_topic("topic", topic.pk, NotificationType.NEW, LANGUAGE),
            desired=True,
            next_try_at=timezone.now(),
        )
        for followers, topic in audiences.items()
        for device in devices[:followers]
    )
    total = sum(audiences)
    with ThreadPoolExecutor(2) as pool, tqdm(total=total, desc="telling FCM", unit="call", disable=None) as bar:
        telling = [pool.submit(reconcile_subscriptions, gateway) for _ in range(2)]
        while not all(job.done() for job in telling):
            bar.n = FcmSubscription.objects.filter(actual=True).count()
            bar.refresh()
            time.sleep(0.5)
        assert sum(job.result() for job in telling) == total
    return most_within_a_second([entry["at"] for entry in fcm.log("topic")])


def phones(fcm, count):
    """That many devices, and their phones at the local FCM server."""
    from django.utils import timezone

    from content.people.models import Reader
    from notifications.devices.models import Device
    from tests.builders import registration_of

    names = [f"bench-{number}" for number in range(count)]
    fcm.call("POST", "devices", [{"token": registration_of(each)} for each in names])
    return Device.objects.bulk_create(
        Device(
            reader=reader,
            installation_key=each,
            secret_hash=each,
            registration_id=registration_of(each),
            id_kind="token",
            platform="android",
            last_seen_at=timezone.now(),
        )
        for reader, each in zip(Reader.objects.bulk_create(Reader() for _ in names), names, strict=True)
    )


def most_within_a_second(moments):
    """The largest number of these moments (seconds) within any one second."""
    moments = sorted(moments)
    most = first = 0
    for last, moment in enumerate(moments):
        while moment - moments[first] >= 1:
            first += 1
        most = max(most, last - first + 1)
    return most


if __name__ == "__main__":
    main()
