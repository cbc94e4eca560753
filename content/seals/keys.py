"""The Ed25519 keys that sign receipts. The last private key signs; all are published, so that old receipts verify.

SEAL_KEYS holds PEM blocks one after the other. To rotate, append a new private key; the private key before it seals the
new one as long as it is there, so that other installations trust it. Of older ones the public key is enough. A local
installation makes its own key on first use.
"""

import base64
import contextlib
import functools
import hashlib
import os
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_noop

# in English where the program starts; `manage.py doctor` translates them
NO_KEY = gettext_noop("SEAL_KEYS has a PEM block that is no key.")
OTHER_KEY = gettext_noop("SEAL_KEYS has a key that is no Ed25519 key.")
NO_BLOCK = gettext_noop("SEAL_KEYS has no PEM block. `manage.py make_seal_key` writes one.")
_BLOCK = re.compile(r"-----BEGIN (PRIVATE|PUBLIC) KEY-----.+?-----END \1 KEY-----", re.DOTALL)


@dataclass(frozen=True)
class Keys:
    """`public` and `private` by key id, in the order of the file. `signing` is None where nothing can be signed."""

    signing_id: str
    signing: Ed25519PrivateKey | None
    public: Mapping[str, Ed25519PublicKey]
    private: Mapping[str, Ed25519PrivateKey]


def current_text() -> str:
    """The PEM blocks of this installation; empty in production without any. A local installation makes its own."""
    text: str = settings.SEAL_KEYS
    if not text and settings.SEAL_KEYS_LOCAL_FILE:
        text = _local_keys(Path(settings.SEAL_KEYS_LOCAL_FILE))
    return text


def current_keys() -> Keys:
    """The keys of this installation; production may have none. Raises as `read_keys`."""
    return read_keys(current_text())


def new_key() -> str:
    """A new private key as a PEM block."""
    return (
        Ed25519PrivateKey.generate()
        .private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
        .decode()
    )


@functools.lru_cache(maxsize=4)
def read_keys(text: str) -> Keys:
    """The keys of PEM blocks. Raises ImproperlyConfigured for anything else than Ed25519 keys."""
    signing_id, signing, public, private = "", None, {}, {}
    for block in _BLOCK.finditer(text):
        key: object
        try:
            if block[1] == "PRIVATE":
                key = serialization.load_pem_private_key(block[0].encode(), password=None)
            else:
                key = serialization.load_pem_public_key(block[0].encode())
        except ValueError as error:
            raise ImproperlyConfigured(NO_KEY) from error
        if isinstance(key, Ed25519PrivateKey):
            signing_id, signing = key_id(key.public_key()), key
            public[signing_id], private[signing_id] = key.public_key(), key
        elif isinstance(key, Ed25519PublicKey):
            public[key_id(key)] = key
        else:
            raise ImproperlyConfigured(OTHER_KEY)
    if text.strip() and not public:
        raise ImproperlyConfigured(NO_BLOCK)
    return Keys(signing_id, signing, public, private)


def key_id(key: Ed25519PublicKey) -> str:
    """The thumbprint of a key (RFC 7638, RFC 8037)."""
    x = base64.urlsafe_b64encode(key.public_bytes_raw()).rstrip(b"=").decode()
    digest = hashlib.sha256(f'{{"crv":"Ed25519","kty":"OKP","x":"{x}"}}'.encode()).digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


@functools.lru_cache(maxsize=4)
def _local_keys(file: Path) -> str:
    """The text of the file; it is made on first use, also by two processes at once."""
    if not file.exists():
        file.parent.mkdir(parents=True, exist_ok=True)
        half = file.with_name(f"{file.name}.{os.getpid()}.{secrets.token_hex(4)}")
        with open(half, "x", opener=lambda path, flags: os.open(path, flags, 0o600)) as new:
            new.write(new_key())
        with contextlib.suppress(FileExistsError):
            os.link(half, file)
        half.unlink()
    return file.read_text()
