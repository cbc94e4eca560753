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
from content.copies import own_home
from content.copying import documents, home_seals
from content.copying.home_seals import Vouch
from content.copying.models import HomeSeal
from content.copying.objects import OBJECTS, CopiedObject
from content.copying.records import Record
from content.documents.models import LegalDocument
from content.errors import RuleBroken
from content.locks import Lock
from content.peer_lines.lines import Line
from content.plans.models import Plan
from content.record_fields.fields import RecordRefused, RecordWaits
from content.sync import disagreements, own_lines, queries, trust
from content.sync.models import Conflict, ConflictKind, Origin, Peer

TRIES_FOR_ACTS = 8  # some eight minutes: then a new law is written without the act that makes it doubtful


@dataclass(frozen=True)
class Applied:
    """What became of an object: `outcome` is one of written, same, old, foreign, witness, conflict, gone, unknown.

    `waits_for`: keys of acts that are not here; what they say is shown without them, and the record is to come again.
    """

    outcome: str
    lines: int = 0
    waits_for: tuple[str, ...] = ()


@transaction.atomic
def apply_record(
    peer: Peer, record: Record, lines: Sequence[Line], *, is_load: bool = False, may_lack: bool = True,
    read_to: int | None = None, because_of: int = 0, tries: int = 0,
) -> Applied:  # fmt: skip
    """Write the object as the record says, and one line of our own log for each line about it that is new to us.

    `may_lack`: write a copy that we hold although an act that makes it doubtful is not here; else it waits for the act.
    A new one waits too, but not for ever: the act may be of another home, or of a body that is not in the scope.
    `read_to`: the newest of its lines that we have read. `because_of`: its line about another object that made us read
    this one again. `tries`: how often it waited. Raises RecordWaits (try again later) and RecordRefused;
    then nothing was written.
    """
    kind, home = OBJECTS[record["object"]], record["home"]
    vouch = trust.vouch_of(peer, record)
    if vouch is None or home == own_home():
        return Applied("foreign")
    _hold(record)
    origin = Origin.objects.select_for_update(no_key=True).filter(object=kind.name, subject=record["key"]).first()
    held = home_seals.kept(kind.name, record["key"])
    if home != peer.key and home_seals.is_outdated(held, record, vouch):
        _wait_for_newer(peer, origin, held, lines)
        return Applied("old")
    if origin and home == origin.home and origin.peer_id != peer.pk:
        _take_over(peer, origin, vouch, held, lines)
    if origin and (origin.peer_id != peer.pk or origin.home != home):
        return _same_from_another(peer, kind, origin, record)
    of_change = int(record["of_change"])
    new_lines = [line for line in lines if line.is_ours and line.key > (origin.of_line if origin else 0)]
    if _is_older(of_change, origin, lines, new_lines):
        return Applied("old")
    other = _other_of_the_same(kind, record) if origin else None
    row = kind.locked(record["key"])
    if not _speaks_for(peer, kind, record) and not (origin and _is_of_the_same(kind, row, record)):
        return _in_conflict(peer, record, ConflictKind.SCOPE, None)
    if other:
        return _in_conflict(peer, record, ConflictKind.WORDS, other)
    if row is None or not row.home:
        row, refusal = _place_for(peer, kind, row, record)
        if refusal:
            return refusal
    of_line = max([origin.of_line if origin else 0, of_change if is_load else 0, *(line.key for line in lines)])
    lacking = _lacking_acts(kind, record, may_lack=may_lack)
    held_hash = "" if lacking else record["record_hash"]  # what is not complete is written again
    if origin and origin.record_hash == held_hash and not new_lines:
        _remember(peer, record, vouch, of_line, origin, held_hash)
        return Applied("same", waits_for=lacking)
    if not new_lines and read_to is not None and of_change > read_to:  # they tell what is new, each once
        raise RecordWaits(_("The lines about it are still to be read."))
    if not because_of and origin:  # no line about it says what is new
        because_of = _line_of_acts_that_came(peer, record, origin, lacking) or read_to or 0
    row.home = home
    row = _put(kind, row, record, may_lack=tries >= TRIES_FOR_ACTS)
    written = own_lines.write_lines(
        peer, kind, row, record, new_lines, vouch.of_change, because_of=because_of, is_load=is_load,
        is_new=origin is None,
    )  # fmt: skip
    kind.announce(row, record["data"], written[0])
    _remember(peer, record, vouch, of_line, origin, held_hash)
    return Applied("written", len(written), lacking)


