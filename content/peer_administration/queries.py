"""What waits for a person, for the first page of the staff site."""

from django.db.models import Q, QuerySet

from content.people.models import User
from content.sync.models import Peer, PeerState


def stopped_peers() -> QuerySet[Peer]:
    """Installations of which nothing is read until a person has decided something."""
    return Peer.objects.filter(state__in=[PeerState.FORKED, PeerState.REFUSED])


def peers_to_confirm(user: User) -> QuerySet[Peer]:
    """Installations whose key this person may confirm: somebody else added them."""
    return Peer.objects.filter(Q(added_by=None) | ~Q(added_by=user), state=PeerState.NEW)
