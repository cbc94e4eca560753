"""An accepted message: what the tray shows of it, and how it is stored for a phone that is offline.

Sources: firebase.google.com/docs/cloud-messaging/customize-messages/{collapsible-message-types,
setting-message-lifespan}; apns: Apple, "Sending notification requests to APNs"; web push: RFC 8030.
"""

import time
from dataclasses import dataclass
from typing import Any, NotRequired, TypedDict

from config.local.fcm_emulator.http_messages import JsonObject

PLATFORMS = ("android", "ios", "web")
FOUR_WEEKS = 28 * 86400  # seconds, FCM's default lifetime
MAX_STORED = 100  # messages without a collapse key; with one more, Android's store is emptied
MAX_COLLAPSE_KEYS = 4


class ReceivedMessage(TypedDict):
    """A message as a phone remembers it. `at`: seconds since 1970."""

    id: str
    via: str  # its target: "topic:name", "token:…"
    at: float
    message: JsonObject


class TrayEntry(TypedDict):
    """What the tray displays. `id` is that of the message, `nid` and `link` come from its data."""

    title: str | None
    body: str | None
    nid: NotRequired[str]
    link: NotRequired[str]
    id: str


class AcceptedMessage:
    """One accepted message. All phones that get it share `record` and `tray`: never change them."""

    def __init__(self, name: str, via: str, message: JsonObject) -> None:
        now, android = time.time(), message.get("android", {})
        apns, webpush = (message.get(part, {}).get("headers", {}) for part in ("apns", "webpush"))
        self.record: ReceivedMessage = {"id": name, "via": via, "at": now, "message": message}
        self.tray = {"android": _tray("android", name, message), "ios": _ios_tray(name, message)}
        self.tray["web"] = _tray("webpush", name, message)
        keys = android.get("collapse_key"), apns.get("apns-collapse-id"), webpush.get("Topic")
        self.collapse_keys = dict(zip(PLATFORMS, keys, strict=True))  # a newer message of the same key replaces it
        self.expires_at = {  # seconds since 1970; what expires at once is never stored
            "android": now + float(android.get("ttl", f"{FOUR_WEEKS}s")[:-1]),
            "ios": float(apns.get("apns-expiration", now + FOUR_WEEKS)),
            "web": now + float(webpush.get("TTL", FOUR_WEEKS)),
        }


@dataclass(frozen=True)
class _StoredMessage:
    collapse_key: str | None
    expires_at: float
    message: AcceptedMessage


class OfflineQueue:
    """Messages that FCM stores for one phone, oldest first."""

    def __init__(self) -> None:
        self._stored: list[_StoredMessage] = []
        self.overflowed = False  # Android then calls the app's onDeletedMessages

    def __len__(self) -> int:
        return len(self._stored)

    def put(self, message: AcceptedMessage, platform: str) -> None:
        """Store a message as FCM does for this platform."""
        key, expires_at = message.collapse_keys[platform], message.expires_at[platform]
        if expires_at <= time.time():
            return
        if key:
            self._stored = [stored for stored in self._stored if stored.collapse_key != key]
        self._stored.append(_StoredMessage(key, expires_at, message))
        if platform == "android":
            self._apply_limits()

    def take_all(self) -> list[AcceptedMessage]:
        """Empty the queue and return the messages that have not expired."""
        now = time.time()
        alive = [stored.message for stored in self._stored if stored.expires_at > now]
        self._stored = []
        return alive

    def _apply_limits(self) -> None:
        collapsible = [stored for stored in self._stored if stored.collapse_key]
        if len(collapsible) > MAX_COLLAPSE_KEYS:
            self._stored.remove(collapsible[0])  # Google keeps any four; here the newest, so that tests can rely on it
        if len(self._stored) - len(collapsible) > MAX_STORED:
            self._stored = []
            self.overflowed = True


def _tray(part: str, name: str, message: JsonObject) -> tuple[str, TrayEntry | None]:
    """(tag, what the tray shows under it; None for a message that only contains data)."""
    own = message.get(part, {}).get("notification", {})
    data = {**message.get("data", {}), **message.get(part, {}).get("data", {})}
    return own.get("tag") or name, _tray_entry(name, {**message.get("notification", {}), **own}, data)


def _ios_tray(name: str, message: JsonObject) -> tuple[str, TrayEntry | None]:
    """As `_tray`."""
    apns = message.get("apns", {})
    payload = apns.get("payload", {})
    aps = payload.get("aps")
    own = _ios_alert(aps.get("alert") if isinstance(aps, dict) else None)
    data = {**message.get("data", {}), **payload}
    tag = apns.get("headers", {}).get("apns-collapse-id") or name
    return tag, _tray_entry(name, {**message.get("notification", {}), **own}, data)


def _ios_alert(alert: Any) -> JsonObject:
    """The alert as an object: Apple allows a plain string for the body."""
    if isinstance(alert, dict):
        return alert
    return {"body": alert} if isinstance(alert, str) else {}


def _tray_entry(name: str, shown: JsonObject, data: JsonObject) -> TrayEntry | None:
    if not shown.get("title") and not shown.get("body"):
        return None
    entry: TrayEntry = {"title": shown.get("title"), "body": shown.get("body"), "id": name}
    if isinstance(data.get("nid"), str):
        entry["nid"] = data["nid"]
    if isinstance(data.get("link"), str):
        entry["link"] = data["link"]
    return entry