def _lacking_acts(kind: CopiedObject, record: Record, *, may_lack: bool) -> tuple[str, ...]:
    """The acts that make a document doubtful and that are not here. Raises RecordWaits unless it `may_lack` them."""
    lacking = tuple(documents.lacking_of(record["data"])) if kind.model is LegalDocument else ()
    if lacking and not may_lack:
        raise RecordWaits(_("Without the acts that make it doubtful: %s.") % ", ".join(lacking))
    return lacking


def _is_older(of_change: int, origin: Origin | None, lines: Sequence[Line], new_lines: Sequence[Line]) -> bool:
    """Whether we hold a newer record and no line says more. Raises RecordWaits if it lacks what a line says."""
    if origin and of_change < origin.of_change:
        if not new_lines:
            return True
        raise RecordWaits(_("Its record is older than what we hold."))
    if any(line.key > of_change for line in lines):  # a cache between us, or a replica that lags there
        raise RecordWaits(_("Its record is older than the line that we have read."))
    return False


def _line_of_acts_that_came(peer: Peer, record: Record, origin: Origin, lacking: Sequence[str]) -> int:
    """The newest line about the acts that make a copy doubtful, without which it was written before; 0 without one."""
    if origin.record_hash or lacking:
        return 0
    acts = documents.doubting_acts(record["data"])
    return max(queries.newest_lines(peer, acts).values(), default=0)


def _put(kind: CopiedObject, row: Any, record: Record, *, may_lack: bool = False) -> Any:
    try:
        if may_lack and isinstance(row, LegalDocument):
            return documents.put(row, record["data"], may_lack=True)
        return kind.put(row, record["data"])
    except RuleBroken as refusal:
        raise RecordRefused(refusal.message) from refusal
    except (IntegrityError, DataError) as error:
        raise RecordRefused(_("The database refuses the record: %s") % str(error).partition("\n")[0][:300]) from error


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
    if row is not None and not row.home and not kind.is_same(row, record["data"]):
        raise RecordRefused(_("Another object has this key here. Only keeping ours is possible."))
    row = row or kind.find_same(record["data"]) or kind.model(key=record["key"])
    if row.key != record["key"]:
        raise RecordRefused(_("Ours has another permanent key, %s: others refer to it. Keep ours.") % row.key)
    if isinstance(row, LegalDocument) and row.pk and not row.published_at and _has_work(row):
        raise RecordRefused(_("Our draft has files or proposed texts, which would be theirs. Delete it first."))
    origin = Origin.objects.select_for_update(no_key=True).filter(object=kind.name, subject=record["key"]).first()
    is_new = row.pk is None
    row.home = record["home"]
    row = _put(kind, row, record)
    written = changes.record_changes([own_lines.line_of_copy(kind, row, record, vouch.of_change, is_new=is_new)])
    kind.announce(row, record["data"], written[0])
    _remember(peer, record, vouch, origin.of_line if origin and origin.peer_id == peer.pk else 0, origin,
              record["record_hash"])  # fmt: skip
    return Applied("written", 1)


def _wait_for_newer(peer: Peer, origin: Origin | None, held: HomeSeal | None, lines: Sequence[Line]) -> None:
    """Raise RecordWaits where lines of the one that brought the copy say more than its record, which is outdated."""
    is_its_own = origin is not None and origin.peer_id == peer.pk and not (held and held.is_gone)
    if is_its_own and origin and any(line.is_ours and line.key > origin.of_line for line in lines):
        raise RecordWaits(_("It hands on an older record than its home has sealed by now."))


def _take_over(peer: Peer, origin: Origin, vouch: Vouch, held: HomeSeal | None, lines: Sequence[Line]) -> None:
    """Make this installation the one that brings the copy: as its home, or with a newer seal of the home."""
    newest = own_lines.newest_line_of_home(origin.object, origin.subject, origin.home)
    if origin.home == peer.key:
        origin.peer, origin.of_change, origin.of_line = peer, 0, newest
    elif held is None or vouch.of_change > held.of_change:
        known = [line.key for line in lines if line.key_at_home <= newest]
        origin.peer, origin.of_change, origin.of_line = peer, 0, max(known, default=0)


def _hold(record: Record) -> None:
    locks.hold_for_name(Lock.DOCUMENT_IDENTITY, name_of_lock(record))


