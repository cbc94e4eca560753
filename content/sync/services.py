"""What people do about other installations: add one, confirm its key, pause it, begin anew, decide conflicts.

Each is one transaction with a row of the audit. The network is asked before the transaction.
"""

from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from content.changes import services as changes
from content.changes.event_types import EventType, Nature
from content.changes.models import Change
from content.copies import home_of, own_home
from content.copying import home_seals
from content.copying.objects import wishes_for
from content.copying.records import Record
from content.errors import NotAllowed, RuleBroken
from content.peer_client.client import NotThere, PeerAway, PeerClient, PeerWrong, checked_url
from content.peer_lines.lines import Forked
from content.people import services as people
from content.people.models import User
from content.people.text_input import require_reason
from content.record_fields.fields import RecordRefused, RecordWaits
from content.seals import services as seals
from content.seals.services import SealBroken
from content.sync import trust
from content.sync.applying import apply_conflicting
from content.sync.disagreements import OF_TWO
from content.sync.models import SET_BY_PEOPLE, Conflict, ConflictDecision, ConflictKind, Origin, Peer, PeerState
from content.sync.withdrawing import withdraw_lost

MAY_MANAGE = "content.manage_peer"
MAY_DECIDE = "content.decide_conflict"


def add_peer(address: str, *, by: User) -> Peer:
    """Read who is at that address and store it; a second person then confirms the fingerprint of its key.

    Raises RuleBroken: "bad_address", "peer_away", "already_exists", NotAllowed("not_allowed").
    """
    _require(by, MAY_MANAGE)
    try:
        url = checked_url(address)
        client = PeerClient(url)
        try:
            description, offered = client.description(), seals.keys_of_set(client.keys())
        finally:
            client.close()
    except PeerWrong as error:
        raise RuleBroken("bad_address", str(error), field="url") from error
    except (PeerAway, NotThere, SealBroken) as error:
        message = _("Nothing answers there as an installation of Luật Mở does. %s")
        raise RuleBroken("peer_away", (message % error).strip(), field="url") from error
    if description.get("url") != url or not offered:
        raise RuleBroken(
            "peer_away", _("What answers there calls itself by another address, or has no key."), field="url"
        )
    name, wishes = str(description.get("name", ""))[:300], wishes_for(description.get("objects"))
    return _store_peer(url, name, offered, wishes, by)


@transaction.atomic
def _store_peer(url: str, name: str, offered: dict[str, Any], wishes: list[str], by: User) -> Peer:
    if home_of(url) == own_home():
        raise RuleBroken("bad_address", _("This is our own address."), field="url")
    try:
        with transaction.atomic():
            columns = {"name": name, "offered_keys": offered, "objects_wanted": wishes, "added_by": by}
            peer = Peer.objects.create(key=home_of(url), url=url, **columns)
    except IntegrityError as error:
        raise RuleBroken("already_exists", _("This installation is in the list already."), field="url") from error
    people.audit("peer.added", peer.key, by=by, fingerprints=sorted(offered))
    return peer


@transaction.atomic
def confirm_key(peer: Peer, fingerprint: str, *, by: User, reason: str = "") -> Peer:
    """Pin the key whose fingerprint a second person heard from the other office, and begin to read.

    Raises RuleBroken: "wrong_status", "second_person_required", "unknown_fingerprint".
    """
    _require(by, MAY_MANAGE)
    peer = _locked(peer)
    if peer.state != PeerState.NEW:
        raise RuleBroken("wrong_status", _("No key of this installation waits for a second person."))
    if by.pk == peer.added_by_id:
        message = _("You added this installation, or read its keys anew. Somebody else must confirm its key.")
        raise RuleBroken("second_person_required", message)
    kid = "".join(fingerprint.split())
    if kid not in peer.offered_keys:
        message = _("The installation has no key with this fingerprint. Do not go on: call the office again.")
        raise RuleBroken("unknown_fingerprint", message, field="fingerprint")
    peer.keys, peer.confirmed_by = {kid: peer.offered_keys[kid]}, by
    peer.state, peer.error, peer.next_try_at, peer.other_head = _working_state(peer), "", None, None
    peer.save()
    people.audit("peer.confirmed", peer.key, by=by, reason=reason, fingerprint=kid)
    if not _has_joined(peer):
        _record(peer, EventType.PEER_JOINED)
    return peer


