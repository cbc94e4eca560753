"""After a 429 nobody calls until FCM's time is over; then one call tries it, then twice as many a second."""

import datetime
import io
import threading

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.db.models.functions import Now
from django.utils import timezone

from content.people.models import AuditRow
from notifications import sender
from notifications.deliveries import gate, services
from notifications.deliveries.models import Delivery, Gate
from notifications.devices.models import Device
from notifications.follows.models import FcmSubscription
from notifications.follows.reconciliation import THREADS, reconcile_subscriptions
from notifications.push.gateway import DeviceGone
from tests.builders import a_delivery, a_device, a_follower, land, registration_of
from tests.journeys.installation import eventually

pytestmark = pytest.mark.usefixtures("committed")
SEND, TOPICS = Gate.Quota.SEND, Gate.Quota.TOPICS
SPENT = {"kind": "QUOTA_EXCEEDED", "times": 10_000, "retry_after": 600}


@pytest.fixture
def many_queued():
    """Two hundred deliveries that are due."""
    first = a_delivery()
    first.payload |= {"kind": "new", "tag": "1", "ttl_seconds": 60}
    first.save()
    Delivery.objects.bulk_create(
        Delivery(
            key=f"more-{number}",
            notification=first.notification,
            target_kind="topic",
            target=first.target,
            payload=first.payload,
            next_try_at=timezone.now(),
            expires_at=first.expires_at,
        )
        for number in range(199)
    )


def its_time_is_over():
    Gate.objects.update(closed_until=Now())


def seconds_pass(seconds):
    Gate.objects.update(step_started_at=Now() - datetime.timedelta(seconds=seconds))


def claimed():
    """How many deliveries a worker with many threads gets."""
    return len(services.claim(100))


def test_with_four_workers_each_calls_once_at_most_while_fcm_asks_to_wait(fcm, gateway, many_queued):
    fcm.call("POST", "faults", SPENT | {"op": "send"})
    workers = [sender.Sender(gateway, threads=1) for _ in range(4)]
    threads = [threading.Thread(target=worker.run) for worker in workers]
    for thread in threads:
        thread.start()
    eventually(Gate.objects.filter(gate.CLOSED).exists)
    for worker in workers:
        worker.stop()
    for thread in threads:
        thread.join()
    calls = len(fcm.log("send"))
    assert 1 <= calls <= 4
    assert sender.send_due(gateway) == 0
    assert len(fcm.log("send")) == calls


def test_the_gate_is_closed_for_as_long_as_fcm_says_else_for_a_minute(fcm, gateway, many_queued):
    for retry_after, least, most in ((600, 590, 600), (0, 0, 1), (None, 50, 60)):
        its_time_is_over()
        Delivery.objects.filter(status="queued").update(next_try_at=Now())
        fault = {"op": "send", "kind": "PAGE_429" if retry_after is None else "QUOTA_EXCEEDED"}
        fcm.call("POST", "faults", fault | ({} if retry_after is None else {"retry_after": retry_after}))
        (delivery,) = services.claim(1)
        sender.send(gateway, delivery)
        left = (Gate.objects.get(quota=SEND).closed_until - timezone.now()).total_seconds()
        assert least - 1 <= left <= most


def test_a_longer_closure_is_not_shortened_by_a_shorter_one():
    gate.close(SEND, 600)
    until = Gate.objects.get(quota=SEND).closed_until
    gate.close(SEND, 1)
    assert Gate.objects.get(quota=SEND).closed_until == until


def test_what_was_claimed_before_it_closed_is_given_back_and_not_sent(fcm, gateway, many_queued):
    (delivery,) = services.claim(1)
    gate.close(SEND, 600)
    sender.send(gateway, delivery)
    delivery.refresh_from_db()
    assert (delivery.status, fcm.log("send")) == ("queued", [])
    assert 590 < (delivery.next_try_at - timezone.now()).total_seconds() <= 600


def test_a_gateway_that_is_warmed_up_has_its_access_token(fcm, gateway):
    fcm.call("DELETE", "log")
    fcm.call("POST", "faults", {"op": "token", "kind": "NOT_JSON"})
    gateway.warm_up()  # no token today, and no failure
    gateway.warm_up()
    assert len(fcm.log("token")) == 2
    payload = {"title": "t", "body": "b", "data": {}, "kind": "new", "tag": "1", "ttl_seconds": 60}
    with pytest.raises(DeviceGone):
        gateway.send(payload, target_kind="token", target="nobody")
    assert len(fcm.log("token")) == 2


