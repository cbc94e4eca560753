"""Follows one installation: reads its lines, fetches each object that they name once, applies each.

No transaction is open while we ask. The bookmark moves when every object of a page is applied or waits.
"""

import datetime
import json
import logging
import random
import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django.db import DataError, Error, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from content import computed_ahead
from content.changes.cursors import TRANSIENT
from content.new_copies.texts_ahead import TextsAhead
from content.peer_client.client import MIB, PAGE_SIZE, CursorAhead, NotThere, PeerAway, PeerClient, PeerWrong
from content.peer_lines.lines import Forked, Line, checked_lines, shown_head, stored_line
from content.record_fields.fields import RecordRefused, RecordWaits
from content.sync import loading, queries, together, trust
from content.sync.applying import apply_record
from content.sync.fetching import Fetched, Records, records_of
from content.sync.file_fetching import fetch_files, release_connection
from content.sync.leases import LeaseLost, renew, renew_for_next_page
from content.sync.models import Peer, PeerState, Waiting
from content.sync.outcome import Outcome
from content.sync.page_subjects import Subject, acts_of, by_subject, not_in_our_log
from content.sync.together import Group
from content.sync.withdrawing import apply_tombstone

log = logging.getLogger(__name__)
RETRY_SECONDS = 30  # after a page, for what waits
ROUND_SECONDS = 20  # then no further page is read before it is noted how it went
MOST_WAITING = 100_000  # objects of one installation; with more a person must look
MOST_LINES, MOST_LINE_BYTES = 1_000, 4 * MIB  # of one that waits
LONGEST_PAUSE = 60  # seconds between two tries
LONGEST_WAIT = datetime.timedelta(hours=1)  # of an object, between two tries
NO_SEAT_PAUSE = 1  # seconds, where all places of its long poll are taken


class _Incomplete(Exception):
    """The object is written, and is to be written again when what it waits for is here."""


def work_once(
    peer: Peer, client: PeerClient, *, wait: int = 0, seconds: float = ROUND_SECONDS,
    is_stopping: Callable[[], bool] = lambda: False,
) -> Outcome:  # fmt: skip
    """Load, or read a page and what waits; note how it went. Returns the Outcome.

    After a full page the next one is read, for so many seconds and unless the worker is stopping. Errors of the other
    side end in the row of the peer, not here; those of our database are raised.
    """
    outcome, end = Outcome(), time.monotonic() + seconds
    try:
        _work(peer, client, wait, outcome, lambda: is_stopping() or time.monotonic() >= end)
    except PeerAway as error:
        is_told_to_wait = error.is_busy and not error.seconds
        if peer.loaded_at and outcome.is_further and not is_told_to_wait:
            peer.failures = 0  # the next round has less to do
        _note_failure(peer, str(error), PeerState.AWAY, seconds=error.seconds)
        outcome.error = str(error)
    except (PeerWrong, NotThere, RecordRefused) as error:
        outcome.error = str(error) or _("It has not what an installation has.")
        _note_failure(peer, outcome.error, PeerState.AWAY)
    except CursorAhead:
        outcome.error = _("Its log is shorter than what we have read: a backup was restored there.")
        peer.other_head = _head_of_shorter_log(client)
        _stop(peer, outcome.error, PeerState.FORKED)
    except Forked as error:
        outcome.error = str(error)
        _stop(peer, outcome.error, PeerState.FORKED)
    except LeaseLost:
        outcome.error = _("Another worker reads it.")
    except Exception as error:
        if isinstance(error, Error) and not isinstance(error, DataError):
            raise  # the database is away, or busy. What no table takes the other side has said
        if is_stopping():
            return outcome  # a process that ends begins no thread: nobody is at fault
        log.exception("%s could not be read", peer.key)  # whatever it answered: the row of the peer says so
        outcome.error = repr(error)[:500]
        _note_failure(peer, outcome.error, PeerState.AWAY)
    return outcome


