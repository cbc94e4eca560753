from pathlib import Path
from typing import Any

import yaml
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from api.types import JSONObject
from config.management.breaking_changes import breaking_changes

RELEASED_CONTRACT = Path(settings.BASE_DIR) / "docs" / "released" / "v1.yaml"


def read_openapi(path: Path) -> JSONObject:
    """A parsed OpenAPI file. Uses libyaml if available: ten times faster on 15,000 lines."""
    contract: JSONObject = yaml.load(path.read_text(), Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))  # noqa: S506 (both are safe)
    return contract


class Command(BaseCommand):
    help = "Compare openapi.yaml with the last released copy. Exit with 1 and list breaking changes (docs/contract.md)."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--released", type=Path, default=RELEASED_CONTRACT)

    def handle(self, *, released: Path, **options: Any) -> None:
        current = Path(settings.BASE_DIR) / "openapi.yaml"
        broken = breaking_changes(read_openapi(released), read_openapi(current))
        if broken:
            raise CommandError("Breaking changes against the released contract:\n  " + "\n  ".join(broken))
        self.stdout.write("No breaking changes against the released contract.")
