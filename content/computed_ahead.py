"""What pure functions give, computed ahead by another process or thread. What is missing is computed where it is used.

An import of many documents has several processes read the texts, while one writes (`content.import_runs`). It writes
the documents one after another, with the code that writes a single one. So the result is the same, whatever was
computed ahead and whether anything was.
"""

import contextlib
from collections.abc import Callable, Iterator, Mapping
from contextvars import ContextVar
from enum import IntEnum
from typing import Any, TypeVar, cast

Result = TypeVar("Result")


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
