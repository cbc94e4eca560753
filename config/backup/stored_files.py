"""Whether a backup has the files of materials that its rows refer to: a dump without them would restore to nothing."""

import hashlib
import tarfile
from collections.abc import Callable, Mapping
from typing import IO

from django.conf import settings
from django.utils.translation import gettext as _

from config.backup.manifest import CHUNK
from content.errors import RuleBroken
from content.stored_files import storage

FOLDER = "media"  # of BACKUP_FOLDERS


def check_packed_files(packed: IO[bytes], used: Mapping[str, int], progress: Callable[[int], object]) -> None:
    """Compare the packed folder with the files that rows use: {SHA-256: size}. Each is read to its end.

    Raises RuleBroken("files_missing"), and "broken_backup" for bytes that do not have the hash of their name.
    """
    missing = {storage.path_of(sha256): sha256 for sha256 in used}
    try:
        with tarfile.open(fileobj=packed, mode="r|") as tar:
            for member in tar:
                sha256 = missing.pop(member.name, None)
                content = tar.extractfile(member) if sha256 else None
                if sha256 and (content is None or _hash_of(content, progress) != (sha256, used[sha256])):
                    words = _("The file %(name)s of a material is damaged. Upload it again, then take another backup.")
                    raise RuleBroken("broken_backup", words % {"name": sha256})
    except tarfile.TarError as error:
        words = _("The backup is damaged: %(name)s is not as it was written. Nothing was changed. Take another backup.")
        raise RuleBroken("broken_backup", words % {"name": f"{FOLDER}.tar"}) from error
    _refuse_missing(sorted(missing.values()), str(settings.BACKUP_FOLDERS[FOLDER]))


def check_bucket(used: Mapping[str, int], progress: Callable[[int], object]) -> None:
    """Ask the bucket for the size of each file that rows use. Raises RuleBroken("files_missing")."""
    missing = []
    for sha256, size in used.items():
        found = storage.stored_facts(sha256)
        if found is None or found.size != size:
            missing.append(sha256)
        progress(size)
    _refuse_missing(missing, settings.MEDIA_BUCKET)


def _refuse_missing(missing: list[str], place: str) -> None:
    if missing:
        words = _("%(place)s lacks %(count)d files of materials, for example %(name)s. Is it the right place?")
        raise RuleBroken("files_missing", words % {"place": place, "count": len(missing), "name": missing[0]})


def _hash_of(content: IO[bytes], progress: Callable[[int], object]) -> tuple[str, int]:
    digest, size = hashlib.sha256(), 0
    while part := content.read(CHUNK):
        digest.update(part)
        size += len(part)
        progress(len(part))
    return digest.hexdigest(), size
