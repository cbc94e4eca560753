"""Clients at one address that hold connections and do not finish; what other people get meanwhile.

Five kinds of holders, all from 127.0.0.2: 40 with half a request (the head without its end), 200 that drip one byte a
second, 200 that are connected and say nothing, 80 that ask for a large file and read nothing of it, 80 that send twenty
requests at once and one more each second and read no answer. What the server closes is opened again, as an attacker
would. Good traffic and health checks come from 127.0.0.1: GOOD_CLIENTS, each GOOD_PER_SECOND requests. That is less
than the server can do, so that what else this machine does changes little. Each kind is measured in turn with rest,
PAIRS times; the ratio is that of requests answered in time in all windows.
Faults: health checks that were not answered within PATIENCE_SECONDS while held; one for each kind under LEAST_RATIO;
one for each kind that made the median answer more than MOST_SLOWER times slower.

How it could pass while the product fails, and what closes that:
- the holders never connect, or the server refuses their bytes at once: their sockets are counted, and the same head,
  with its end, must get 200 from that address;
- the load does not overlap: the good traffic of a window is sent only while the holders hold;
- the good traffic fails before anybody attacks, or is limited: at rest every answer must be 200;
- nothing holds, because the server has closed it all: that is a good server, and the line says how many were held.
"""

import contextlib
import selectors
import socket
import statistics
import threading
import time
from dataclasses import dataclass, field

import requests

from attacks.target import Client, require, target

ATTACKER, WINDOW_SECONDS, SETTLE_SECONDS, PAIRS = "127.0.0.2", 3, 0.5, 3
GOOD_CLIENTS, GOOD_PER_SECOND = 4, 5
PATIENCE_SECONDS = 2  # a probe of a load balancer gives up then, and so does a good client
HEALTH_PAUSE = 0.25
LEAST_RATIO, MOST_SLOWER = 0.95, 5
GOOD, HEALTH = "/api/v1/topics/11-dat-dai", "/health/ready"
HEAD = b"GET /health/live HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nX-Slow: "
LARGE = b"GET /openapi.yaml HTTP/1.1\r\nHost: 127.0.0.1:%d\r\n\r\n"
CHEAP = b"GET /api/v1/topics/11-dat-dai HTTP/1.1\r\nHost: 127.0.0.1:%d\r\n\r\n"  # what holds counts, not what works
SMALL_BUFFER = 4096  # bytes that the system of a client that does not read takes for it


@dataclass(frozen=True)
class Kind:
    """One kind of holder: how many connections, what each sends first and then each second, and whether it reads."""

    name: str
    connections: int
    first: bytes
    each_second: bytes = b""
    reads: bool = True


KINDS = (
    Kind("half", 40, HEAD),
    Kind("slow", 200, HEAD, b"x"),
    Kind("idle", 200, b""),
    Kind("that do not read", 80, LARGE, reads=False),
    Kind("that ask ever more and do not read", 80, CHEAP * 20, CHEAP, reads=False),
)


@dataclass
class Window:
    """What good clients got in one window: seconds of each good answer, failures, health checks in time and late."""

    seconds: list[float] = field(default_factory=list)
    failed: int = 0
    healthy: int = 0
    late: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)


def run() -> tuple[int, str]:
    """(late health checks while held + kinds under the ratio, the figures)."""
    with target() as installation:
        _control(installation.port)
        measure(installation.base)  # the first answers of a process are slow
        found = [_attacked(installation.base, installation.port, kind) for kind in KINDS]
    return sum(faults for faults, _words in found), "; ".join(words for _faults, words in found)


def _control(port: int) -> None:
    """The head is one that the server answers, and it can be sent from the address of the attackers."""
    with _connected(port, HEAD % port + b"x\r\nConnection: close\r\n\r\n", blocking=True) as whole:
        require(whole.recv(64).startswith(b"HTTP/1.1 200"), "the request of the attackers is none")


def _attacked(base: str, port: int, kind: Kind) -> tuple[int, str]:
    rest, held, kept, opened = [], [], [], []
    for _ in range(PAIRS):
        rest.append(measure(base))
        with Holders(port, kind) as holders:
            time.sleep(SETTLE_SECONDS)
            held.append(measure(base))
            kept.append(holders.alive)
            opened.append(holders.opened)
            require(holders.opened >= kind.connections, f"{kind.name}: only {holders.opened} connections were opened")
    require(all(each.seconds and not each.failed for each in rest), "good requests fail while nobody attacks")
    require(all(each.healthy for each in rest), "health checks fail while nobody attacks")
    answered, before = (sum(len(each.seconds) for each in windows) for windows in (held, rest))
    ratio, slower = answered / before, _median(held) / _median(rest)
    late, checks = sum(each.late for each in held), sum(each.late + each.healthy for each in held)
    words = (
        f"{kind.connections} {kind.name}: {ratio:.2f} of the good traffic answered ({answered} against {before}), "
        f"median {_median(held) * 1000:.0f} ms against {_median(rest) * 1000:.0f} ms, {late} of {checks} health checks "
        f"late, {statistics.median(kept):.0f} held, opened {max(opened)}"
    )
    return late + (ratio < LEAST_RATIO) + (slower > MOST_SLOWER), words


