"""What pure functions give, computed ahead by another process or thread. What is missing is computed where it is used.

An import of many documents has several processes read the texts, while one writes (`content.import_runs`). It writes
the documents one after another, with the code that writes a single one. So the result is the same, whatever was
computed ahead and whether anything was.
"""

import contextlib
import hashlib
import threading
from collections import OrderedDict
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextvars import ContextVar
from enum import IntEnum
from typing import Any, Generic, TypeVar, cast

Result = TypeVar("Result")
Items = TypeVar("Items", bound=Sequence[Any])
LONGEST_RESULT = 40


class Reading(IntEnum):
    """Kinds of what is computed ahead. What a reading is about, and nothing else, decides its result."""

    STRUCTURE = 1  # of a text, with its warnings
    UNITS = 2  # the same without warnings
    STATEMENTS = 3  # about other documents
    MENTIONS = 4  # with the names of laws that they depend on
    ORDERS = 5  # to amend
    ENDINGS = 6
    HISTORIES = 7  # acts that a text names as earlier amendments


Key = tuple[Any, ...]  # a Reading, and what it is about: all that decides the result
Results = Mapping[Key, Any]
_given: ContextVar[Results | None] = ContextVar("computed_ahead", default=None)
_noted: ContextVar[dict[Key, Any] | None] = ContextVar("noted", default=None)


@contextlib.contextmanager
def given(results: Results) -> Iterator[None]:
    """Meanwhile these results are taken instead of being computed."""
    token = _given.set(results)
    try:
        yield
    finally:
        _given.reset(token)


@contextlib.contextmanager
def noted() -> Iterator[dict[Key, Any]]:
    """The results that are computed meanwhile, to be given where they are needed."""
    found: dict[Key, Any] = {}
    token = _noted.set(found)
    try:
        yield found
    finally:
        _noted.reset(token)


def find(key: Key) -> Any:
    """The result that was computed ahead; None without one."""
    results = _given.get()
    return results.get(key) if results else None


def result_of(key: Key, compute: Callable[[], Result]) -> Result:
    """What `compute` gives, or gave another process. Nobody changes it: it may be taken again."""
    if (found := find(key)) is not None:
        return cast(Result, found)
    result = compute()
    if (results := _noted.get()) is not None:
        results[key] = result
    return result


class Remembered(Generic[Items]):
    """The last results of a pure function of a text, by a hash of the text and what else decides them.

    For what is asked again later, when the text is in memory no more: an import stores all acts before it reads what
    they end. It keeps at most `most` results of at most LONGEST_RESULT items. They are shared: nobody changes them.
    Words that a correction took out may stay in them until the process ends; only the same text as before gets them.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._results: OrderedDict[Key, Items] = OrderedDict()
        self._lock = threading.Lock()  # a web server has several threads

    def result_of(self, text: str, others: Key, compute: Callable[[], Items]) -> Items:
        """What `compute` gives, or gave for the same text and `others`."""
        key = (hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).digest(), *others)
        with self._lock:
            if key in self._results:
                self._results.move_to_end(key)
                return self._results[key]
        result = compute()
        if len(result) > LONGEST_RESULT:
            return result
        with self._lock:
            self._results[key] = result
            if len(self._results) > self._most:
                self._results.popitem(last=False)
        return result

    def clear(self) -> None:
        """Forget all results, for a bench that measures the function."""
        with self._lock:
            self._results.clear()
