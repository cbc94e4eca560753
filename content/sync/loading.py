"""The first load: the newest export of an installation, checked, then its bookmark. Nobody is notified.

It goes on where it was stopped. A new beginning after a fork is the same, and compares: what the new export lacks is
put before a person.
"""

import gzip
import hashlib
import json
import logging
import re
import tempfile
import zlib
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from io import BufferedRandom
from typing import IO, Any
from urllib.parse import urlsplit

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from content import computed_ahead
from content.changes.cursors import TRANSIENT
from content.copying import home_seals
from content.copying.objects import OBJECTS
from content.copying.records import Record
from content.new_copies.texts_ahead import TextsAhead
from content.peer_client.client import KEY, MOST_OF_A_FILE, MOST_OF_A_RECORD, NotThere, PeerAway, PeerClient, PeerWrong
from content.record_fields.fields import RecordRefused, RecordWaits
from content.sync import queries, together, trust
from content.sync.applying import apply_record
from content.sync.file_fetching import release_connection
from content.sync.leases import LeaseLost, renew
from content.sync.models import Conflict, ConflictKind, Origin, Peer, Waiting
from content.sync.page_subjects import Subject
from content.sync.together import Group

log = logging.getLogger(__name__)
RECORDS = "records.jsonl.gz"
NOTED_EACH = 50  # records
MOST_LINES = 50_000_000
MOST_REFUSED = 1_000  # records of one export that can never be used: then nothing more of it is read
CHAIN = re.compile(r"[0-9a-f]{0,64}")
OBJECT_NAME = re.compile(r"[a-z_]{1,40}")

Count = Callable[[str], None]


@dataclass(frozen=True)
class _Unchecked:
    """A record as the export has it."""

    raw: Record


def load(peer: Peer, client: PeerClient, count: Count) -> None:
    """Load the newest export and set the bookmark. Raises PeerAway, PeerWrong, Forked; a repeat goes on."""
    renew(peer)
    release_connection()
    manifest = client.newest_export()
    if manifest is None or not _records_file(manifest):
        raise PeerAway(_("It has no export with records yet. It writes one each night, or with export_bulk."), 60)
    trust.checked_manifest(peer, client, manifest)
    _refuse_wrong_manifest(manifest)
    listed = _records_file(manifest)
    with tempfile.TemporaryFile() as file:
        _download(peer, client, listed, file)
        seen = _apply_all(peer, client, manifest["key"], listed["lines"], file, count)
    _finish(peer, manifest, seen)


def _records_file(manifest: dict[str, Any]) -> dict[str, Any]:
    files = manifest.get("files")
    rows = files if isinstance(files, list) else []
    return next((each for each in rows if isinstance(each, dict) and each.get("name") == RECORDS), {})


def _refuse_wrong_manifest(manifest: dict[str, Any]) -> None:
    key, cursor, chain = (str(manifest.get(name, "")) for name in ("key", "cursor", "chain"))
    is_right = 0 < len(key) <= 40 and cursor.isdecimal() and len(cursor) <= 18 and CHAIN.fullmatch(chain)
    size, lines = (_records_file(manifest).get(name) for name in ("size", "lines"))
    if not (is_right and isinstance(size, int) and 0 < size <= MOST_OF_A_FILE):
        raise PeerWrong(_("Its export does not say how large it is."))
    if not (isinstance(lines, int) and 0 <= lines <= MOST_LINES):
        raise PeerWrong(_("Its export does not say how large it is."))


def _download(peer: Peer, client: PeerClient, listed: dict[str, Any], file: BufferedRandom) -> None:
    client.download(urlsplit(str(listed.get("url", ""))).path, file, listed["size"], lambda: renew(peer))
    file.seek(0)
    if hashlib.file_digest(file, "sha256").hexdigest() != listed.get("sha256"):
        raise PeerWrong(_("Its export does not have the SHA-256 that its manifest gives."))


