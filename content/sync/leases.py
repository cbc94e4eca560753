"""Which worker reads which installation: a lease that ends by itself if the worker is killed."""

import datetime

from django.db import transaction
from django.utils import timezone

from content.sync import queries
from content.sync.models import Peer

LEASE = datetime.timedelta(seconds=150)  # longer than a question to a peer, and one for its keys, may take
RENEW_AFTER = datetime.timedelta(seconds=20)


class LeaseLost(Exception):
    """Another worker has the lease, or a person paused the installation."""


@transaction.atomic
def claim_due() -> Peer | None:
    """Lease an installation that is due; None without one. Two workers never get the same one."""
    now = timezone.now()
    peer = queries.due_peers(now).select_for_update(skip_locked=True, no_key=True).first()
    if peer is not None:
        peer.leased_until = now + LEASE
        peer.save(update_fields=["leased_until"])
    return peer


@transaction.atomic
def claim(peer: Peer) -> Peer | None:
    """Lease this installation, due or not; None while another worker has it."""
    now = timezone.now()
    found = Peer.objects.select_for_update(no_key=True).get(pk=peer.pk)
    if found.leased_until is not None and found.leased_until > now:
        return None
    found.leased_until = now + LEASE
    found.save(update_fields=["leased_until"])
    return found


def renew(peer: Peer) -> None:
    """Prolong the lease in good time. Raises LeaseLost if it is not ours any more."""
    now = timezone.now()
    if peer.leased_until is None or peer.leased_until - now > LEASE - RENEW_AFTER:
        return
    until = now + LEASE
    if not Peer.objects.filter(pk=peer.pk, leased_until=peer.leased_until).update(leased_until=until):
        raise LeaseLost
    peer.leased_until = until
