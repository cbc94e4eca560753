"""What a publication costs as its followers grow, and how long it takes to a tray.

    .venv/bin/python bench/push.py [--followers 10 1000 10000] [--publications 20]

On a throw-away PostgreSQL with fsync on, the real SDK and the local FCM server, in one process. For each number of
followers: calls to FCM and rows written per publication (both should be flat), and the time from the commit of the
publication to the entry in a follower's tray, as p50 and p95.
"""

import argparse
import os
import statistics
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import throwaway
from tqdm import tqdm


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--followers", nargs="+", type=int, default=[10, 1_000, 10_000])
    options.add_argument("--publications", type=int, default=20)
    asked = options.parse_args()
    throwaway.start()
    from notifications.push.emulator.client import running  # noqa: PLC0415 (after Django is set up)
    from notifications.push.firebase import FirebaseGateway  # noqa: PLC0415

    with running(Path(tempfile.mkdtemp(prefix="luatmo-bench-fcm-"))) as fcm:
        os.environ.update(fcm.environment)
        gateway = FirebaseGateway(fcm.environment["FIREBASE_CREDENTIALS_FILE"])
        for followers in asked.followers:
            measure(fcm, gateway, followers, asked.publications)


def measure(fcm, gateway, followers, publications):
    from content.topics.models import Topic  # noqa: PLC0415
    from notifications.deliveries import sender  # noqa: PLC0415
    from notifications.deliveries.models import Delivery, Notification  # noqa: PLC0415
    from notifications.fanout import read_daybook  # noqa: PLC0415
    from tests.builders import a_document, registration_of  # noqa: PLC0415

    topic = Topic.objects.get(key="11-1-dat-dai")
    follow(fcm, gateway, topic, followers)
    fcm.call("DELETE", "log")
    rows = Delivery.objects.count() + Notification.objects.count()
    seconds = []
    for _ in tqdm(range(publications), desc=f"{followers} followers", unit="publication", disable=None):
        a_document(topics=[topic], notify=True)
        committed_at = time.perf_counter()
        read_daybook()
        sender.send_due(gateway)
        phone = fcm.phone(registration_of("bench-0"))
        assert list(phone["tray"])[-1] == str(Notification.objects.latest("pk").pk)
        seconds.append(time.perf_counter() - committed_at)
    written = Delivery.objects.count() + Notification.objects.count() - rows
    p95 = statistics.quantiles(seconds, n=20)[18] if len(seconds) > 1 else seconds[0]
    print(
        f"push: followers={followers} calls_per_publication={len(fcm.log('send')) / publications:g} "
        f"rows_per_publication={written / publications:g} "
        f"p50={statistics.median(seconds) * 1000:.0f} ms p95={p95 * 1000:.0f} ms"
    )


def follow(fcm, gateway, topic, followers):
    """That many phones on the topic, at FCM and with us, written in bulk: following itself is not measured here."""
    from django.utils import timezone  # noqa: PLC0415

    from content.people.models import Reader  # noqa: PLC0415
    from notifications.devices.models import Device  # noqa: PLC0415
    from notifications.follows import wire  # noqa: PLC0415
    from notifications.follows.models import Follow, Kind, WireSubscription  # noqa: PLC0415
    from tests.builders import registration_of  # noqa: PLC0415

    standing = Device.objects.count()
    names = [f"bench-{number}" for number in range(standing, followers)]
    name = wire.wire_topic("topic", topic.pk, Kind.NEW, "vi")
    now = timezone.now()
    readers = Reader.objects.bulk_create(Reader() for _ in names)
    devices = Device.objects.bulk_create(
        Device(
            reader=reader,
            installation_key=each,
            secret_hash=each,
            registration_id=registration_of(each),
            id_kind="token",
            platform="android",
            last_seen_at=now,
        )
        for reader, each in zip(readers, names, strict=True)
    )
    Follow.objects.bulk_create(Follow(reader=reader, topic=topic) for reader in readers)
    WireSubscription.objects.bulk_create(
        WireSubscription(device=device, wire_topic=name, desired=True, actual=True, next_try_at=now)
        for device in devices
    )
    fcm.call("POST", "devices", [{"token": registration_of(each)} for each in names])
    with ThreadPoolExecutor(16) as pool:
        told = pool.map(lambda each: gateway.subscribe(registration_of(each), name), names)
        list(tqdm(told, total=len(names), desc="telling FCM", unit="phone", disable=None))


if __name__ == "__main__":
    main()
