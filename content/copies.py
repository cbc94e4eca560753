"""Copies of objects of other installations. Only its home changes an object; here it is read, searched and followed."""

from typing import Protocol
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.translation import gettext as _

from content.errors import RuleBroken

HOME_LENGTH = 200


class HasHome(Protocol):
    """A row that may be a copy; `home` is "" for our own."""

    home: str


def own_home() -> str:
    """Our own name among installations: host and port of our public address."""
    return home_of(settings.PUBLIC_URL)


def home_of(url: str) -> str:
    """The name of the installation at this address."""
    return urlsplit(url).netloc.lower()


def url_at_home(home: str, path: str) -> str | None:
    """The address of an object at its home; None for our own."""
    scheme = "http" if home.startswith(("127.0.0.1", "localhost")) else "https"  # loopback: a local installation
    return f"{scheme}://{home}{path}" if home else None


def is_copy(row: object) -> bool:
    """Whether the row is of another installation. Rows that have no home are all ours."""
    return bool(getattr(row, "home", ""))


def who_may_change(row: object) -> str:
    """A sentence that says who alone may change a copy; "" for what is ours."""
    home = getattr(row, "home", "")
    return _("This is a copy. Only %s can change it; the change then arrives here by itself.") % home if home else ""


def refuse_copy(row: HasHome) -> None:
    """Raise RuleBroken("not_ours") if the row is a copy."""
    if message := who_may_change(row):
        raise RuleBroken("not_ours", message)


def refuse_taking_part(row: HasHome) -> None:
    """Raise RuleBroken("not_ours") if the row is a copy: people take part at its home."""
    if row.home:
        raise RuleBroken("not_ours", _("This is a copy. Take part at %s.") % row.home)
