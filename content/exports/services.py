"""Writing bulk files: gzip of JSON Lines with a manifest of sizes and SHA-256, all of an export or nothing of it."""

import contextlib
import gzip
import hashlib
import json
import os
import shutil
import tempfile
import time
from dataclasses import dataclass

from django.conf import settings
from django.db import connection, transaction

from content.exports import queries

EXPORTS_KEPT = 7  # exports: whoever resumes a download has a week
ABANDONED_SECONDS = 24 * 3600
LEGAL_TEXTS_LICENCE = (
    "Legal documents, administrative documents and their official translations are outside copyright: "
    "Law on Intellectual Property 50/2005/QH11, Article 15."
)
METADATA_LICENCE = "CC0-1.0"
DOCUMENTS_LICENCE = {"texts": LEGAL_TEXTS_LICENCE, "metadata": METADATA_LICENCE}
QUESTIONS_LICENCE = {
    "texts": f"Answers: {settings.OWN_TEXTS_LICENCE}. Questions: words of readers who agreed to their publication, "
    "redacted; give them with the answer only.",
    "metadata": METADATA_LICENCE,
}
EVENTS_LICENCE = {"texts": settings.OWN_TEXTS_LICENCE, "metadata": METADATA_LICENCE}


@dataclass(frozen=True)
class ExportFile:
    """A file to write. `lines`: bytes of one JSON object each, without a line end."""

    name: str  # documents.jsonl.gz
    description: str  # of one line
    licence: dict
    lines: object


@contextlib.contextmanager
def snapshot():
    """All that is read inside is of one moment. Inside a transaction of somebody else's it is theirs that decides."""
    if connection.in_atomic_block:
        yield
        return
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        yield


def write_export(key, parts, **facts):
    """Write an export and return its manifest; `facts` are added to it. The same key again changes nothing.

    It is written beside and gets its name when it is whole and on the disk: a reader never sees half of one, and a
    break leaves nothing that is taken for one. Older exports than the last KEEP are removed.
    """
    standing = queries.manifest(key)
    if standing:
        return standing
    home = queries.folder()
    home.mkdir(parents=True, exist_ok=True)
    _remove_abandoned(home)
    half = tempfile.mkdtemp(prefix=".half-", dir=home)
    try:
        files = [_write_file(os.path.join(half, part.name), part) for part in parts]
        manifest = {"key": key, **facts, "files": files}
        with open(os.path.join(half, queries.MANIFEST), "xb") as file:
            file.write(json.dumps(manifest, ensure_ascii=False, indent=1).encode())
            _flush_to_disk(file)
        os.chmod(half, 0o755)  # noqa: S103 (public data, read by the web server)
        os.rename(half, home / key)
    except OSError:
        if (quicker := queries.manifest(key)) is None:
            raise
        return quicker  # another machine's, of the same moment
    finally:
        shutil.rmtree(half, ignore_errors=True)
    for old in queries.manifests()[EXPORTS_KEPT:]:
        shutil.rmtree(home / old["key"], ignore_errors=True)
    return manifest


def _remove_abandoned(home):
    """Remove what killed exports left: halves that nobody has written to for a day."""
    for half in home.glob(".half-*"):
        if time.time() - half.stat().st_mtime > ABANDONED_SECONDS:
            shutil.rmtree(half, ignore_errors=True)


def _write_file(path, part):
    lines = 0
    with open(path, "xb") as file:
        # no name and no time inside: the same lines are the same bytes
        with gzip.GzipFile(filename="", mode="wb", fileobj=file, mtime=0) as packed:
            for line in part.lines:
                packed.write(line + b"\n")
                lines += 1
        _flush_to_disk(file)
    with open(path, "rb") as file:
        sha256 = hashlib.file_digest(file, "sha256").hexdigest()
    return {
        "name": part.name,
        "description": part.description,
        "media_type": "application/gzip",
        "lines": lines,
        "size": os.path.getsize(path),
        "sha256": sha256,
        "licence": part.licence,
    }


def _flush_to_disk(file):
    file.flush()
    os.fsync(file.fileno())
