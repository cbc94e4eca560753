from django.core.management.base import BaseCommand

from content.transitions import services


class Command(BaseCommand):
    help = "Note in the day-book what changed at midnight, Viet Nam time. The worker does it; again changes nothing."

    def handle(self, **options):
        self.stdout.write(f"{services.record_due_transitions()} changes")
