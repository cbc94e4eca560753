"""Files of a backup, encrypted by openssl if there is a passphrase. What is not encrypted yet never reaches the disk.

openssl encrypts with AES-256 and a key from PBKDF2. That alone would not show whether somebody changed a file, so the
manifest, which has the SHA-256 of each encrypted file, is signed with the passphrase (HMAC, key from scrypt).
"""

import contextlib
import hashlib
import hmac
import os
import secrets
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from django.utils.translation import gettext as _

from content.errors import RuleBroken

MAC_NAME = "manifest.mac"
ENCRYPTION = ("enc", "-aes-256-cbc", "-pbkdf2", "-iter", "600000", "-md", "sha256")
LEAST_LETTERS = 12


def check_passphrase(file: Path) -> None:
    """Raise RuleBroken("no_passphrase", "no_openssl") unless the first line of the file can be used with openssl."""
    if len(_passphrase(file)) < LEAST_LETTERS:
        words = _("The first line of %(path)s is the passphrase. It needs at least %(count)d letters.")
        raise RuleBroken("no_passphrase", words % {"path": file, "count": LEAST_LETTERS})
    if not shutil.which("openssl"):
        raise RuleBroken("no_openssl", _("openssl is not installed. Install it, or leave out --passphrase-file."))


def _passphrase(file: Path) -> bytes:
    try:
        return file.read_bytes().split(b"\n")[0].rstrip(b"\r")
    except OSError:
        words = _("%(path)s cannot be read. Check the path and who may read it.")
        raise RuleBroken("no_passphrase", words % {"path": file}) from None


@contextlib.contextmanager
def writing(path: Path, passphrase_file: Path | None) -> Iterator[IO[bytes]]:
    """A new file that only its owner may read; what the block writes is encrypted if there is a passphrase.

    Raises RuleBroken("cannot_write") where it cannot be written, as on a full disk.
    """
    try:
        with open(path, "xb", opener=lambda name, flags: os.open(name, flags, 0o600)) as file:
            if passphrase_file is None:
                yield file
            else:
                with _encrypting(file, passphrase_file) as encrypted:
                    yield encrypted
    except OSError as error:
        words = _("%(path)s cannot be written (%(reason)s). Free some space, or name another folder.")
        raise RuleBroken("cannot_write", words % {"path": path, "reason": error.strerror or error}) from error


@contextlib.contextmanager
def _encrypting(file: IO[bytes], passphrase_file: Path) -> Iterator[IO[bytes]]:
    """What writes to openssl, which writes to `file`. Raises OSError if openssl ends badly."""
    command = ["openssl", *ENCRYPTION, "-salt", "-pass", f"file:{passphrase_file}"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=file, stderr=subprocess.DEVNULL) as running:
        assert running.stdin is not None  # noqa: S101 - a pipe was asked for
        yield running.stdin
        running.stdin.close()
    if running.returncode:
        raise OSError(f"openssl: {running.returncode}")


@contextlib.contextmanager
def reading(path: Path, passphrase_file: Path | None) -> Iterator[IO[bytes]]:
    """The content of a file of a backup. A wrong passphrase shows in what is read; `check_mac` finds it before."""
    if passphrase_file is None:
        with open(path, "rb") as file:
            yield file
        return
    command = ["openssl", *ENCRYPTION, "-d", "-in", str(path), "-pass", f"file:{passphrase_file}"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as running:
        assert running.stdout is not None  # noqa: S101 - a pipe was asked for
        yield running.stdout


def write_mac(folder: Path, manifest: bytes, passphrase_file: Path) -> None:
    """Sign the manifest with the passphrase."""
    salt = secrets.token_bytes(16)
    (folder / MAC_NAME).write_text(f"{salt.hex()} {_mac(manifest, salt, passphrase_file)}\n")


def check_mac(folder: Path, manifest: bytes, passphrase_file: Path) -> None:
    """Raise RuleBroken("wrong_passphrase") unless this passphrase signed the manifest, unchanged."""
    try:
        salt, written = (folder / MAC_NAME).read_text().split()
        is_right = hmac.compare_digest(written, _mac(manifest, bytes.fromhex(salt), passphrase_file))
    except (OSError, ValueError):
        is_right = False
    if not is_right:
        words = _("The passphrase is not that of this backup, or the manifest was changed. Nothing was changed here.")
        raise RuleBroken("wrong_passphrase", words)


def _mac(manifest: bytes, salt: bytes, passphrase_file: Path) -> str:
    key = hashlib.scrypt(_passphrase(passphrase_file), salt=salt, n=2**14, r=8, p=1)
    return hmac.new(key, manifest, "sha256").hexdigest()
