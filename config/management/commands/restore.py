from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from config.backup import services
from config.backup.stopping import ending_on_sigterm
from config.management.commands.backup import bar
from content.errors import RuleBroken


class Command(BaseCommand):
    """Restores a backup, see `help`."""

    help = (
        "Restore a folder that `manage.py backup` made: into an empty database, an empty EXPORTS_FOLDER. Either "
        "everything is restored and compared with the manifest, or nothing is changed."
    )

    requires_system_checks = []  # one of them would make keys, and the place of those of the backup be taken

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("source", metavar="SOURCE", type=Path, help="the folder of the backup")
        parser.add_argument("--passphrase-file", type=Path, help="of an encrypted backup: the file with its passphrase")

    def handle(self, *, source: Path, passphrase_file: Path | None, **options: Any) -> None:
        try:
            with ending_on_sigterm():
                restored = services.restore(source, bar, passphrase_file=passphrase_file)
        except RuleBroken as refusal:
            raise CommandError(str(refusal)) from None
        manifest = restored.manifest
        words = _("Restored the state of %(at)s: change log up to %(head)d, %(rows)d rows in %(tables)d tables.")
        facts = {"head": manifest.change_log_head, "rows": sum(manifest.rows.values()), "tables": len(manifest.rows)}
        self.stdout.write(words % {"at": manifest.created_at, **facts})
        if restored.keys_file and not settings.SEAL_KEYS_LOCAL_FILE:  # a local installation looks there by itself
            words = _("The signing keys are in %(path)s. Name that file in SEAL_KEYS_FILE.")
            self.stdout.write(words % {"path": restored.keys_file})
