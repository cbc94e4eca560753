"""Addresses of external videos: which network they lead to, and the id of the video there."""

import re
from dataclasses import dataclass
from urllib.parse import parse_qs, urlsplit

from django.utils.translation import gettext as _

from content.errors import RuleBroken
from content.media.choices import Provider
from content.media.models import URL_LENGTH
from content.text.vietnamese import nfc

HOSTS = {
    "youtube.com": Provider.YOUTUBE,
    "youtu.be": Provider.YOUTUBE,
    "facebook.com": Provider.FACEBOOK,
    "fb.watch": Provider.FACEBOOK,
    "zalo.me": Provider.ZALO,
}
VIDEO_ID = re.compile(r"[A-Za-z0-9_-]{1,100}")


@dataclass(frozen=True)
class ExternalVideo:
    provider: Provider
    id: str  # empty: not known
    url: str


def external_video(text: str) -> ExternalVideo:
    """What an address leads to. Raises RuleBroken("invalid_url", field "external_url"): people will open it."""
    text = nfc(text).strip()
    try:
        parts = urlsplit(text)
        is_valid = parts.scheme == "https" and parts.hostname and text.isprintable() and " " not in text
        is_plain = is_valid and parts.username is None and parts.port in (None, 443)
    except ValueError:
        is_plain = False
    if not is_plain or len(text) > URL_LENGTH:
        raise RuleBroken("invalid_url", _("Enter an address that begins with https://."), field="external_url")
    host = (parts.hostname or "").removeprefix("www.").removeprefix("m.")
    provider = HOSTS.get(host, Provider.OTHER)
    return ExternalVideo(provider, _video_id(provider, parts.path, parts.query), text)


def _video_id(provider: Provider, path: str, query: str) -> str:
    if provider != Provider.YOUTUBE:
        return ""
    named = parse_qs(query).get("v", [path.rsplit("/", 1)[-1]])[0]
    return named if VIDEO_ID.fullmatch(named) else ""
