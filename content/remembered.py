"""Results of pure functions of a text, kept for whoever reads the same text again when it is in memory no more."""

import hashlib
from collections.abc import Callable
from typing import Any, Generic, TypeVar

from content.bounded_store import BoundedStore

Result = TypeVar("Result")
Key = tuple[Any, ...]  # a hash of the text, and what else decides the result


class Remembered(Generic[Result]):
    """The last results of one function, up to `most_bytes` together. `size_of`: about how many bytes a result has.

    A result is shared and not None: nobody changes it. Words that a correction took out of a text stay in it until the
    process ends or others come in its place; only who has the text of before gets them.
    """

    def __init__(self, most_bytes: int, size_of: Callable[[Result], int]) -> None:
        self._results: BoundedStore[Key, Result] = BoundedStore(most_bytes)
        self._size_of = size_of

    def result_of(self, text: str, others: Key, compute: Callable[[], Result]) -> Result:
        """What `compute` gives, or gave for the same text and `others`."""
        key = (hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).digest(), *others)
        if (found := self._results.get(key)) is not None:
            return found
        result = compute()
        self._results.put(key, result, self._size_of(result))
        return result

    def clear(self) -> None:
        """Forget all results, for a bench that measures the function."""
        self._results.clear()
