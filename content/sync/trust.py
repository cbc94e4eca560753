"""Whether a key that we trust sealed what an installation says. Keys are pinned; an old one seals a new one."""

from collections.abc import Collection, Mapping
from typing import Any

from django.utils.translation import gettext as _

from content.copies import own_home
from content.copying import home_seals, records
from content.exports import services as exports
from content.peer_client.client import PeerClient, PeerWrong
from content.peer_lines import heads
from content.peer_lines.lines import Forked
from content.record_fields.fields import RecordRefused
from content.seals import services as seals
from content.seals.services import SealBroken
from content.sync.file_fetching import release_connection
from content.sync.models import WORKING_STATES, Peer, PeerState


class HomeSealWrong(RecordRefused):
    """What is handed on has no seal of its home that we can check."""


def checked_head(peer: Peer, client: PeerClient, head: Any) -> dict[str, Any]:
    """A sealed head. Raises Forked where no trusted key sealed it, PeerWrong where nothing seals it."""
    if not isinstance(head, dict):
        raise Forked(_("Its change log has no head."))
    _refuse_unless_sealed(peer, client, head.get("seal"), heads.claims_of(head))
    return head


def checked_record(peer: Peer, client: PeerClient, record: Any) -> records.Record:
    """A record with the right shape, hash and seal. Raises RecordRefused."""
    found = records.checked(record)
    try:
        _refuse_unless_sealed(peer, client, found["seal"], records.claims_of(found, found["of_change"]))
    except Forked as error:
        raise RecordRefused(str(error)) from error
    return found


def vouch_of(peer: Peer, record: records.Record) -> home_seals.Vouch | None:
    """The word of its home for a record that was checked; None for what is not taken from this installation.

    An installation speaks for itself. It hands on the copy of another, with the seal of that home inside, only where it
    is set so, two people confirmed the key of the home, and nobody reads the home itself: a person paused it. What the
    home said up to our bookmark of it we know from itself. Raises HomeSealWrong for a seal that is not right.
    """
    home = record["home"]
    if home == peer.key:
        return home_seals.Vouch(int(record["of_change"]), record["seal"] or "")
    listed = _paused_home(peer, home)
    given = record.get("home_seal")
    if listed is None or given is None or not listed.wants(record["object"]):
        return None
    if listed.loaded_at and int(given["of_change"]) <= listed.bookmark:
        return None
    said = records.claims_of(record, given["of_change"])
    try:
        claims = _claims(listed, given["seal"], said["about"])
    except SealBroken as error:
        raise HomeSealWrong(_("No key of its home, %s, that we trust made its seal.") % home) from error
    if any(claims.get(name) != value for name, value in said.items()):
        raise HomeSealWrong(_("The seal of its home, %s, is of something else.") % home)
    return home_seals.Vouch(int(given["of_change"]), given["seal"])


def _paused_home(peer: Peer, home: str) -> Peer | None:
    if not peer.relays or home == own_home():
        return None
    return Peer.objects.filter(key=home, state=PeerState.PAUSED).exclude(keys={}).first()


def is_read_itself(home: str) -> bool:
    """Whether we read this home: then nobody else speaks for it."""
    return Peer.objects.filter(key=home, state__in=WORKING_STATES).exists()


def speaks_for(peer: Peer, home: str, keys: Collection[str]) -> bool:
    """Whether these bodies and provinces are in what the installation speaks for, and in what the home does."""
    listed = [] if home == peer.key else Peer.objects.filter(key=home).values_list("scope", flat=True)
    scopes = [scope for scope in (peer.scope, *listed) if scope]
    return all(keys and set(keys) <= set(scope) for scope in scopes)


def checked_manifest(peer: Peer, client: PeerClient, manifest: Mapping[str, Any]) -> None:
    """Raise Forked unless a trusted key sealed the manifest of an export."""
    try:
        claims = exports.claims_of(dict(manifest))
    except (KeyError, TypeError) as error:
        raise Forked(_("Its export has no files.")) from error
    _refuse_unless_sealed(peer, client, manifest.get("seal"), claims)


def _refuse_unless_sealed(peer: Peer, client: PeerClient, token: Any, said: Mapping[str, Any]) -> None:
    if not isinstance(token, str):  # no other history: perhaps it lost its file of keys for an hour
        raise PeerWrong(_("It seals nothing: it has no key, or hides it."))
    try:
        claims = _claims(peer, token, str(said["about"]))
    except SealBroken:
        _learn_new_keys(peer, client)
        try:
            claims = _claims(peer, token, str(said["about"]))
        except SealBroken as error:
            raise Forked(_("No key that we trust made its seal.")) from error
    if any(claims.get(name) != value for name, value in said.items()):
        raise Forked(_("Its seal is of something else."))


def _claims(peer: Peer, token: str, about: str) -> dict[str, Any]:
    return seals.verify_by(token, peer.keys, issuer=peer.url, about=about)


def _learn_new_keys(peer: Peer, client: PeerClient) -> None:
    """Pin the keys that a pinned one seals. Without any the pinned ones stay, and a person is asked.

    Where a person had its keys read anew meanwhile, those stay.
    """
    release_connection()
    pinned = Peer.objects.filter(pk=peer.pk, keys=peer.keys)
    published = client.keys()
    try:
        trusted, offered = seals.trusted_keys(peer.keys, published, issuer=peer.url), seals.keys_of_set(published)
    except SealBroken as error:
        raise Forked(_("It publishes no keys.")) from error
    peer.offered_keys = offered
    if trusted:
        peer.keys = trusted
    pinned.update(keys=peer.keys, offered_keys=offered)