def _apply_all(
    peer: Peer, client: PeerClient, key: str, total: int, file: IO[bytes], count: Count
) -> set[tuple[str, str]]:
    """Apply the records, and again what waits for an act that comes later. Returns the subjects of the export.

    Objects of a later release are passed over.
    """
    first = peer.load_line if peer.load_export == key and not peer.is_new_beginning else 0
    seen: set[tuple[str, str]] = set()
    waiting: dict[tuple[str, str], str] = {}
    refused, lines = 0, deque[int]()
    noted = first
    with TextsAhead() as ahead:
        groups = together.groups(peer, _wanted(peer, client, file, first, total, seen, lines))
        for group, readings in ahead.each(groups, together.read_ahead):
            if refused > MOST_REFUSED:
                raise PeerWrong(_("Its export has more lines than it says, or too many that cannot be used."))
            with computed_ahead.given(readings):
                done = list(_apply_group(peer, client, group))
            for subject, outcome, error in done:
                count(outcome)
                refused += outcome == "refused"
                if error:
                    waiting[subject] = error
            line = [lines.popleft() for _each in group.items][-1]
            if line // NOTED_EACH > noted // NOTED_EACH:
                _let_wait(peer, waiting)  # else a worker that is killed would forget them
                _note(peer, key, line, total)
                noted = line
    _repeat(peer, client, file, waiting, count)
    _let_wait(peer, waiting)
    return seen


def _wanted(
    peer: Peer, client: PeerClient, file: IO[bytes], first: int, total: int, seen: set[Subject], lines: deque[int]
) -> Iterator[tuple[Subject, Record | _Unchecked]]:
    """What is wanted of the records after that line. Puts all into `seen`, the lines of those given into `lines`."""
    may_be_here = peer.origins.exists()  # of an earlier load
    for line, raw in enumerate(_records_of(peer, file), 1):
        subject = _subject_of(raw)
        if line > total:
            raise PeerWrong(_("Its export has more lines than it says, or too many that cannot be used."))
        seen.add(subject)
        is_copy = may_be_here and not peer.wants(subject[0]) and subject in queries.held_of(peer, [subject[1]])
        if line > first and (is_copy or peer.wants(subject[0])):
            lines.append(line)
            is_here = is_copy or (may_be_here and queries.origin_of(*subject) is not None)
            yield subject, _Unchecked(raw) if is_here else _checked_if_new(peer, client, raw)


def _checked_if_new(peer: Peer, client: PeerClient, raw: Record) -> Record | _Unchecked:
    if together.can_be_new(peer, raw):
        try:
            return trust.checked_record(peer, client, raw)
        except (*TRANSIENT, LeaseLost, PeerAway, PeerWrong):
            raise
        except Exception as error:  # whatever it is: alone it says so, and holds back no other
            log.debug("%s of %s is applied alone: %r", raw.get("key"), peer.key, error)
    return _Unchecked(raw)


def _apply_group(peer: Peer, client: PeerClient, group: Group) -> Iterator[tuple[Subject, str, str]]:
    """Each object, what became of it, and why it waits or ""."""
    renew(peer)
    if group.is_new and together.apply_new(peer, group, [()] * len(group.items), is_load=True):
        yield from ((subject, "written", "") for subject, _record in group.items)
        return
    for subject, record in group.items:
        yield subject, *_apply(peer, client, record.raw if isinstance(record, _Unchecked) else record)


def _repeat(peer: Peer, client: PeerClient, file: IO[bytes], waiting: dict[tuple[str, str], str], count: Count) -> None:
    """Go through the file again for what waits, as long as that helps."""
    before = len(waiting) + 1
    while waiting and len(waiting) < before:
        before = len(waiting)
        for raw in _records_of(peer, file):
            subject = _subject_of(raw)
            if subject in waiting:
                outcome, error = _apply(peer, client, raw)
                count(outcome)
                if error:
                    waiting[subject] = error
                else:
                    del waiting[subject]
                    Waiting.objects.filter(peer=peer, object=subject[0], subject=subject[1]).delete()


def _subject_of(raw: Record) -> tuple[str, str]:
    """(object, key); the key is "" where a later release has made the object: nothing of it is kept.

    Raises PeerWrong for what is no key of an object.
    """
    name, key = raw.get("object"), raw.get("key")
    if isinstance(name, str) and isinstance(key, str) and OBJECT_NAME.fullmatch(name):
        if name not in OBJECTS:
            return name, ""
        if KEY.fullmatch(key):
            return name, key
    raise PeerWrong(_("A record of its export has no key of an object."))


