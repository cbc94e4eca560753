"""Sign claims as a JWS, verify it, and publish the keys."""

import json
from collections.abc import Mapping
from typing import Any

import jwt
from django.conf import settings
from django.utils.translation import gettext as _
from jwt.algorithms import OKPAlgorithm

from content.errors import RuleBroken
from content.seals import keys

ALGORITHM = "EdDSA"


class SealBroken(ValueError):
    """A token that none of our keys signed, or that was changed."""


def can_sign() -> bool:
    """Whether this installation has a private key."""
    return keys.current_keys().signing is not None


def sign(claims: Mapping[str, Any]) -> str:
    """These claims and our address (`iss`) as a compact JWS. Raises RuleBroken("no_seal_key")."""
    current = keys.current_keys()
    if current.signing is None:
        raise RuleBroken(
            "no_seal_key", _("This server has no key to sign receipts with. Ask the operator to set SEAL_KEYS.")
        )
    payload = {"iss": settings.PUBLIC_URL} | dict(claims)
    return jwt.encode(payload, current.signing, algorithm=ALGORITHM, headers={"kid": current.signing_id})


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
    """All public keys as a JWK set (RFC 7517)."""
    members = keys.current_keys().public.items()
    return {
        "keys": [
            {**json.loads(OKPAlgorithm.to_jwk(key)), "kid": kid, "use": "sig", "alg": ALGORITHM} for kid, key in members
        ]
    }
