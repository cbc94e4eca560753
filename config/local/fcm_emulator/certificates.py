"""Keys and certificates in the server's folder: created once, reused while they stay valid for some days.

ca.pem               the authority that the SDK must trust (REQUESTS_CA_BUNDLE, SSL_CERT_FILE)
leaf.pem             key and certificate for Google's host names, used inside the tunnel
service-account.json what a real project would download; its token_uri names our port
idtoken.key, .crt    sign and verify ID tokens and App Check tokens (RS256)
"""

import contextlib
import datetime
import fcntl
import json
import os
from collections.abc import Sequence
from pathlib import Path
from typing import cast

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from config.local.fcm_emulator import PROJECT

GOOGLE_HOSTS = (
    "fcm.googleapis.com",
    "www.googleapis.com",
    "firebaseappcheck.googleapis.com",
    "iamcredentials.googleapis.com",
)
CLIENT_EMAIL = f"push@{PROJECT}.iam.gserviceaccount.com"
CERTIFICATE_LIFETIME = datetime.timedelta(days=90)
MIN_REMAINING = datetime.timedelta(days=3)  # a server that starts now may well run over the weekend

PrivateKey = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey

_SERVICE_ACCOUNT = "service-account.json"
_FILES = ("ca.pem", "leaf.pem", "idtoken.key", "idtoken.crt", _SERVICE_ACCOUNT)


def prepare_folder(folder: Path, port: int) -> None:
    """Create what is missing in `folder` and point its service account at `port`.

    Two servers may start on one folder at once: the second finds the files of the first.
    """
    _make_private(folder)
    with open(folder / ".lock", "w", opener=_owner_only) as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not _is_usable(folder):
            _generate_files(folder)
        account = json.loads((folder / _SERVICE_ACCOUNT).read_text())
        account["token_uri"] = f"http://127.0.0.1:{port}/token"
        _write_atomically(folder / _SERVICE_ACCOUNT, json.dumps(account, indent=1).encode())


def _make_private(folder: Path) -> None:
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    # Never change the mode of a folder with other files in it: --dir /tmp must not lock everybody out of /tmp.
    if (folder / "ca.pem").exists() or not any(folder.iterdir()):
        folder.chmod(0o700)


def _is_usable(folder: Path) -> bool:
    """Whether all files exist and are readable, the certificate chain is complete, and none expires soon."""
    with contextlib.suppress(OSError, ValueError, KeyError, x509.ExtensionNotFound):
        read = {name: (folder / name).read_bytes() for name in _FILES}
        authority, leaf = (x509.load_pem_x509_certificate(read[name]) for name in ("ca.pem", "leaf.pem"))
        leaf.verify_directly_issued_by(authority)
        serialization.load_pem_private_key(read["idtoken.key"], None)
        _load_account_key(json.loads(read[_SERVICE_ACCOUNT]))
        signer = x509.load_pem_x509_certificate(read["idtoken.crt"])
        names = leaf.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
        ends = min(certificate.not_valid_after_utc for certificate in (authority, leaf, signer))
        return set(names.get_values_for_type(x509.DNSName)) == set(GOOGLE_HOSTS) and ends > _now() + MIN_REMAINING
    return False


def _generate_files(folder: Path) -> None:
    # Elliptic curves where we may choose, because RSA keys take a tenth of a second each; Google's tokens are RS256.
    authority, leaf = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    account, signer = (rsa.generate_private_key(public_exponent=65537, key_size=2048) for _ in range(2))
    ca_name = "Luat Mo local FCM"
    _write_atomically(folder / "ca.pem", _certificate(ca_name, authority, ca_name, authority, authority=True))
    _write_atomically(
        folder / "leaf.pem",
        _private_key_pem(leaf) + _certificate(GOOGLE_HOSTS[0], leaf, ca_name, authority, hosts=GOOGLE_HOSTS),
    )
    _write_atomically(folder / "idtoken.key", _private_key_pem(signer))
    _write_atomically(folder / "idtoken.crt", _certificate("securetoken", signer, "securetoken", signer))
    _write_atomically(folder / _SERVICE_ACCOUNT, json.dumps(_service_account(account)).encode())


def _service_account(key: rsa.RSAPrivateKey) -> dict[str, str]:
    return {
        "type": "service_account",
        "project_id": PROJECT,
        "private_key_id": "local-1",
        "private_key": _private_key_pem(key).decode(),
        "client_email": CLIENT_EMAIL,
        "client_id": "1",
    }


def _certificate(
    subject: str,
    key: PrivateKey,
    issuer: str,
    issuer_key: PrivateKey,
    *,
    authority: bool = False,
    hosts: Sequence[str] = (),
) -> bytes:
    """A certificate as PEM. It has every extension that OpenSSL's strict mode asks for (default in Python 3.13)."""
    public, signing = key.public_key(), issuer_key.public_key()
    builder = (
        x509.CertificateBuilder(_x509_name(issuer), _x509_name(subject), public, x509.random_serial_number())
        .not_valid_before(_now() - datetime.timedelta(hours=1))
        .not_valid_after(_now() + CERTIFICATE_LIFETIME)
        .add_extension(x509.BasicConstraints(ca=authority, path_length=None), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(public), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(signing), critical=False)
    )
    if authority:
        usage = x509.KeyUsage(True, False, False, False, False, True, True, False, False)
        builder = builder.add_extension(usage, critical=True)
    if hosts:
        names = x509.SubjectAlternativeName([x509.DNSName(host) for host in hosts])
        builder = builder.add_extension(names, critical=False)
        builder = builder.add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
    return builder.sign(issuer_key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM)


def _x509_name(common_name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common_name)])


def _private_key_pem(key: PrivateKey) -> bytes:
    form = serialization.PrivateFormat.PKCS8
    return key.private_bytes(serialization.Encoding.PEM, form, serialization.NoEncryption())


def _load_account_key(account: dict[str, str]) -> rsa.RSAPrivateKey:
    # Our own file: without OpenSSL's check of the primes each start is about 50 ms faster.
    pem = account["private_key"].encode()
    key = serialization.load_pem_private_key(pem, None, unsafe_skip_rsa_key_validation=True)
    return cast(rsa.RSAPrivateKey, key)


def account_public_key(folder: Path) -> rsa.RSAPublicKey:
    """The public key of the service account in `folder`."""
    return _load_account_key(json.loads((folder / _SERVICE_ACCOUNT).read_text())).public_key()


def signing_public_key(folder: Path) -> rsa.RSAPublicKey:
    """The public key that verifies ID tokens and App Check tokens made here."""
    key = serialization.load_pem_private_key((folder / "idtoken.key").read_bytes(), None)
    return cast(rsa.RSAPrivateKey, key).public_key()


def _write_atomically(path: Path, content: bytes) -> None:
    """Write the whole file or nothing, readable by the owner only."""
    half = path.with_suffix(".half")
    with open(half, "wb", opener=_owner_only) as file:
        file.write(content)
    half.replace(path)


def _owner_only(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


def _now() -> datetime.datetime:
    return datetime.datetime.now(datetime.UTC)
