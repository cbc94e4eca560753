"""Enter readers in contests, and subscribe their devices to the contest's FCM topics as long as they take part."""

from typing import Any

from django.db import transaction

from content.contests import services as contests
from content.contests.models import Contest, Entry
from content.people.models import Reader
from notifications.devices import services as devices
from notifications.follows.services import update_desired_subscriptions


@transaction.atomic
def enter(contest: Contest, reader: Reader, **validated_data: Any) -> tuple[Entry, bool]:
    """Enter a reader, see contests.services.enter. Returns (entry, created)."""
    devices.lock_reader(reader)
    entry, created = contests.enter(contest, reader, **validated_data)
    if created:
        update_desired_subscriptions(reader)
    return entry, created


@transaction.atomic
def withdraw(contest: Contest, reader: Reader) -> None:
    """Withdraw a reader's entry, see contests.services.withdraw_entry."""
    devices.lock_reader(reader)
    contests.withdraw_entry(contest, reader)
    update_desired_subscriptions(reader)
