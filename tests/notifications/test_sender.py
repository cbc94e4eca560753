"""The outbox against the real SDK and the local FCM server: nothing lost, one tray entry, errors by their meaning."""

import contextlib
import datetime
import threading

import pytest
from django.db import OperationalError, connection
from django.db.models.functions import Now
from django.utils import timezone

from content import database_limits
from notifications import sender
from notifications.deliveries import services
from notifications.deliveries.models import Channel, Delivery, Gate
from notifications.devices.models import Device
from notifications.fanout import read_changes
from notifications.follows import services as follows
from notifications.follows.reconciliation import reconcile_subscriptions
from notifications.push.firebase import FirebaseGateway
from tests.builders import a_document, a_follower, land, registration_of
from tests.journeys.installation import eventually

pytestmark = pytest.mark.usefixtures("committed")


@pytest.fixture
def queued(fcm, gateway):
    """One publication that Minh's phone follows, queued and not yet sent."""
    fcm.call("POST", "devices", {"token": registration_of("minh")})
    a_follower("minh", land())
    reconcile_subscriptions(gateway)
    a_document(topics=[land()], notify=True, title="Luật Đất đai")
    read_changes()
    return Delivery.objects.get()


def phone(fcm):
    return fcm.phone(registration_of("minh"))


def make_due():
    Channel.objects.update(next_trial_at=Now())
    Gate.objects.update(closed_until=Now())
    Delivery.objects.filter(status="queued").update(next_try_at=Now())


def direct_delivery(queued):
    """The same message, to the device itself."""
    return Delivery.objects.create(
        key="direct",
        notification=queued.notification,
        target_kind="device",
        device=Device.objects.get(),
        payload=queued.payload,
        next_try_at=timezone.now(),
        expires_at=queued.expires_at,
    )


def test_it_arrives_once_and_is_settled(fcm, gateway, queued):
    assert sender.send_due(gateway) == 1
    assert sender.send_due(gateway) == 0
    (entry,) = phone(fcm)["tray"].values()
    assert (entry["title"], entry["nid"]) == ("Luật Đất đai", str(queued.notification_id))
    queued.refresh_from_db()
    assert (queued.status, queued.attempts, queued.leased_until) == ("accepted", 1, None)
    assert queued.message_name.startswith("projects/")


def test_what_every_phone_needs_is_in_the_message(fcm, gateway, queued):
    sender.send_due(gateway)
    message = phone(fcm)["received"][0]["message"]
    nid = str(queued.notification_id)
    assert message["android"]["notification"]["tag"] == nid
    assert message["android"]["collapse_key"] == "new"
    assert 86_000 < int(message["android"]["ttl"].rstrip("s")) <= 86_400  # what is left of the day it is news
    assert message["apns"]["headers"]["apns-collapse-id"] == nid
    assert message["apns"]["payload"]["aps"]["thread-id"] == "new"
    assert message["android"]["notification"]["channel_id"] == message["data"]["kind"] == "new"


def test_a_sender_killed_between_claim_and_settle_loses_nothing(fcm, gateway, queued):
    assert [row.pk for row in services.claim(5)] == [queued.pk]  # and then it is gone
    assert services.claim(5) == []
    Delivery.objects.update(leased_until=Now() - datetime.timedelta(seconds=1))
    assert sender.send_due(gateway) == 1
    assert len(phone(fcm)["tray"]) == 1


def test_a_sender_killed_after_fcm_took_it_makes_no_second_tray_entry(fcm, gateway, queued):
    (claimed,) = services.claim(5)
    gateway.send(claimed.payload, target_kind=claimed.target_kind, target=claimed.target)
    Delivery.objects.update(leased_until=Now() - datetime.timedelta(seconds=1))
    sender.send_due(gateway)
    assert (len(phone(fcm)["received"]), len(phone(fcm)["tray"])) == (2, 1)


class CutsTheDatabase:
    """A gateway that sends, and the database ends the sender's connection meanwhile."""

    def __init__(self, gateway):
        self._gateway = gateway

    def send(self, *arguments, **target):
        with contextlib.suppress(OperationalError), connection.cursor() as cursor:
            cursor.execute("SELECT pg_terminate_backend(pg_backend_pid())")
        return self._gateway.send(*arguments, **target)


def test_what_fcm_took_while_the_database_restarted_is_not_sent_again(fcm, gateway, queued):
    sender.send_due(CutsTheDatabase(gateway))
    queued.refresh_from_db()
    assert (queued.status, queued.attempts, len(fcm.log("send"))) == ("accepted", 1, 1)


