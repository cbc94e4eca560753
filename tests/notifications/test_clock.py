"""A clock that was an hour ahead and is set right must not stop pushes for an hour."""

import datetime
import threading

import pytest
from django.db import connection, transaction
from django.db.models import F
from django.db.models.functions import Now

from content.topics.models import Topic
from notifications import clock
from notifications.deliveries import services
from notifications.deliveries.models import Channel, ClockReading, Delivery, Gate
from notifications.follows.models import FcmSubscription
from tests.builders import a_delivery, a_follower
from tests.notifications.test_lock_order import Other

HOUR, SECOND = datetime.timedelta(hours=1), datetime.timedelta(seconds=1)
pytestmark = pytest.mark.usefixtures("committed")


def set_back(span):
    """What the database looks like after its clock was ahead by `span` and is right again."""
    clock.correct_waits()
    ClockReading.objects.update(latest=Now() + span)


def seconds_until(rows, moment):
    return round(rows.values_list(F(moment) - Now(), flat=True)[0].total_seconds())


def test_what_waits_becomes_due_when_it_was_meant_to():
    a_delivery()
    Delivery.objects.update(next_try_at=Now() + HOUR + 10 * SECOND)
    services.mark_channel_broken("the clock is wrong")
    Channel.objects.update(next_trial_at=Now() + HOUR + 60 * SECOND)
    Gate.objects.create(quota="send")
    Gate.objects.update(closed_until=Now() + HOUR + 20 * SECOND, step_started_at=Now() + HOUR)
    a_follower("lan", Topic.objects.first())
    waits = {"next_try_at": Now() + HOUR + 30 * SECOND, "turn_at": Now() + HOUR, "claimed_until": Now() + HOUR}
    FcmSubscription.objects.update(actual=None, **waits)
    set_back(HOUR)

    assert clock.correct_waits().total_seconds() == pytest.approx(3600, abs=5)

    assert 5 <= seconds_until(Delivery.objects, "next_try_at") <= 10
    assert seconds_until(Channel.objects, "next_trial_at") <= 0
    assert 15 <= seconds_until(Gate.objects, "closed_until") <= 20
    assert seconds_until(Gate.objects, "step_started_at") <= 0
    assert 25 <= seconds_until(FcmSubscription.objects, "next_try_at") <= 30
    assert seconds_until(FcmSubscription.objects, "turn_at") <= 0
    assert seconds_until(FcmSubscription.objects, "claimed_until") <= 90


def test_a_delivery_that_a_dead_sender_held_is_free_after_one_lease_and_a_living_one_keeps_its_own():
    held, living = a_delivery(), a_delivery()
    Delivery.objects.update(status="sending")
    Delivery.objects.filter(pk=held.pk).update(leased_until=Now() + HOUR)
    Delivery.objects.filter(pk=living.pk).update(leased_until=Now() + services.lease_duration() - 5 * SECOND)
    set_back(HOUR)
    clock.correct_waits()
    lease = services.lease_duration().total_seconds()
    assert lease - 5 <= seconds_until(Delivery.objects.filter(pk=held.pk), "leased_until") <= lease
    assert lease - 15 <= seconds_until(Delivery.objects.filter(pk=living.pk), "leased_until") <= lease - 5


def test_a_repeat_and_a_clock_that_is_merely_adjusted_change_nothing():
    a_delivery()
    Delivery.objects.update(next_try_at=Now() + 2 * HOUR)
    set_back(HOUR)
    clock.correct_waits()
    corrected = Delivery.objects.values_list("next_try_at").get()
    assert not clock.correct_waits()
    set_back(20 * SECOND)
    assert not clock.correct_waits()
    assert Delivery.objects.values_list("next_try_at").get() == corrected


def test_of_two_workers_one_corrects():
    a_delivery()
    Delivery.objects.update(next_try_at=Now() + 2 * HOUR)
    set_back(HOUR)
    found = []

    def other():
        found.append(clock.correct_waits())
        connection.close()

    with transaction.atomic():
        assert clock.correct_waits()
        thread = threading.Thread(target=other)  # the row is ours until we commit
        thread.start()
        thread.join()
    assert found == [datetime.timedelta()]
    assert 3590 <= seconds_until(Delivery.objects, "next_try_at") <= 3600


def test_a_worker_claims_while_what_waits_comes_nearer():
    """Both may write the rows of the gate and of the channel."""
    services.mark_channel_broken("the clock is wrong")
    Channel.objects.update(next_trial_at=Now() + HOUR)
    Gate.objects.create(quota="send", closed_until=Now() + HOUR)
    set_back(HOUR)
    with transaction.atomic():
        Gate.objects.select_for_update().get()  # as a claim does first
        correcting = Other(clock.correct_waits)
        correcting.waits_for_us_or_is_done()
        Channel.objects.update(reason="403")
    assert correcting.ended() is None
    assert seconds_until(Channel.objects, "next_trial_at") <= 0
