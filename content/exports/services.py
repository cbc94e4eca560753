"""Write bulk exports: gzipped JSON Lines, archives, a manifest with sizes and SHA-256. An export is never partial."""

import gzip
import hashlib
import json
import os
import shutil
import tempfile
import time
import zipfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from django.conf import settings
from django.utils import timezone

from content.exports import queries
from content.seals import services as seals

EXPORTS_KEPT = 7  # public exports: a download can be resumed for a week
ABANDONED_SECONDS = 24 * 3600
GZIP_LEVEL = 6  # 9 takes nearly twice as long, for files that are a fiftieth smaller
FIRST_ZIP_TIME = (1980, 1, 1, 0, 0, 0)
LEGAL_TEXTS_LICENCE = (
    "Legal documents, administrative documents and their official translations are outside copyright: "
    "Law on Intellectual Property 50/2005/QH11, Article 15."
)
SEALED_MANIFEST = "manifest"  # what the seal of a manifest is about
METADATA_LICENCE = "CC0-1.0"
DOCUMENTS_LICENCE = {"texts": LEGAL_TEXTS_LICENCE, "metadata": METADATA_LICENCE}
QUESTIONS_LICENCE = {
    "texts": f"Answers: {settings.OWN_TEXTS_LICENCE}. Questions: words of readers who agreed to their publication, "
    "redacted; give them with the answer only.",
    "metadata": METADATA_LICENCE,
}
EVENTS_LICENCE = {"texts": settings.OWN_TEXTS_LICENCE, "metadata": METADATA_LICENCE}
MATERIALS_LICENCE = {"texts": "Each material states its own licence.", "metadata": METADATA_LICENCE}


@dataclass(frozen=True)
class ExportFile:
    """A file to write. `lines`: bytes of one JSON object each, without a line end."""

    name: str  # documents.jsonl.gz
    description: str  # one line
    licence: dict[str, str]
    lines: Iterable[bytes]


@dataclass(frozen=True)
class ExportArchive:
    """An archive to write. `entries`: names of files and their bytes, one in memory at a time."""

    name: str  # akn.zip
    description: str  # one line
    licence: dict[str, str]
    entries: Iterable[tuple[str, bytes]]


def write_export(key: str, parts: Iterable[ExportFile | ExportArchive], **facts: Any) -> dict[str, Any]:
    """Write an export and return its manifest; `facts` are added to it. The same key again changes nothing.

    An export of that key from another history (`queries.is_public`) is replaced.

    The folder gets its name after all files are on disk, so that nobody sees a partial export, also after a crash. Only
    the newest EXPORTS_KEPT public exports are stored; older ones are removed. Of as many that are no longer public only
    the manifest stays, so that their addresses say what happened.
    """
    home = queries.folder()
    if existing := queries.manifest(key):
        if queries.is_public(existing):
            return existing
        shutil.rmtree(home / key, ignore_errors=True)
    home.mkdir(parents=True, exist_ok=True)
    _remove_abandoned(home)
    half = tempfile.mkdtemp(prefix=".half-", dir=home)
    try:
        files = [_write_file(os.path.join(half, part.name), part) for part in parts]
        finished_at = timezone.localtime().isoformat(timespec="seconds")
        manifest = {"key": key, **facts, "finished_at": finished_at, "files": files}
        manifest["seal"] = seal_of(manifest)
        with open(os.path.join(half, queries.MANIFEST), "xb") as file:
            file.write(json.dumps(manifest, ensure_ascii=False, indent=1).encode())
            _flush_to_disk(file)
        os.chmod(half, 0o755)  # noqa: S103 (public data, read by the web server)
        os.rename(half, home / key)
    except OSError:
        if (other := queries.manifest(key)) is None:
            raise
        return other  # another machine wrote the same export
    finally:
        shutil.rmtree(half, ignore_errors=True)
    _remove_old(home)
    return manifest


def seal_of(manifest: dict[str, Any]) -> str | None:
    """Our seal of a manifest; None where we have no key."""
    return seals.sign(claims_of(manifest)) if seals.can_sign() else None


def claims_of(manifest: dict[str, Any]) -> dict[str, Any]:
    """What the seal of a manifest says."""
    hashes = {file["name"]: file["sha256"] for file in manifest["files"]}
    named = {name: manifest.get(name, "") for name in ("key", "cursor", "chain")}
    return {"about": SEALED_MANIFEST, "files": hashes, **named}


def _remove_old(home: Path) -> None:
    by_public: dict[bool, list[dict[str, Any]]] = {True: [], False: []}
    for stored in queries.stored_manifests():
        by_public[queries.is_public(stored)].append(stored)
    for old in by_public[True][EXPORTS_KEPT:] + by_public[False][EXPORTS_KEPT:]:
        shutil.rmtree(home / old["key"], ignore_errors=True)
    for gone in by_public[False][:EXPORTS_KEPT]:
        for file in gone["files"]:
            (home / gone["key"] / file["name"]).unlink(missing_ok=True)


def _remove_abandoned(home: Path) -> None:
    """Remove partial exports of killed processes: those not written to for a day."""
    for half in home.glob(".half-*"):
        if time.time() - half.stat().st_mtime > ABANDONED_SECONDS:
            shutil.rmtree(half, ignore_errors=True)


def _write_file(path: str, part: ExportFile | ExportArchive) -> dict[str, Any]:
    with open(path, "xb") as file:
        lines = _write_lines(file, part) if isinstance(part, ExportFile) else _write_entries(file, part)
        _flush_to_disk(file)
    with open(path, "rb") as file:
        sha256 = hashlib.file_digest(file, "sha256").hexdigest()
    return {
        "name": part.name,
        "description": part.description,
        "media_type": "application/gzip" if isinstance(part, ExportFile) else "application/zip",
        "lines": lines,
        "size": os.path.getsize(path),
        "sha256": sha256,
        "licence": part.licence,
    }


def _write_lines(file: IO[bytes], part: ExportFile) -> int:
    lines = 0
    # without name and time, so that the same lines give the same bytes
    with gzip.GzipFile(filename="", mode="wb", compresslevel=GZIP_LEVEL, fileobj=file, mtime=0) as packed:
        for line in part.lines:
            packed.write(line + b"\n")
            lines += 1
    return lines


def _write_entries(file: IO[bytes], part: ExportArchive) -> int:
    """Write the entries as they come, each with the same time: the same content gives the same bytes."""
    count = 0
    with zipfile.ZipFile(file, "w") as archive:
        for name, content in part.entries:
            entry = zipfile.ZipInfo(name, FIRST_ZIP_TIME)
            archive.writestr(entry, content, zipfile.ZIP_DEFLATED)
            count += 1
    return count


def _flush_to_disk(file: IO[bytes]) -> None:
    file.flush()
    os.fsync(file.fileno())