def _work(peer: Peer, client: PeerClient, wait: int, outcome: Outcome, is_over: Callable[[], bool]) -> None:
    pause = 0
    if peer.loaded_at is None:
        try:
            loading.load(peer, client, outcome.count)
        except (PeerAway, PeerWrong):
            if peer.bookmark and not peer.is_new_beginning:  # it was followed before: a withdrawal waits for no export
                _read_pages(peer, client, 0, outcome, is_over)
            raise
    else:
        pause = _read_pages(peer, client, wait, outcome, is_over)
    _note_success(peer, pause)


def _read_pages(peer: Peer, client: PeerClient, wait: int, outcome: Outcome, is_over: Callable[[], bool]) -> int:
    """Read them as long as they are full. Returns the seconds until it is worth asking for the next one."""
    began = time.monotonic()
    release_connection()
    renew(peer)
    page = client.page(peer.bookmark, wait)
    has_no_seat = not page.get("results") and wait and time.monotonic() - began < wait / 2
    with records_of(peer, client) as records:
        while _read_page(peer, records, page, outcome, is_over):
            page = records.page(peer.bookmark)
    return NO_SEAT_PAUSE if has_no_seat else 0


def _read_page(
    peer: Peer, records: Records, page: dict[str, Any], outcome: Outcome, is_over: Callable[[], bool]
) -> bool:
    """Apply what a page says, and what waits. Returns whether this round reads the next one, too."""
    lines, loaded_at = _next_lines(peer, records.client, page), peer.loaded_at
    records.client.note_what_it_gives(page)
    reads_on = len(lines) >= PAGE_SIZE and not is_over()
    if lines and peer.waitings.count() < MOST_WAITING:
        _apply_page(peer, records, lines, outcome, reads_on=reads_on)
    _retry_waiting(peer, records, outcome)
    if not lines:  # news first
        fetch_files(peer, records.client)
    if peer.waitings.count() >= MOST_WAITING:
        raise PeerWrong(_("More than %d of its objects wait. See why, before more are read.") % MOST_WAITING)
    if reads_on:
        renew_for_next_page(peer)
    return reads_on and peer.loaded_at == loaded_at and not is_over()


def _next_lines(peer: Peer, client: PeerClient, page: dict[str, Any]) -> list[Line]:
    """The lines of a page, proved to follow what we know. Raises Forked, PeerWrong."""
    try:
        lines = checked_lines(page, peer.chain, peer.bookmark)
        head = trust.checked_head(peer, client, page.get("head"))
    except Forked:
        peer.other_head = shown_head(page)
        raise
    key, chain = (lines[-1].key, lines[-1].shown["chain"]) if lines else (peer.bookmark, peer.chain)
    if (head["key"], head["chain"]) != (str(key), chain):
        peer.other_head = head
        raise Forked(_("The head of its log is not that of its lines: it has another history."))
    peer.head = head
    return lines


def _head_of_shorter_log(client: PeerClient) -> dict[str, str] | None:
    try:
        return shown_head({"head": client.head()})
    except (PeerAway, PeerWrong, NotThere, CursorAhead):
        return None


def _apply_page(peer: Peer, records: Records, lines: list[Line], outcome: Outcome, *, reads_on: bool) -> None:
    named, last = by_subject(peer, lines), lines[-1]
    subjects = not_in_our_log(peer, named)
    for _known in named.keys() - subjects.keys():
        outcome.count("same")
    _apply_subjects(peer, records, subjects, last.key, outcome, page_after=last.key if reads_on else None)
    acts = acts_of(peer, lines, subjects)
    for act, fetched in records.each([*acts]):
        if not isinstance(fetched, NotThere):  # else its tombstone says why
            outcome.count(_apply(peer, act, fetched, [], last.key, because_of=acts[act]))
    _move_bookmark(peer, last.key, last.shown["chain"])
    outcome.lines += len(lines)


