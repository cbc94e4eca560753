"""The manifest of a backup: what belongs to it, with the SHA-256 of each file, and what its database must hold."""

import dataclasses
import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from content.errors import RuleBroken

FORMAT = 1
NAME = "manifest.json"
CHUNK = 2**20


@dataclass(frozen=True)
class StoredFile:
    """A file of a backup, as it is on the disk: encrypted or not."""

    name: str
    size: int  # bytes
    sha256: str  # hex


@dataclass(frozen=True)
class Manifest:
    """All of one moment: the database as one snapshot saw it, and the files that belong to it."""

    created_at: str  # ISO 8601, by the clock of the database
    server_version: int  # major version of PostgreSQL
    migrations: list[str]  # app.name of all that the database has
    change_log_head: int  # id of the newest change, 0 before the first
    rows: dict[str, int]  # by table of the schema public
    is_encrypted: bool
    bucket: str = ""  # where the files of materials are instead; empty: in the backup
    files: list[StoredFile] = dataclasses.field(default_factory=list)
    format: int = FORMAT

    def as_bytes(self) -> bytes:
        """The manifest as JSON."""
        return json.dumps(dataclasses.asdict(self), ensure_ascii=False, indent=1, sort_keys=True).encode() + b"\n"


def read_manifest(folder: Path) -> Manifest:
    """The manifest of a backup. Raises RuleBroken("no_backup", "other_version", "broken_backup")."""
    try:
        written = json.loads((folder / NAME).read_bytes())
    except PermissionError:
        words = _("%(path)s cannot be read. Check the path and who may read it.")
        raise RuleBroken("no_backup", words % {"path": folder / NAME}) from None
    except OSError:
        words = _("%(path)s is no backup: it has no manifest.json. Name the folder that `manage.py backup` made.")
        raise RuleBroken("no_backup", words % {"path": folder}) from None
    except ValueError:
        raise _broken(NAME) from None
    if isinstance(written, dict) and written.get("format", FORMAT) != FORMAT:
        words = _(
            "The backup is in format %(format)s, this version reads format %(ours)d. Restore it with its version."
        )
        raise RuleBroken("other_version", words % {"format": written["format"], "ours": FORMAT})
    try:
        return _manifest(written)
    except (TypeError, ValueError, KeyError):
        raise _broken(NAME) from None


def _manifest(written: dict[str, Any]) -> Manifest:
    """A Manifest with columns of the right types. Raises TypeError, ValueError, KeyError."""
    files = [StoredFile(str(each["name"]), int(each["size"]), str(each["sha256"])) for each in written["files"]]
    if any("/" in each.name or each.name.startswith(".") for each in files):
        raise ValueError("a name leads out of the folder")
    return Manifest(
        created_at=str(written["created_at"]),
        server_version=int(written["server_version"]),
        migrations=[str(each) for each in written["migrations"]],
        change_log_head=int(written["change_log_head"]),
        rows={str(table): int(count) for table, count in written["rows"].items()},
        is_encrypted=bool(written["is_encrypted"]),
        bucket=str(written.get("bucket", "")),
        files=files,
    )


def describe_file(path: Path, progress: Callable[[int], object]) -> StoredFile:
    """Read a file from the disk. `progress` is called with the bytes of each part."""
    digest, size = hashlib.sha256(), 0
    with open(path, "rb") as file:
        while part := file.read(CHUNK):
            digest.update(part)
            size += len(part)
            progress(len(part))
    return StoredFile(path.name, size, digest.hexdigest())


def check_files(folder: Path, manifest: Manifest, progress: Callable[[int], object]) -> None:
    """Compare each file with the manifest. Raises RuleBroken("broken_backup") for the first that differs."""
    for expected in manifest.files:
        try:
            found = describe_file(folder / expected.name, progress)
        except OSError:
            raise _broken(expected.name) from None
        if found != expected:
            raise _broken(expected.name)


def _broken(name: str) -> RuleBroken:
    words = _("The backup is damaged: %(name)s is not as it was written. Nothing was changed. Take another backup.")
    return RuleBroken("broken_backup", words % {"name": name})
