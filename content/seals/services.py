"""Sign claims as a JWS, verify it, and publish the keys."""

import functools
import itertools
import json
from collections.abc import Mapping
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from django.conf import settings
from django.utils.translation import gettext as _
from jwt.algorithms import OKPAlgorithm

from content.errors import RuleBroken
from content.seals import keys

ALGORITHM = "EdDSA"
SEALED_KEY = "key"  # what the seal of a key is about
MAX_KEYS = 50  # of one installation
JwkSet = Mapping[str, Mapping[str, Any]]  # {key id: JWK}


class SealBroken(ValueError):
    """A token that none of our keys signed, or that was changed."""


def can_sign() -> bool:
    """Whether this installation has a private key."""
    return keys.current_keys().signing is not None


def signing_key_id() -> str:
    """The id of the key that signs now, "" without one."""
    return keys.current_keys().signing_id


def sign(claims: Mapping[str, Any]) -> str:
    """These claims and our address (`iss`) as a compact JWS. Raises RuleBroken("no_seal_key")."""
    current = keys.current_keys()
    if current.signing is None:
        raise RuleBroken(
            "no_seal_key", _("This server has no key to sign receipts with. Ask the operator to set SEAL_KEYS.")
        )
    return _signed(claims, current.signing_id, current.signing)


def verify(token: str) -> dict[str, Any]:
    """The claims of a token that one of our keys signed, old ones too. Raises SealBroken."""
    try:
        key = keys.current_keys().public[jwt.get_unverified_header(token).get("kid", "")]
        return jwt.decode(token, key, algorithms=[ALGORITHM], issuer=settings.PUBLIC_URL)
    except (jwt.InvalidTokenError, KeyError) as error:
        raise SealBroken(str(error)) from error


def read_claims(token: str) -> dict[str, Any]:
    """The claims of a token that this installation stored, read and not verified."""
    claims: dict[str, Any] = jwt.decode(token, options={"verify_signature": False})
    return claims


def public_keys() -> dict[str, Any]:
    """All public keys as a JWK set (RFC 7517). `endorsements`: each key sealed by the one before it."""
    current = keys.current_keys()
    ids = list(current.public)
    return {
        "keys": [_as_jwk(kid, key) for kid, key in current.public.items()],
        "endorsements": [
            _signed({"about": SEALED_KEY, "kid": kid}, before, current.private[before])
            for before, kid in itertools.pairwise(ids)
            if before in current.private
        ],
    }


def trusted_keys(pinned: JwkSet, published: Mapping[str, Any], *, issuer: str) -> dict[str, Any]:
    """The keys of another installation that we trust: {key id: JWK}.

    They are those pinned that it still publishes, and those that a trusted one seals. `published` is its JWK set. {} if
    it publishes none of them: the keys were lost or are not its own. Raises SealBroken for what is no JWK set.
    """
    offered = {each["kid"]: each for each in _jwks_of(published)}
    trusted: dict[str, Any] = {kid: offered[kid] for kid in pinned if kid in offered}
    for token in published.get("endorsements", [])[:MAX_KEYS]:  # in the order of the keys
        try:
            claims = verify_by(token, trusted, issuer=issuer, about=SEALED_KEY)
        except SealBroken:
            continue
        if claims["kid"] in offered:
            trusted[claims["kid"]] = offered[claims["kid"]]
    return trusted


def verify_by(token: str, trusted: JwkSet, *, issuer: str, about: str) -> dict[str, Any]:
    """The claims of a token that a trusted key of another installation signed. Raises SealBroken.

    `about`: what it must be about: a seal of a head is none of a record.
    """
    try:
        kid = jwt.get_unverified_header(token).get("kid", "")
        key = _key_of(json.dumps(trusted[kid]))
        claims: dict[str, Any] = jwt.decode(token, key, algorithms=[ALGORITHM], issuer=issuer)
    except (jwt.InvalidTokenError, KeyError, TypeError, ValueError) as error:
        raise SealBroken(str(error)) from error
    if claims.get("about") != about:
        raise SealBroken(f"a seal of «{claims.get('about')}», not of «{about}»")
    return claims


@functools.lru_cache(maxsize=1_000)  # of each record of an installation the same
def _key_of(written_jwk: str) -> jwt.PyJWK:
    return jwt.PyJWK(dict(json.loads(written_jwk)), algorithm=ALGORITHM)


def _jwks_of(published: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The Ed25519 keys of a JWK set. Each is known by its thumbprint, whatever name it gives itself."""
    offered = published.get("keys") if isinstance(published, Mapping) else None
    if not isinstance(offered, list) or len(offered) > MAX_KEYS:
        raise SealBroken("no set of keys")
    found = []
    for each in offered:
        try:
            key = OKPAlgorithm.from_jwk({name: each[name] for name in ("kty", "crv", "x")})
        except (jwt.InvalidKeyError, KeyError, TypeError, ValueError) as error:
            raise SealBroken("a key that is none") from error
        if isinstance(key, Ed25519PublicKey):
            found.append(_as_jwk(keys.key_id(key), key))
    return found


def keys_of_set(published: Mapping[str, Any]) -> dict[str, Any]:
    """All keys of the JWK set of another installation, to be confirmed by people. Raises SealBroken."""
    return {each["kid"]: each for each in _jwks_of(published)}


def _as_jwk(kid: str, key: Ed25519PublicKey) -> dict[str, Any]:
    return {**json.loads(OKPAlgorithm.to_jwk(key)), "kid": kid, "use": "sig", "alg": ALGORITHM}


def _signed(claims: Mapping[str, Any], kid: str, key: Ed25519PrivateKey) -> str:
    payload = {"iss": settings.PUBLIC_URL} | dict(claims)
    return jwt.encode(payload, key, algorithm=ALGORITHM, headers={"kid": kid})
