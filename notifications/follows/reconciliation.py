"""Call FCM until every subscription there is what the follows ask for."""

import datetime
import enum
import random
import threading
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

from django.db import connection, transaction
from django.db.models import F, QuerySet
from django.db.models.functions import Now

from notifications.deliveries import gate
from notifications.deliveries import services as deliveries
from notifications.deliveries.models import Gate
from notifications.devices import services as devices
from notifications.devices.models import Device
from notifications.follows.models import UNSETTLED, FcmSubscription
from notifications.push.gateway import ChannelBroken, DeviceGone, Gateway, QuotaExceeded, SendFailed

CALLS_PER_SECOND = 280  # of one process: at most 300, minus what clocks differ by; FCM allows a project 3,000
THREADS = 8
BATCH_SIZE = THREADS  # no more than can be called at once: a claim that waits for a thread would run out
CLAIM_DURATION = datetime.timedelta(seconds=90)  # longer than two timeouts of a call; after it the fence below holds
# a worker runs several jobs at once: their batches take turns, so that the rate is that of the process
_batch_lock = threading.Lock()


class Outcome(enum.Enum):
    """What came of one call to FCM about one subscription."""

    CONFIRMED = enum.auto()  # FCM has it as desired
    POSTPONED = enum.auto()  # not now, or not for this registration
    CHANNEL_BROKEN = enum.auto()  # FCM refuses our configuration


def reconcile_subscriptions(gateway: Gateway) -> int:
    """Bring all subscriptions that are due to FCM. Returns how many FCM confirmed. Any number of workers may run it.

    When FCM refuses our configuration, the pass ends and the channel is marked broken. The next pass tries again. When
    FCM's quota is used up, the pass ends, and no worker calls until FCM's time is over (gate.py). A call in which the
    SDK sleeps holds up its batch, so this process claims nothing meanwhile.
    """
    confirmed = 0
    with ThreadPoolExecutor(THREADS) as pool:
        while True:
            with _batch_lock:
                started = time.monotonic()
                batch = _claim_due()
                if not batch:
                    if not gate.is_between_steps(Gate.Quota.TOPICS):
                        return confirmed
                    time.sleep(gate.STEP_DURATION.total_seconds())
                    continue
                outcomes = _update_batch(gateway, batch, pool)
                confirmed += outcomes.count(Outcome.CONFIRMED)
                if Outcome.CHANNEL_BROKEN in outcomes:
                    return confirmed
                time.sleep(pause_seconds(len(batch), time.monotonic() - started))


def _update_batch(gateway: Gateway, batch: Sequence[FcmSubscription], pool: ThreadPoolExecutor) -> list[Outcome]:
    return list(pool.map(lambda subscription: _update_at_fcm(gateway, subscription), batch))


def pause_seconds(calls: int, seconds: float) -> float:
    """Seconds to wait after `calls` calls that took `seconds`, so that the rate stays within CALLS_PER_SECOND."""
    return max(0, calls / CALLS_PER_SECOND - seconds)


@transaction.atomic
def _claim_due() -> list[FcmSubscription]:
    """Claim the due subscriptions whose turn is next: two calls about one must not overtake each other at FCM.

    Times are those of the database, because workers on several machines share it.
    """
    due = (
        FcmSubscription.objects.select_for_update(no_key=True, skip_locked=True, of=("self",))
        .filter(UNSETTLED)
        .exclude(claimed_until__gt=Now())
        .filter(next_try_at__lte=Now(), device__registration_id__isnull=False)
        .order_by("turn_at", "pk")
        .values_list("pk", flat=True)
    )
    claimed = list(due[: gate.allowance(Gate.Quota.TOPICS, BATCH_SIZE)])
    gate.take(Gate.Quota.TOPICS, len(claimed))
    rows = FcmSubscription.objects.filter(pk__in=claimed)
    rows.update(actual=None, claimed_until=Now() + CLAIM_DURATION)
    return list(rows.select_related("device"))  # their claimed_until identifies this claim: the fence


