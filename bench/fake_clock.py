"""A clock of their own for the processes of a bench, set while they run. Needs libfaketime (Debian)."""

import contextlib
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

LIBRARIES = ("/usr/lib/*/faketime/libfaketimeMT.so.1", "/usr/local/lib/faketime/libfaketimeMT.so.1")


class FakeClock:
    """Wall clock time plus `set` seconds. What counts seconds only (CLOCK_MONOTONIC) goes on as before.

    Raises FileNotFoundError without libfaketime.
    """

    def __init__(self) -> None:
        found = [path for pattern in LIBRARIES for path in Path("/").glob(pattern.removeprefix("/"))]
        if not found:
            raise FileNotFoundError("libfaketime is missing. On Debian: apt-get install libfaketime")
        folder = Path(tempfile.mkdtemp(prefix="luatmo-bench-clock-"))
        folder.chmod(0o755)  # PostgreSQL has an account of its own
        self._offset = folder / "offset"
        self.environment = {
            "LD_PRELOAD": str(found[0]),
            "FAKETIME_TIMESTAMP_FILE": str(self._offset),
            "FAKETIME_NO_CACHE": "1",  # every process sees a new offset at once, as it does a clock that is set
            "FAKETIME_DONT_FAKE_MONOTONIC": "1",
        }
        self.set(0)

    def set(self, ahead: float) -> None:
        """Put the clock `ahead` seconds before the right time; behind it, if negative."""
        new = self._offset.with_suffix(".new")
        new.write_text(f"{ahead:+g}")
        new.chmod(0o644)
        new.rename(self._offset)

    @contextlib.contextmanager
    def of_new_processes(self) -> Iterator[None]:
        """In the block, every process that is started has this clock."""
        before = dict(os.environ)
        os.environ.update(self.environment)
        try:
            yield
        finally:
            for name in self.environment:
                os.environ.pop(name)
                if name in before:
                    os.environ[name] = before[name]
