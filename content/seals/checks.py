"""A system check: an installation that cannot sign receipts freezes no round of a contest."""

from typing import Any

from django.core.checks import CheckMessage, Warning

from content.seals import services


def check_seal_keys(**options: Any) -> list[CheckMessage]:
    if services.can_sign():
        return []
    return [
        Warning(
            "SEAL_KEYS is not set: no round of a contest can be frozen.",
            hint="Write one with `manage.py make_seal_key` and name the file in SEAL_KEYS_FILE.",
            id="content.W001",
        )
    ]
