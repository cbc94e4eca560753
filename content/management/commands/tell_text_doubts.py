from typing import Any

from django.core.management.base import BaseCommand

from content.copying.untold_doubts import record_untold_doubts
from content.management import CHECKS_OF_SETTINGS


class Command(BaseCommand):
    requires_system_checks = CHECKS_OF_SETTINGS
    help = "Write a line of the change log for each law whose text is doubtful and of which no line says so."

    def handle(self, **options: Any) -> None:
        self.stdout.write(f"{record_untold_doubts()} laws")
