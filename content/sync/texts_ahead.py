"""Reads what the texts of the next group of new documents mention, while the database writes the one before.

An interpreter reads as long as PostgreSQL writes, and each would wait for the other. What was read is taken only where
it holds when the group is written (`content.computed_ahead`), so the rows are the same.
"""

from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor

from content.computed_ahead import Reading, Results
from content.law.known_names import KnownNames
from content.mentions.names import law_names
from content.mentions.readings import read_ahead
from content.peer_client.client import MIB
from content.sync.together import Group

MOST_BYTES = 4 * MIB  # of records whose texts are read ahead: two groups are in memory then


class TextsAhead:
    """Gives groups with what was read of them ahead. Use it as a context: it has a thread of its own."""

    def __init__(self) -> None:
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="texts")

    def __enter__(self) -> "TextsAhead":
        return self

    def __exit__(self, *error: object) -> None:
        self._thread.shutdown(cancel_futures=True)

    def each(self, groups: Iterable[Group]) -> Iterator[tuple[Group, Results]]:
        """The groups in their order. What came before an error is given before the error is raised."""
        before: list[tuple[Group, Future[Results] | None]] = []
        try:
            for group in groups:
                ahead = self._begin(group) if group.is_new and group.size <= MOST_BYTES else None
                yield from _read(before)
                before = [(group, ahead)]
        except Exception:
            yield from _read(before)
            raise
        yield from _read(before)

    def _begin(self, group: Group) -> Future[Results]:
        return self._thread.submit(_mentions_in, group, law_names().known)


def _read(given: list[tuple[Group, Future[Results] | None]]) -> Iterator[tuple[Group, Results]]:
    while given:
        group, ahead = given.pop()
        yield group, ahead.result() if ahead and not ahead.exception() else {}


def _mentions_in(group: Group, known: KnownNames) -> Results:
    texts = {
        version["text"]
        for _subject, record in group.items
        for unit in record["data"].get("provisions", [])
        for version in unit.get("versions", [])
        if isinstance(version.get("text"), str)
    }
    return {(Reading.MENTIONS, text): read_ahead(text, known) for text in texts}
