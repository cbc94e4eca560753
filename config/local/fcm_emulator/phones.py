"""Virtual phones: what each received and shows in its tray, its topics, and what waits while it is offline."""

import base64
import hashlib
import time
from collections.abc import Iterable
from dataclasses import dataclass, field

from config.local.fcm_emulator.conditions import Condition
from config.local.fcm_emulator.http_messages import JsonObject
from config.local.fcm_emulator.message_queue import AcceptedMessage, OfflineQueue, ReceivedMessage, TrayEntry
from config.local.fcm_emulator.messages import SendRequest

MAX_SUBSCRIPTIONS = 2000  # topics per app instance, Google's limit
MAX_RECEIVED = 10_000  # messages remembered per phone: the memory of a long-lived server stays bounded


@dataclass(eq=False)
class VirtualPhone:
    """One app on one phone. `topics` maps a name to the instant (RFC 3339) it was subscribed."""

    token: str
    fid: str
    platform: str = "android"
    online: bool = True
    valid: bool = True
    received: list[ReceivedMessage] = field(default_factory=list)
    tray: dict[str, TrayEntry] = field(default_factory=dict)
    topics: dict[str, str] = field(default_factory=dict)
    queue: OfflineQueue = field(default_factory=OfflineQueue)

    def deliver(self, message: AcceptedMessage) -> None:
        """Receive a message now, or when the phone is online again."""
        if self.online:
            self._receive(message)
        else:
            self.queue.put(message, self.platform)

    def go_online(self) -> None:
        """Go online and receive what was stored."""
        self.online = True
        for message in self.queue.take_all():
            self._receive(message)

    def _receive(self, message: AcceptedMessage) -> None:
        self.received.append(message.record)
        if len(self.received) > MAX_RECEIVED:
            del self.received[0]
        tag, entry = message.tray[self.platform]
        if entry:
            self.tray[tag] = entry

    def as_json(self) -> JsonObject:
        """The phone as `GET /_emu/devices/{id}` shows it; `deleted_messages` is Android's onDeletedMessages."""
        shown = {name: getattr(self, name) for name in ("token", "fid", "platform", "online", "valid")}
        queue = {"waiting": len(self.queue), "deleted_messages": self.queue.overflowed}
        return {**shown, "received": self.received, "tray": self.tray, "topics": sorted(self.topics), **queue}


class VirtualPhones:
    """All phones, findable by token, FID and topic."""

    def __init__(self) -> None:
        self.by_token: dict[str, VirtualPhone] = {}
        self.by_fid: dict[str, VirtualPhone] = {}
        # by topic; a dict serves as an ordered set, so that phones get a message always in the same order
        self.followers: dict[str, dict[VirtualPhone, None]] = {}

    def find(self, registration: str, *, kind: str | None = None) -> VirtualPhone | None:
        """The phone with this token or FID (`kind`: only one of the two). An invalidated phone is found too."""
        by_token = self.by_token.get(registration) if kind != "fid" else None
        return by_token or (self.by_fid.get(registration) if kind != "token" else None)

    def add(self, token: str, fid: str | None, platform: str, online: bool) -> tuple[VirtualPhone, bool]:
        """Create the phone and return it with True. The same token again returns the phone as it is, with False.

        An invalidated phone is replaced by a fresh one. Raises ValueError when the ids belong to another phone.
        """
        known = self.by_token.get(token)
        fid = fid or (known.fid if known else fid_for(token))
        if known and known.valid and known.fid == fid:
            return known, False
        if known and not known.valid:
            self._forget(known)
        if self.find(fid) or self.find(token):
            raise ValueError(f"token {token!r} or fid {fid!r} already belongs to another phone")
        phone = VirtualPhone(token, fid, platform, online)
        self.by_token[token] = self.by_fid[fid] = phone
        return phone, True

    def subscribe(self, phone: VirtualPhone, topic: str) -> None:
        """Put a phone on a topic."""
        phone.topics[topic] = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
        self.followers.setdefault(topic, {})[phone] = None

    def unsubscribe(self, phone: VirtualPhone, topic: str) -> None:
        """Take a phone off a topic that it is on."""
        del phone.topics[topic]
        del self.followers[topic][phone]
        if not self.followers[topic]:
            del self.followers[topic]

    def recipients(self, send: SendRequest) -> list[VirtualPhone]:
        """Valid phones that a topic or condition reaches, each once however many of its topics match."""
        if send.condition is None:
            return [phone for phone in self.followers.get(send.key, ()) if phone.valid]
        matches = send.condition.matches
        return [phone for phone in self._candidates(send.condition) if phone.valid and matches(phone.topics)]

    def _candidates(self, condition: Condition) -> Iterable[VirtualPhone]:
        """Phones that a condition may match."""
        if condition.matches(()):  # it matches a phone without any topic: every phone must be checked
            return self.by_token.values()
        return dict.fromkeys(phone for topic in condition.topics for phone in self.followers.get(topic, ()))

    def _forget(self, phone: VirtualPhone) -> None:
        for topic in list(phone.topics):
            self.unsubscribe(phone, topic)
        del self.by_token[phone.token], self.by_fid[phone.fid]


def fid_for(token: str) -> str:
    """An FID of Google's shape (22 letters, first four bits 0111), always the same for the same token."""
    digest = bytearray(hashlib.sha256(token.encode()).digest()[:17])
    digest[0] = 0b0111_0000 | digest[0] & 0b1111
    return base64.urlsafe_b64encode(digest).decode()[:22]
