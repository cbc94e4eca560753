"""`manage.py open_gate`: let calls to FCM through before the time that a 429 named."""

import argparse
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from content.errors import RuleBroken
from content.management import CHECKS_OF_SETTINGS
from notifications.deliveries.models import Gate
from notifications.quotas import open_gate


class Command(BaseCommand):
    """Open the gate of a quota, see `help`."""

    requires_system_checks = CHECKS_OF_SETTINGS
    help = (
        "Let calls to FCM through now, though a 429 closed them for longer. The audit log records it with the reason."
    )

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """Which quota, and why."""
        parser.add_argument("quota", choices=Gate.Quota.values, help="send: pushes; topics: subscriptions to topics")
        parser.add_argument("--reason", required=True, help="why; stored in the audit log")

    def handle(self, quota: str, reason: str, **options: Any) -> None:
        """Open it, and print until when it was closed."""
        try:
            until = open_gate(Gate.Quota(quota), reason=reason)
        except RuleBroken as refusal:
            raise CommandError(str(refusal)) from None
        self.stdout.write(
            f"Open. It was closed until {timezone.localtime(until):%H:%M:%S %d/%m/%Y}. One call tries it first."
        )
