"""The answers that one process keeps in memory, bounded by bytes."""

import threading
from collections import OrderedDict
from collections.abc import Hashable
from typing import NamedTuple

MOST_NOT_KEPT = 2_000
OVERHEAD_BYTES = 3_000  # of one answer: its headers, key and places in tables, measured


class StoredAnswer(NamedTuple):
    """An answer 200 of the application. `state`: the state of the data that it was made from."""

    headers: list[tuple[str, str]]
    headers_of_304: list[tuple[str, str]]
    body: bytes
    etag: str
    state: int
    stored_at: float  # seconds of a monotonic clock


class AnswerStore:
    """Keeps answers until they are the least recently used of too many bytes.

    `state` counts the changes of the data that the process has heard of. An answer of an earlier state is kept, so that
    the application can say that it is still right, which costs less than making it again.
    """

    def __init__(self, most_bytes: int, largest: int) -> None:
        self.state = 0
        self._most_bytes, self._largest = most_bytes, largest
        self._answers: OrderedDict[Hashable, StoredAnswer] = OrderedDict()
        self._bytes = 0
        self._not_kept: dict[Hashable, int] = {}  # key: the state in which its answer could not be kept
        self._lock = threading.Lock()

    def get(self, key: Hashable) -> StoredAnswer | None:
        """The answer under a key, of whatever state."""
        with self._lock:
            answer = self._answers.get(key)
            if answer is not None:
                self._answers.move_to_end(key)
            return answer

    def is_not_kept(self, key: Hashable) -> bool:
        """Whether the answer under a key cannot be kept in this state: nobody need wait for it."""
        return self._not_kept.get(key) == self.state

    def cannot_keep(self, key: Hashable, state: int) -> None:
        """Remember it: an error, or an answer that is not for all."""
        with self._lock:
            if len(self._not_kept) >= MOST_NOT_KEPT:
                self._not_kept.clear()
            self._not_kept[key] = state

    def put(self, key: Hashable, answer: StoredAnswer) -> None:
        """Keep an answer, unless the data changed while it was made, or it is too large."""
        size = self._size(answer)
        with self._lock:
            if size > self._largest:
                self._not_kept[key] = answer.state
            if answer.state != self.state or size > self._largest:
                return
            self._take_out(key)
            self._answers[key] = answer
            self._bytes += size
            while self._bytes > self._most_bytes:
                self._take_out(next(iter(self._answers)))

    def data_changed(self) -> None:
        """From now on no answer that was made before is right without asking."""
        with self._lock:
            self.state += 1

    def clear(self) -> None:
        """Forget all answers, and what is being made now."""
        with self._lock:
            self.state += 1
            self._answers.clear()
            self._bytes = 0

    def _take_out(self, key: Hashable) -> None:
        if answer := self._answers.pop(key, None):
            self._bytes -= self._size(answer)

    def _size(self, answer: StoredAnswer) -> int:
        return len(answer.body) + OVERHEAD_BYTES