def test_then_one_call_tries_it_and_twice_as_many_follow_each_second_until_it_is_open(many_queued):
    gate.close(SEND, 600)
    assert claimed() == 0
    its_time_is_over()
    found = []
    for _second in range(7):
        found.append(claimed())
        assert claimed() == 0  # whatever the number of workers
        gate.confirm(SEND)
        assert claimed() == 0
        seconds_pass(1)
    assert found == [1, 2, 4, 8, 16, 32, 64]
    assert claimed() == 200 - 127
    assert Gate.objects.get(quota=SEND).closed_until is None


def test_an_empty_outbox_uses_no_trial_up(many_queued):
    gate.close(SEND, 600)
    its_time_is_over()
    Delivery.objects.update(next_try_at=Now() + datetime.timedelta(hours=1))
    assert (claimed(), claimed()) == (0, 0)
    Delivery.objects.update(next_try_at=Now())
    assert claimed() == 1


def test_a_trial_whose_worker_was_killed_is_made_again_after_a_minute(many_queued):
    gate.close(SEND, 600)
    its_time_is_over()
    assert claimed() == 1
    seconds_pass(59)
    assert claimed() == 0
    seconds_pass(60)
    assert claimed() == 1


def test_a_trial_that_hears_429_closes_it_again(fcm, gateway, many_queued):
    gate.close(SEND, 600)
    its_time_is_over()
    fcm.call("POST", "faults", SPENT | {"op": "send"})
    assert sender.send_due(gateway) == 1
    assert Gate.objects.filter(gate.CLOSED).count() == 1


def test_what_was_called_before_and_returns_late_confirms_nothing(many_queued):
    gate.close(SEND, 600)
    gate.confirm(SEND)
    its_time_is_over()
    gate.confirm(SEND)
    assert claimed() == 1
    seconds_pass(1)
    assert claimed() == 0


def to_one_device():
    """All deliveries that are queued go to one device, of which FCM knows nothing."""
    device = a_device("lan")
    Delivery.objects.update(target_kind="device", target="", device=device)
    return device


def send_what_is_claimed(gateway):
    deliveries = services.claim(100)
    for delivery in deliveries:
        sender.send(gateway, delivery)
    return len(deliveries)


def test_dead_registrations_at_the_head_of_the_queue_do_not_hold_the_gate(fcm, gateway, many_queued):
    device = to_one_device()
    gate.close(SEND, 600)
    its_time_is_over()
    found = []
    for _second in range(3):
        found.append(send_what_is_claimed(gateway))
        device.save()  # has its registration again, as each of many devices has one of its own
        seconds_pass(1)
    assert found == [1, 2, 4]


def test_a_message_that_fcm_refuses_went_through_the_gate(fcm, gateway, many_queued):
    gate.close(SEND, 600)
    its_time_is_over()
    fcm.call("POST", "faults", {"op": "send", "kind": "INVALID_MESSAGE"})
    assert send_what_is_claimed(gateway) == 1
    seconds_pass(1)
    assert claimed() == 2


def test_an_outage_leaves_it_at_one_call_a_minute(fcm, gateway, many_queued):
    gate.close(SEND, 600)
    its_time_is_over()
    fcm.call("POST", "faults", {"op": "send", "kind": "PAGE_403"})
    assert send_what_is_claimed(gateway) == 1
    seconds_pass(1)
    assert claimed() == 0


@pytest.mark.parametrize(
    ("registration", "data"), [(None, {}), (registration_of("lan"), {"link": 1})], ids=["no registration", "no message"]
)
def test_what_is_refused_without_a_call_uses_no_trial_up(fcm, gateway, many_queued, registration, data):
    device = to_one_device()
    Device.objects.update(registration_id=registration)
    Delivery.objects.update(payload=Delivery.objects.earliest("pk").payload | {"data": data})
    gate.close(SEND, 600)
    its_time_is_over()
    assert [send_what_is_claimed(gateway) for _ in range(3)] == [1, 1, 1]
    assert (fcm.log("send"), device.deliveries.filter(status="refused").count()) == ([], 3)


