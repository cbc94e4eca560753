"""Files by their content, in the storage that Django's settings name: `ab/abcd…`. A stored file never changes."""

import contextlib
import datetime
import hashlib
import re
import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import IO

from django.conf import settings
from django.core.files import File
from django.core.files.storage import default_storage
from django.utils.translation import gettext as _

from content.errors import RuleBroken
from content.stored_files.file_types import EXTENSIONS, HEAD_BYTES, MIB, MediaType, max_bytes, media_type_of

FOLDER, HASH = re.compile(r"[0-9a-f]{2}"), re.compile(r"[0-9a-f]{64}")
SPOOL_BYTES = MIB  # kept in memory; what is larger goes to a temporary file


@dataclass(frozen=True)
class ReceivedFile:
    """A file that somebody sends, whole and not yet stored."""

    file: IO[bytes]
    media_type: MediaType
    size: int  # bytes
    sha256: str


@contextlib.contextmanager
def received(chunks: Iterable[bytes]) -> Iterator[ReceivedFile]:
    """Take a file in, a chunk at a time, and tell its type by its first bytes.

    Raises RuleBroken with the field "file": "unknown_file_type", "file_too_large" (as soon as it is), "file_empty".
    """
    digest, size, media_type = hashlib.sha256(), 0, None
    with tempfile.SpooledTemporaryFile(SPOOL_BYTES, dir=settings.FILE_UPLOAD_TEMP_DIR) as file:
        for chunk in _with_whole_head(chunks):
            media_type = media_type or _known_type(chunk)
            size += len(chunk)
            if size > max_bytes(media_type):
                message = _("A file of this type has at most %d MiB.") % (max_bytes(media_type) // MIB)
                raise RuleBroken("file_too_large", message, field="file")
            digest.update(chunk)
            file.write(chunk)
        if media_type is None:
            raise RuleBroken("file_empty", _("The file is empty."), field="file")
        file.seek(0)
        yield ReceivedFile(file, media_type, size, digest.hexdigest())


def _with_whole_head(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """The same bytes; the first chunk has HEAD_BYTES, or is all there is."""
    head = b""
    for chunk in chunks:
        if len(head) < HEAD_BYTES:
            head += chunk
            if len(head) >= HEAD_BYTES:
                yield head
        else:
            yield chunk
    if 0 < len(head) < HEAD_BYTES:
        yield head


def _known_type(head: bytes) -> MediaType:
    found = media_type_of(head[:HEAD_BYTES])
    if found is None:
        known = ", ".join(each.upper() for each in EXTENSIONS.values())
        raise RuleBroken("unknown_file_type", _("Upload one of these types: %s.") % known, field="file")
    return found


def path_of(sha256: str) -> str:
    """Where a file is in the storage."""
    return f"{sha256[:2]}/{sha256}"


def write(sha256: str, file: IO[bytes], size: int) -> None:
    """Store a file under its hash. One that is there whole stays; what an interrupted write left is replaced."""
    path = path_of(sha256)
    if default_storage.exists(path):
        if default_storage.size(path) == size:
            return
        default_storage.delete(path)
    file.seek(0)
    default_storage.save(path, File(file))


@dataclass(frozen=True)
class StoredFacts:
    """What the storage itself says of a file."""

    size: int  # bytes
    stored_at: datetime.datetime


def stored_facts(sha256: str) -> StoredFacts | None:
    """The size of the stored file and when it was written; None if it is not there."""
    path = path_of(sha256)
    try:
        return StoredFacts(default_storage.size(path), default_storage.get_modified_time(path))
    except FileNotFoundError:
        return None


def stored_hashes() -> Iterator[list[str]]:
    """The hashes of all stored files, a folder at a time. What is not ours is left out."""
    try:
        folders, _files = default_storage.listdir("")
    except FileNotFoundError:  # nothing was stored yet
        return
    for folder in sorted(filter(FOLDER.fullmatch, folders)):
        _folders, names = default_storage.listdir(folder)
        yield [name for name in names if HASH.fullmatch(name) and name.startswith(folder)]


def open_part(sha256: str, first: int, length: int) -> IO[bytes]:
    """The stored file at its byte `first`, to be closed by the caller; at least `length` bytes follow. Raises OSError.

    Of a bucket only these bytes are fetched.
    """
    if part := getattr(default_storage, "open_part", None):
        opened: IO[bytes] = part(path_of(sha256), first, length)
        return opened
    file = open_file(sha256)
    file.seek(first)
    return file


def open_file(sha256: str) -> IO[bytes]:
    """The stored file, to be closed by the caller. Raises OSError."""
    return default_storage.open(path_of(sha256), "rb")


def delete(sha256: str) -> None:
    """Delete the stored file. A no-op if it is gone."""
    default_storage.delete(path_of(sha256))
