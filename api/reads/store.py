"""The answers that one process has in memory, and the state of the data that they were made from."""

import threading
from collections.abc import Hashable
from typing import NamedTuple

from content.bounded_store import BoundedStore

MOST_REFUSED = 2_000
OVERHEAD_BYTES = 1_700  # of one answer: its own headers, key and places in tables, measured


class StoredAnswer(NamedTuple):
    """An answer 200 of the application. `state`: the state of the data that it was made from."""

    headers: list[tuple[str, str]]
    headers_of_304: list[tuple[str, str]]
    body: bytes
    etag: str
    state: int
    stored_at: float  # seconds of a monotonic clock


class AnswerStore:
    """Stores answers until they are too large together.

    `state` counts the changes of the data that the process has heard of. An answer of an earlier state stays, so that
    the application can say that it is still right, which costs less than making it again.
    """

    def __init__(self, most_bytes: int) -> None:
        self.state = 0
        self._answers: BoundedStore[Hashable, StoredAnswer] = BoundedStore(most_bytes)
        self._refused: dict[Hashable, int] = {}  # key: the state in which its answer could not be stored
        self._lock = threading.Lock()

    def get(self, key: Hashable) -> StoredAnswer | None:
        """The answer of a key, of whatever state."""
        return self._answers.get(key)

    def is_refused(self, key: Hashable) -> bool:
        """Whether the answer of a key cannot be stored in this state: nobody need wait for it."""
        return self._refused.get(key) == self.state

    def refuse(self, key: Hashable, state: int) -> None:
        """Remember that the answer of a key cannot be stored: an error, one that is not for all, one too large."""
        with self._lock:
            if len(self._refused) >= MOST_REFUSED:
                self._refused.clear()
            self._refused[key] = state

    def put(self, key: Hashable, answer: StoredAnswer) -> None:
        """Store an answer, unless the data changed while it was made. One that is too large is refused."""
        with self._lock:
            is_current = answer.state == self.state
            is_stored = is_current and self._answers.put(key, answer, len(answer.body) + OVERHEAD_BYTES)
        if is_current and not is_stored:
            self.refuse(key, answer.state)

    def data_changed(self) -> None:
        """From now on no answer that was made before is right without asking."""
        with self._lock:
            self.state += 1

    def clear(self) -> None:
        """Forget all answers, and what is being made now."""
        with self._lock:
            self.state += 1
            self._answers.clear()
