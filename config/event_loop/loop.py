"""The channels of waitress, and the wait for them: a connection that has nothing to do costs nothing.

Before each wait waitress asks all its channels whether they would read or write, and tells the operating system anew
about each of them. With 500 silent connections a request took two and a half times the CPU. Here a channel that has no
request and no response is asked only after it read, and the operating system remembers what was asked (epoll, kqueue).
"""

import select
import selectors
import threading
from typing import Any

from waitress import wasyncore

READ, WRITE = selectors.EVENT_READ, selectors.EVENT_WRITE
NOTHING = 0


class EventLoop(dict[int, Any]):
    """{file descriptor: channel}: the map that waitress keeps, in which channels enter and remove themselves.

    `turn` belongs to one thread. Others may change channels and then wake it with waitress's trigger, and may remove a
    channel before they close its socket.

    A channel may have a method `is_at_rest`: whether it wants to read and not to write until something is read from it;
    False if that is not sure. One without is asked at each turn.
    """

    def __init__(self) -> None:
        super().__init__()
        self._selector = selectors.DefaultSelector()
        self._watched: dict[int, int] = {}  # what the operating system watches of a descriptor
        self._to_ask = set[int]()
        self._lock = threading.Lock()  # a descriptor is watched only while its channel is here, so its socket is open

    def __setitem__(self, descriptor: int, channel: Any) -> None:
        with self._lock:
            self._watch(descriptor, NOTHING)  # another channel may have had this number
            super().__setitem__(descriptor, channel)
            self._to_ask.add(descriptor)

    def __delitem__(self, descriptor: int) -> None:
        with self._lock:
            super().__delitem__(descriptor)
            self._to_ask.discard(descriptor)
            self._watch(descriptor, NOTHING)

    def turn(self, *, seconds: float) -> None:
        """Wait this long at most until a channel can read or write what it would, and let all that can."""
        with self._lock:
            to_ask = [(descriptor, self[descriptor]) for descriptor in self._to_ask]
        for descriptor, channel in to_ask:
            self._ask(descriptor, channel)
        for key, events in self._selector.select(seconds):
            with self._lock:
                if self.get(key.fd) is not key.data:  # removed since the wait; another may have its number
                    continue
                self._to_ask.add(key.fd)
            _read_or_write(key.data, events)

    def _ask(self, descriptor: int, channel: Any) -> None:
        # asked before the answers below: who changes the channel in between wakes the loop after the change
        can_rest = getattr(channel, "is_at_rest", None)
        is_at_rest = can_rest is not None and can_rest()
        events = READ if channel.readable() else NOTHING
        if channel.writable() and not channel.accepting:
            events |= WRITE
        with self._lock:
            if self.get(descriptor) is not channel:
                return
            self._watch(descriptor, events)
            if is_at_rest:
                self._to_ask.discard(descriptor)

    def _watch(self, descriptor: int, events: int) -> None:
        watched = self._watched.get(descriptor, NOTHING)
        if events == watched:
            return
        if not events:
            self._selector.unregister(descriptor)
            del self._watched[descriptor]
            return
        if watched:
            self._selector.modify(descriptor, events, self[descriptor])
        else:
            self._selector.register(descriptor, events, self[descriptor])
        self._watched[descriptor] = events


def _read_or_write(channel: Any, events: int) -> None:
    wasyncore.readwrite(channel, (select.POLLIN if events & READ else 0) | (select.POLLOUT if events & WRITE else 0))
