"""Save the virtual phones and restore them at the next start: as at Google, they outlive the server."""

import os
import pickle
import sys
import time
from pathlib import Path

from config.local.fcm_emulator.phones import VirtualPhones
from config.local.fcm_emulator.state import EmulatorState

SAVE_INTERVAL_SECONDS = 1  # at most one save in so long, and only when something changed


class PhoneStore:
    """Saves the phones of an emulator in its folder, which only our account may open (0700), and restores them."""

    def __init__(self, emulator: EmulatorState, folder: Path) -> None:
        self._emulator = emulator
        self._file = folder / "phones.pickle"
        self._saved, self._saved_at = 0, 0.0

    def restore(self) -> None:
        """Restore the saved phones. A file that cannot be read (of another version) is reported and gives no phones."""
        try:
            phones = pickle.loads(self._file.read_bytes())  # noqa: S301 (written by us, in a folder of ours)
            if not isinstance(phones, VirtualPhones):
                raise TypeError(type(phones).__name__)
            self._emulator.phones = phones
        except FileNotFoundError:
            return
        except Exception as error:
            print(f"the saved phones cannot be read, starting without them: {error!r}", file=sys.stderr)  # noqa: T201

    def save(self, *, now: bool = False) -> None:
        """Save if something changed: the whole file or nothing. `now`: without waiting for the interval."""
        changes = self._emulator.changes
        if changes == self._saved or not (now or time.monotonic() - self._saved_at >= SAVE_INTERVAL_SECONDS):
            return
        beside = self._file.with_suffix(".new")
        with open(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
            pickle.dump(self._emulator.phones, file)
        beside.replace(self._file)
        self._saved, self._saved_at = changes, time.monotonic()
