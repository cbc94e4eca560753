from typing import Any

from django.core.management.base import BaseCommand

from content.management import CHECKS_OF_SETTINGS
from content.sync import queries
from content.transitions import services


class Command(BaseCommand):
    requires_system_checks = CHECKS_OF_SETTINGS
    help = "Record what changed at midnight, Viet Nam time. The worker does it too; a repeat changes nothing."

    def handle(self, **options: Any) -> None:
        count = services.record_due_transitions(told_homes=queries.told_homes())
        self.stdout.write(f"{count} changes")
