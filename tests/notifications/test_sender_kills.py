"""Senders in processes of their own, one killed in the middle of its batch: nothing is lost, nothing shown twice."""

import os
import signal
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest
from django.db import connection

from content.changes.models import Change
from notifications.deliveries.models import Delivery
from notifications.push.payload import compose_payload
from tests.builders import a_delivery, a_device, a_document, registration_of
from tests.journeys.installation import eventually

pytestmark = pytest.mark.usefixtures("committed")
ROOT = Path(__file__).resolve().parents[2]
THREADS = 8
SEND = f"""
import os, threading, django
django.setup()
from notifications.push.firebase import FirebaseGateway
from notifications.sender import Sender
Sender(FirebaseGateway(os.environ["FIREBASE_CREDENTIALS_FILE"]), threads={THREADS}).run()
"""


@pytest.fixture
def senders():
    """Starts senders on the test's database; those that still run are killed at the end."""
    started = []
    url = f"{os.environ['DATABASE_URL'].rpartition('/')[0]}/{connection.settings_dict['NAME']}"
    ours = {"DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "config.settings", "DELIVERY_LEASE_SECONDS": "3"}

    def start():
        started.append(subprocess.Popen([sys.executable, "-c", SEND], cwd=ROOT, env=os.environ | ours))
        return started[-1]

    yield start
    for each in started:
        each.kill()
        each.wait()


def queue(count):
    """That many private messages to Minh's phone, each with a tag of its own."""
    phone = a_device("minh")
    a_document(notify=True)
    change = Change.objects.latest("pk")
    for number in range(count):
        payload = compose_payload(
            Text, nid=number, kind="new", link="/documents/x", page_url="", key="x", ttl_seconds=3600
        )
        a_delivery(target_kind="device", target="", device=phone, change=change, payload=payload)


class Text:
    title, body = "Luật Đất đai", "…"


def sent(fcm):
    """{tag: how often FCM took it}."""
    received = fcm.phone(registration_of("minh"))["received"]
    return Counter(each["message"]["android"]["notification"]["tag"] for each in received)


def accepted():
    return Delivery.objects.filter(status="accepted").count()


@pytest.mark.rehearsal
def test_a_sender_killed_in_the_middle_of_a_batch_loses_nothing_and_repeats_no_more_than_it_had_under_way(fcm, senders):
    fcm.call("POST", "devices", {"token": registration_of("minh")})
    fcm.call("POST", "faults", {"op": "send", "kind": "slow", "delay": 0.05, "times": 10_000})  # as far as Google
    queue(240)
    first, second = senders(), senders()
    eventually(lambda: accepted() > 20)
    kills = 0
    for victim in (first, second):
        under_way = set(Delivery.objects.filter(status="sending").values_list("pk", flat=True))
        victim.send_signal(signal.SIGKILL)
        victim.wait()
        kills += 1
        under_way |= set(Delivery.objects.filter(status="sending").values_list("pk", flat=True))
        assert under_way
        senders()
        settled = accepted()
        eventually(lambda settled=settled: accepted() > settled + 20)
    eventually(lambda: accepted() == 240)
    counts = sent(fcm)
    assert set(counts) == {str(number) for number in range(240)}
    assert len(fcm.phone(registration_of("minh"))["tray"]) == 240
    assert sum(counts.values()) - 240 <= kills * THREADS
    repeated = set(Delivery.objects.filter(attempts__gt=1).values_list("notification__dedupe_key", flat=True))
    assert len(repeated) <= kills * THREADS


def test_two_senders_that_nobody_kills_send_each_message_once(fcm, senders):
    fcm.call("POST", "devices", {"token": registration_of("minh")})
    queue(150)
    for _ in range(2):
        senders()
    eventually(lambda: accepted() == 150)
    assert set(sent(fcm).values()) == {1}
    assert set(Delivery.objects.values_list("attempts", flat=True)) == {1}
