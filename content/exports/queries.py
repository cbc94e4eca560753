"""Find the bulk exports on disk. Each export is a folder that is complete from the moment it has its name.

An export is public only while nothing that it contains was withdrawn, or lost words by a correction or with an
amendment that was withdrawn, since it was made. The change log is asked at each request, so that no service can forget
to say it.
"""

import datetime
import json
import re
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db.models import Exists, OuterRef
from django.utils import timezone

from content.changes.queries import public_changes, removals

KEY_PATTERN = r"[0-9]{4}-[0-9]{2}-[0-9]{2}-[0-9]{1,18}"  # the day and the id of the last change
NAME_PATTERN = r"[a-z_]{1,40}\.(?:jsonl\.gz|zip)"
MANIFEST = "manifest.json"
REPLACED_AFTER = datetime.timedelta(minutes=10)  # since the newest was written: a run of corrections makes few exports
FORMER_NAMES = {"bookmark": "cursor", "made_at": "created_at", "what": "description"}


def folder() -> Path:
    return Path(settings.EXPORTS_FOLDER)


def manifests() -> list[dict[str, Any]]:
    """The manifests of the public exports, the newest first, as `services.write_export` wrote them."""
    return [each for each in stored_manifests() if is_public(each)]


def stored_manifests() -> list[dict[str, Any]]:
    """The manifests of all exports on disk, the newest first, also of those that are no longer public."""
    if not folder().is_dir():
        return []
    keys = [each.name for each in folder().iterdir() if re.fullmatch(KEY_PATTERN, each.name)]
    found = (manifest(key) for key in sorted(keys, key=_sort_key, reverse=True))
    return [each for each in found if each]


def is_public(manifest: dict[str, Any]) -> bool:
    """Whether nothing that the export contains was withdrawn, or lost words, since it was made.

    One of another history is not public: the log says nothing about what it contains.
    """
    if not is_of_this_history(manifest):
        return False
    cursor = int(manifest["cursor"])
    contained = public_changes().order_by().filter(pk__lte=cursor, subject=OuterRef("subject"))
    return not removals().filter(Exists(contained), pk__gt=cursor).exists()


def is_of_this_history(manifest: dict[str, Any]) -> bool:
    """Whether the change log still has the change at which the export was made.

    Not if the database was restored to an earlier state: then the cursor of the export is ahead of the log, or by now
    the id of another change. Older exports do not say at which change they were made, and quote in `changes` what
    corrections took out; they do not count.
    """
    cursor = int(manifest["cursor"])
    return cursor == 0 or manifest.get("last_change_at", "") == changed_at_of(cursor) != ""


def changed_at_of(change_id: int) -> str:
    """When that public change was made, to the microsecond: with the id it tells one history from another. "" if none.

    A restored database gives the ids after its last change again, to other changes.
    """
    moment = public_changes().filter(pk=change_id).values_list("changed_at", flat=True).first()
    return moment.astimezone(datetime.UTC).isoformat(timespec="microseconds") if moment else ""


def is_replacement_due() -> bool:
    """Whether the export that was written last is no longer public, and was complete REPLACED_AFTER ago."""
    newest = max(stored_manifests(), key=_finished_at, default=None)
    if newest is None or timezone.now() - _finished_at(newest) < REPLACED_AFTER:
        return False
    return not is_public(newest)


def created_at(manifest: dict[str, Any]) -> datetime.datetime:
    """When the export was made."""
    return datetime.datetime.fromisoformat(manifest["created_at"])


def _finished_at(manifest: dict[str, Any]) -> datetime.datetime:
    """When its last file was complete; exports written before 0.1.0 say only when they began."""
    return datetime.datetime.fromisoformat(manifest.get("finished_at", manifest["created_at"]))


def _sort_key(key: str) -> tuple[str, int]:
    return key[:10], int(key[11:])


def manifest(key: str) -> dict[str, Any] | None:
    """The manifest of one stored export, public or not; None if it does not exist or was removed."""
    try:
        return _with_current_names(json.loads((folder() / key / MANIFEST).read_bytes()))
    except FileNotFoundError:
        return None


def _with_current_names(manifest: dict[str, Any]) -> dict[str, Any]:
    """The manifest with today's names: exports written before 0.1.0 use `bookmark`, `made_at` and `what`."""
    current = {FORMER_NAMES.get(name, name): value for name, value in manifest.items()}
    current.setdefault("chain", "")  # as all exports written before there was one
    current.setdefault("seal", None)
    return current | {
        "files": [{FORMER_NAMES.get(n, n): value for n, value in file.items()} for file in manifest["files"]]
    }


def file_path(key: str, name: str) -> Path | None:
    """The path of a file of an export. None if the manifest does not list it."""
    listed = manifest(key)
    is_listed = listed is not None and any(file["name"] == name for file in listed["files"])
    return folder() / key / name if is_listed else None
