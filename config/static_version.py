"""The version of all static files. Settings import this module, so it imports nothing of Django."""

import hashlib
from collections.abc import Iterable
from importlib import metadata
from pathlib import Path

PACKAGES = ("django", "django-otp", "djangorestframework", "drf-spectacular-sidecar")  # a version has its files
DIGITS = 12


def static_version(folders: Iterable[Path]) -> str:
    """A name that changes with the files below these folders and with the versions of PACKAGES: 12 hexadecimal digits.

    It is the same in every process and on every machine of one release.
    """
    digest = hashlib.sha256()
    for folder in folders:
        for file in sorted(path for path in folder.rglob("*") if path.is_file()):
            content = hashlib.sha256(file.read_bytes()).hexdigest()
            digest.update(f"{file.relative_to(folder).as_posix()} {content}\n".encode())
    for package in PACKAGES:
        digest.update(f"{package} {metadata.version(package)}\n".encode())
    return digest.hexdigest()[:DIGITS]
