from typing import Any

from django.core.management.base import BaseCommand

from content.management import CHECKS_OF_SETTINGS
from content.seals import keys


class Command(BaseCommand):
    requires_system_checks = CHECKS_OF_SETTINGS
    help = "Print a new Ed25519 key. Append it to the file that SEAL_KEYS_FILE names: the last key signs."

    def handle(self, **options: Any) -> None:
        self.stdout.write(keys.new_key(), ending="")
