"""The body of a push, within FCM's byte limits: 4096 to a device, 2048 to a topic or condition (Google's error codes).

A payload is plain JSON, so that it can be stored with its delivery and sent again as it was.
"""

import json

LIMIT = 2048  # bytes; the lower of the two, so that every target gets the same words
MARGIN = 64  # what FCM adds around our fields
ELLIPSIS = "…"


def compose(words, *, nid, kind, link, key, ttl_seconds):
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
    for field in ("body", "title"):
        excess = size(payload) - LIMIT
        if excess > 0:
            payload[field] = shorten(payload[field], len(encoded(payload[field])) - excess - len(ELLIPSIS.encode()))
    return payload


def size(payload):
    """Bytes of the part that FCM counts, with a margin."""
    return MARGIN + len(encoded([payload["title"], payload["body"], payload["data"]]))


def encoded(value):
    return json.dumps(value, ensure_ascii=False).encode()


def shorten(text, most):
    """At most `most` bytes of the text, ended at a word with an ellipsis; never half a letter."""
    kept = text.encode()[: max(most, 0)].decode(errors="ignore")
    return kept.rpartition(" ")[0].rstrip(" ,;:") + ELLIPSIS
