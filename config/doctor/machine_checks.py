"""The machine: folders and their disks."""

import os
import tempfile
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext as _

from api.health import has_room
from config.doctor.problems import Problem
from config.start_errors import FULL
from content.stored_files import storage
from content.stored_files.models import StoredFile

LITTLE_BYTES, LITTLE_PART = 2 * 2**30, 0.1  # both: a small disk that is empty has room
FILES_SOUGHT = 20


def check_folders() -> list[Problem]:
    """Whether our folders can be written and their disks have space."""
    found = []
    for setting, folder in folders().items():
        if not _is_writable(folder):
            words = _("%(setting)s is %(path)s, where this account may not write. Change its owner or name another.")
            found.append(Problem("folder_not_writable", words % {"setting": setting, "path": folder}))
        elif not has_room(folder):
            words = _("The disk of %(path)s (%(setting)s) is full. Free some space, or name another folder.")
            found.append(Problem("disk_full", words % {"setting": setting, "path": folder}))
        else:
            found += room_problems(setting, folder, *_disk(folder))
    return found


def check_stored_files() -> list[Problem]:
    """Whether the files of materials are where the settings say: a disk may not be mounted, a restore may lack them.

    A sample: those that were stored last.
    """
    newest = StoredFile.objects.filter(uses__isnull=False).order_by("-pk").distinct()[:FILES_SOUGHT]
    sought = list(newest.values_list("sha256", flat=True))
    try:
        missing = [sha256 for sha256 in sought if not _is_stored(sha256)]
    except OSError as error:
        return _unreadable_files(error)
    if not missing:
        return []
    words = _(
        "%(place)s lacks %(count)d of the %(sought)d files of materials that were stored last, for example %(name)s. "
        "Mount its disk, correct the setting, or restore the files from a backup."
    )
    bucket = settings.MEDIA_BUCKET
    place = f"MEDIA_BUCKET={bucket}" if bucket else f"MEDIA_FOLDER={settings.MEDIA_FOLDER}"
    named = {"place": place, "count": len(missing), "sought": len(sought), "name": missing[0]}
    return [Problem("files_missing", words % named)]


def _is_stored(sha256: str) -> bool:
    try:
        storage.open_part(sha256, 0, 1).close()
    except FileNotFoundError:
        return False
    return True


def _unreadable_files(error: OSError) -> list[Problem]:
    """Of a bucket that refuses or does not answer. Of a folder `check_folders` says it."""
    if not settings.MEDIA_BUCKET:
        return []
    words = _(
        "The bucket %(name)s gives no files: %(reason)s. "
        "Look at MEDIA_S3_ENDPOINT, MEDIA_S3_KEY_ID and MEDIA_S3_SECRET."
    )
    return [Problem("bucket_away", words % {"name": settings.MEDIA_BUCKET, "reason": error})]


def room_problems(setting: str, folder: Path, left: int, whole: int) -> list[Problem]:
    """`left` and `whole`: the bytes of the disk that are free, and all."""
    if left >= LITTLE_BYTES or left >= LITTLE_PART * whole:
        return []
    words = _(
        "The disk of %(path)s (%(setting)s) is nearly full: %(count)d MB are left. "
        "Free some space, or name another folder."
    )
    return [Problem("disk_nearly_full", words % {"setting": setting, "path": folder, "count": left // 2**20})]


def _disk(folder: Path) -> tuple[int, int]:
    """Bytes of the disk of a folder that may not exist yet: free ones, and all."""
    while not folder.exists() and folder != folder.parent:
        folder = folder.parent
    disk = os.statvfs(folder)
    return disk.f_bavail * disk.f_frsize, disk.f_blocks * disk.f_frsize


def folders() -> dict[str, Path]:
    """{setting that names it: folder} of what we write."""
    ours = {"EXPORTS_FOLDER": Path(settings.EXPORTS_FOLDER), "TMPDIR": Path(tempfile.gettempdir())}
    if not settings.MEDIA_BUCKET:
        ours["MEDIA_FOLDER"] = Path(settings.MEDIA_FOLDER)
    if settings.UPLOADS_FOLDER:
        ours["UPLOADS_FOLDER"] = Path(settings.UPLOADS_FOLDER)
    return ours | ({"LUATMO_HOME": Path(settings.HOME)} if settings.LOCAL else {})


def _is_writable(folder: Path) -> bool:
    """Whether we may write there, or make the folder where it does not exist yet. It is tried."""
    while not folder.exists() and folder != folder.parent:
        folder = folder.parent
    try:
        with tempfile.TemporaryFile(dir=folder):
            return os.access(folder, os.W_OK | os.X_OK)
    except OSError as error:
        return error.errno in FULL  # that is said in other words