def ask_new_key(peer: Peer, *, by: User, reason: str) -> Peer:
    """Read the keys that the installation offers now, after it lost those that we know; a second person confirms one.

    Until then nothing is read of it, and no seal of it is believed. Asking again shows its keys of that moment. Raises
    RuleBroken: "wrong_status", "peer_away".
    """
    _require(by, MAY_MANAGE)
    reason = require_reason(reason)
    client = PeerClient(peer.url)
    try:
        offered = seals.keys_of_set(client.keys())
    except (PeerWrong, PeerAway, NotThere, SealBroken) as error:
        raise RuleBroken("peer_away", _("It shows no keys. %s") % error) from error
    finally:
        client.close()
    return _offer(peer, offered, by, reason)


@transaction.atomic
def _offer(peer: Peer, offered: dict[str, Any], by: User, reason: str) -> Peer:
    peer = _locked(peer)
    if peer.state not in (PeerState.NEW, PeerState.FORKED, PeerState.PAUSED):
        raise RuleBroken("wrong_status", _("Only of an installation that has another history, or is paused."))
    peer.keys, peer.offered_keys, peer.added_by, peer.confirmed_by, peer.state = {}, offered, by, None, PeerState.NEW
    peer.save()
    people.audit("peer.key_asked", peer.key, by=by, reason=reason, fingerprints=sorted(offered))
    return peer


@transaction.atomic
def pause_peer(peer: Peer, *, by: User, reason: str) -> Peer:
    """Read no further until `resume_peer`. What is held stays. Pausing twice is a no-op."""
    _require(by, MAY_MANAGE)
    peer, reason = _locked(peer), require_reason(reason)
    if peer.state == PeerState.PAUSED:
        return peer
    if not peer.is_working:
        raise RuleBroken("wrong_status", _("Only an installation that is read can be paused."))
    peer.state, peer.leased_until, peer.lease = PeerState.PAUSED, None, None
    peer.save()
    people.audit("peer.paused", peer.key, by=by, reason=reason)
    _record(peer, EventType.PEER_LEFT)
    return peer


@transaction.atomic
def resume_peer(peer: Peer, *, by: User, reason: str) -> Peer:
    """Read again from where it was paused. Raises RuleBroken("wrong_status")."""
    _require(by, MAY_MANAGE)
    peer, reason = _locked(peer), require_reason(reason)
    if peer.state != PeerState.PAUSED:
        raise RuleBroken("wrong_status", _("The installation is not paused."))
    peer.state, peer.next_try_at, peer.failures = _working_state(peer), None, 0
    peer.save()
    people.audit("peer.resumed", peer.key, by=by, reason=reason)
    _record(peer, EventType.PEER_JOINED)
    return peer


@transaction.atomic
def begin_anew(peer: Peer, *, by: User, reason: str) -> Peer:
    """Read the installation from its newest export, after it got another history.

    What we hold of it stays; what its new export lacks is put before a person. Raises RuleBroken("wrong_status").
    """
    _require(by, MAY_MANAGE)
    peer, reason = _locked(peer), require_reason(reason)
    if peer.state not in (PeerState.FORKED, PeerState.PAUSED) or not peer.keys:
        raise RuleBroken("wrong_status", _("Only an installation that has another history, or is paused, begins anew."))
    Origin.objects.filter(peer=peer).update(of_change=0, of_line=0)  # the numbers of the old history say nothing
    home_seals.forget_numbers(peer.key)
    home_seals.forget_seals_of(peer.origins.all())
    peer.waitings.all().delete()
    peer.state, peer.loaded_at, peer.is_new_beginning = PeerState.LOADING, None, True
    peer.bookmark, peer.chain, peer.error, peer.next_try_at = 0, "", "", None
    peer.load_export, peer.load_line = "", 0
    peer.save()
    people.audit("peer.began_anew", peer.key, by=by, reason=reason)
    return peer


@transaction.atomic
def set_peer(peer: Peer, *, by: User, **columns: Any) -> Peer:
    """Set what is wanted of it, for whom it speaks, and whether our followers are told."""
    _require(by, MAY_MANAGE)
    peer = _locked(peer)
    if unknown := columns.keys() - set(SET_BY_PEOPLE):
        raise TypeError(f"columns that are not set here: {', '.join(sorted(unknown))}")
    was = {name: list(getattr(peer, name)) for name in ("objects_wanted", "scope")}
    for name, value in columns.items():
        setattr(peer, name, value)
    if peer.loaded_at and any(_is_wider(before, getattr(peer, name)) for name, before in was.items()):
        peer.loaded_at, peer.load_export, peer.load_line = None, "", 0  # its export has what was left out until now
        peer.state = PeerState.LOADING if peer.is_working else peer.state
    peer.save()
    people.audit("peer.set", peer.key, by=by, **columns)
    return peer


