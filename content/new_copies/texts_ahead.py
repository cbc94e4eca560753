"""Reads what the texts of documents mention that are written next, while the database writes those before.

The interpreter reads, PostgreSQL writes, and each would wait for the other. What was read is taken only where it holds
when the document is written (`content.computed_ahead`), so the rows are the same.
"""

import logging
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeVar

from content.computed_ahead import Reading, Results
from content.law.known_names import KnownNames
from content.mentions.names import law_names
from content.mentions.readings import read_ahead
from content.record_fields.fields import Data

log = logging.getLogger(__name__)
Written = TypeVar("Written")  # what is written together


class TextsAhead:
    """Gives what is to be written with what was read of it ahead. Use it as a context: it has a thread of its own."""

    def __init__(self) -> None:
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="texts")

    def __enter__(self) -> "TextsAhead":
        return self

    def __exit__(self, *error: object) -> None:
        self._thread.shutdown(cancel_futures=True)

    def each(
        self, groups: Iterable[Written], data_of: Callable[[Written], Sequence[Data]]
    ) -> Iterator[tuple[Written, Results]]:
        """The groups in their order. What came before an error is given before the error is raised.

        `data_of`: the data of the documents of a group whose texts are to be read ahead.
        """
        before: list[tuple[Written, Future[Results] | None]] = []
        try:
            for group in groups:
                data = data_of(group)
                ahead = self._thread.submit(_mentions_in, data, law_names().known) if data else None
                yield from _read(before)
                before = [(group, ahead)]
                if not ahead:  # it may be large: it is written before the next one is read
                    yield from _read(before)
        except Exception:
            yield from _read(before)
            raise
        yield from _read(before)


def _read(given: list[tuple[Written, Future[Results] | None]]) -> Iterator[tuple[Written, Results]]:
    while given:
        group, ahead = given.pop()
        if ahead and (error := ahead.exception()):
            log.warning("Texts could not be read ahead", exc_info=error)
        yield group, ahead.result() if ahead and not error else {}


def _mentions_in(data: Sequence[Data], known: KnownNames) -> Results:
    texts = {
        version["text"]
        for each in data
        for unit in each.get("provisions", [])
        for version in unit.get("versions", [])
        if isinstance(version.get("text"), str)
    }
    return {(Reading.MENTIONS, text): read_ahead(text, known) for text in texts}