def test_a_sender_whose_lease_ran_out_does_not_settle_what_another_has(queued):
    (slow,) = services.claim(5)
    Delivery.objects.update(leased_until=Now() - datetime.timedelta(seconds=1))
    (quick,) = services.claim(5)
    assert not services.accept(services.Accepted(slow, "projects/x/messages/late"))
    assert services.accept(services.Accepted(quick, "projects/x/messages/1"))
    queued.refresh_from_db()
    assert queued.message_name == "projects/x/messages/1"


def test_what_is_still_being_sent_is_held_and_what_another_has_is_not(queued):
    """The SDK may sleep for minutes at FCM's request: as long as its process lives, nobody else sends the same."""
    run_out = Now() - datetime.timedelta(seconds=1)
    (first,) = services.claim(5)
    Delivery.objects.update(leased_until=run_out)
    services.renew_leases([first])
    assert services.claim(5) == []
    Delivery.objects.update(leased_until=run_out)
    (second,) = services.claim(5)
    Delivery.objects.update(leased_until=run_out)
    services.renew_leases([first])
    assert [row.pk for row in services.claim(5)] == [second.pk]


def test_a_connection_reset_after_fcm_took_it_is_one_tray_entry(fcm, gateway, queued):
    fcm.call("POST", "faults", {"op": "send", "kind": "accept_then_reset", "times": 1})
    sender.send_due(gateway)
    make_due()
    sender.send_due(gateway)
    queued.refresh_from_db()
    assert (queued.status, len(phone(fcm)["tray"])) == ("accepted", 1)


@pytest.mark.parametrize(
    ("fault", "status", "alive"),
    [
        ({"kind": "UNREGISTERED"}, "refused", False),
        ({"kind": "SENDER_ID_MISMATCH"}, "refused", False),
        ({"kind": "INVALID_ARGUMENT"}, "refused", False),
        ({"kind": "INVALID_MESSAGE"}, "refused", True),
        ({"kind": "NOT_FOUND_PLAIN"}, "queued", True),
        ({"kind": "THIRD_PARTY_AUTH_ERROR", "times": 9}, "queued", True),
        ({"kind": "QUOTA_EXCEEDED", "times": 5, "retry_after": 1}, "queued", True),
        ({"kind": "NOT_JSON"}, "queued", True),
        ({"kind": "PAGE_400"}, "queued", True),
        ({"kind": "PAGE_401", "times": 9}, "queued", True),
        ({"kind": "PAGE_403"}, "queued", True),
        ({"kind": "PAGE_407"}, "queued", True),
        ({"kind": "PAGE_429"}, "queued", True),
        ({"kind": "PROXY_JSON"}, "queued", True),
    ],
)
def test_each_error_is_taken_for_what_it_means(fcm, gateway, queued, fault, status, alive):
    delivery = direct_delivery(queued)
    Delivery.objects.filter(pk=queued.pk).delete()
    fcm.call("POST", "faults", {"op": "send", "times": 1} | fault)
    sender.send_due(gateway)
    delivery.refresh_from_db()
    assert (delivery.status, Device.objects.get().dead_at is None) == (status, alive)
    assert delivery.error
    assert registration_of("minh") not in delivery.error
    assert Channel.objects.filter(broken_since__isnull=False).exists() == (fault["kind"] == "THIRD_PARTY_AUTH_ERROR")
    if status == "queued":
        fcm.call("DELETE", "faults")
        make_due()
        sender.send_due(gateway)
        assert len(phone(fcm)["tray"]) == 1


@pytest.mark.parametrize("fault", ["accept_then_empty", "accept_then_garbage", "accept_then_nul"])
def test_what_fcm_took_and_answered_without_a_name_is_not_sent_to_everybody_again(fcm, gateway, queued, fault):
    fcm.call("POST", "faults", {"op": "send", "kind": fault, "times": 9})
    sender.send_due(gateway)
    make_due()
    sender.send_due(gateway)
    queued.refresh_from_db()
    assert (queued.status, queued.message_name, len(phone(fcm)["received"])) == ("accepted", "", 1)
    assert "without a message name" in queued.error


