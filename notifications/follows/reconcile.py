"""Telling FCM who is on which topic, until what it was told is what the follows ask for."""

import datetime
import random
import time
from concurrent.futures import ThreadPoolExecutor

from django.db import connection, transaction
from django.db.models import F
from django.utils import timezone

from notifications.devices import services as devices
from notifications.follows.models import WireSubscription
from notifications.push.gateway import DeviceGone, SendFailed

CALLS_PER_SECOND = 300  # a tenth of what FCM allows a project
BATCH = 300
THREADS = 8
CLAIM = datetime.timedelta(seconds=60)  # longer than a call with the SDK's own retries of a connection


def reconcile(gateway):
    """Settle all subscriptions that are due. Returns how many were told to FCM. Any number of workers may run it."""
    told = 0
    while batch := _claim():
        started = time.monotonic()
        with ThreadPoolExecutor(THREADS) as pool:
            told += sum(pool.map(lambda subscription: _settle(gateway, subscription), batch))
        spare = len(batch) / CALLS_PER_SECOND - (time.monotonic() - started)
        if len(batch) == BATCH and spare > 0:
            time.sleep(spare)  # the rate is FCM's limit, not ours to spend at once
    return told


@transaction.atomic
def _claim():
    """The next due ones, claimed for a while: two calls about one subscription must not overtake each other at FCM."""
    now = timezone.now()
    due = (
        WireSubscription.objects.select_for_update(skip_locked=True, of=("self",))
        .select_related("device")
        .exclude(desired=F("actual"))
        .exclude(claimed_until__gt=now)
        .filter(next_try_at__lte=now, device__registration_id__isnull=False)
        .order_by("next_try_at")[:BATCH]
    )
    batch = list(due)
    WireSubscription.objects.filter(pk__in=[row.pk for row in batch]).update(claimed_until=now + CLAIM)
    return batch


def _settle(gateway, subscription):
    """Tell FCM about one subscription and note what came of it. No transaction is open while we talk to it."""
    call = gateway.subscribe if subscription.desired else gateway.unsubscribe
    try:
        call(subscription.device.registration_id, subscription.wire_topic)
    except DeviceGone:
        devices.bury(subscription.device)
    except SendFailed as failure:
        _put_off(subscription, str(failure))
    else:
        # what it should be may have changed meanwhile: then it is due again, and the loop above takes it
        WireSubscription.objects.filter(pk=subscription.pk).update(
            actual=subscription.desired, attempts=0, error="", claimed_until=None
        )
        return True
    finally:
        connection.close()  # the thread's own; the pool takes it back
    return False


def _put_off(subscription, error):
    seconds = min(10 * 2**subscription.attempts, 3600) * random.uniform(0.5, 1)  # noqa: S311 (jitter, not a secret)
    WireSubscription.objects.filter(pk=subscription.pk).update(
        attempts=F("attempts") + 1,
        error=error[:200],
        claimed_until=None,
        next_try_at=timezone.now() + datetime.timedelta(seconds=seconds),
    )
