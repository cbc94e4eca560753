"""Do the same with many, so that one that fails does not hold up the others."""

from collections.abc import Callable, Iterable
from typing import TypeVar

Each = TypeVar("Each")


def do_each(items: Iterable[Each], step: Callable[[Each], int]) -> int:
    """The sum of what `step` returns for each of them; it has a transaction of its own.

    Raises ExceptionGroup at the end, with what failed: the next run tries it again.
    """
    total, failures = 0, []
    for item in items:
        try:
            total += step(item)
        except Exception as failure:
            failures.append(failure)
    if failures:
        raise ExceptionGroup("some of them failed", failures)
    return total
