"""Typed readers of environment variables. A wrong value raises ImproperlyConfigured with the name of the variable.

NAME_FILE may name a file that contains the value of NAME.
"""

import os
import re
from collections.abc import Mapping
from ipaddress import IPv4Network, IPv6Network, ip_network
from typing import Any

import environ
from django.core.exceptions import ImproperlyConfigured
from environ.fileaware_mapping import FileAwareMapping


class _Files(FileAwareMapping):
    """Environment variables and the files that they name. One that cannot be read is said, without a traceback."""

    def __getitem__(self, key: str) -> str:
        try:
            value: str = super().__getitem__(key)
        except (OSError, UnicodeDecodeError) as error:
            named, reason = os.environ.get(f"{key}_FILE"), getattr(error, "strerror", None) or "it is no text"
            raise ImproperlyConfigured(
                f"{key}_FILE names {named}, which cannot be read ({reason}). Correct the path, or who may read it."
            ) from error
        return value


class _Env(environ.FileAwareEnv):
    ENVIRON = _Files()


env = _Env()


def integer(name: str, *, default: int) -> int:
    text: str = env(name, default=str(default))
    if not text.isascii() or not text.isdigit():
        raise ImproperlyConfigured(f"{name} is '{text}'; use a whole number.")
    return int(text)


def networks(name: str, *, default: str) -> list[IPv4Network | IPv6Network]:
    """A comma-separated list of addresses and networks as ip_network objects: "127.0.0.1, 10.0.0.0/8"."""
    text = env(name, default=default)
    try:
        return [ip_network(each.strip()) for each in text.split(",") if each.strip()]
    except ValueError as error:
        raise ImproperlyConfigured(f"{name} is '{text}': {error}.") from error


def contact_addresses(name: str, *, default: str) -> list[str]:
    """A comma-separated list of mailto:, tel: and https: addresses; `[default]` if it is empty."""
    listed = [each.strip() for each in env(name, default="").split(",") if each.strip()]
    wrong = [each for each in listed if not each.startswith(("mailto:", "tel:", "https://"))]
    if wrong:
        raise ImproperlyConfigured(f"{name} has {wrong}; an address begins with mailto:, tel: or https://.")
    return listed or [default]


def fingerprints(name: str, *, default: str) -> list[str]:
    """A comma-separated list of SHA-256 fingerprints of certificates: 32 pairs of hex digits, "AB:CD:…"."""
    listed = [each.strip().upper() for each in env(name, default=default).split(",") if each.strip()]
    wrong = [each for each in listed if not re.fullmatch(r"([0-9A-F]{2}:){31}[0-9A-F]{2}", each)]
    if wrong:
        raise ImproperlyConfigured(
            f"{name} has {wrong}; a fingerprint is 32 pairs of hex digits, as keytool prints it."
        )
    return listed


def choice(name: str, among: list[str], *, default: str) -> str:
    text: str = env(name, default=default)
    if text not in among:
        raise ImproperlyConfigured(f"{name} is '{text}'; use one of: {', '.join(among)}.")
    return text


def postgres(name: str, *, default: str | None) -> dict[str, Any]:
    """Django's DATABASES entry for a postgres:// URL. `default` is a URL too."""
    return _described(name, env(name, default=default))


def postgres_list(name: str) -> list[dict[str, Any]]:
    """The same for each of several URLs, with commas between; none by default."""
    return [_described(name, address.strip()) for address in env.list(name, default=[])]


def _described(name: str, address: str) -> dict[str, Any]:
    try:
        is_postgres = address.startswith(("postgres://", "postgresql://"))
        described: dict[str, Any] = env.db_url_config(address) if is_postgres else {}
    except ValueError:
        described = {}
    if not described.get("NAME"):
        raise ImproperlyConfigured(f"{name} must be a URL like postgres://user:password@host:5432/name.")
    return described


def refuse_former_names(names: Mapping[str, str]) -> None:
    """Raise ImproperlyConfigured where a variable is set under its former name: it would be ignored in silence.

    `names`: {former name: name today}.
    """
    for former, today in names.items():
        if former in os.environ or f"{former}_FILE" in os.environ:
            raise ImproperlyConfigured(f"{former} is now {today}. Set {today} and remove {former}.")
