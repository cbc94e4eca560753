"""Which installations, copies, waiting objects and conflicts there are."""

import datetime
from collections.abc import Iterable

from django.db.models import Q, QuerySet
from django.db.models.functions import Now

from content.changes.models import Change
from content.copying.models import HomeSeal
from content.copying.objects import OBJECTS
from content.documents.models import LegalDocument
from content.sync.models import WORKING_STATES, Conflict, Origin, Peer, PeerState, Waiting, Witness

SHOWN_STATES = (*WORKING_STATES, PeerState.FORKED, PeerState.PAUSED)
UNLEASED = Q(leased_until=None) | Q(leased_until__lte=Now())


def public_peers() -> QuerySet[Peer]:
    """The installations that were confirmed, by name."""
    return Peer.objects.filter(state__in=SHOWN_STATES).order_by("key")


def due_peers(moment: datetime.datetime) -> QuerySet[Peer]:
    """Those to be asked at that moment and leased by nobody, the longest due first."""
    due = Q(next_try_at=None) | Q(next_try_at__lte=moment)
    return Peer.objects.filter(due, UNLEASED, state__in=WORKING_STATES).order_by("next_try_at", "pk")


def told_homes() -> set[str]:
    """Homes of copies of whose changes our followers are told, because the installation is set so."""
    return set(Peer.objects.filter(notifies=True).values_list("key", flat=True))


def due_waiting(peer: Peer, moment: datetime.datetime) -> QuerySet[Waiting]:
    return peer.waitings.filter(next_try_at__lte=moment).order_by("next_try_at", "pk")


def origin_of(object_name: str, subject: str) -> Origin | None:
    """Where the copy came from, None for our own objects."""
    return Origin.objects.filter(object=object_name, subject=subject).select_related("peer").first()


def newest_lines(peer: Peer, keys: Iterable[str]) -> dict[tuple[str, str], int]:
    """{(object, subject): the newest line about it in our log} of complete copies that this installation brings."""
    rows = peer.origins.filter(subject__in=list(keys)).exclude(record_hash="")
    return {(name, key): line for name, key, line in rows.values_list("object", "subject", "of_line")}


def held_of(peer: Peer, keys: list[str]) -> set[tuple[str, str]]:
    """(object, subject) of the copies with these keys that this installation brought."""
    return set(peer.origins.filter(subject__in=keys).values_list("object", "subject")) if keys else set()


def known_documents(peer: Peer, keys: Iterable[str]) -> set[str]:
    """Those of these keys of which a document is here, was here, or waits."""
    keys = list(keys)
    rows = (Origin.objects, HomeSeal.objects, peer.waitings)
    named = (each.filter(object="document", subject__in=keys).order_by().values_list("subject") for each in rows)
    here = LegalDocument.objects.filter(key__in=keys).order_by().values_list("key")
    return {key for (key,) in here.union(*named)} if keys else set()


def lines_of_homes(keys: Iterable[str]) -> set[tuple[str, str]]:
    """(subject, number of the line at the home) of the lines about copies with these keys that our log has."""
    lines = Change.objects.filter(reader=None, subject__in=list(keys), facts__has_key="origin")
    return set(lines.values_list("subject", "facts__origin__key"))


def witness_count(object_name: str, subject: str) -> int:
    """How many other installations hold the same words."""
    return Witness.objects.filter(object=object_name, subject=subject).count()


def open_conflicts() -> QuerySet[Conflict]:
    return Conflict.objects.filter(decision="").select_related("peer").order_by("pk")


def public_subjects(origins: QuerySet[Origin]) -> set[tuple[str, str]]:
    """(object, subject) of the copies with these origins that are public."""
    return {
        (kind.name, key)
        for kind in OBJECTS.values()
        for key in kind.public()
        .filter(key__in=origins.filter(object=kind.name).values("subject"))
        .values_list("key", flat=True)
    }


def changed_at_by_key(keys: Iterable[str]) -> dict[str, datetime.datetime | None]:
    """{key: when it last answered} for the installations that everybody may know of."""
    return dict(public_peers().filter(key__in=keys).values_list("key", "last_ok_at"))