@pytest.mark.parametrize("fault", ["NOT_JSON", "PAGE_403", "PROXY_JSON"])
def test_a_page_instead_of_an_access_token_is_tried_again(fcm, queued, fault):
    fcm.call("POST", "faults", {"op": "token", "kind": fault, "times": 9})
    new_gateway = FirebaseGateway(fcm.environment["FIREBASE_CREDENTIALS_FILE"])  # it has no token yet
    sender.send_due(new_gateway)
    queued.refresh_from_db()
    assert (queued.status, Channel.objects.filter(broken_since__isnull=False).count()) == ("queued", 0)
    fcm.call("DELETE", "faults")
    make_due()
    sender.send_due(new_gateway)
    new_gateway.close()
    assert len(phone(fcm)["tray"]) == 1


def test_news_that_nobody_could_be_told_in_time_is_not_told(fcm, gateway, queued):
    Delivery.objects.update(expires_at=Now())
    assert sender.send_due(gateway) == 0
    queued.refresh_from_db()
    assert (queued.status, phone(fcm)["received"]) == ("expired", [])


def test_what_a_dead_sender_held_is_not_told_after_its_time(fcm, gateway, queued):
    services.claim(5)
    Delivery.objects.update(leased_until=Now() - datetime.timedelta(seconds=1), expires_at=Now())
    assert sender.send_due(gateway) == 0
    queued.refresh_from_db()
    assert queued.status == "expired"


def test_a_phone_that_came_with_another_registration_meanwhile_is_not_marked_dead(fcm, gateway, queued):
    delivery = direct_delivery(queued)
    Delivery.objects.filter(pk=queued.pk).delete()
    fcm.call("POST", f"devices/{registration_of('minh')}/invalidate")
    fcm.call("POST", "devices", {"token": "registration-two"})
    (claimed,) = services.claim(5)
    sender.send(MovesThePhone(gateway), claimed)
    sender.send_due(gateway)
    delivery.refresh_from_db()
    assert (delivery.status, Device.objects.get().dead_at) == ("accepted", None)
    assert len(fcm.phone("registration-two")["tray"]) == 1


class MovesThePhone:
    """A gateway during whose call the phone gets another registration."""

    def __init__(self, gateway):
        self._gateway = gateway

    def send(self, *arguments, **target):
        Device.objects.update(registration_id="registration-two")
        return self._gateway.send(*arguments, **target)


def test_a_claimed_delivery_goes_to_the_registration_that_the_phone_has_now(fcm, gateway, queued):
    delivery = direct_delivery(queued)
    Delivery.objects.filter(pk=queued.pk).delete()
    fcm.call("POST", "devices", {"token": "registration-two"})
    (claimed,) = services.claim(5)
    Device.objects.update(registration_id="registration-two")
    sender.send(gateway, claimed)
    delivery.refresh_from_db()
    assert (delivery.status, delivery.attempts) == ("accepted", 1)
    assert (len(fcm.phone("registration-two")["tray"]), phone(fcm)["received"]) == (1, [])


def test_a_claimed_delivery_whose_phone_was_forgotten_is_not_sent(fcm, gateway, queued):
    direct_delivery(queued)
    Delivery.objects.filter(pk=queued.pk).delete()
    (claimed,) = services.claim(5)
    follows.forget_device(Device.objects.get())
    sender.send(gateway, claimed)
    assert fcm.log("send") == []


def test_two_senders_at_once_send_each_delivery_once(fcm, gateway, queued):
    copies = [direct_delivery(queued)]
    for number in range(20):
        copies.append(Delivery.objects.get(pk=copies[0].pk))
        copies[-1].pk, copies[-1].key = None, f"copy-{number}"
        copies[-1].save()
    senders = [sender.Sender(gateway, threads=4) for _ in range(2)]
    running = [threading.Thread(target=each.run) for each in senders]
    for thread in running:
        thread.start()
    while Delivery.objects.exclude(status="accepted").exists():
        pass
    for each in senders:
        each.stop()
    for thread in running:
        thread.join()
    assert len(fcm.log("send")) == 22
    assert set(Delivery.objects.values_list("attempts", flat=True)) == {1}


class Held:
    """A gateway whose calls return when the test lets them."""

    def __init__(self):
        self.release = threading.Event()
        self.calls = []

    def send(self, payload, **target):
        self.calls.append(target)
        self.release.wait(60)
        return "projects/x/messages/1"


def several(queued, count, **columns):
    """That many further copies of a delivery."""
    for number in range(count):
        copy = Delivery.objects.get(pk=queued.pk)
        copy.pk, copy.key = None, f"copy-{number}-of-{queued.pk}-{len(columns)}"
        for name, value in columns.items():
            setattr(copy, name, value)
        copy.save()


def to_the_device(queued, count):
    several(queued, count, target_kind="device", target="", device=Device.objects.get(), attempts=0, status="queued")


