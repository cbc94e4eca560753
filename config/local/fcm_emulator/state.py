"""The state of the server: virtual phones, planned faults, and the log of requests."""

from collections import deque
from dataclasses import dataclass

from config.local.fcm_emulator.faults import PlannedFaults
from config.local.fcm_emulator.phones import VirtualPhones

LOG_LENGTH = 100_000


@dataclass
class LogEntry:
    """One logged request. `status` is None if no answer was given. `at`: seconds since 1970."""

    op: str
    target: str
    key: str | None
    method: str
    host: str
    path: str
    at: float
    status: int | None = None
    fault: str | None = None


class EmulatorState:
    """What tests and the page /phone see and change through the control side."""

    def __init__(self) -> None:
        self.changes = 0  # requests since the start that may have changed something
        self.reset()

    def reset(self) -> None:
        """Forget all phones, planned faults and the log."""
        self.phones, self.faults = VirtualPhones(), PlannedFaults()
        self.log: deque[LogEntry] = deque(maxlen=LOG_LENGTH)