def _update_at_fcm(gateway: Gateway, subscription: FcmSubscription) -> Outcome:
    """Call FCM about one subscription and record the outcome. No transaction is open during the call."""
    registration_id = subscription.device.registration_id or ""
    call = gateway.subscribe if subscription.desired else gateway.unsubscribe
    try:
        call(registration_id, subscription.fcm_topic)
    except DeviceGone:
        devices.mark_registration_dead(subscription.device, registration_id)
        _claimed_by_us(subscription).update(actual=False, claimed_until=None)
        gate.confirm(Gate.Quota.TOPICS)
        return Outcome.POSTPONED
    except ChannelBroken as failure:
        deliveries.mark_channel_broken(failure)
        _try_again(subscription, deliveries.TRIAL_INTERVAL, failure)
        return Outcome.CHANNEL_BROKEN
    except QuotaExceeded as failure:
        gate.close(Gate.Quota.TOPICS, failure.seconds)
        _try_again(subscription, datetime.timedelta(seconds=failure.seconds), failure)
        return Outcome.POSTPONED
    except SendFailed as failure:
        _postpone(subscription, failure)
        return Outcome.POSTPONED
    else:
        _record_actual(subscription, registration_id)
        gate.confirm(Gate.Quota.TOPICS)
        return Outcome.CONFIRMED
    finally:
        connection.close()  # each thread has its own; the pool takes it back


def _record_actual(subscription: FcmSubscription, registration_id: str) -> None:
    """Record what FCM confirmed, for the device that has that registration id now.

    During the call the registration may have been replaced (then FCM knows nothing about the new one), may have moved
    to another device (then that device is on the topic), or our claim may have run out (then nobody knows whose call
    came last).

    No transaction holds subscriptions of two devices: a reader of both may lock them in the other order.
    """
    if not _record_for_holder(subscription, registration_id):
        FcmSubscription.objects.filter(pk=subscription.pk).update(actual=None, claimed_until=None, next_try_at=Now())


@transaction.atomic
def _record_for_holder(subscription: FcmSubscription, registration_id: str) -> bool:
    """Record the outcome for the device that has the registration id. Returns whether it is the one we called for.

    The device is locked so that its registration id stays while we write. Its key is left free: a follow that holds
    subscriptions of the device and adds another must not wait for us while we wait for those.
    """
    holder = Device.objects.select_for_update(no_key=True).filter(registration_id=registration_id).first()
    if holder and holder.pk == subscription.device_id:
        columns = {"actual": subscription.desired, "attempts": 0, "error": "", "claimed_until": None}
        return bool(_claimed_by_us(subscription).update(**columns))
    if holder:
        unknown = FcmSubscription(
            device=holder,
            fcm_topic=subscription.fcm_topic,
            desired=False,
            actual=None,
            next_try_at=Now(),
            turn_at=Now(),
        )
        FcmSubscription.objects.bulk_create(
            [unknown], update_conflicts=True, unique_fields=["device", "fcm_topic"], update_fields=["actual"]
        )
    return False


def _claimed_by_us(subscription: FcmSubscription) -> QuerySet[FcmSubscription]:
    """The fence: a worker whose claim ran out must not write what another worker has claimed since."""
    return FcmSubscription.objects.filter(pk=subscription.pk, claimed_until=subscription.claimed_until)


def _postpone(subscription: FcmSubscription, failure: Exception) -> None:
    """Try again after 10 s, 20 s, 40 s … 1 h, with jitter."""
    seconds = min(10 * 2**subscription.attempts, 3600) * random.uniform(0.5, 1)  # noqa: S311 (jitter, not a secret)
    _try_again(subscription, datetime.timedelta(seconds=seconds), failure, failed_attempts=1)


def _try_again(
    subscription: FcmSubscription, after: datetime.timedelta, failure: Exception, *, failed_attempts: int = 0
) -> None:
    """Give the claim back. The turn moves too: no claim reads past those that are not due."""
    _claimed_by_us(subscription).update(
        attempts=F("attempts") + failed_attempts,
        error=str(failure)[:200],
        claimed_until=None,
        next_try_at=Now() + after,
        turn_at=Now() + after,
    )
