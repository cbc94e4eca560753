"""Virtual phones: what each received, shows in its tray, follows, and what waits while it is offline."""

import base64
import hashlib
import time
from collections.abc import Iterable
from dataclasses import dataclass, field

from config.local.fcm_emulator.message_queue import AcceptedMessage, OfflineQueue
from config.local.fcm_emulator.messages import SendRequest

MAX_SUBSCRIPTIONS = 2000  # topics per app instance, Google's limit
MAX_RECEIVED = 10_000  # messages remembered per phone, so that a long-lived server does not grow for ever


@dataclass(eq=False)
class VirtualPhone:
    """One app on one phone. `topics` maps a name to the instant (RFC 3339) it was subscribed."""

    token: str
    fid: str
    platform: str = "android"
    online: bool = True
    valid: bool = True
    received: list[dict] = field(default_factory=list)
    tray: dict[str, dict] = field(default_factory=dict)
    topics: dict[str, str] = field(default_factory=dict)
    queue: OfflineQueue = field(default_factory=OfflineQueue)

    def deliver(self, delivery: AcceptedMessage) -> None:
        if self.online:
            self._show(delivery)
        else:
            self.queue.put(delivery, self.platform)

    def go_online(self) -> None:
        self.online = True
        for delivery in self.queue.take_all():
            self._show(delivery)

    def _show(self, delivery):
        self.received.append(delivery.record)
        if len(self.received) > MAX_RECEIVED:
            del self.received[0]
        tag, entry = delivery.tray[self.platform]
        if entry:
            self.tray[tag] = entry

    def as_json(self) -> dict:
        """The phone as `GET /_emu/devices/{id}` shows it; `deleted_messages` is Android's onDeletedMessages."""
        shown = {name: getattr(self, name) for name in ("token", "fid", "platform", "online", "valid")}
        queue = {"waiting": len(self.queue), "deleted_messages": self.queue.overflowed}
        return {**shown, "received": self.received, "tray": self.tray, "topics": sorted(self.topics), **queue}


class VirtualPhones:
    """All phones, findable by token, FID and topic."""

    def __init__(self):
        self.by_token: dict[str, VirtualPhone] = {}
        self.by_fid: dict[str, VirtualPhone] = {}
        self.followers: dict[
            str, dict[VirtualPhone, None]
        ] = {}  # a dict as an ordered set: deliveries in a steady order

    def find(self, registration: str, *, kind: str | None = None) -> VirtualPhone | None:
        """The phone with this token or FID (`kind` narrows to one of them), also an invalidated one."""
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
        phone.topics[topic] = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
        self.followers.setdefault(topic, {})[phone] = None

    def unsubscribe(self, phone: VirtualPhone, topic: str) -> None:
        del phone.topics[topic]
        del self.followers[topic][phone]
        if not self.followers[topic]:
            del self.followers[topic]

    def audience(self, send: SendRequest) -> Iterable[VirtualPhone]:
        """Valid phones a topic or condition reaches, each once however many of its topics match."""
        if send.kind == "topic":
            candidates = self.followers.get(send.key, ())
        elif send.condition.matches(()):  # true for a phone without any topic: everybody must be looked at
            candidates = self.by_token.values()
        else:
            candidates = dict.fromkeys(p for topic in send.condition.topics for p in self.followers.get(topic, ()))
        return [
            phone
            for phone in candidates
            if phone.valid and (send.kind == "topic" or send.condition.matches(phone.topics))
        ]

    def _forget(self, phone):
        for topic in list(phone.topics):
            self.unsubscribe(phone, topic)
        del self.by_token[phone.token], self.by_fid[phone.fid]


def fid_for(token: str) -> str:
    """An FID of Google's shape (22 letters, first four bits 0111), always the same for the same token."""
    digest = bytearray(hashlib.sha256(token.encode()).digest()[:17])
    digest[0] = 0b0111_0000 | digest[0] & 0b1111
    return base64.urlsafe_b64encode(digest).decode()[:22]