def decide_conflict(conflict: Conflict, decision: str, *, by: User, reason: str) -> Conflict:
    """Keep what we have, or take what the other installation says. Returns the Conflict.

    Two documents: ours and theirs are not the same. Each is read at its own home, and nobody is asked again.
    Theirs is read anew, so that nothing returns that its home took out meanwhile; if it says something else by now, the
    person must look again. Taking an object that the new history of its home lacks withdraws it. What was decided keeps
    the hashes only. Deciding twice is a no-op. Raises RuleBroken: "wrong_status", "record_refused", "peer_away",
    NotAllowed("not_allowed").
    """
    _require(by, MAY_DECIDE)
    reason = require_reason(reason)
    is_taken = decision == ConflictDecision.THEIRS and not conflict.decision
    record = _record_now(conflict) if is_taken and conflict.kind in (ConflictKind.WORDS, ConflictKind.SCOPE) else None
    return _decide(conflict, decision, record, by, reason)


def _record_now(conflict: Conflict) -> Record:
    """What the other installation says at this moment. Raises RuleBroken."""
    peer = conflict.peer
    client = PeerClient(peer.url)
    try:
        record = trust.checked_record(peer, client, client.record(f"{conflict.object}s", conflict.subject))
    except PeerAway as error:
        raise RuleBroken("peer_away", str(error)) from error
    except NotThere as error:
        raise RuleBroken("record_refused", _("It is not public there any more.")) from error
    except (PeerWrong, RecordRefused, Forked) as error:
        raise RuleBroken("record_refused", str(error)) from error
    finally:
        client.close()
    if record["record_hash"] != conflict.theirs:
        found = Conflict.objects.filter(pk=conflict.pk, decision="")
        found.update(record=record, theirs=record["record_hash"])
        raise RuleBroken("wrong_status", _("The other installation says something else by now. Look at it again."))
    return record


@transaction.atomic
def _decide(conflict: Conflict, decision: str, record: Record | None, by: User, reason: str) -> Conflict:
    conflict = Conflict.objects.select_for_update(no_key=True, of=("self",)).select_related("peer").get(pk=conflict.pk)
    if conflict.decision:
        return conflict
    if decision == ConflictDecision.TWO and conflict.kind not in OF_TWO:
        raise RuleBroken("wrong_status", _("Only where the same law or key is here can there be two documents."))
    conflict.decision, conflict.decided_by = ConflictDecision(decision), by
    conflict.decided_at, conflict.reason, conflict.record = timezone.now(), reason, None
    conflict.save()
    if conflict.decision == ConflictDecision.THEIRS:
        _take_theirs(conflict, record, reason)
    people.audit(
        "peer_conflict.decided", conflict.subject, by=by, reason=reason, peer=conflict.peer.key, decision=decision,
        kind=conflict.kind,
    )  # fmt: skip
    return conflict


def _take_theirs(conflict: Conflict, record: Record | None, reason: str) -> None:
    if conflict.kind == ConflictKind.GONE:
        withdraw_lost(conflict.peer, conflict.object, conflict.subject, reason)
        return
    if conflict.kind == ConflictKind.KEY or record is None:
        raise RuleBroken("wrong_status", _("Another object has this key here. Only keeping ours is possible."))
    try:
        apply_conflicting(conflict.peer, record)
    except (RecordWaits, RecordRefused) as error:
        raise RuleBroken("record_refused", str(error)) from error


def _is_wider(before: list[str], after: list[str]) -> bool:
    """Whether a list of what is wanted, of which an empty one means all, has more than before."""
    return bool(before) and not (after and set(after) <= set(before))


def _working_state(peer: Peer) -> PeerState:
    return PeerState.FOLLOWING if peer.loaded_at else PeerState.LOADING


def _locked(peer: Peer) -> Peer:
    return Peer.objects.select_for_update(no_key=True).get(pk=peer.pk)


def _has_joined(peer: Peer) -> bool:
    """Whether the newest line of our log about it says that it joined. Without any it has, if it was read."""
    types = (EventType.PEER_JOINED, EventType.PEER_LEFT)
    newest = Change.objects.filter(subject=peer.key, event_type__in=types).order_by("-pk").first()
    return newest.event_type == EventType.PEER_JOINED if newest else peer.loaded_at is not None


def _record(peer: Peer, event_type: EventType) -> None:
    changes.record_change(event_type, peer.key, nature=Nature.EDITORIAL, notify=False, facts={"name": peer.name})


def _require(by: User, permission: str) -> None:
    if not (by.is_active and by.has_perm(permission)):
        raise NotAllowed("not_allowed", _("You need the right to manage other installations for this."))
