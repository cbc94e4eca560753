"""Take a backup, prove that it can be restored, and restore it: all or nothing."""

import secrets
import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Protocol

from django.conf import settings
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.utils.translation import gettext as _

from config.backup import database, encryption, files, stored_files
from config.backup.database import Programs, Snapshot
from config.backup.manifest import NAME, Manifest, check_files, describe_file, read_manifest
from content.errors import RuleBroken

DUMP = "database.dump"
# Shows what is being done: called with its name and, if known, how much there is; gives what counts it
Progress = Callable[[str, int | None], "Counter"]


def parts() -> list[str]:
    """The files of a backup, besides the manifest."""
    return [*files.folders(), DUMP, files.SEAL_KEYS]


class Counter(Protocol):
    """Counts what has been done of a step; a bar in a terminal is one."""

    def update(self, count: int) -> object:
        """So much more has been done."""

    def close(self) -> None:
        """The step is over."""


@dataclass(frozen=True)
class Restored:
    """What a restore brought back. `keys_file`: where the keys were written, if they were not here."""

    manifest: Manifest
    keys_file: Path | None


def back_up(target: Path, progress: Progress, *, passphrase_file: Path | None, is_verified: bool) -> Manifest:
    """Write a backup into a new folder. It has its name only when it is complete and, unless told not to, verified.

    Raises RuleBroken, and leaves nothing behind.
    """
    target = target.absolute()
    if target.exists() and (not target.is_dir() or any(target.iterdir())):
        words = _("%(path)s exists already and is not empty. A backup never overwrites: name a new folder.")
        raise RuleBroken("target_exists", words % {"path": target})
    if passphrase_file:
        encryption.check_passphrase(passphrase_file)
    programs = database.find_programs()
    if is_verified and not database.may_create_databases():
        words = _(
            "The role of DATABASE_URL may not create databases, so the backup cannot be tried. "
            "Grant it CREATEDB, or pass --no-verify and try the backup elsewhere."
        )
        raise RuleBroken("cannot_verify", words)
    with _half_folder(target) as half:
        manifest = _write_set(half, programs, progress, passphrase_file)
        if is_verified:
            verify(half, programs, progress, passphrase_file=passphrase_file)
        if target.exists():
            target.rmdir()
        half.rename(target)
    return manifest


@contextmanager
def _half_folder(target: Path) -> Iterator[Path]:
    """A new folder beside the target; it is gone after the block unless the block renamed it."""
    half = target.with_name(f"{target.name}.{secrets.token_hex(4)}.half")
    target.parent.mkdir(parents=True, exist_ok=True)
    half.mkdir(mode=0o700)
    try:
        yield half
    finally:
        shutil.rmtree(half, ignore_errors=True)


def _write_set(folder: Path, programs: Programs, progress: Progress, passphrase_file: Path | None) -> Manifest:
    with _step(progress, _("Files")) as counter, encryption.writing(folder / files.EXPORTS, passphrase_file) as file:
        files.write_exports(file, counter.update)
    connection.close()  # nothing of ours is open while the snapshot is
    with database.snapshot() as seen:
        manifest = _describe_database(seen, progress, is_encrypted=passphrase_file is not None)
        with _step(progress, _("Database")) as counter, encryption.writing(folder / DUMP, passphrase_file) as file:
            database.dump(programs, seen, file, counter.update)
    for name, place in files.folders().items():
        if name != files.EXPORTS:
            with _step(progress, _("Files")) as counter, encryption.writing(folder / name, passphrase_file) as file:
                files.write_folder(place, file, counter.update)
    with encryption.writing(folder / files.SEAL_KEYS, passphrase_file) as file:
        file.write(files.all_keys().encode())
    size = sum((folder / name).stat().st_size for name in parts())
    with _step(progress, _("Checksums"), size) as counter:
        manifest = replace(manifest, files=[describe_file(folder / name, counter.update) for name in parts()])
    (folder / NAME).write_bytes(manifest.as_bytes())
    if passphrase_file:
        encryption.write_mac(folder, manifest.as_bytes(), passphrase_file)
    return manifest


def _describe_database(seen: Snapshot, progress: Progress, *, is_encrypted: bool) -> Manifest:
    tables, rows = seen.tables(), {}
    if database.CHANGE_LOG not in tables:
        raise RuleBroken("not_migrated", _("The database has no tables of ours yet. Run `manage.py migrate` first."))
    with _step(progress, _("Rows"), len(tables)) as counter:
        for table in tables:
            rows[table] = seen.count_rows(table)
            counter.update(1)
    return Manifest(
        created_at=seen.taken_at().isoformat(timespec="seconds"),
        server_version=seen.database.info.server_version // 10_000,
        migrations=seen.migrations(),
        change_log_head=seen.change_log_head(),
        rows=rows,
        is_encrypted=is_encrypted,
        bucket=settings.MEDIA_BUCKET,
    )


def verify(folder: Path, programs: Programs, progress: Progress, *, passphrase_file: Path | None) -> None:
    """Restore a backup into a scratch database, compare it with the manifest, and drop it.

    Every file of a material that a row refers to must be in the backup, or in the bucket. Raises RuleBroken.
    """
    manifest = _checked_manifest(folder, progress, passphrase_file)
    with database.scratch_database(f"{database.SCRATCH_DATABASE}{secrets.token_hex(4)}") as name:
        _load_database(folder, manifest, programs, progress, passphrase_file, _("Verification"), dbname=name)
        used = database.used_files(name)
    with _step(progress, _("Files"), sum(used.values())) as counter:
        _check_used_files(folder, used, counter, passphrase_file)


