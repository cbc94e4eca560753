"""Withdraws copies: as their homes did, or because a person agreed that they are lost. No relay brings them back."""

from collections.abc import Sequence

from django.db import transaction
from django.db.models import Q

from content.changes import services as changes
from content.changes.event_types import Nature
from content.copying import home_seals
from content.copying.objects import OBJECTS
from content.peer_lines.lines import Line
from content.sync import disagreements, own_lines, trust
from content.sync.applying import Applied
from content.sync.models import Origin, Peer


@transaction.atomic
def apply_tombstone(peer: Peer, name: str, subject: str, lines: Sequence[Line]) -> Applied:
    """Withdraw our copy as its home did, with its reason. Of what we do not hold it is a no-op.

    The home withdraws its copies whoever brought them. Who hands on withdraws what it brought, unless the home is read.
    """
    kind = OBJECTS[name]
    disagreements.forget_words(peer, name, subject)
    origin = _locked_origin(peer, name, subject)
    row = kind.locked(subject)
    new_lines = [line for line in lines if origin and line.key > origin.of_line]
    if origin is None or row is None or row.home != origin.home or not new_lines:
        return Applied("unknown")
    tombstone = next(line for line in reversed(lines) if line.is_tombstone)
    if kind.public_row(subject):
        kind.withdraw(row, own_lines.reason_of(peer, origin, tombstone))
        told = [line for line in new_lines if line.is_ours]
        changes.record_changes(own_lines.lines_of(peer, row, origin.home, told, home_seals.NEVER, is_load=False))
    origin.of_line = max(line.key for line in new_lines)
    origin.of_change = max(origin.of_change, origin.of_line)
    origin.record_hash = ""  # after a new beginning the home may have it again, as it was
    origin.save()
    at_home = origin.of_line if origin.home == peer.key else 0
    home_seals.keep_withdrawal(name, subject, origin.home, of_change=at_home)
    return Applied("gone", len(new_lines))


def _locked_origin(peer: Peer, name: str, subject: str) -> Origin | None:
    """The origin of a copy that this installation may withdraw; None without one. The home takes it over."""
    speaks = Q(peer=peer) | Q(home=peer.key)
    found = Origin.objects.select_for_update(no_key=True).filter(speaks, object=name, subject=subject).first()
    if found is None or (found.home != peer.key and trust.is_read_itself(found.home)):
        return None
    if found.peer_id != peer.pk:
        found.peer, found.of_change = peer, 0
        found.of_line = own_lines.newest_line_of_home(name, subject, peer.key)
    return found


@transaction.atomic
def withdraw_lost(peer: Peer, name: str, subject: str, reason: str) -> None:
    """Withdraw a copy that the new history of its home does not have; a person agreed.

    Only the home itself brings it back: the numbers of its older seals say nothing.
    """
    kind = OBJECTS[name]
    row = kind.locked(subject)
    if row is not None and row.home and kind.public_row(subject):
        kind.withdraw(row, reason)
        facts = {"reason": reason, "origin": {"home": row.home}} | ({"title": row.title} if name != "question" else {})
        changes.record_change(kind.withdrawn_event, subject, nature=Nature.WITHDRAWAL, notify=False, facts=facts)
        at_home = home_seals.NEVER if row.home == peer.key else 0
        home_seals.keep_withdrawal(name, subject, row.home, of_change=at_home)
    Origin.objects.filter(Q(peer=peer) | Q(home=peer.key), object=name, subject=subject).delete()
