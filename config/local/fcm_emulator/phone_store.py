"""The phones of a house that is stopped and started again: as at Google, they outlive the server."""

import os
import pickle
import sys
import time
from pathlib import Path

from config.local.fcm_emulator.phones import VirtualPhones

SAVE_INTERVAL_SECONDS = 1  # at the most, and only when something changed


class PhoneStore:
    """Saves the phones of an emulator into its folder, which is ours alone (0700), and brings them back."""

    def __init__(self, emulator, folder: Path):
        self._emulator = emulator
        self._file = folder / "phones.pickle"
        self._saved, self._saved_at = 0, 0.0

    def restore(self) -> None:
        """Bring back what was saved. A file that cannot be read (another version's) is said, and means no phones."""
        try:
            phones = pickle.loads(self._file.read_bytes())  # noqa: S301 (written by us, in a folder of ours)
            if not isinstance(phones, VirtualPhones):
                raise TypeError(type(phones).__name__)
            self._emulator.phones = phones
        except FileNotFoundError:
            return
        except Exception as error:
            print(f"the saved phones cannot be read, starting without: {error!r}", file=sys.stderr)  # noqa: T201

    def save(self, *, now: bool = False) -> None:
        """Save what changed, whole or not at all. `now`: whatever the time since the last save."""
        changes = self._emulator.changes
        if changes == self._saved or not (now or time.monotonic() - self._saved_at >= SAVE_INTERVAL_SECONDS):
            return
        beside = self._file.with_suffix(".new")
        with open(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
            pickle.dump(self._emulator.phones, file)
        beside.replace(self._file)
        self._saved, self._saved_at = changes, time.monotonic()