def _median(windows: list[Window]) -> float:
    """The median seconds of an answer; PATIENCE_SECONDS where there was none."""
    return statistics.median([second for each in windows for second in each.seconds] or [PATIENCE_SECONDS])


def measure(base: str) -> Window:
    """Good traffic for one window, each request after the one before, and a health check now and then."""
    window, end = Window(), time.monotonic() + WINDOW_SECONDS
    threads = [threading.Thread(target=_read, args=(base, window, end)) for _ in range(GOOD_CLIENTS)]
    threads.append(threading.Thread(target=_probe, args=(base, window, end)))
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return window


def _read(base: str, window: Window, end: float) -> None:
    client, next_at = Client(base), time.monotonic()
    while next_at < end:
        time.sleep(max(0, next_at - time.monotonic()))
        began_at = time.monotonic()
        status = _status(client, GOOD)
        with window.lock:
            if status == 200:
                window.seconds.append(time.monotonic() - began_at)
            else:
                window.failed += 1
        next_at = max(next_at + 1 / GOOD_PER_SECOND, time.monotonic())
    client.close()


def _probe(base: str, window: Window, end: float) -> None:
    while time.monotonic() < end:
        with Client(base) as client:  # a probe has no connection that it could have kept
            status = _status(client, HEALTH)
        with window.lock:
            window.healthy += status == 200
            window.late += status != 200
        time.sleep(HEALTH_PAUSE)


def _status(client: Client, path: str) -> int | None:
    try:
        return client.get(path, timeout=PATIENCE_SECONDS).status_code
    except requests.RequestException:
        return None


class Holders:
    """Keeps connections of one kind open until the end of the block, and opens again what the server closes."""

    def __init__(self, port: int, kind: Kind) -> None:
        self._port, self._kind = port, kind
        self._selector = selectors.DefaultSelector()
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._hold)
        self.opened = 0

    @property
    def alive(self) -> int:
        return len(self._selector.get_map())

    def __enter__(self) -> "Holders":
        self._fill()
        self._thread.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._stop.set()
        self._thread.join()
        for key in list(self._selector.get_map().values()):
            self._close(key.fileobj)

    def _fill(self) -> None:
        while self.alive < self._kind.connections and not self._stop.is_set():
            try:
                holder = _connected(self._port, _for_port(self._kind.first, self._port), reads=self._kind.reads)
            except OSError:  # refused: again after a moment
                return
            self._selector.register(holder, selectors.EVENT_READ)
            self.opened += 1

    def _hold(self) -> None:
        drip_at = time.monotonic()
        while not self._stop.wait(0.1):
            for key, _events in self._selector.select(0) if self._kind.reads else ():
                self._heard(key.fileobj)
            if self._kind.each_second and time.monotonic() >= drip_at:
                drip_at = time.monotonic() + 1
                for key in list(self._selector.get_map().values()):
                    self._drip(key.fileobj)
            self._fill()

    def _heard(self, holder: socket.socket) -> None:
        with contextlib.suppress(BlockingIOError):
            try:
                if holder.recv(4096):
                    return  # an error in words; the server closes next
            except ConnectionError:
                pass
            self._close(holder)

    def _drip(self, holder: socket.socket) -> None:
        try:
            holder.send(_for_port(self._kind.each_second, self._port))
        except BlockingIOError:
            pass
        except OSError:
            self._close(holder)

    def _close(self, holder: socket.socket) -> None:
        self._selector.unregister(holder)
        holder.close()


def _for_port(request: bytes, port: int) -> bytes:
    return request.replace(b"%d", str(port).encode())


def _connected(port: int, first: bytes, *, blocking: bool = False, reads: bool = True) -> socket.socket:
    """A connection from the address of the attackers, with these bytes sent."""
    holder = socket.socket()
    try:
        holder.settimeout(2)
        if not reads:
            holder.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, SMALL_BUFFER)
        holder.bind((ATTACKER, 0))
        holder.connect(("127.0.0.1", port))
        holder.sendall(first)
        if not blocking:
            holder.setblocking(False)
    except OSError:
        holder.close()
        raise
    return holder
