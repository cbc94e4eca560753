"""Bulk files that are there: each export is a folder, whole from the moment it has its name."""

import json
import re
from pathlib import Path

from django.conf import settings

KEY_PATTERN = r"[0-9]{4}-[0-9]{2}-[0-9]{2}-[0-9]{1,18}"  # the day, and how far the day-book had come
NAME_PATTERN = r"[a-z_]{1,40}\.jsonl\.gz"
MANIFEST = "manifest.json"
FORMER_NAMES = {"bookmark": "cursor", "made_at": "created_at", "what": "description"}


def folder():
    return Path(settings.EXPORTS_FOLDER)


def manifests():
    """The manifests of all exports that are kept, the newest first, as `services.make` wrote them."""
    if not folder().is_dir():
        return []
    keys = [each.name for each in folder().iterdir() if re.fullmatch(KEY_PATTERN, each.name)]
    found = (manifest(key) for key in sorted(keys, key=_sort_key, reverse=True))
    return [each for each in found if each]


def _sort_key(key):
    return key[:10], int(key[11:])


def manifest(key):
    """That of one export; None where there is none, or none any more."""
    try:
        return _with_current_names(json.loads((folder() / key / MANIFEST).read_bytes()))
    except FileNotFoundError:
        return None


def _with_current_names(manifest):
    """The manifest with today's names: exports written before 0.1.0 use `bookmark`, `made_at` and `what`."""
    renamed = {FORMER_NAMES.get(name, name): value for name, value in manifest.items()}
    return renamed | {
        "files": [{FORMER_NAMES.get(n, n): value for n, value in file.items()} for file in manifest["files"]]
    }


def file_path(key, name):
    """Where the bytes of a file of an export are. None where the manifest names no such file."""
    listed = manifest(key)
    known = listed and any(file["name"] == name for file in listed["files"])
    return folder() / key / name if known else None