def test_two_workers_at_once_get_one_trial(many_queued):
    gate.close(SEND, 600)
    its_time_is_over()
    found, start = [], threading.Barrier(2)

    def work():
        start.wait()
        found.append(claimed())
        connection.close()

    threads = [threading.Thread(target=work) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(found) == [0, 1]


def test_a_429_on_topics_stops_all_topic_calls_and_no_push(fcm, gateway, many_queued):
    fcm.call("POST", "devices", {"token": registration_of("minh")})
    minh = a_follower("minh", land())
    due = minh.subscriptions.count()
    assert due > THREADS
    fcm.call("POST", "faults", SPENT | {"op": "topic"})
    assert reconcile_subscriptions(gateway) == 0
    assert len(fcm.log("topic")) <= THREADS
    assert set(minh.subscriptions.values_list("attempts", flat=True)) == {0}
    fcm.call("DELETE", "faults")
    fcm.call("DELETE", "log")
    FcmSubscription.objects.update(next_try_at=Now())
    assert reconcile_subscriptions(gateway) == 0
    assert fcm.log("topic") == []
    assert sender.send_due(gateway) == 200
    its_time_is_over()
    assert reconcile_subscriptions(gateway) == due
    assert Gate.objects.get(quota=TOPICS).step > 1


def test_a_dead_registration_confirms_the_gate_of_topics(fcm, gateway):
    minh = a_follower("minh", land())
    gate.close(TOPICS, 600)
    its_time_is_over()
    fcm.call("POST", "faults", {"op": "topic", "kind": "UNREGISTERED", "times": 1})
    reconcile_subscriptions(gateway)
    assert Device.objects.get(pk=minh.pk).dead_at
    assert Gate.objects.get(quota=TOPICS).step == 2


def open_it(quota="send"):
    said = io.StringIO()
    call_command("open_gate", quota, "--reason", "Google raised the quota", stdout=said)
    return said.getvalue()


def test_a_person_opens_the_gate_and_what_heard_429_is_sent(fcm, gateway, many_queued):
    fcm.call("POST", "faults", {"op": "send", "kind": "QUOTA_EXCEEDED", "times": 1, "retry_after": 86_000})
    Delivery.objects.exclude(pk=Delivery.objects.earliest("pk").pk).delete()
    assert sender.send_due(gateway) == 1
    assert sender.send_due(gateway) == 0
    until = Gate.objects.get(quota=SEND).closed_until
    assert f"It was closed until {timezone.localtime(until):%H:%M:%S %d/%m/%Y}" in open_it()
    assert sender.send_due(gateway) == 1
    assert Delivery.objects.get().status == "accepted"
    row = AuditRow.objects.get(action="gate.opened")
    assert (row.subject, row.reason, row.by) == ("gate:send", "Google raised the quota", None)
    assert row.facts == {"was_closed_until": until.isoformat()}


def test_a_gate_that_a_person_opened_lets_one_call_through_first_and_a_429_closes_it(fcm, gateway, many_queued):
    gate.close(SEND, 86_000)
    open_it()
    fcm.call("POST", "faults", SPENT | {"op": "send"})
    assert sender.send_due(gateway) == 1
    assert gate.seconds_closed(SEND) > 500


def test_a_person_opens_the_gate_of_topics(fcm, gateway):
    fcm.call("POST", "devices", {"token": registration_of("minh")})
    minh = a_follower("minh", land())
    fcm.call("POST", "faults", SPENT | {"op": "topic"})
    assert reconcile_subscriptions(gateway) == 0
    fcm.call("DELETE", "faults")
    assert reconcile_subscriptions(gateway) == 0
    open_it("topics")
    assert reconcile_subscriptions(gateway) == minh.subscriptions.count()


def test_a_gate_is_opened_only_for_a_reason_and_while_it_is_closed(many_queued):
    with pytest.raises(CommandError, match=r"đang cho phép gọi|lets calls through already"):
        open_it()
    gate.close(SEND, 600)
    with pytest.raises(CommandError):
        call_command("open_gate", "send", "--reason", "  ")
    assert gate.seconds_closed(SEND) > 0
    assert not AuditRow.objects.filter(action="gate.opened").exists()