def _check_used_files(folder: Path, used: Mapping[str, int], counter: Counter, passphrase_file: Path | None) -> None:
    if settings.MEDIA_BUCKET:
        stored_files.check_bucket(used, counter.update)
    elif stored_files.FOLDER in settings.BACKUP_FOLDERS:
        with encryption.reading(folder / f"{stored_files.FOLDER}.tar", passphrase_file) as packed:
            stored_files.check_packed_files(packed, used, counter.update)


def restore(source: Path, progress: Progress, *, passphrase_file: Path | None) -> Restored:
    """Restore a backup into this installation, which has an empty database and no exports.

    Raises RuleBroken, and changes nothing then: the database is restored in one transaction that compares the head of
    the change log and the rows of each table with the manifest before it ends.
    """
    manifest = _checked_manifest(source, progress, passphrase_file)
    _refuse_other_version(manifest)
    _refuse_filled()
    programs = database.find_programs()
    with encryption.reading(source / files.SEAL_KEYS, passphrase_file) as file:
        keys = file.read().decode()
    keys_file = files.restored_keys_file(keys)
    if keys_file and keys_file.exists():
        words = _("%(path)s exists already. Move it away, then restore again.")
        raise RuleBroken("keys_differ", words % {"path": keys_file})
    with ExitStack() as stack, ExitStack() as undo:
        halves = {
            place: stack.enter_context(_unpacked(source / name, place, passphrase_file))
            for name, place in files.folders().items()
        }
        if keys_file:
            files.write_keys(keys_file, keys)
            undo.callback(keys_file.unlink)
        _load_database(source, manifest, programs, progress, passphrase_file, _("Database"))
        undo.pop_all()
        for place, half in halves.items():
            files.move(half, place)
    return Restored(manifest, keys_file)


def _refuse_filled() -> None:
    """Raise RuleBroken("database_filled", "folder_filled") where a restore would overwrite something."""
    if not database.is_empty():
        words = _(
            "The database has tables already. A restore never overwrites: create an empty one, name it in DATABASE_URL."
        )
        raise RuleBroken("database_filled", words)
    if filled := files.filled_folder():
        if left := files.left_by_a_killed_restore(filled):
            words = _("A restore that was killed left the folder %(path)s. Delete it, then restore again.")
            raise RuleBroken("folder_filled", words % {"path": left})
        words = _("The folder %(path)s is not empty. A restore never overwrites: name another one in the settings.")
        raise RuleBroken("folder_filled", words % {"path": filled})


@contextmanager
def _unpacked(packed: Path, place: Path, passphrase_file: Path | None) -> Iterator[Path]:
    with encryption.reading(packed, passphrase_file) as file, files.unpacked(file, place) as half:
        yield half


def _checked_manifest(folder: Path, progress: Progress, passphrase_file: Path | None) -> Manifest:
    """The manifest, after every file was compared with it. Raises RuleBroken."""
    manifest = read_manifest(folder)
    if manifest.is_encrypted and passphrase_file is None:
        raise RuleBroken("no_passphrase", _("The backup is encrypted. Name its passphrase with --passphrase-file."))
    if not manifest.is_encrypted and passphrase_file is not None:
        raise RuleBroken("not_encrypted", _("The backup is not encrypted. Leave out --passphrase-file."))
    if passphrase_file:
        encryption.check_passphrase(passphrase_file)
        encryption.check_mac(folder, (folder / NAME).read_bytes(), passphrase_file)
    if manifest.bucket != settings.MEDIA_BUCKET:
        words = _("The backup expects the files of materials in MEDIA_BUCKET=%(theirs)s; here it is %(ours)s.")
        named = {"theirs": manifest.bucket or "«»", "ours": settings.MEDIA_BUCKET or "«»"}
        raise RuleBroken("other_bucket", words % named)
    if {each.name for each in manifest.files} != set(parts()):
        words = _("The backup is damaged: %(name)s is not as it was written. Nothing was changed. Take another backup.")
        raise RuleBroken("broken_backup", words % {"name": NAME})
    with _step(progress, _("Checksums"), sum(each.size for each in manifest.files)) as counter:
        check_files(folder, manifest, counter.update)
    return manifest


def _refuse_other_version(manifest: Manifest) -> None:
    """Raise RuleBroken("other_version") unless the database of the backup has exactly the tables of this version."""
    loader = MigrationLoader(None)
    ours = {f"{app}.{name}" for app, name in loader.graph.leaf_nodes()}
    known = {f"{app}.{name}" for app, name in loader.disk_migrations}
    apps = {name.partition(".")[0] for name in known}
    theirs = {name for name in manifest.migrations if name.partition(".")[0] in apps}
    if missing := sorted(ours - theirs):
        words = _(
            "The backup is of an older version: it lacks the migration %(name)s. "
            "Restore it with the version that made it, then upgrade."
        )
        raise RuleBroken("other_version", words % {"name": missing[0]})
    if unknown := sorted(theirs - known):
        words = _(
            "The backup is of a newer version: this one does not know the migration %(name)s. Install that version."
        )
        raise RuleBroken("other_version", words % {"name": unknown[0]})


def _load_database(
    folder: Path,
    manifest: Manifest,
    programs: Programs,
    progress: Progress,
    passphrase_file: Path | None,
    name: str,
    *,
    dbname: str | None = None,
) -> None:
    size = (folder / DUMP).stat().st_size
    with _step(progress, name, size) as counter, encryption.reading(folder / DUMP, passphrase_file) as file:
        database.restore(
            programs, file, head=manifest.change_log_head, rows=manifest.rows, progress=counter.update, dbname=dbname
        )


@contextmanager
def _step(progress: Progress, name: str, total: int | None = None) -> Iterator[Counter]:
    counter = progress(name, total)
    try:
        yield counter
    finally:
        counter.close()
