"""The script of Redoc, without the picture that it asks another host for."""

import hashlib
from functools import lru_cache
from pathlib import Path

from django.contrib.staticfiles import finders

FILE = "drf_spectacular_sidecar/redoc/bundles/redoc.standalone.js"
PICTURE_ELSEWHERE = b"https://cdn.redoc.ly/redoc/logo-mini.svg"  # no option of Redoc leaves it out
NO_PICTURE = b"data:,"  # Redoc drops a picture that cannot be shown


@lru_cache(maxsize=1)
def script() -> bytes:
    """The script that our page loads. Raises `LookupError` where the package has another file."""
    if not isinstance(file := finders.find(FILE), str):
        raise LookupError(f"There is no static file {FILE}: see which one drf-spectacular-sidecar has now.")
    return Path(file).read_bytes().replace(PICTURE_ELSEWHERE, NO_PICTURE)


@lru_cache(maxsize=1)
def version() -> str:
    """Twelve hexadecimal digits of the script, for its address: who has it need not ask again."""
    return hashlib.sha256(script()).hexdigest()[:12]