def _records_of(peer: Peer, file: IO[bytes]) -> Iterator[dict[str, Any]]:
    """One record in memory at a time. Raises PeerWrong."""
    file.seek(0)
    try:
        with gzip.GzipFile(fileobj=file, mode="rb") as lines:
            while line := lines.readline(MOST_OF_A_RECORD + 1):
                renew(peer)
                if len(line) > MOST_OF_A_RECORD:
                    raise PeerWrong(_("A record of its export is longer than 64 MiB."))
                record = json.loads(line)
                if not isinstance(record, dict):
                    raise PeerWrong(_("A record of its export is none."))
                yield record
    except (OSError, EOFError, ValueError, RecursionError, zlib.error) as error:
        raise PeerWrong(_("Its export cannot be read.")) from error


def _apply(peer: Peer, client: PeerClient, raw: Record) -> tuple[str, str]:
    """(what became of it, why it waits or "").

    What its home withdrew is asked for now: the export may be older than the withdrawal.
    """
    renew(peer)
    try:
        if home_seals.is_gone(*_subject_of(raw)):
            raw = _as_it_is_now(client, raw)
        checked = trust.checked_record(peer, client, raw)
        return apply_record(peer, checked, [], is_load=True, may_lack=False).outcome, ""
    except trust.HomeSealWrong:  # of a home with a key that is new to us, say: it is no fault of the export
        return "foreign", ""
    except NotThere:
        return "gone", ""
    except RecordRefused as reason:
        return "refused", str(reason) or _("unknown")
    except RecordWaits as reason:
        return "waiting", str(reason) or _("unknown")
    except (*TRANSIENT, LeaseLost, PeerAway, PeerWrong):
        raise
    except Exception as error:  # whatever it is: one object must not hold back the others
        log.exception("%s of %s could not be stored", raw.get("key"), peer.key)
        return "waiting", repr(error)[:500]


def _as_it_is_now(client: PeerClient, raw: Record) -> Record:
    """The record as the installation gives it now. Raises NotThere, RecordWaits, and PeerAway if we ask too often."""
    try:
        return client.record(f"{raw['object']}s", raw["key"])
    except PeerAway as error:
        if error.is_busy:
            raise
        raise RecordWaits(str(error)) from error


def _let_wait(peer: Peer, waiting: dict[tuple[str, str], str]) -> None:
    now = timezone.now()
    rows = [
        Waiting(peer=peer, object=name[:20], subject=key[:200], tries=1, next_try_at=now, error=error[:2_000])
        for (name, key), error in waiting.items()
    ]
    Waiting.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["peer", "object", "subject"],
        update_fields=["error"],
        batch_size=500,
    )


def _note(peer: Peer, key: str, line: int, total: int) -> None:
    peer.load_export, peer.load_line, peer.load_lines = key, line, total
    peer.save(update_fields=["load_export", "load_line", "load_lines"])


def _remember_unknown(peer: Peer, seen: set[tuple[str, str]]) -> None:
    """Write down that objects of a later release are not wanted, where everything was.

    Once this installation has that release too, a person asks for them, and the export is loaded once more.
    """
    wants_all = Peer.objects.filter(pk=peer.pk, objects_wanted=[])
    if any(name not in OBJECTS for name, _key in seen) and wants_all.update(objects_wanted=[*OBJECTS]):
        peer.objects_wanted = [*OBJECTS]


@transaction.atomic
def _finish(peer: Peer, manifest: dict[str, Any], seen: set[tuple[str, str]]) -> None:
    held = Origin.objects.filter(home=peer.key).exclude(peer=peer)  # what came of it through others
    if peer.is_new_beginning:
        held = Origin.objects.filter(Q(home=peer.key) | Q(peer=peer))
    for name, subject in sorted(queries.public_subjects(held) - seen):
        place: dict[str, Any] = {"peer": peer, "object": name, "subject": subject, "kind": ConflictKind.GONE}
        Conflict.objects.get_or_create(**place, decision="")
    columns: dict[str, Any] = {
        "bookmark": int(manifest["cursor"]), "chain": manifest["chain"], "loaded_at": timezone.now(),
        "is_new_beginning": False, "load_export": "", "load_line": 0, "load_lines": 0, "head": None, "other_head": None,
    }  # fmt: skip
    for name, value in columns.items():
        setattr(peer, name, value)
    _remember_unknown(peer, seen)
    peer.save(update_fields=[*columns])  # not its state: a person may have paused it meanwhile
