"""Values in the memory of a process, bounded by their bytes together."""

import threading
from collections import OrderedDict
from collections.abc import Hashable
from typing import Generic, TypeVar

Key = TypeVar("Key", bound=Hashable)
Value = TypeVar("Value")
LARGEST_SHARE = 4  # one value may have a quarter of all bytes


class BoundedStore(Generic[Key, Value]):
    """Stores values until together they have more than `most_bytes`; then the least recently used goes first."""

    def __init__(self, most_bytes: int) -> None:
        self._most_bytes = most_bytes
        self._bytes = 0
        self._values: OrderedDict[Key, tuple[Value, int]] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, key: Key) -> Value | None:
        """The value of a key; it is then the most recently used."""
        with self._lock:
            found = self._values.get(key)
            if found is None:
                return None
            self._values.move_to_end(key)
            return found[0]

    def put(self, key: Key, value: Value, size: int) -> bool:
        """Store a value of `size` bytes in the place of the key's former one. Returns False if it is too large."""
        if size * LARGEST_SHARE > self._most_bytes:
            return False
        with self._lock:
            _former, freed = self._values.pop(key, (None, 0))
            self._values[key] = (value, size)
            self._bytes += size - freed
            while self._bytes > self._most_bytes:
                _key, (_value, freed) = self._values.popitem(last=False)
                self._bytes -= freed
        return True

    def clear(self) -> None:
        """Forget all values."""
        with self._lock:
            self._values.clear()
            self._bytes = 0
