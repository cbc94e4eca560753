"""Two transactions on the rows of one reader, each half done: they wait for each other in one order only.

The main thread does the first half of something and waits until the other thread needs one of its rows. Then it does
the second half. Where the two lock rows in different orders, PostgreSQL ends one of them with a deadlock.
"""

import datetime
import threading

import pytest
from django.db import connection, transaction

from content.events import services as events
from content.events.models import Event, Registration
from content.topics.models import Topic
from notifications import fanout
from notifications.deliveries.models import Delivery
from notifications.devices import services as devices
from notifications.devices.models import Device
from notifications.follows import event_registrations, services
from notifications.follows.models import FcmSubscription
from notifications.follows.reconciliation import reconcile_subscriptions
from tests.builders import (
    a_device,
    a_document,
    a_follower,
    an_event,
    end_event,
    fcm_knows_follows,
    justice,
    land,
    registration_of,
)

pytestmark = pytest.mark.usefixtures("committed")


class Other:
    """A call in another thread. `failure` is what it raised."""

    def __init__(self, call):
        self.failure = None
        self._thread = threading.Thread(target=self._run, args=[call])
        self._thread.start()

    def _run(self, call):
        try:
            call()
        except Exception as failure:
            self.failure = failure
        finally:
            connection.close()

    def waits_for_us_or_is_done(self):
        """Return as soon as the other needs a row that this thread's transaction has, or has ended."""
        with connection.cursor() as cursor:
            while self._thread.is_alive():
                cursor.execute("SELECT pg_stat_clear_snapshot()")
                cursor.execute(
                    "SELECT count(*) FROM pg_stat_activity WHERE pg_backend_pid() = ANY (pg_blocking_pids(pid))"
                )
                if cursor.fetchone()[0]:
                    return

    def is_done(self):
        """Whether it has ended, once it needs nothing of ours any more or waits."""
        self.waits_for_us_or_is_done()
        return not self._thread.is_alive()

    def ended(self):
        self._thread.join()
        return self.failure


class PatientGateway:
    """A push service whose first call returns when the test lets it."""

    def __init__(self):
        self.called, self.may_return = threading.Event(), threading.Event()

    def subscribe(self, registration_id, fcm_topic):
        self.called.set()
        self.may_return.wait()

    unsubscribe = subscribe


def test_a_reader_follows_while_the_answer_of_fcm_is_recorded():
    topic = land().children.first()
    minh, gateway = a_follower("minh", topic), PatientGateway()
    reconciliation = Other(lambda: reconcile_subscriptions(gateway))
    gateway.called.wait()
    with transaction.atomic():
        services.unfollow(minh.reader, topic)
        gateway.may_return.set()
        reconciliation.waits_for_us_or_is_done()
        services.follow(minh.reader, justice().children.first())
    assert reconciliation.ended() is None
    assert not FcmSubscription.objects.filter(claimed_until__isnull=False).exists()


def test_a_reader_leaves_while_a_seat_is_announced_to_them():
    minh, hoa, event = a_device("minh"), a_device("hoa"), an_event(seats=1)
    event_registrations.register(event, hoa.reader)
    event_registrations.register(event, minh.reader)
    event_registrations.unregister(event, hoa.reader)
    with transaction.atomic():
        devices.lock_reader(minh.reader)
        reading = Other(fanout.read_changes)
        reading.waits_for_us_or_is_done()
        services.forget_device(minh)
    assert reading.ended() is None
    assert (Delivery.objects.count(), fanout.read_changes()) == (0, 0)


def test_a_phone_takes_anothers_registration_while_both_are_notified():
    """The law has more topics than a condition takes, so that this phone is addressed by its own delivery."""
    *most, last = Topic.objects.filter(parent__isnull=False).order_by("pk")[:6]
    for name in ("one", "two"):
        a_follower(name, *most)
    hoa, minh, event = a_follower("hoa", last), a_device("minh"), an_event(seats=1)
    law = a_document(topics=[*most, last], notify=True)
    event_registrations.register(event, hoa.reader)
    event_registrations.register(event, minh.reader)
    event_registrations.unregister(event, hoa.reader)
    with transaction.atomic():
        devices.lock_reader(hoa.reader)
        Device.objects.select_for_update().get(pk=hoa.pk)
        reading = Other(lambda: [fanout.read_changes() for _ in range(2)])
        reading.waits_for_us_or_is_done()
        columns = {"id_kind": "token", "platform": "android", "app_version": "1.0", "language": "vi"}
        services.register_device(hoa.installation_key, caller=hoa, registration_id=registration_of("minh"), **columns)
    assert reading.ended() is None
    assert Delivery.objects.filter(device=hoa, notification__change__subject=law.key).count() == 1


def test_a_reader_unregisters_while_old_registrations_are_erased():
    minh, event = a_device(), an_event()
    event_registrations.register(event, minh.reader)
    end_event(event)
    events.conclude_ended_events()
    long_ago = {name: getattr(event, name) - datetime.timedelta(days=31) for name in ("starts_at", "ends_at")}
    Event.objects.update(registration_opens_at=None, registration_closes_at=None, **long_ago)
    with transaction.atomic():
        devices.lock_reader(minh.reader)
        erasing = Other(event_registrations.erase_old_registrations)
        erasing.waits_for_us_or_is_done()
        event_registrations.unregister(event, minh.reader)
    assert erasing.ended() is None
    assert not Registration.objects.exists()
    assert Event.objects.get().registrations_erased_at is not None


def test_a_phone_takes_the_registration_of_a_forgotten_one_while_that_is_deleted():
    minh = a_follower("minh", land())
    services.forget_device(minh)
    fcm_knows_follows()
    FcmSubscription.objects.update(actual=False)
    forgotten = Device.objects.get(pk=minh.pk)
    with transaction.atomic():
        devices.lock_reader(forgotten.reader)
        deleting = Other(services.delete_forgotten_devices)
        deleting.waits_for_us_or_is_done()
        hoa = a_device("hoa", registration_id=registration_of("minh"))
    assert deleting.ended() is None
    assert Device.objects.get(pk=hoa.pk).registration_id == registration_of("minh")
