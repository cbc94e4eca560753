"""Applies new documents together, in one transaction with few statements.

The design has each object in its own transaction: one that is wrong harms no other, and the lock of the change log is
held briefly. So a group is small, and where anything about it is not as it should be nothing of it is written, and each
is applied alone (`applying.apply_record`). What is written is the same: rows, lines, and their order.
"""

import json
import logging
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import DataError, IntegrityError, transaction

from content import locks
from content.changes import services as changes
from content.changes.cursors import TRANSIENT
from content.copies import own_home
from content.copying import home_seals
from content.copying.home_seals import Vouch
from content.copying.objects import OBJECTS
from content.copying.records import Record
from content.locks import Lock
from content.new_copies import documents
from content.new_copies.documents import NewDocument, NotNew
from content.peer_client.client import MIB
from content.peer_lines.lines import Line
from content.record_fields.fields import Data, RecordRefused, RecordWaits
from content.sync import own_lines, trust
from content.sync.applying import name_of_lock
from content.sync.leases import LeaseLost
from content.sync.models import Conflict, Origin, Peer
from content.sync.page_subjects import Subject

log = logging.getLogger(__name__)
MOST_RECORDS, MOST_ROWS, MOST_BYTES = 25, 4_000, 4 * MIB  # of a group; one document may be larger
DOCUMENT = "document"
EXPECTED = (NotNew, RecordRefused, RecordWaits, IntegrityError, DataError, *TRANSIENT)  # of a group, without a fault


@dataclass
class Group:
    """Objects in their order. `is_new`: documents that may be applied together."""

    items: list[tuple[Subject, Any]] = field(default_factory=list)
    is_new: bool = False
    rows: int = 0
    size: int = 0  # bytes of all that the records say, fields that nobody knows too
    keys: set[str] = field(default_factory=set)  # what relations call its documents
    named: set[str] = field(default_factory=set)  # what its relations name

    @property
    def is_full(self) -> bool:
        return self.rows >= MOST_ROWS or self.size >= MOST_BYTES or len(self.items) >= MOST_RECORDS

    def takes(self, record: Record) -> bool:
        """Add a new document, unless the group would be too large, or one of them names another."""
        data = record["data"]
        rows = documents.rows_of(data)
        size = len(json.dumps(record, ensure_ascii=False, allow_nan=False).encode())
        keys, named = documents.keys_of(data), documents.keys_named_by(data) - {""}
        is_too_large = self.rows + rows > MOST_ROWS or self.size + size > MOST_BYTES
        if self.items and (is_too_large or keys & (self.keys | self.named) or named & self.keys):
            return False
        self.items.append(((record["object"], record["key"]), record))
        self.rows, self.size = self.rows + rows, self.size + size
        self.keys, self.named, self.is_new = self.keys | keys, self.named | named, True
        return True


def groups(peer: Peer, fetched: Iterable[tuple[Subject, Any]], known: Collection[str] = ()) -> Iterator[Group]:
    """The objects in their order, in groups. `known`: keys of documents that are here, or wait, as far as is known.

    `fetched`: with its record, which was checked, or what is there instead. What came before an error is given before
    the error is raised.
    """
    group = Group()
    try:
        for subject, record in fetched:
            is_new = subject[1] not in known and can_be_new(peer, record)
            if not (is_new and _takes(group, record)):
                if group.items:
                    yield group
                group = Group()
                if not (is_new and _takes(group, record)):
                    yield Group([(subject, record)])
            if group.is_full:
                yield group
                group = Group()
    except Exception:
        if group.items:
            yield group
        raise
    if group.items:
        yield group


def read_ahead(group: Group) -> Sequence[Data]:
    """The data whose texts may be read while the group before is written: two groups are in memory then."""
    return [record["data"] for _subject, record in group.items] if group.is_new and group.size <= MOST_BYTES else []


def _takes(group: Group, record: Any) -> bool:
    try:
        return group.takes(record)
    except Exception:  # nothing was read or written: its own transaction says what is wrong with it
        return False


