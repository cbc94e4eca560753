from typing import Any

from django.core.management.base import BaseCommand, CommandError

from content.changes import chain
from content.management import CHECKS_OF_SETTINGS

SHOWN = 20  # breaks


class Command(BaseCommand):
    requires_system_checks = CHECKS_OF_SETTINGS
    help = (
        "Walk the chain of the public change log and report each line that does not fit. Ends with 1 if one does not."
    )

    def handle(self, **options: Any) -> None:
        """Raises CommandError if a line was rewritten, or one before it is missing."""
        broken = 0
        for each in chain.breaks():
            broken += 1
            if broken <= SHOWN:
                self.stdout.write(f"line {each.key}: its chain is {each.stored or 'missing'}, not {each.computed}")
        head = chain.head()
        if broken:
            raise CommandError(f"{broken} lines do not fit. The log was rewritten, or lost lines.")
        self.stdout.write(f"The chain is whole. Last line: {head.key} {head.chain}")