def _apply_subjects(
    peer: Peer, records: Records, subjects: Mapping[Subject, list[Line]], read_to: int, outcome: Outcome,
    *, page_after: int | None,
) -> None:  # fmt: skip
    """Apply each object; first those from which words were taken.

    What waits for another object of the page is tried again. What is held and waits for an act that never comes is then
    written without it; one from which words were taken is at once.
    """
    left = sorted(subjects, key=lambda each: not any(line.removes_words for line in subjects[each]))
    done: dict[Subject, str] = {}

    try:
        before = len(left) + 1
        while left and len(left) < before:
            before = len(left)
            known = queries.known_documents(peer, [key for name, key in left if name == together.DOCUMENT])
            groups = together.groups(peer, records.each(left, page_after=page_after), known)
            with TextsAhead() as ahead:
                for group, readings in ahead.each(groups, together.read_ahead):
                    with computed_ahead.given(readings):
                        done |= _apply_group(peer, group, subjects, read_to)
            left = [subject for subject in left if done[subject] in ("waiting", "incomplete")]
        held = [each for each in left if done[each] == "waiting" and queries.origin_of(*each)]
        for subject, fetched in records.each(held):
            done[subject] = _apply(peer, subject, fetched, subjects[subject], read_to)
    finally:
        for became in done.values():
            outcome.count(became)


def _apply_group(peer: Peer, group: Group, subjects: Mapping[Subject, list[Line]], read_to: int) -> dict[Subject, str]:
    """Apply its objects together where they are new documents, else one at a time. Returns what became of each."""
    renew(peer)
    lines = [subjects[subject] for subject, _fetched in group.items]
    if group.is_new and together.apply_new(peer, group, lines, read_to=read_to):
        return {subject: "written" for subject, _fetched in group.items}
    return {
        subject: _apply(
            peer, subject, fetched, subjects[subject], read_to,
            may_lack=any(line.removes_words for line in subjects[subject]),
        )
        for subject, fetched in group.items
    }  # fmt: skip


def _apply(
    peer: Peer, subject: Subject, fetched: Fetched | None, lines: Sequence[Line], read_to: int, *,
    may_lack: bool = True, because_of: int = 0,
) -> str:  # fmt: skip
    """Apply an object, or let it wait with its lines. Returns what became of it."""
    renew(peer)
    name, key = subject
    earlier = Waiting.objects.filter(peer=peer, object=name, subject=key).first()
    if earlier:
        seen = {line.key for line in lines}
        lines = [line for line in _stored_lines(earlier) if line.key not in seen] + list(lines)
    try:
        if isinstance(fetched, dict):
            applied = apply_record(
                peer, fetched, lines, may_lack=may_lack, read_to=read_to, because_of=because_of,
                tries=earlier.tries if earlier else 0,
            )  # fmt: skip
            if applied.waits_for:
                raise _Incomplete(_("Without the acts that make it doubtful: %s.") % ", ".join(applied.waits_for))
            outcome = applied.outcome
        elif isinstance(fetched, NotThere) and any(line.is_tombstone for line in lines):
            outcome = apply_tombstone(peer, name, key, lines).outcome
        else:
            raise RecordWaits(str(fetched or "") or _("It is not public there, and no line says why."))
    except _Incomplete as reason:  # it is written; only the act is waited for
        _let_wait(peer, subject, [], earlier, str(reason))
        return "incomplete"
    except (RecordWaits, RecordRefused) as reason:
        _let_wait(peer, subject, lines, earlier, str(reason))
        return "waiting"
    except (*TRANSIENT, LeaseLost):
        raise
    except Exception as error:  # whatever it is: one object must not hold back the others
        log.exception("%s of %s could not be stored", key, peer.key)
        _let_wait(peer, subject, lines, earlier, repr(error)[:500])
        return "waiting"
    if earlier:
        earlier.delete()
    return outcome


def _stored_lines(waiting: Waiting) -> list[Line]:
    return [stored_line(shown) for shown in waiting.lines]


