import sys
from typing import Any

from django.core.management.base import BaseCommand
from tqdm import tqdm

from api.v1.sync import bulk_export
from config.backup.stopping import ending_on_sigterm
from content import database_limits, own_process
from content.management import CHECKS_OF_SETTINGS


class Command(BaseCommand):
    requires_system_checks = CHECKS_OF_SETTINGS
    help = "Write today's bulk export, as the worker does each night. Without new changes it writes nothing."

    def handle(self, **options: Any) -> None:
        if own_process.end_with_parent():  # a job's
            database_limits.use(database_limits.Work.JOBS)
        total = bulk_export.estimated_line_count()
        with ending_on_sigterm(), tqdm(total=total, unit="line", disable=None, file=sys.stderr) as bar:
            manifest = bulk_export.write_bulk_export(progress=bar.update)
        for file in manifest["files"]:
            self.stdout.write(f"{file['sha256']}  {file['name']}  {file['lines']} lines, {file['size']} bytes")
        self.stdout.write(f"export {manifest['key']}, change log up to {manifest['cursor']}")
