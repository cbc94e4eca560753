from typing import Any

from django.core.management.base import BaseCommand

from content.transitions import services


class Command(BaseCommand):
    help = "Record what changed at midnight, Viet Nam time. The worker does it too; a repeat changes nothing."

    def handle(self, **options: Any) -> None:
        self.stdout.write(f"{services.record_due_transitions()} changes")