def _newest(lines: Sequence[Line]) -> list[dict[str, Any]]:
    """Those that are kept for an object that waits, one at least: its installation may write about it without end."""
    size, kept = 0, list[dict[str, Any]]()
    for line in reversed(lines[-MOST_LINES:]):
        size += len(json.dumps(line.shown, ensure_ascii=False, separators=(",", ":")).encode())
        if kept and size > MOST_LINE_BYTES:
            break
        kept.append(dict(line.shown))
    if len(kept) < len(lines):
        log.warning("%d older lines about an object that waits are not kept", len(lines) - len(kept))
    return kept[::-1]


def _let_wait(peer: Peer, subject: Subject, lines: Sequence[Line], earlier: Waiting | None, reason: str) -> None:
    tries = earlier.tries + 1 if earlier else 1
    pause = min(LONGEST_WAIT, datetime.timedelta(seconds=2 ** min(tries, 12)))
    Waiting.objects.update_or_create(
        peer=peer, object=subject[0], subject=subject[1],
        defaults={
            "lines": _newest(lines), "tries": tries, "error": reason[:2_000],
            "next_try_at": timezone.now() + pause,
        },
    )  # fmt: skip


def _retry_waiting(peer: Peer, records: Records, outcome: Outcome, *, most: int = 50) -> None:
    """Try again what waits and is due: the act that was missing may be here by now.

    Each is asked for alone: its record may be wrong only in an answer for several.
    """
    give_up_at = time.monotonic() + RETRY_SECONDS
    due = [(each.object, each.subject) for each in queries.due_waiting(peer, timezone.now())[:most]]
    if not due:
        return
    records.client.gives_many = False  # until the next page says so
    for subject, fetched in records.each(due, until=give_up_at):  # news do not wait for what is broken
        outcome.count(_apply(peer, subject, fetched, [], peer.bookmark))


def _move_bookmark(peer: Peer, key: int, chain: str) -> None:
    """Move it from where this worker found it. Raises LeaseLost where another worker moved it."""
    moved = Peer.objects.filter(pk=peer.pk, bookmark=peer.bookmark, chain=peer.chain)
    if not moved.update(bookmark=key, chain=chain, head=peer.head, last_ok_at=timezone.now(), failures=0):
        raise LeaseLost
    peer.bookmark, peer.chain, peer.failures = key, chain, 0


def _note_success(peer: Peer, pause: float) -> None:
    now = timezone.now()
    state = PeerState.FOLLOWING if peer.loaded_at else PeerState.LOADING
    columns = {"last_ok_at": now, "error": "", "failures": 0, "head": peer.head}
    _note(peer, state=state, next_try_at=now + datetime.timedelta(seconds=pause), **columns)


def _note_failure(peer: Peer, error: str, state: PeerState, *, seconds: float = 0) -> None:
    peer.failures += 1
    pause = max(min(seconds, LONGEST_PAUSE), min(LONGEST_PAUSE, 2 ** min(peer.failures - 1, 10)))
    pause *= random.uniform(0.5, 1)  # noqa: S311 (spreads the tries of many)
    at = timezone.now() + datetime.timedelta(seconds=pause)
    _note(peer, state=state, error=error[:2_000], failures=peer.failures, next_try_at=at)


def _stop(peer: Peer, error: str, state: PeerState) -> None:
    """Read no further until a person decides. Both heads are kept."""
    _note(peer, state=state, error=error[:2_000], other_head=peer.other_head)


@transaction.atomic
def _note(peer: Peer, **columns: Any) -> None:
    """Write how it went, unless a person paused the peer meanwhile, or another worker reads it now."""
    stored = Peer.objects.select_for_update(no_key=True).get(pk=peer.pk)
    if stored.is_working and stored.lease == peer.lease:
        for name, value in columns.items():
            setattr(stored, name, value)
            setattr(peer, name, value)
        stored.leased_until = peer.leased_until = stored.lease = peer.lease = None
        stored.save(update_fields=[*columns, "leased_until", "lease"])
