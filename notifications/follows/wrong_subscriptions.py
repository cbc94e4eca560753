"""Corrects desired subscriptions that are not those which the follows of a reader ask for.

A new follow only adds its own topics. So what else changes the topics that a reader asks for is found here, within a
day: the end of a contest, a document that was deleted with its follows, and a notification type of this release for a
follow that a process of the release before still wrote.
"""

import logging
import uuid

from django.db import DatabaseError, transaction

from content.errors import RuleBroken
from content.people.models import Reader
from notifications.devices import services as devices
from notifications.follows import services

SHARES = 24  # of all readers, by their random ids; the job takes one an hour

log = logging.getLogger(__name__)


def correct_subscriptions(number: int) -> int:
    """Correct the subscriptions of share `number` (modulo SHARES) of the readers whom FCM can reach.

    Returns how many were wrong. Each reader is a transaction of their own; a repeat changes nothing.
    """
    first, end = (2**128 * each // SHARES for each in (number % SHARES, number % SHARES + 1))
    share = Reader.objects.filter(pk__range=(uuid.UUID(int=first), uuid.UUID(int=end - 1)))
    reachable = share.filter(devices__registration_id__isnull=False).order_by("pk").distinct()
    return sum(_corrected_or_logged(reader) for reader in list(reachable))


def _corrected_or_logged(reader: Reader) -> bool:
    """One reader who cannot be corrected, for example at the limit of FCM, holds up nobody else."""
    try:
        return _correct(reader)
    except (RuleBroken, DatabaseError, Reader.DoesNotExist):
        log.exception("subscriptions_not_corrected")
        return False


def _correct(reader: Reader) -> bool:
    """Whether the subscriptions were wrong. Only then the reader is locked, and looked at again."""
    if not services.has_wrong_subscriptions(reader):
        return False
    with transaction.atomic():
        devices.lock_reader(reader)
        services.update_desired_subscriptions(reader)
    return True
