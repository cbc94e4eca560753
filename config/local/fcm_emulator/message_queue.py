"""A message on its way: what the tray will show, and how it waits for a phone that is offline.

Sources: firebase.google.com/docs/cloud-messaging/customize-messages/{collapsible-message-types,
setting-message-lifespan}; apns-collapse-id and apns-expiration: Apple, "Sending notification requests to APNs".
"""

import time

PLATFORMS = ("android", "ios")
FOUR_WEEKS = 28 * 86400  # seconds, FCM's default lifetime
MAX_STORED = 100  # messages without a collapse key; one more and Android's store is emptied
MAX_COLLAPSE_KEYS = 4


class AcceptedMessage:
    """One accepted message. `record` and `tray` are shared by all phones that get it, so never change them."""

    def __init__(self, name: str, via: str, message: dict):
        self.record = {"id": name, "via": via, "at": time.time(), "message": message}
        self.tray = {"android": _android_tray(name, message), "ios": _ios_tray(name, message)}
        self.android = message.get("android", {})
        self.apns_headers = message.get("apns", {}).get("headers", {})

    def expires_at(self, platform: str) -> float:
        """Seconds since 1970. A ttl (or apns-expiration) of 0 has expired at once: it is never stored."""
        default = self.record["at"] + FOUR_WEEKS
        if platform == "ios":
            return float(self.apns_headers.get("apns-expiration", default))
        return self.record["at"] + float(self.android.get("ttl", f"{FOUR_WEEKS}s")[:-1])

    def collapse_key(self, platform: str) -> str | None:
        return self.apns_headers.get("apns-collapse-id") if platform == "ios" else self.android.get("collapse_key")


class OfflineQueue:
    """Messages that wait for one phone, oldest first."""

    def __init__(self):
        self._waiting: list[tuple[str | None, float, AcceptedMessage]] = []
        self.overflowed = False  # Android then calls the app's onDeletedMessages

    def __len__(self):
        return len(self._waiting)

    def put(self, delivery: AcceptedMessage, platform: str) -> None:
        key, expires_at = delivery.collapse_key(platform), delivery.expires_at(platform)
        if expires_at <= time.time():
            return
        if key:
            self._waiting = [entry for entry in self._waiting if entry[0] != key]
        self._waiting.append((key, expires_at, delivery))
        if platform == "android":
            self._keep_within_limits()

    def take_all(self) -> list[AcceptedMessage]:
        """Empty the queue; what has expired meanwhile is gone."""
        now = time.time()
        alive = [delivery for _key, expires_at, delivery in self._waiting if expires_at > now]
        self._waiting = []
        return alive

    def _keep_within_limits(self):
        collapsible = [entry for entry in self._waiting if entry[0]]
        if len(collapsible) > MAX_COLLAPSE_KEYS:
            self._waiting.remove(collapsible[0])  # Google keeps any four; the newest, so that tests can count on it
        if len(self._waiting) - len(collapsible) > MAX_STORED:
            self._waiting = []
            self.overflowed = True


def _android_tray(name, message):
    android = message.get("android", {})
    own = android.get("notification", {})
    data = {**message.get("data", {}), **android.get("data", {})}
    return own.get("tag") or name, _tray_entry(name, {**message.get("notification", {}), **own}, data)


def _ios_tray(name, message):
    apns = message.get("apns", {})
    payload = apns.get("payload", {})
    aps = payload.get("aps")
    alert = aps.get("alert") if isinstance(aps, dict) else None
    own = alert if isinstance(alert, dict) else {"body": alert} if isinstance(alert, str) else {}
    data = {**message.get("data", {}), **payload}
    tag = apns.get("headers", {}).get("apns-collapse-id") or name
    return tag, _tray_entry(name, {**message.get("notification", {}), **own}, data)


def _tray_entry(name, shown, data):
    """What the tray displays, or None for a message that only carries data. `id` is the message it came with."""
    if not shown.get("title") and not shown.get("body"):
        return None
    carried = {key: data[key] for key in ("nid", "link") if isinstance(data.get(key), str)}
    return {"title": shown.get("title"), "body": shown.get("body"), **carried, "id": name}
