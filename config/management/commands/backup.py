import sys
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _
from tqdm import tqdm

from config.backup import services
from config.backup.stopping import ending_on_sigterm
from content.errors import RuleBroken
from content.management import CHECKS_OF_SETTINGS


class Command(BaseCommand):
    """Takes a backup, see `help`."""

    requires_system_checks = CHECKS_OF_SETTINGS
    help = (
        "Write database, bulk exports and signing keys of one moment into a new folder, then restore them into a "
        "scratch database and compare. Everything may run meanwhile."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("target", metavar="TARGET", type=Path, help="a folder that does not exist yet, or is empty")
        parser.add_argument(
            "--passphrase-file", type=Path, help="encrypt with the first line of this file (openssl); keep it elsewhere"
        )
        parser.add_argument("--no-verify", action="store_true", help="do not restore the backup to try it")

    def handle(self, *, target: Path, passphrase_file: Path | None, no_verify: bool, **options: Any) -> None:
        try:
            with ending_on_sigterm():
                made = services.back_up(target, bar, passphrase_file=passphrase_file, is_verified=not no_verify)
        except RuleBroken as refusal:
            raise CommandError(str(refusal)) from None
        for file in made.files:
            self.stdout.write(f"{file.sha256}  {file.name}  {file.size} bytes")
        words = _("Backup in %(path)s: change log up to %(head)d, %(rows)d rows in %(tables)d tables, %(state)s.")
        state = _("not verified") if no_verify else _("verified by restoring it")
        facts = {"head": made.change_log_head, "rows": sum(made.rows.values()), "tables": len(made.rows)}
        self.stdout.write(words % {"path": target, "state": state, **facts})
        if made.bucket:
            words = _("The files of materials are in the bucket %(name)s, and not in this backup. Keep its versions.")
            self.stdout.write(words % {"name": made.bucket})


def bar(name: str, total: int | None) -> Any:
    """A bar in a terminal, nothing elsewhere."""
    counts_bytes = total is None or total > 10_000
    unit = {"unit": "B", "unit_scale": True} if counts_bytes else {"unit": ""}
    return tqdm(desc=name, total=total, disable=None, file=sys.stderr, **unit)
