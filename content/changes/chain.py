"""The chain of the public change log: each public line names a hash of itself and of the line before it.

A line that was rewritten, left out or lost with a restored backup shows. `chain` is
SHA-256(chain of the public line before ‖ JSON of the line as RFC 8785 writes it), in hex; before the first line it is
"". The facts of a line may have words that were taken out of the public text, so the chain has their digest with a
random salt: we can check it, and nobody can guess the words from it.
"""

import datetime
import hashlib
import secrets
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.models import QuerySet
from django.utils import timezone

from content import locks
from content.canonical_json import canonical_json
from content.changes.models import Change
from content.locks import Lock

BATCH = 500
_TAKE_IDS = """SELECT nextval('content_change_id_seq'),
(SELECT chain FROM content_change WHERE reader_id IS NULL ORDER BY id DESC LIMIT 1) FROM generate_series(1, %s)"""
_LINK = """UPDATE content_change SET chain = new.chain, facts_salt = new.salt
FROM unnest(%s::bigint[], %s::text[], %s::text[]) AS new(id, chain, salt) WHERE content_change.id = new.id"""


@dataclass(frozen=True)
class Head:
    """The newest public line: its id (0 before the first), its chain, and when it was recorded."""

    key: int
    chain: str
    at: datetime.datetime | None


@dataclass(frozen=True)
class ChainBreak:
    """A line whose chain is not that of what it says after the line before it."""

    key: int
    stored: str
    computed: str


def facts_digest(salt: str, facts: Mapping[str, Any]) -> str:
    """SHA-256 of the salt and the stored facts, hex."""
    return hashlib.sha256(salt.encode() + canonical_json(dict(facts))).hexdigest()


def chained_line(change: Change) -> dict[str, Any]:
    """What the chain covers of a public line; the public feed says all of it."""
    return {
        "key": str(change.pk),
        "event_type": str(change.event_type),
        "nature": str(change.nature),
        "subject": change.subject,
        "eids": list(change.eids),
        "topics": list(change.topics),
        "organisation": change.organisation,
        "hash_before": change.hash_before,
        "hash_after": change.hash_after,
        "notify": change.notify,
        "changed_at": change.changed_at.astimezone(datetime.UTC).isoformat(timespec="microseconds"),
        "facts_digest": facts_digest(change.facts_salt, change.facts),
    }


def next_chain(before: str, line: Mapping[str, Any]) -> str:
    """The chain of a line after the chain of the line before it; see the module."""
    return hashlib.sha256(before.encode() + canonical_json(dict(line))).hexdigest()


def link(changes: Sequence[Change]) -> None:
    """Hold the lock of the change log and give unsaved changes their ids, moments and chains.

    Lines that the release before wrote during an upgrade have no chain: they get theirs first.
    """
    if all(change.reader_id for change in changes):
        locks.hold_last(Lock.CHANGE_LOG)
        return
    rows = locks.hold_last(Lock.CHANGE_LOG, _TAKE_IDS, [len(changes)])  # others wait: not one question too many
    last = rows[0][1]
    before = _chain_of_last_line() if last == "" else last or ""
    for change, (pk, _chain) in zip(changes, rows, strict=True):
        change.pk, change.changed_at = pk, timezone.now()
        if not change.reader_id:
            change.facts_salt = secrets.token_hex(16)
            change.chain = before = next_chain(before, chained_line(change))


def head() -> Head:
    """The newest public line."""
    return _head_of(Change.objects.filter(reader=None))


def head_at(key: int) -> Head:
    """The log up to that id: its newest public line then."""
    return _head_of(Change.objects.filter(reader=None, pk__lte=key))


def _head_of(lines: QuerySet[Change]) -> Head:
    last = lines.order_by("-pk").only("chain", "changed_at").first()
    return Head(last.pk, last.chain, last.changed_at) if last else Head(0, "", None)


def breaks() -> Iterator[ChainBreak]:
    """Walk the chain from its beginning and tell each line that does not fit, in order. Memory does not grow."""
    before = ""
    for change in Change.objects.filter(reader=None).order_by("pk").iterator(BATCH):
        computed = next_chain(before, chained_line(change))
        if computed != change.chain:
            yield ChainBreak(change.pk, change.chain, computed)
        before = change.chain


def link_stored_lines(after: int = 0, before: str = "") -> int:
    """Chain the stored public lines after that id, whose chain is `before`. Returns how many; a repeat changes none.

    A trigger allows this once for each line.
    """
    count = 0
    rows = Change.objects.filter(reader=None).order_by("pk")
    while batch := list(rows.filter(pk__gt=after)[:BATCH]):
        new = [change for change in batch if not change.chain]
        for change in batch:
            if not change.chain:
                change.facts_salt = secrets.token_hex(16)
                change.chain = next_chain(before, chained_line(change))
            before, after = change.chain, change.pk
        with connection.cursor() as cursor:
            columns = ([each.pk for each in new], [each.chain for each in new], [each.facts_salt for each in new])
            cursor.execute(_LINK, columns)
        count += len(new)
    return count


def _chain_of_last_line() -> str:
    """Chain the lines that the release before wrote during an upgrade. Returns the chain of the newest."""
    newest = Change.objects.filter(reader=None).order_by("-pk")
    linked = newest.exclude(chain="").values_list("pk", "chain").first()
    link_stored_lines(*(linked or ()))
    return newest.values_list("chain", flat=True).first() or ""