def can_be_new(peer: Peer, record: Any) -> bool:
    """Whether it may be the record of a document that can be written with others, if it is not here."""
    if not isinstance(record, dict) or not isinstance(record.get("data"), dict):
        return False
    is_theirs = record.get("object") == DOCUMENT and record.get("home") == peer.key != own_home()
    return is_theirs and documents.can_be_written_with_others(record["data"])


def apply_new(
    peer: Peer, group: Group, lines: Sequence[Sequence[Line]], *, is_load: bool = False, read_to: int | None = None
) -> bool:
    """Apply the documents of a group, as `apply_record` does one after the other. `lines`: those about each.

    Returns False where nothing was written and each is to be applied alone. Raises LeaseLost.
    """
    records: list[Record] = [record for _subject, record in group.items]
    try:
        _apply_new(peer, records, lines, is_load=is_load, read_to=read_to)
    except LeaseLost:
        raise
    except EXPECTED as error:  # alone each of them says what is wrong with it, or that the database is away
        log.debug("%d documents of %s are applied alone: %r", len(records), peer.key, error)
        return False
    except Exception:  # a fault of ours: alone they may be applied all the same, only slowly
        log.exception("%d documents of %s could not be applied together", len(records), peer.key)
        return False
    return True


@transaction.atomic
def _apply_new(
    peer: Peer, records: Sequence[Record], lines: Sequence[Sequence[Line]], *, is_load: bool, read_to: int | None
) -> None:
    keys = [record["key"] for record in records]
    new = [NewDocument(record["key"], record["home"], record["data"]) for record in records]
    names = {name_of_lock(record) for record in records} | documents.names_of_locks(new)
    is_held = locks.try_hold_names(Lock.DOCUMENT_IDENTITY, names)  # who waits here might be waited for
    if not is_held or Origin.objects.filter(object=DOCUMENT, subject__in=keys).exists():
        raise NotNew
    if is_load and home_seals.is_gone(DOCUMENT, *keys):  # the export may be older than the withdrawal
        raise NotNew
    for record, of_record in zip(records, lines, strict=True):
        _refuse_unusual(peer, record, of_record, read_to)
    rows = documents.write_new_documents(new)
    vouches = [Vouch(int(record["of_change"]), record["seal"] or "") for record in records]
    Origin.objects.bulk_create(
        Origin(
            object=DOCUMENT, subject=record["key"], peer=peer, home=record["home"], record_hash=record["record_hash"],
            of_change=vouch.of_change,
            of_line=max([vouch.of_change if is_load else 0, *(line.key for line in of_record)]),
        )
        for record, vouch, of_record in zip(records, vouches, lines, strict=True)
    )  # fmt: skip
    home_seals.keep(*zip(records, vouches, strict=True))
    Conflict.objects.filter(peer=peer, object=DOCUMENT, subject__in=keys, decision="").delete()
    written = []
    for row, record, vouch, of_record in zip(rows, records, vouches, lines, strict=True):
        ours = [line for line in of_record if line.is_ours]
        written += own_lines.lines_of(peer, row, record["home"], ours, vouch.of_change, is_load=is_load) or [
            own_lines.line_of_copy(OBJECTS[DOCUMENT], row, record, vouch.of_change, is_new=True)
        ]
    changes.record_changes(written)  # last: it holds the lock of the change log


def _refuse_unusual(peer: Peer, record: Record, lines: Sequence[Line], read_to: int | None) -> None:
    """Raise NotNew for what waits, or is put before a person: alone it says so."""
    of_change = int(record["of_change"])
    is_ahead = read_to is not None and of_change > read_to and not any(line.is_ours for line in lines)
    is_behind = any(line.key > of_change for line in lines)
    scope = OBJECTS[DOCUMENT].scope_of(record["data"])
    if is_ahead or is_behind or not trust.speaks_for(peer, record["home"], scope):
        raise NotNew
