"""Find the bulk exports on disk. Each export is a folder that is complete from the moment it has its name."""

import json
import re
from pathlib import Path
from typing import Any

from django.conf import settings

KEY_PATTERN = r"[0-9]{4}-[0-9]{2}-[0-9]{2}-[0-9]{1,18}"  # the day and the id of the last change
NAME_PATTERN = r"[a-z_]{1,40}\.(?:jsonl\.gz|zip)"
MANIFEST = "manifest.json"
FORMER_NAMES = {"bookmark": "cursor", "made_at": "created_at", "what": "description"}


def folder() -> Path:
    return Path(settings.EXPORTS_FOLDER)


def manifests() -> list[dict[str, Any]]:
    """The manifests of all stored exports, the newest first, as `services.write_export` wrote them."""
    if not folder().is_dir():
        return []
    keys = [each.name for each in folder().iterdir() if re.fullmatch(KEY_PATTERN, each.name)]
    found = (manifest(key) for key in sorted(keys, key=_sort_key, reverse=True))
    return [each for each in found if each]


def _sort_key(key: str) -> tuple[str, int]:
    return key[:10], int(key[11:])


def manifest(key: str) -> dict[str, Any] | None:
    """The manifest of one export; None if it does not exist or was removed."""
    try:
        return _with_current_names(json.loads((folder() / key / MANIFEST).read_bytes()))
    except FileNotFoundError:
        return None


def _with_current_names(manifest: dict[str, Any]) -> dict[str, Any]:
    """The manifest with today's names: exports written before 0.1.0 use `bookmark`, `made_at` and `what`."""
    current = {FORMER_NAMES.get(name, name): value for name, value in manifest.items()}
    return current | {
        "files": [{FORMER_NAMES.get(n, n): value for n, value in file.items()} for file in manifest["files"]]
    }


def file_path(key: str, name: str) -> Path | None:
    """The path of a file of an export. None if the manifest does not list it."""
    listed = manifest(key)
    is_listed = listed is not None and any(file["name"] == name for file in listed["files"])
    return folder() / key / name if is_listed else None
