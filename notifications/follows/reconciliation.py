"""Telling FCM who is on which topic, until what it was told is what the follows ask for."""

import datetime
import random
import threading
import time
from concurrent.futures import ThreadPoolExecutor

from django.db import connection, transaction
from django.db.models import F
from django.utils import timezone

from notifications.deliveries import services as deliveries
from notifications.devices import services as devices
from notifications.devices.models import Device
from notifications.follows.models import UNSETTLED, FcmSubscription
from notifications.push.gateway import ChannelBroken, DeviceGone, SendFailed

CALLS_PER_SECOND = 280  # of one process: 300 at the most, less what clocks differ by; FCM allows a project 3,000
THREADS = 8
BATCH_SIZE = THREADS  # no more than can be told at once: a claim that waits for a thread would run out
TOLD, POSTPONED, BROKEN = "told", "put off", "broken"  # what came of one
CLAIM_DURATION = datetime.timedelta(seconds=90)  # longer than two timeouts of a call; beyond it the fence below holds
_batch_lock = (
    threading.Lock()
)  # a worker runs several jobs at once: their batches take turns, so the rate is the process's


def reconcile_subscriptions(gateway):
    """Settle all subscriptions that are due. Returns how many were told to FCM. Any number of workers may run it.

    A refused configuration ends the pass and stops the channel: the next pass tries again.
    """
    told = 0
    with ThreadPoolExecutor(THREADS) as pool:
        while True:
            with _batch_lock:
                started = time.monotonic()
                batch = _claim_due()
                if not batch:
                    return told
                answers = list(pool.map(lambda subscription: _update_at_fcm(gateway, subscription), batch))
                told += answers.count(TOLD)
                if BROKEN in answers:
                    return told
                time.sleep(pause_seconds(len(batch), time.monotonic() - started))


def pause_seconds(calls, seconds):
    """Seconds to wait after so many calls in so many seconds: the rate is FCM's limit, not ours to spend at once."""
    return max(0, calls / CALLS_PER_SECOND - seconds)


@transaction.atomic
def _claim_due():
    """The next due ones, claimed for a while: two calls about one subscription must not overtake each other at FCM."""
    now = timezone.now()
    due = (
        FcmSubscription.objects.select_for_update(skip_locked=True, of=("self",))
        .select_related("device")
        .filter(UNSETTLED)
        .exclude(claimed_until__gt=now)
        .filter(next_try_at__lte=now, device__registration_id__isnull=False)
        .order_by("next_try_at")[:BATCH_SIZE]
    )
    batch = list(due)
    FcmSubscription.objects.filter(pk__in=[row.pk for row in batch]).update(
        actual=None, claimed_until=now + CLAIM_DURATION
    )
    for row in batch:
        row.claimed_until = now + CLAIM_DURATION  # also the number of this claim: the fence
    return batch


def _update_at_fcm(gateway, subscription):
    """Tell FCM about one subscription, note what came of it and return it. No transaction is open meanwhile."""
    told = subscription.device.registration_id
    call = gateway.subscribe if subscription.desired else gateway.unsubscribe
    try:
        call(told, subscription.fcm_topic)
    except DeviceGone:
        devices.mark_registration_dead(subscription.device, told)
        _claimed_by_us(subscription).update(actual=False, claimed_until=None)
        return POSTPONED
    except ChannelBroken as failure:
        deliveries.mark_channel_broken(failure)
        later = timezone.now() + deliveries.TRIAL_INTERVAL
        _claimed_by_us(subscription).update(claimed_until=None, error=str(failure)[:200], next_try_at=later)
        return BROKEN
    except SendFailed as failure:
        _postpone(subscription, str(failure))
        return POSTPONED
    else:
        _record_actual(subscription, told)
        return TOLD
    finally:
        connection.close()  # the thread's own; the pool takes it back


@transaction.atomic
def _record_actual(subscription, told):
    """Note what FCM was told, of the device that has that registration now.

    Meanwhile the registration may have been replaced (then FCM knows nothing of the new one), have moved to another
    device (then that device is on the topic), or the claim may have run out (then nobody knows who spoke last).
    """
    holder = Device.objects.select_for_update().filter(registration_id=told).first()
    noted = 0
    if holder and holder.pk == subscription.device_id:
        noted = _claimed_by_us(subscription).update(
            actual=subscription.desired, attempts=0, error="", claimed_until=None
        )
    elif holder:
        FcmSubscription.objects.bulk_create(
            [
                FcmSubscription(
                    device=holder,
                    fcm_topic=subscription.fcm_topic,
                    desired=False,
                    actual=None,
                    next_try_at=timezone.now(),
                )
            ],
            update_conflicts=True,
            unique_fields=["device", "fcm_topic"],
            update_fields=["actual"],
        )
    if not noted:
        FcmSubscription.objects.filter(pk=subscription.pk).update(
            actual=None, claimed_until=None, next_try_at=timezone.now()
        )


def _claimed_by_us(subscription):
    return FcmSubscription.objects.filter(pk=subscription.pk, claimed_until=subscription.claimed_until)


def _postpone(subscription, error):
    seconds = min(10 * 2**subscription.attempts, 3600) * random.uniform(0.5, 1)  # noqa: S311 (jitter, not a secret)
    _claimed_by_us(subscription).update(
        attempts=F("attempts") + 1,
        error=error[:200],
        claimed_until=None,
        next_try_at=timezone.now() + datetime.timedelta(seconds=seconds),
    )
