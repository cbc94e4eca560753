"""Whether a key that we trust sealed what an installation says. Keys are pinned; an old one seals a new one."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from content.copies import own_home
from content.copying import heads, home_seals, records
from content.copying.fields import RecordRefused
from content.exports import services as exports
from content.seals import services as seals
from content.seals.services import SealBroken
from content.sync.client import PeerClient, PeerWrong
from content.sync.lines import Forked
from content.sync.models import Peer


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

    An installation speaks for itself. It hands on the copy of another only where it is set so, and we know the keys of
    that other: the seal of the home must be inside. Raises RecordRefused where it is not.
    """
    home = record["home"]
    if home == peer.key:
        return home_seals.Vouch(int(record["of_change"]), record["seal"] or "")
    listed = Peer.objects.filter(key=home).exclude(keys={}).first() if peer.relays and home != own_home() else None
    if listed is None:
        return None
    given = record.get("home_seal")
    if given is None:
        raise RecordRefused(_("It is handed on without the seal of its home, %s.") % home)
    said = records.claims_of(record, given["of_change"])
    try:
        claims = _claims(listed, given["seal"], said["about"])
    except SealBroken as error:
        raise RecordRefused(_("No key of its home, %s, that we trust made its seal.") % home) from error
    if any(claims.get(name) != value for name, value in said.items()):
        raise RecordRefused(_("The seal of its home, %s, is of something else.") % home)
    return home_seals.Vouch(int(given["of_change"]), given["seal"])


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
    """Pin the keys that a pinned one seals. Without any the pinned ones stay, and a person is asked."""
    published = client.keys()
    try:
        trusted, offered = seals.trusted_keys(peer.keys, published, issuer=peer.url), seals.keys_of_set(published)
    except SealBroken as error:
        raise Forked(_("It publishes no keys.")) from error
    peer.offered_keys = offered
    if trusted:
        peer.keys = trusted
    Peer.objects.filter(pk=peer.pk).update(keys=peer.keys, offered_keys=offered)
