"""Applies what another installation says of one object, in one transaction with the lines of our own change log.

A repeat changes nothing. An object whose home we are is never changed by another installation.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import DataError, IntegrityError, transaction
from django.utils.translation import gettext as _

from content import locks
from content.changes import services as changes
from content.changes.event_types import Nature
from content.copies import own_home
from content.copying import documents, home_seals
from content.copying.fields import RecordRefused, RecordWaits
from content.copying.home_seals import Vouch
from content.copying.objects import OBJECTS, CopiedObject
from content.copying.records import Record
from content.documents import identity
from content.documents.models import LegalDocument
from content.errors import RuleBroken
from content.locks import Lock
from content.sync import disagreements, own_lines, trust
from content.sync.lines import Line
from content.sync.models import Conflict, ConflictKind, Origin, Peer


@dataclass(frozen=True)
class Applied:
    """What became of an object: `outcome` is one of written, same, old, foreign, witness, conflict, gone, unknown."""

    outcome: str
    lines: int = 0


@transaction.atomic
def apply_record(peer: Peer, record: Record, lines: Sequence[Line], *, is_load: bool = False) -> Applied:
    """Write the object as the record says, and one line of our own log for each line about it that is new to us.

    Raises RecordWaits (try again later) and RecordRefused; then nothing was written.
    """
    kind, home = OBJECTS[record["object"]], record["home"]
    vouch = trust.vouch_of(peer, record)
    if vouch is None or home == own_home():
        return Applied("foreign")
    _hold(record)
    if _is_older_than_held(peer, record, vouch):
        return Applied("old")
    origin = Origin.objects.select_for_update(no_key=True).filter(object=kind.name, subject=record["key"]).first()
    if origin and home == origin.home == peer.key and origin.peer_id != peer.pk:
        origin.peer, origin.of_change = peer, 0  # it came through another; its home itself is right
        origin.of_line = own_lines.newest_line_of_home(record["object"], record["key"], home)
    if origin and (origin.peer_id != peer.pk or origin.home != home):
        return _same_from_another(peer, kind, origin, record)
    of_change = int(record["of_change"])
    new_lines = [line for line in lines if line.is_ours and line.key > (origin.of_line if origin else 0)]
    if origin and of_change < origin.of_change and not new_lines:
        return Applied("old")
    if origin and of_change < origin.of_change:
        raise RecordWaits(_("Its record is older than what we hold."))
    if any(line.key > of_change for line in lines):  # a cache between us, or a replica that lags there
        raise RecordWaits(_("Its record is older than the line that we have read."))
    row = kind.locked(record["key"])
    if not _speaks_for(peer, kind, record) and not (origin and _is_of_the_same(kind, row, record)):
        return _in_conflict(peer, record, ConflictKind.SCOPE, "")
    if row is None or not row.home:
        row, refusal = _place_for(peer, kind, row, record)
        if refusal:
            return refusal
    of_line = max([origin.of_line if origin else 0, of_change if is_load else 0, *(line.key for line in lines)])
    if origin and origin.record_hash == record["record_hash"] and not new_lines:
        _remember(peer, record, vouch, of_line, origin)
        return Applied("same")
    row.home = home
    row = _put(kind, row, record)
    written = own_lines.write_lines(peer, kind, row, record, new_lines, is_load=is_load, is_new=origin is None)
    kind.announce(row, record["data"], written[0])
    _remember(peer, record, vouch, of_line, origin)
    return Applied("written", len(written))


def _put(kind: CopiedObject, row: Any, record: Record) -> Any:
    try:
        return kind.put(row, record["data"])
    except RuleBroken as refusal:
        raise RecordRefused(refusal.message) from refusal
    except (IntegrityError, DataError) as error:
        raise RecordRefused(_("The database refuses the record: %s") % str(error).partition("\n")[0][:300]) from error


@transaction.atomic
def apply_tombstone(peer: Peer, name: str, subject: str, lines: Sequence[Line]) -> Applied:
    """Withdraw our copy as its home did, with its reason. Of what we do not hold it is a no-op."""
    kind = OBJECTS[name]
    disagreements.forget_words(peer, name, subject)
    origin = Origin.objects.select_for_update(no_key=True).filter(object=name, subject=subject, peer=peer).first()
    row = kind.locked(subject)
    new_lines = [line for line in lines if origin and line.key > origin.of_line]
    if origin is None or row is None or row.home != origin.home or not new_lines:
        return Applied("unknown")
    tombstone = next(line for line in reversed(lines) if line.is_tombstone)
    if kind.public_row(subject):
        kind.withdraw(row, own_lines.reason_of(peer, origin, tombstone))
        written = own_lines.lines_of(
            peer, row, origin.home, [line for line in new_lines if line.is_ours], is_load=False
        )
        changes.record_changes(written)
    origin.of_line = max(line.key for line in new_lines)
    origin.of_change = max(origin.of_change, origin.of_line)
    origin.save()
    return Applied("gone", len(new_lines))


@transaction.atomic
def withdraw_lost(peer: Peer, name: str, subject: str, reason: str) -> None:
    """Withdraw a copy that the new history of its home does not have; a person agreed."""
    kind = OBJECTS[name]
    row = kind.locked(subject)
    if row is not None and row.home and kind.public_row(subject):
        kind.withdraw(row, reason)
        event_type = {"document": "document.withdrawn", "question": "question.withdrawn", "event": "event.cancelled"}[
            name
        ]
        facts = {"reason": reason, "origin": {"home": row.home}} | ({"title": row.title} if name != "question" else {})
        changes.record_change(event_type, subject, nature=Nature.WITHDRAWAL, notify=False, facts=facts)
    Origin.objects.filter(object=name, subject=subject, peer=peer).delete()


@transaction.atomic
def apply_conflicting(peer: Peer, record: Record) -> Applied:
    """Write the record of a conflict over what we have: a person decided so. Ours becomes a copy of theirs.

    Raises RecordWaits, RecordRefused.
    """
    kind, vouch = OBJECTS[record["object"]], trust.vouch_of(peer, record)
    if vouch is None:
        raise RecordRefused(_("%s does not speak for its home.") % peer)
    _hold(record)
    row = kind.locked(record["key"])
    if row is None and kind.model is LegalDocument:
        row = LegalDocument.objects.select_for_update(no_key=True).filter(**documents.same_law(record["data"])).first()
    row = row or kind.model(key=record["key"])
    if row.key != record["key"]:
        raise RecordRefused(_("Ours has another permanent key, %s: others refer to it. Keep ours.") % row.key)
    if isinstance(row, LegalDocument) and row.pk and not row.published_at and _has_work(row):
        raise RecordRefused(_("Our draft has files or proposed texts, which would be theirs. Delete it first."))
    origin = Origin.objects.select_for_update(no_key=True).filter(object=kind.name, subject=record["key"]).first()
    is_new = row.pk is None
    row.home = record["home"]
    row = _put(kind, row, record)
    written = changes.record_changes([own_lines.line_of_copy(kind, row, record, is_new=is_new)])
    kind.announce(row, record["data"], written[0])
    _remember(peer, record, vouch, origin.of_line if origin and origin.peer_id == peer.pk else 0, origin)
    return Applied("written", 1)


def _is_older_than_held(peer: Peer, record: Record, vouch: Vouch) -> bool:
    """Whether what is handed on is older than what its home itself has sealed by now."""
    held = home_seals.kept(record["object"], record["key"]) if record["home"] != peer.key else None
    return held is not None and held.home == record["home"] and vouch.of_change < held.of_change


def _hold(record: Record) -> None:
    locks.hold_for_name(Lock.DOCUMENT_IDENTITY, f"copy:{record['object']}:{record['key']}")


def _same_from_another(peer: Peer, kind: CopiedObject, origin: Origin, record: Record) -> Applied:
    """A copy that came to us another way. The same words of another home make a witness, other words a conflict.

    What hands on the copies of others is no witness, and may be late.
    """
    if record["home"] == origin.home:
        return Applied("foreign")
    row = kind.public_row(record["key"])
    if row and _says_the_same(kind, row, record):
        return _as_witness(peer, record, record["key"], record["record_hash"])
    return _in_conflict(peer, record, ConflictKind.WORDS, own_lines.hash_of(row) if row else "")


def _says_the_same(kind: CopiedObject, row: Any, record: Record) -> bool:
    return kind.words_of(kind.as_data(row)) == kind.words_of(record["data"])


def _is_of_the_same(kind: CopiedObject, row: Any, record: Record) -> bool:
    """Whether it speaks for the same bodies as the copy that we took: what its home says of that is still right."""
    return row is not None and list(kind.scope_of(kind.as_data(row))) == list(kind.scope_of(record["data"]))


def _as_witness(peer: Peer, record: Record, ours: str, digest: str) -> Applied:
    disagreements.witness(peer, record, ours, digest)
    return Applied("witness")


def _in_conflict(peer: Peer, record: Record, kind: ConflictKind, ours: str) -> Applied:
    disagreements.conflict(peer, record, kind, ours)
    return Applied("conflict")


def _speaks_for(peer: Peer, kind: CopiedObject, record: Record) -> bool:
    keys = kind.scope_of(record["data"])
    return not peer.scope or (bool(keys) and set(keys) <= set(peer.scope))


def _place_for(peer: Peer, kind: CopiedObject, row: Any, record: Record) -> tuple[Any, Applied | None]:
    """The row to write a new copy to, or what became of it because the place is taken by an object of ours.

    A draft, and a partial copy of a law, give way without asking.
    """
    is_document = kind.model is LegalDocument
    if row is None and is_document:
        same = documents.same_law(record["data"])
        identity.lock_identity_key(same["doc_type"], same["number_key"])  # an import of the same law waits
        row = LegalDocument.objects.select_for_update(no_key=True).filter(**same).first()
    if row is None:
        return kind.model(key=record["key"]), None
    if is_document and _has_words(row) and not row.home and _says_the_same(kind, row, record):
        return row, _as_witness(peer, record, row.key, row.content_hash)
    if not _makes_room(row, record):
        is_same = is_document and row.number_key == documents.same_law(record["data"])["number_key"]
        return row, _in_conflict(
            peer, record, ConflictKind.WORDS if is_same else ConflictKind.KEY, own_lines.hash_of(row)
        )
    if isinstance(row, LegalDocument) and not row.is_published:
        row.key = record["key"]
    return row, None


def _has_words(row: LegalDocument) -> bool:
    return row.is_published and not row.is_partial


def _makes_room(row: Any, record: Record) -> bool:
    if not isinstance(row, LegalDocument):
        return False
    if row.status == LegalDocument.Status.DRAFT:
        return not _has_work(row)
    return row.is_published and row.is_partial and row.key == record["key"]


def _has_work(row: LegalDocument) -> bool:
    """Files or proposed texts that people brought: they are neither deleted nor shown as another's."""
    return row.original_files.exists() or row.revisions.exists()


def _remember(peer: Peer, record: Record, vouch: Vouch, of_line: int, origin: Origin | None) -> None:
    origin = origin or Origin(object=record["object"], subject=record["key"], of_change=0)
    is_same_peer = origin.peer_id in (None, peer.pk)
    origin.peer, origin.home, origin.record_hash = peer, record["home"], record["record_hash"]
    origin.of_change = max(int(record["of_change"]), origin.of_change if is_same_peer else 0)
    origin.of_line = of_line
    origin.save()
    home_seals.keep(record, vouch)
    place = {"peer": peer, "object": record["object"], "subject": record["key"]}
    Conflict.objects.filter(**place, decision="").delete()
