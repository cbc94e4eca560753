"""A disk on which no byte is left, for tests and benches. The disk is a small one of their own."""

import contextlib
from collections.abc import Iterator
from pathlib import Path


@contextlib.contextmanager
def filled(disk: Path) -> Iterator[None]:
    """No byte is left on this disk until the end of the block."""
    filler = disk / "filler"
    try:
        with open(filler, "wb", buffering=0) as file, contextlib.suppress(OSError):
            while True:
                file.write(bytes(1 << 20))
        yield
    finally:
        filler.unlink()
