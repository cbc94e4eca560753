"""The files of an installation that are not in the database: folders, and the keys that sign."""

import contextlib
import os
import re
import secrets
import shutil
import tarfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO

from django.conf import settings
from django.utils.translation import gettext as _

from content.errors import RuleBroken
from content.exports import queries as exports
from content.seals import keys

EXPORTS, SEAL_KEYS = "exports.tar", "seal_keys.pem"
_HALF = re.compile(r"\.[0-9a-f]{8}\.half")
RESTORED_KEYS = "restored_seal_keys.pem"  # in LUATMO_HOME: production names the file itself


def write_exports(target: IO[bytes], progress: Callable[[int], object]) -> None:
    """Pack the bulk exports that are of the history of the database now. One that is deleted meanwhile is left out.

    Call it before the snapshot of the database is taken: the change log there then has all that an export quotes.
    """
    with tarfile.open(fileobj=target, mode="w|") as tar:
        for manifest in exports.stored_manifests():
            if not exports.is_of_this_history(manifest):
                continue
            with contextlib.suppress(FileNotFoundError):
                _add_folder(tar, exports.folder() / manifest["key"], progress)


def _add_folder(tar: tarfile.TarFile, folder: Path, progress: Callable[[int], object]) -> None:
    with contextlib.ExitStack() as stack:  # all are open before the first is packed: then none can vanish
        opened = [(each, stack.enter_context(each.open("rb"))) for each in sorted(folder.iterdir())]
        for path, file in opened:
            _add_file(tar, file, f"{folder.name}/{path.name}", progress)


def _add_file(tar: tarfile.TarFile, file: IO[bytes], name: str, progress: Callable[[int], object]) -> None:
    member = tar.gettarinfo(arcname=name, fileobj=file)
    member.uid = member.gid = 0
    member.uname = member.gname = ""
    tar.addfile(member, file)
    progress(member.size)


def folders() -> dict[str, Path]:
    """{file of the backup: folder that it holds}: the bulk exports, and those of BACKUP_FOLDERS."""
    others = {f"{name}.tar": Path(folder) for name, folder in settings.BACKUP_FOLDERS.items()}
    return {EXPORTS: exports.folder()} | others


def write_folder(folder: Path, target: IO[bytes], progress: Callable[[int], object]) -> None:
    """Pack all files of a folder that rows refer to. One that is deleted meanwhile is left out.

    Call it after the snapshot of the database was taken: what its rows refer to was there before them.
    """
    with tarfile.open(fileobj=target, mode="w|") as tar:
        for path in sorted(each for each in folder.rglob("*") if each.is_file() and not each.is_symlink()):
            with contextlib.suppress(FileNotFoundError), path.open("rb") as file:
                _add_file(tar, file, str(path.relative_to(folder)), progress)


def left_by_a_killed_restore(folder: Path) -> Path | None:
    """What a restore that was killed left in a folder with nothing else; None if there is no such thing."""
    found = list(folder.iterdir()) if folder.is_dir() else []
    return found[0] if found and all(_HALF.fullmatch(each.name) for each in found) else None


def filled_folder() -> Path | None:
    """A folder that a restore would overwrite; None if all are empty or are not there yet."""
    filled = (each for each in folders().values() if each.exists() and not (each.is_dir() and not any(each.iterdir())))
    return next(filled, None)


@contextlib.contextmanager
def unpacked(source: IO[bytes], place: Path) -> Iterator[Path]:
    """A packed folder, unpacked inside its place, which may be a mounted disk. It is gone after the block."""
    was_there = place.exists()
    half = place / f".{secrets.token_hex(4)}.half"
    half.mkdir(parents=True)
    try:
        try:
            with tarfile.open(fileobj=source, mode="r|") as tar:
                tar.extractall(half, filter="data")
        except tarfile.TarError as error:
            words = _(
                "The backup is damaged: %(name)s is not as it was written. Nothing was changed. Take another backup."
            )
            raise RuleBroken("broken_backup", words % {"name": f"{place.name}.tar"}) from error
        yield half
    finally:
        shutil.rmtree(half, ignore_errors=True)
        if not was_there:
            with contextlib.suppress(OSError):  # it is not empty: what was unpacked has its place
                place.rmdir()


def move(half: Path, place: Path) -> None:
    """Give what was unpacked inside `place` its place there."""
    for each in half.iterdir():
        each.rename(place / each.name)


def all_keys() -> str:
    """The PEM blocks that sign and verify here; empty in production without SEAL_KEYS."""
    return keys.current_text()


def restored_keys_file(text: str) -> Path | None:
    """Where the keys of a backup are to be written; None if this installation has them all.

    Raises RuleBroken("keys_differ") in local mode if other keys have been made here already.
    """
    if not text or keys.read_keys(text).public.keys() <= _keys_here().public.keys():
        return None
    if not settings.SEAL_KEYS_LOCAL_FILE:
        return Path(settings.HOME) / RESTORED_KEYS
    file = Path(settings.SEAL_KEYS_LOCAL_FILE)
    if file.exists() or settings.SEAL_KEYS:
        words = _("%(path)s has other keys than the backup. Move it away, or choose an empty LUATMO_HOME.")
        raise RuleBroken("keys_differ", words % {"path": file})
    return file


def _keys_here() -> keys.Keys:
    """The keys that are here, without making one."""
    file = Path(settings.SEAL_KEYS_LOCAL_FILE or "/nonexistent")
    is_unmade = not settings.SEAL_KEYS and not file.exists()
    return keys.read_keys("") if is_unmade else keys.current_keys()


def write_keys(file: Path, text: str) -> None:
    """Write keys that only their owner may read. Raises FileExistsError."""
    file.parent.mkdir(parents=True, exist_ok=True)
    with open(file, "x", opener=lambda path, flags: os.open(path, flags, 0o600)) as new:
        new.write(text)
