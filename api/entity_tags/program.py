"""Which program writes the answers: a new release must not be taken for the one before."""

import functools
import hashlib

from django.conf import settings

SOURCES = ("api", "content", "config", "notifications", "requirements.txt")
SUFFIXES = {".py", ".mo", ".html", ".txt", ".json", ".md"}


@functools.cache
def program_version() -> str:
    """Hash of the program, its words and the versions of its libraries: the same on every machine."""
    digest = hashlib.sha256()
    for name in SOURCES:
        top = settings.BASE_DIR / name
        for path in sorted(top.rglob("*")) if top.is_dir() else [top]:
            if path.suffix in SUFFIXES and path.is_file():
                digest.update(str(path.relative_to(settings.BASE_DIR)).encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()[:32]
