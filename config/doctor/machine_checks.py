"""The machine: folders and their disks."""

import os
import tempfile
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext as _

from api.health import has_room
from config.doctor.problems import Problem
from config.start_errors import FULL


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
    return found


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
