"""Has several processes read texts while this one writes.

To read a text takes most of the time of an import, and needs no table. So processes read what is next, a few records
ahead, and one writes all documents, in the order of the files and each in its transaction: nobody looks for a law that
another process has not committed yet. What a reading depends on is kept with it: where that has changed meanwhile, the
text is read again here (`content.computed_ahead`). So with any number of processes the stored rows are the same.
"""

import contextlib
import datetime
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future
from dataclasses import dataclass, replace
from typing import Any, TypeVar

from content import computed_ahead
from content.act_texts import readings as act_readings
from content.documents import identity
from content.documents.effect import effect_on
from content.documents.models import LegalDocument
from content.documents.provisions import text_sha256
from content.documents.records import DocumentRecord
from content.endings.acts import text_to_read
from content.errors import RuleBroken
from content.import_runs import jobs
from content.import_runs.processes import CallFailed, ProcessDied, Processes
from content.import_runs.sources import SourceRecord
from content.law.doc_types import DocType
from content.law.known_names import KnownNames
from content.publishing import document_writer
from content.text.vietnamese import nfc

MAX_WORKERS = 32  # each holds all of Django in memory: a larger number is a slip
AHEAD = 2  # records for each process: one that it reads, one that waits; more would only fill memory
Item = TypeVar("Item")


@contextlib.contextmanager
def of_workers(count: int) -> "Iterator[ReadAhead]":
    """Readers with that many processes; one means none: everything is read here, when its turn comes."""
    if count < 2:
        yield ALONE
        return
    with Processes(count) as processes:
        yield ReadAhead(processes, AHEAD * count)


@dataclass(frozen=True)
class ReadAhead:
    """Gives records and acts in their turn, with what was read of them meanwhile."""

    processes: Processes | None
    window: int

    def records(
        self, records: Iterator[SourceRecord], names_known: Callable[[], KnownNames | None]
    ) -> Iterator[SourceRecord]:
        """The records in their order. `names_known`: the names that mentions are read with, None to read none."""
        processes = self.processes
        if processes is None:
            yield from records
            return

        def submit(each: SourceRecord) -> "Future[Any] | None":
            if not isinstance(each.record, DocumentRecord) or not _is_to_be_read(each.record):
                return None
            return processes.submit(jobs.read_record, replace(each.record, original=None), names_known())

        for each, pending in self._in_turn(records, submit):
            try:
                results = _results_of(pending)
            except ProcessDied:
                yield replace(each, is_lost=True)
                continue
            with computed_ahead.given(results):
                yield each

    def acts(self, acts: list[LegalDocument]) -> Iterator[LegalDocument]:
        """The acts in their order. One whose process was killed is read here: it is stored, and must not be left."""
        processes = self.processes
        if processes is None:
            yield from acts
            return

        def submit(act: LegalDocument) -> "Future[Any] | None":
            if act.home or not act.is_published or act.is_sample or act.doc_type == DocType.CONSOLIDATED_TEXT:
                return None
            first_day = effect_on(act.status_events.all(), datetime.date.max).effective_on
            text = text_to_read(act, first_day)
            return processes.submit(jobs.read_act, text, act_readings.facts_of(act), first_day)

        for act, pending in self._in_turn(acts, submit):
            try:
                results = _results_of(pending)
            except ProcessDied:
                results = {}
            with computed_ahead.given(results):
                yield act

    def _in_turn(
        self, items: Iterable[Item], submit: "Callable[[Item], Future[Any] | None]"
    ) -> "Iterator[tuple[Item, Future[Any] | None]]":
        """Each item when the next ones are submitted."""
        waiting: deque[tuple[Item, Future[Any] | None]] = deque()
        for item in items:
            waiting.append((item, submit(item)))
            if len(waiting) > self.window:
                yield waiting.popleft()
        while waiting:
            yield waiting.popleft()


ALONE = ReadAhead(None, 0)


def _results_of(pending: "Future[Any] | None") -> computed_ahead.Results:
    """What was read; nothing where the reader failed: the error comes again here, as without processes."""
    try:
        return pending.result() if pending else {}
    except CallFailed:
        return {}


def _is_to_be_read(record: DocumentRecord) -> bool:
    """Whether its text will be read: not if it is refused before, or a document has this very text already."""
    try:
        document_writer.refuse_unusable_record(record)
    except RuleBroken:
        return False
    if record.is_partial:
        return True
    same = LegalDocument.objects.filter(content_hash=text_sha256(nfc(record.text)))
    key = identity.identity_key(record.number, record.title)
    return not same.filter(doc_type=record.doc_type, number_key=key).exists()
