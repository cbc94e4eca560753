"""Settings that contradict each other, or that let somebody in."""

import json
from pathlib import Path
from urllib.parse import urlsplit

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import serialization
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext as _

from config.doctor.problems import Problem
from content.seals import services as seals

LEAST_SECRET_LETTERS, LEAST_DIFFERENT_LETTERS = 50, 5  # as Django's own check wants them (security.W009)
KEY_FIELDS = ("client_email", "private_key", "project_id")


def check_addresses() -> list[Problem]:
    """PUBLIC_URL and ALLOWED_HOSTS."""
    found, url = [], urlsplit(settings.PUBLIC_URL)
    if not settings.LOCAL and url.scheme != "https":
        words = _("PUBLIC_URL is %(url)s. Apps send secrets to it, so it must begin with https://. Correct PUBLIC_URL.")
        found.append(Problem("public_url_not_https", words % {"url": settings.PUBLIC_URL}))
    if url.path or url.query or not url.hostname:
        words = _("PUBLIC_URL is %(url)s. It must be a scheme and a host alone, as https://luatmo.example. Correct it.")
        found.append(Problem("public_url_has_path", words % {"url": settings.PUBLIC_URL}))
    if "*" in settings.ALLOWED_HOSTS:
        words = _(
            "ALLOWED_HOSTS allows every host, so anybody may choose the addresses in our answers. Name your hosts."
        )
        found.append(Problem("every_host_allowed", words))
    elif url.hostname and not _is_allowed(url.hostname):
        words = _("ALLOWED_HOSTS does not name %(host)s, the host of PUBLIC_URL: every request is refused. Add it.")
        found.append(Problem("public_host_not_allowed", words % {"host": url.hostname}))
    return found


def _is_allowed(host: str) -> bool:
    return any(
        host == each or f"[{host}]" == each or (each.startswith(".") and f".{host}".endswith(each))
        for each in settings.ALLOWED_HOSTS
    )


def check_secret_key() -> list[Problem]:
    """SECRET_KEY."""
    key = settings.SECRET_KEY
    if len(key) >= LEAST_SECRET_LETTERS and len(set(key)) >= LEAST_DIFFERENT_LETTERS:
        return []
    words = _(
        "SECRET_KEY can be guessed: it needs %(count)d random letters. Make another one; staff sign in again then."
    )
    return [Problem("weak_secret_key", words % {"count": LEAST_SECRET_LETTERS})]


def check_proxies() -> list[Problem]:
    """TRUSTED_PROXIES."""
    if any(network.prefixlen == 0 for network in settings.TRUSTED_PROXIES):
        words = _(
            "TRUSTED_PROXIES trusts every address, so each caller may invent one and has no limit. "
            "Name the addresses of your own proxies alone."
        )
        return [Problem("every_proxy_trusted", words)]
    if not settings.LOCAL and not settings.TRUSTED_PROXIES:
        words = _(
            "TRUSTED_PROXIES is empty, so all callers behind nginx count as one address and share its limits. "
            "Name the addresses that nginx calls from."
        )
        return [Problem("no_proxy_trusted", words)]
    return []


def check_seal_keys() -> list[Problem]:
    """SEAL_KEYS. A local installation makes its key on first use."""
    if not settings.SEAL_KEYS and settings.SEAL_KEYS_LOCAL_FILE and not Path(settings.SEAL_KEYS_LOCAL_FILE).exists():
        return []
    try:
        if seals.can_sign():
            return []
    except ImproperlyConfigured as error:
        words = _("SEAL_KEYS cannot be read: %(reason)s Restore the file from a backup.")
        return [Problem("seal_keys_unreadable", words % {"reason": _(str(error))})]
    words = _(
        "SEAL_KEYS has no private key, so no round of a contest can be frozen. "
        "Write one with `manage.py make_seal_key` and name its file in SEAL_KEYS_FILE."
    )
    return [Problem("no_seal_key", words)]


def check_fcm_credentials() -> list[Problem]:
    """The file of FIREBASE_CREDENTIALS_FILE."""
    name = settings.FIREBASE_CREDENTIALS_FILE
    if not name:
        return []  # the local FCM server; production does not start without it
    try:
        written = json.loads(Path(name).read_bytes())
    except OSError:
        words = _(
            "FIREBASE_CREDENTIALS_FILE names %(path)s, which cannot be read. Put the file there, readable for us."
        )
        return [Problem("credentials_unreadable", words % {"path": name})]
    except ValueError:
        written = None
    if not isinstance(written, dict) or not all(str(written.get(field) or "") for field in KEY_FIELDS):
        words = _(
            "%(path)s is no key of a service account. Download one in the Firebase console: "
            "Project settings, Service accounts, Generate new private key."
        )
        return [Problem("credentials_wrong", words % {"path": name})]
    if not _is_private_key(str(written["private_key"])):
        words = _(
            "The private_key in %(path)s is no key: the file was cut or changed. Copy it again as Firebase gave it, or "
            "download a new one."
        )
        return [Problem("credentials_broken", words % {"path": name})]
    if Path(name).stat().st_mode & 0o007:
        words = _("Everybody on this machine may read %(path)s, a secret key. Run: chmod o-rwx %(path)s")
        return [Problem("credentials_exposed", words % {"path": name})]
    return []


def _is_private_key(text: str) -> bool:
    try:
        serialization.load_pem_private_key(text.encode(), password=None)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        return False
    return True


def check_connection_counts() -> list[Problem]:
    """DATABASE_CONNECTIONS against the processes that share it."""
    if settings.DATABASE_CONNECTIONS >= settings.LEAST_CONNECTIONS:
        return []
    words = _("DATABASE_CONNECTIONS is %(count)d. Below %(least)d web server and worker wait for each other. Raise it.")
    words %= {"count": settings.DATABASE_CONNECTIONS, "least": settings.LEAST_CONNECTIONS}
    return [Problem("too_few_connections", words)]
