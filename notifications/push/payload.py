"""The body of a push, within FCM's byte limits: 4096 to a device, 2048 to a topic or condition (Google's error codes).

A payload is plain JSON. It is stored with its delivery, so that a repeat sends the same message.
"""

import json
from typing import Literal, Protocol, TypedDict

MAX_BYTES = 2048  # the lower of the two limits, so that every target gets the same text
MARGIN_BYTES = 64  # what FCM adds around our fields
ELLIPSIS = "…"

TextField = Literal["title", "body"]
# The title is shortened first: the body is short and says what happened, a title is as long as the name of a law.
TEXT_FIELDS: tuple[TextField, ...] = ("title", "body")


class PayloadData(TypedDict):
    """What the app receives beside the visible text. FCM allows strings only."""

    nid: str
    kind: str
    link: str
    page_url: str
    key: str


class Payload(TypedDict):
    """One message: its text, its data, and how the phone groups and replaces it."""

    title: str
    body: str
    data: PayloadData
    kind: str
    tag: str
    ttl_seconds: int


class PushText(Protocol):
    """A title and a body in one language."""

    @property
    def title(self) -> str: ...

    @property
    def body(self) -> str: ...


def compose_payload(
    text: PushText, *, nid: int | str, kind: str, link: str, page_url: str, key: str, ttl_seconds: int
) -> Payload:
    """Build the payload for this text, shortened at a word until it fits.

    `nid` is the notification's id. It becomes tag and collapse id, so that a repeat replaces the tray entry.
    `kind` is a notification type, as in the inbox; it is the collapse key and the Android channel too. `link` is the
    subject of the push in the API, `page_url` the page that a person reads, `key` its public key.
    """
    payload: Payload = {
        "title": text.title,
        "body": text.body,
        "data": {"nid": str(nid), "kind": kind, "link": link, "page_url": page_url, "key": key},
        "kind": kind,
        "tag": str(nid),
        "ttl_seconds": ttl_seconds,
    }
    for field in TEXT_FIELDS:
        if payload_bytes(payload) > MAX_BYTES:
            payload[field] = _shortened(payload, field)
    return payload


def _shortened(payload: Payload, field: TextField) -> str:
    """The longest beginning of that field with which the payload fits. It ends after a word if it contains a space."""
    text = payload[field]
    fits, too_long = 0, len(text)
    while too_long - fits > 1:
        middle = (fits + too_long) // 2
        if _bytes_with(payload, field, text[:middle] + ELLIPSIS) <= MAX_BYTES:
            fits = middle
        else:
            too_long = middle
    beginning = text[:fits]
    return (beginning.rpartition(" ")[0] or beginning).rstrip(" ,;:") + ELLIPSIS


def _bytes_with(payload: Payload, field: TextField, text: str) -> int:
    changed = payload.copy()
    changed[field] = text
    return payload_bytes(changed)


def opened_address(payload: Payload) -> str:
    """What a browser opens when the push is tapped: the page, else the address in the API.

    A delivery that was stored before pushes named pages has none.
    """
    data = payload["data"]
    return str(data.get("page_url") or data.get("link", ""))


def payload_bytes(payload: Payload) -> int:
    """Bytes of the part that FCM counts, plus a margin. A browser gets tag and the address it opens once more."""
    counted = [payload["title"], payload["body"], payload["data"], payload["tag"], opened_address(payload)]
    return MARGIN_BYTES + len(json.dumps(counted, ensure_ascii=False).encode())
