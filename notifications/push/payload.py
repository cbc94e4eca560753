"""The body of a push, within FCM's byte limits: 4096 to a device, 2048 to a topic or condition (Google's error codes).

A payload is plain JSON, so that it can be stored with its delivery and sent again as it was.
"""

import json

MAX_BYTES = 2048  # bytes; the lower of the two, so that every target gets the same words
MARGIN_BYTES = 64  # what FCM adds around our fields
ELLIPSIS = "…"


def compose_payload(words, *, nid, kind, link, key, ttl_seconds):
    """The payload for these words (`title`, `body`), cut at a word until it fits.

    `nid` is the notification's id: tag and collapse id, so that a repeat replaces the tray entry instead of adding one.
    `kind` is the collapse key and the Android channel; `link` opens what the push is about, `key` names it.
    """
    payload = {
        "title": words.title,
        "body": words.body,
        "data": {"nid": str(nid), "kind": kind, "link": link, "key": key},
        "kind": kind,
        "tag": str(nid),
        "ttl_seconds": ttl_seconds,
    }
    for field in ("title", "body"):  # the body says what happened and is short; the title is as long as a law's name
        if payload_bytes(payload) > MAX_BYTES:
            payload[field] = _shortened(payload, field)
    return payload


def _shortened(payload, field):
    """The longest beginning of that field with which the payload fits, ended at a word where there is one."""
    text = payload[field]
    fits, too_long = 0, len(text)
    while too_long - fits > 1:
        middle = (fits + too_long) // 2
        if payload_bytes(payload | {field: text[:middle] + ELLIPSIS}) <= MAX_BYTES:
            fits = middle
        else:
            too_long = middle
    beginning = text[:fits]
    return (beginning.rpartition(" ")[0] or beginning).rstrip(" ,;:") + ELLIPSIS


def payload_bytes(payload):
    """Bytes of the part that FCM counts, with a margin."""
    return MARGIN_BYTES + len(json_bytes([payload["title"], payload["body"], payload["data"]]))


def json_bytes(value):
    return json.dumps(value, ensure_ascii=False).encode()
