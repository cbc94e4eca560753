"""Background jobs of the notifications layer. Each may run twice, and on several machines at once."""

from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from notifications.follows.event_registrations import erase_old_registrations
from notifications.follows.reconciliation import reconcile_subscriptions
from notifications.follows.redrawn_provinces import move_followers
from notifications.follows.services import RECONCILE_TASK, delete_forgotten_devices
from notifications.follows.wrong_subscriptions import correct_subscriptions
from notifications.push.gateway import Gateway

RETRY_SOON = RetryStrategy(max_attempts=5, exponential_wait=2)


def register(gateway: Gateway) -> None:
    """Register the tasks of this layer, bound to the gateway of this process. Call it once, when Django is ready.

    Every change of a follow queues RECONCILE_TASK; the job of each minute catches what that missed.
    """

    @app.task(name=RECONCILE_TASK, retry=RETRY_SOON)
    def reconcile_follows() -> None:
        reconcile_subscriptions(gateway)

    @app.periodic(cron="* * * * *")
    @app.task(name="reconcile_every_minute", queueing_lock="reconcile_every_minute")
    def reconcile_every_minute(timestamp: int) -> None:
        move_followers()
        reconcile_subscriptions(gateway)
        delete_forgotten_devices()

    @app.periodic(cron="47 * * * *")  # another share of the readers each hour
    @app.task(name="correct_subscriptions", queueing_lock="correct_subscriptions", lock="correct_subscriptions")
    def wrong_subscriptions(timestamp: int) -> None:
        correct_subscriptions(timestamp // 3600)

    @app.periodic(cron="41 3 * * *")
    @app.task(name="erase_old_registrations", aliases=["forget_who_came"], queueing_lock="erase_old_registrations")
    def old_registrations(timestamp: int) -> None:
        erase_old_registrations()