def name_of_lock(record: Record) -> str:
    """The name of the lock under which a record of this object is applied."""
    return f"copy:{record['object']}:{record['key']}"


def _same_from_another(peer: Peer, kind: CopiedObject, origin: Origin, record: Record) -> Applied:
    """A copy that came to us another way. The same words of another home make a witness, other words a conflict.

    What hands on the copies of others is no witness, and may be late.
    """
    if record["home"] == origin.home:
        return Applied("foreign")
    row = kind.public_row(record["key"])
    if row and _says_the_same(kind, row, record):
        return _as_witness(peer, record, record["key"], record["record_hash"])
    return _in_conflict(peer, record, ConflictKind.WORDS, row)


def _says_the_same(kind: CopiedObject, row: Any, record: Record) -> bool:
    return kind.words_of(kind.as_data(row)) == kind.words_of(record["data"])


def _is_of_the_same(kind: CopiedObject, row: Any, record: Record) -> bool:
    """Whether it speaks for the same bodies as the copy that we took: what its home says of that is still right."""
    return row is not None and list(kind.scope_of(kind.as_data(row))) == list(kind.scope_of(record["data"]))


def _as_witness(peer: Peer, record: Record, ours: str, digest: str) -> Applied:
    disagreements.witness(peer, record, ours, digest)
    return Applied("witness")


def _in_conflict(peer: Peer, record: Record, kind: ConflictKind, ours: Any) -> Applied:
    """`ours`: the row that it disagrees with, None without one."""
    is_public = ours is not None and OBJECTS[record["object"]].public().filter(pk=ours.pk).exists()
    digest = own_lines.hash_of(ours) if ours else ""
    disagreements.conflict(peer, record, kind, digest, is_ours_public=is_public)
    return Applied("conflict")


def _speaks_for(peer: Peer, kind: CopiedObject, record: Record) -> bool:
    return trust.speaks_for(peer, record["home"], kind.scope_of(record["data"]))


def _place_for(peer: Peer, kind: CopiedObject, row: Any, record: Record) -> tuple[Any, Applied | None]:
    """The row to write a new copy to, or what became of it because the place is taken by an object of ours.

    A draft, and a partial copy of a law, give way without asking.
    """
    row = row or kind.find_same(record["data"])
    if row is None:
        return kind.model(key=record["key"]), None
    if _has_words(row) and not row.home and _says_the_same(kind, row, record):
        return row, _as_witness(peer, record, row.key, own_lines.hash_of(row) or record["record_hash"])
    if not _makes_room(row, record):
        is_same = kind.is_same(row, record["data"])
        return row, _in_conflict(peer, record, ConflictKind.WORDS if is_same else ConflictKind.KEY, row)
    if isinstance(row, LegalDocument) and not row.is_published:
        row.key = record["key"]
    return row, None


def _other_of_the_same(kind: CopiedObject, record: Record) -> Any:
    """The plan under another key that a copy, which was another one until now, would be too; None without one."""
    same = kind.find_same(record["data"]) if kind.model is Plan else None
    return same if same and same.key != record["key"] else None


def _has_words(row: Any) -> bool:
    """Whether it is public and says all: then what says the same is its witness."""
    if isinstance(row, LegalDocument):
        return row.is_published and not row.is_partial
    return isinstance(row, Plan) and row.status == Plan.Status.PUBLISHED


def _makes_room(row: Any, record: Record) -> bool:
    if not isinstance(row, LegalDocument):
        return False
    if row.status == LegalDocument.Status.DRAFT:
        return not _has_work(row)
    return row.is_published and row.is_partial and row.key == record["key"]


def _has_work(row: LegalDocument) -> bool:
    """Files or proposed texts that people brought: they are neither deleted nor shown as another's."""
    return row.original_files.exists() or row.revisions.exists()


def _remember(peer: Peer, record: Record, vouch: Vouch, of_line: int, origin: Origin | None, record_hash: str) -> None:
    origin = origin or Origin(object=record["object"], subject=record["key"], of_change=0)
    is_same_peer = origin.peer_id in (None, peer.pk)
    origin.peer, origin.home, origin.record_hash = peer, record["home"], record_hash
    origin.of_change = max(int(record["of_change"]), origin.of_change if is_same_peer else 0)
    origin.of_line = of_line
    origin.save()
    home_seals.keep((record, vouch))
    place = {"peer": peer, "object": record["object"], "subject": record["key"]}
    Conflict.objects.filter(**place, decision="").delete()