def finish(process, held):
    """Let all calls return, and the process send the rest and end."""
    held.release.set()
    running = threading.Thread(target=process.run)
    running.start()
    eventually(lambda: not Delivery.objects.exclude(status="accepted").exists())
    process.stop()
    running.join()
    assert set(Delivery.objects.values_list("status", "attempts")) == {("accepted", 1)}


def under_way():
    """(messages to a topic, messages to a device) that are being sent."""
    sending = Delivery.objects.filter(status="sending")
    return sending.filter(device=None).count(), sending.exclude(device=None).count()


@pytest.fixture
def three_connections():
    """This process has the pool of the smallest worker: WORKER_CONNECTIONS is 3."""
    pool = connection.settings_dict["OPTIONS"]["pool"]
    before = pool["max_size"]
    database_limits.use(database_limits.Work.JOBS, most_connections=3)
    yield
    database_limits.use(database_limits.Work.COMMANDS, most_connections=before)


def test_calls_to_fcm_hold_no_database_connection(queued, three_connections):
    held = Held()
    process = sender.Sender(held, threads=8)
    to_the_device(queued, 64)
    assert process._start_some() == 8
    connection.close()
    eventually(lambda: len(held.calls) == 8)
    assert under_way() == (1, 7)  # and the loop still reads the outbox
    finish(process, held)


def test_a_call_that_does_not_return_stops_its_process_from_claiming(queued):
    """The SDK may sleep in a call at FCM's request; what it does with one call it would do with each further one."""
    held = Held()
    slow, other = sender.Sender(held, threads=8, slow_call_seconds=0), sender.Sender(held, threads=8)
    assert slow._start_some() == 1
    to_the_device(queued, 60)
    assert slow._start_some() == 0
    assert other._start_some() == 8
    held.release.set()
    other.stop()
    other.run()
    finish(slow, held)


def test_few_messages_to_a_crowd_are_under_way_at_a_time(queued):
    several(queued, 40)
    to_the_device(queued, 40)
    held = Held()
    process = sender.Sender(held, threads=8)
    assert (process._start_some(), process._start_some(), under_way()) == (8, 0, (2, 6))
    finish(process, held)


def test_a_few_deliveries_leave_one_after_the_other_and_many_at_once(queued):
    held = Held()
    process = sender.Sender(held, threads=8)
    to_the_device(queued, 7)
    assert (process._start_some(), process._start_some(), sum(under_way())) == (1, 0, 1)
    to_the_device(Delivery.objects.latest("pk"), 20)
    assert (process._start_some(), process._start_some(), sum(under_way())) == (3, 0, 4)  # 27 are due
    finish(process, held)


def test_a_sender_that_ends_holds_what_it_still_sends(queued, settings):
    settings.DELIVERY_LEASE_SECONDS = 1  # renewed three times a second
    held = Held()
    ending = sender.Sender(held, threads=1)
    running = threading.Thread(target=ending.run)
    running.start()
    eventually(Delivery.objects.filter(status="sending").exists)
    ending.stop()
    Delivery.objects.update(leased_until=Now() - datetime.timedelta(hours=1))
    eventually(Delivery.objects.filter(leased_until__gt=Now()).exists)
    held.release.set()
    running.join()
    queued.refresh_from_db()
    assert (queued.status, queued.attempts) == ("accepted", 1)


@contextlib.contextmanager
def a_running(process):
    running = threading.Thread(target=process.run)
    running.start()
    try:
        yield
    finally:
        process.stop()
        running.join()


def all_accepted():
    return not Delivery.objects.exclude(status="accepted").exists()


def test_a_sender_that_is_woken_sends_what_was_queued(queued):
    held = Held()
    held.release.set()
    process = sender.Sender(held, threads=1, poll_seconds=3600)
    with a_running(process):
        eventually(all_accepted)  # it looks when it begins
        to_the_device(queued, 1)
        process.wake()
        eventually(all_accepted)
    assert len(held.calls) == 2


def test_many_deliveries_are_claimed_and_settled_in_few_commits(fcm, gateway, queued):
    to_the_device(queued, 200)
    with a_running(sender.Sender(gateway, threads=16)):
        eventually(all_accepted)
    assert set(Delivery.objects.values_list("attempts", flat=True)) == {1}
    assert len({*Delivery.objects.values_list("message_name", flat=True)}) == len(fcm.log("send")) == 201
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(DISTINCT xmin::text) FROM notifications_delivery")  # the commits that settled them
        assert cursor.fetchone()[0] < 201
