from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _
from tqdm import tqdm

from content.management import CHECKS_OF_SETTINGS
from content.peer_client.client import PeerClient
from content.sync.following import work_once
from content.sync.leases import LeaseKeeper, claim
from content.sync.models import Peer

MOST_ROUNDS = 100_000


class Command(BaseCommand):
    requires_system_checks = CHECKS_OF_SETTINGS
    help = "Read one installation, named by its host, until nothing new is there, and report what was done."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("peer", help="host and port, as the list of other installations names it")

    def handle(self, *, peer: str, **options: Any) -> None:
        """Raises CommandError if the installation is unknown, is not read, or answers wrongly."""
        found = Peer.objects.filter(key=peer).first()
        if found is None:
            raise CommandError(_("%s is none of the other installations. Add it at the staff site.") % peer)
        if not found.is_working:
            state = f"{found.get_state_display()}. {found.error}".strip()
            message = _("%(peer)s is not read: %(state)s Its page at the staff site says what to do.")
            raise CommandError(message % {"peer": peer, "state": state})
        with LeaseKeeper() as leases:
            self._read(found, leases)

    def _read(self, found: Peer, leases: LeaseKeeper) -> None:
        lines, objects = 0, dict[str, int]()
        client = PeerClient(found.url)
        try:
            for _round in tqdm(range(MOST_ROUNDS), unit="round", disable=None):
                if (claimed := claim(found)) is None:
                    raise CommandError(
                        _("A worker reads it: what is new there comes by itself. This command is for when none runs.")
                    )
                found = claimed
                was_loaded = found.loaded_at is not None
                with leases.keeping(found):
                    outcome = work_once(found, client)
                lines += outcome.lines
                for name, count in outcome.objects.items():
                    objects[name] = objects.get(name, 0) + count
                if outcome.error:
                    raise CommandError(outcome.error)
                if was_loaded and not outcome.lines:
                    break
        finally:
            client.close()
        done = ", ".join(f"{count} {name}" for name, count in sorted(objects.items())) or "nothing to do"
        self.stdout.write(f"{lines} lines; {done}; at line {found.bookmark}")
