"""Slow and silent clients: does the good traffic notice them? Both web servers, or one that runs already.

    .venv/bin/python bench/slow_clients.py [--seconds 5] [--rounds 3]
    .venv/bin/python bench/slow_clients.py http://127.0.0.1:8000 [--pid PID] [--clients 200] [--shapes heads,…]

Without a URL: gunicorn alone, then granian behind nginx with deploy/nginx, two web processes each, over a throw-away
database with some laws; CASES says which clients attack. nginx must be installed.

Each shape opens that many connections and keeps them open: a client that the server hangs up on comes back a second
later. `heads` sends a request head one byte a second and never ends it, `bodies` does the same with a body, `idle`
says nothing, `readers` asks for a large answer and reads a byte a second, `mixed` has all four. The attackers come from
127.0.0.2, with --same-address from that of the good traffic, with --many-addresses each from its own.

The good traffic is four clients, each with one request after the other on a new connection, from addresses of their
own in turn: nginx limits the requests of one. Windows with and without
the attackers alternate; `good_share` is the median of the ratios of neighbours. On a machine that others use too it
swings: `cpu_share` is the CPU of the server and of nginx for one good request in a quiet window, divided by that in the
attacked window next to it. Beside them one client asks /health/live twice a second and waits at most 2 s for it.

How it could pass while the product fails, and what closes that:
- no attack takes place: each connection that a case wants must be held in an attacked window, or the server must
  have hung up on it;
- the good traffic fails alike in both windows: each of its requests must be answered with 200.

Last line: `slow: good_share=… cpu_share=… worst=… failed=… health_lost=…/…`; exit 1 if a shape is under 0.95 (by CPU
where the process is known), a good request failed or a health check is lost.
"""

import argparse
import asyncio
import contextlib
import os
import socket
import statistics
import sys
import tempfile
from collections.abc import Awaitable, Callable, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import cycle
from pathlib import Path
from urllib.parse import urlsplit

import psutil

GOAL = 0.95  # of the good requests of a quiet window
GOOD_PATH = "/api/v1/documents?page_size=5"
LARGE_PATH = "/static/drf_spectacular_sidecar/swagger-ui-dist/swagger-ui-bundle.js"  # 1.5 MB
HEALTH_SECONDS = 2
MONITOR = "127.0.0.1"  # the only address that deploy/nginx lets ask for health
SETTLE_SECONDS = 3  # after attackers came or left, before a window begins
LAWS = 12  # of the throw-away database
CASES = (("heads", 40), ("idle", 40), ("bodies", 40), ("idle", 500))  # (shape, clients)


@dataclass
class Server:
    host: str
    port: int
    attackers: Iterator[str]  # addresses the attackers call from
    readers: Iterator[str]  # those of the good traffic
    pids: tuple[int, ...] = ()  # of the masters of the server, and of nginx

    def cpu_seconds(self) -> float:
        """What their worker processes have used."""
        workers = [child for pid in self.pids for child in psutil.Process(pid).children()]
        return sum(sum(each.cpu_times()[:2]) for each in workers)

    @property
    def line(self) -> bytes:
        return f"Host: {self.host}:{self.port}\r\n".encode()


@dataclass
class Counts:
    good: int = 0
    failed: int = 0
    why: set[str] = field(default_factory=set)  # they failed
    health_asked: int = 0
    health_lost: int = 0
    hung_up: int = 0  # attackers that the server hung up on
    held: int = 0  # connections that attackers hold now
    most_held: int = 0  # at the end of an attacked window
    ratios: list[float] = field(default_factory=list)
    cpu_ratios: list[float] = field(default_factory=list)


# -- the attackers


async def drip(server: Server, counts: Counts, first: bytes, then: bytes, *, read: bool = False) -> None:
    """Send `first`, then the bytes of `then` in turn, one a second; or read one a second. Come back when hung up on."""
    while True:
        with contextlib.suppress(OSError):
            raw = socket.socket()
            raw.setblocking(False)
            raw.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            raw.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            raw.bind((next(server.attackers), 0))
            await asyncio.get_running_loop().sock_connect(raw, (server.host, server.port))
            counts.held += 1
            try:
                await hold(raw, first, then, read=read)
            finally:
                counts.held -= 1
                counts.hung_up += 1
                raw.close()
        await asyncio.sleep(1)


async def hold(raw: socket.socket, first: bytes, then: bytes, *, read: bool) -> None:
    """Until the server hangs up. What it answers is not read, but for `read`."""
    loop = asyncio.get_running_loop()
    if first:
        await loop.sock_sendall(raw, first)
    at = 0
    while True:
        await asyncio.sleep(1)
        if read:
            if not await loop.sock_recv(raw, 1):
                return
        elif then:
            await loop.sock_sendall(raw, then[at : at + 1])
            at = (at + 1) % len(then)
        else:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(0.01):
                    await loop.sock_recv(raw, 4096)
                    return


def heads(server: Server, counts: Counts) -> Awaitable[None]:
    return drip(server, counts, b"GET /api/v1/topics HTTP/1.1\r\n" + server.line + b"X-Slow: ", b"a")


def bodies(server: Server, counts: Counts) -> Awaitable[None]:
    first = b"PUT /api/v1/devices/slow-installation-1 HTTP/1.1\r\n" + server.line
    return drip(server, counts, first + b"Content-Type: application/json\r\nContent-Length: 9000\r\n\r\n{", b" ")


def idle(server: Server, counts: Counts) -> Awaitable[None]:
    return drip(server, counts, b"", b"")


def readers(server: Server, counts: Counts) -> Awaitable[None]:
    return drip(server, counts, f"GET {LARGE_PATH} HTTP/1.1\r\n".encode() + server.line + b"\r\n", b"", read=True)


Shape = Callable[[Server, Counts], Awaitable[None]]
SHAPES: dict[str, list[Shape]] = {
    "heads": [heads],
    "bodies": [bodies],
    "idle": [idle],
    "readers": [readers],
    "mixed": [heads, bodies, idle, readers],
}


# -- the good traffic


async def get(server: Server, path: str, address: str) -> int:
    """The status of one request on a new connection from this address, 0 if it was cut off."""
    reader, writer = await asyncio.open_connection(server.host, server.port, local_addr=(address, 0))
    try:
        writer.write(f"GET {path} HTTP/1.1\r\n".encode() + server.line + b"Connection: close\r\n\r\n")
        answer = await reader.read(-1)
        return int(answer.split(b" ", 2)[1]) if answer.startswith(b"HTTP/1.1 ") else 0
    finally:
        writer.close()


async def ask_on(server: Server, counts: Counts) -> None:
    while True:
        try:
            found = str(await get(server, GOOD_PATH, next(server.readers)) or "cut off")
        except OSError as error:
            found = str(error)
        if found == "200":
            counts.good += 1
        else:
            counts.failed += 1
            counts.why.add(found)
            await asyncio.sleep(0.05)


async def probe(server: Server, counts: Counts) -> None:
    while True:
        counts.health_asked += 1
        try:
            async with asyncio.timeout(HEALTH_SECONDS):
                lost = await get(server, "/health/live", MONITOR) != 200
        except (OSError, TimeoutError):
            lost = True
        counts.health_lost += lost
        await asyncio.sleep(0.5)


# -- the measurement


@contextlib.asynccontextmanager
async def running(*coroutines: Awaitable[None]):  # type: ignore[no-untyped-def]
    tasks = [asyncio.ensure_future(each) for each in coroutines]
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        for outcome in await asyncio.gather(*tasks, return_exceptions=True):
            if isinstance(outcome, Exception):
                raise outcome


async def good_in(server: Server, counts: Counts, seconds: float) -> tuple[int, float]:
    """(good requests, CPU seconds of the server for one of them) in a window."""
    before, cpu_before = counts.good, server.cpu_seconds()
    await asyncio.sleep(seconds)
    good = counts.good - before
    return good, (server.cpu_seconds() - cpu_before) / max(good, 1)


async def attack(server: Server, shape: str, *, clients: int, seconds: float, rounds: int) -> Counts:
    """Alternate windows without and with attackers. Returns what happened, with a ratio for each round."""
    counts = Counts()
    async with running(*(ask_on(server, counts) for _ in range(4)), probe(server, counts)):
        await asyncio.sleep(2)  # caches and connections are warm
        for _ in range(rounds):
            quiet, quiet_cpu = await good_in(server, counts, seconds)
            kinds = SHAPES[shape]
            attackers = [kinds[n % len(kinds)](server, counts) for n in range(clients)]
            async with running(*attackers):
                await asyncio.sleep(SETTLE_SECONDS)
                attacked, attacked_cpu = await good_in(server, counts, seconds)
                held = counts.held
                counts.most_held = max(counts.most_held, held)
            await asyncio.sleep(SETTLE_SECONDS)
            after, after_cpu = await good_in(server, counts, seconds)
            counts.ratios.append(2 * attacked / max(quiet + after, 1))
            counts.cpu_ratios.append((quiet_cpu + after_cpu) / 2 / attacked_cpu if attacked_cpu else 0)
            print(f"  {shape:<8} quiet {quiet:4}, {after:4}  attacked {attacked:4}  held {held:4}  "
                  f"failed {counts.failed}  CPU ms {1000 * quiet_cpu:.1f}, {1000 * after_cpu:.1f}  "
                  f"attacked {1000 * attacked_cpu:.1f}")  # fmt: skip
    return counts


@dataclass
class Case:
    """Attackers of one shape, and what the good traffic had of them."""

    name: str
    shape: str
    clients: int
    counts: Counts = field(default_factory=Counts)
    is_by_cpu: bool = False

    @property
    def shares(self) -> tuple[float, float]:
        """(of the good requests, of the CPU for one)."""
        return statistics.median(self.counts.ratios), statistics.median(self.counts.cpu_ratios)

    @property
    def attacked(self) -> bool:
        """Whether the attackers held their connections, or the server hung up on as many."""
        return self.counts.most_held + self.counts.hung_up >= self.clients

    @property
    def share(self) -> float:
        return self.shares[self.is_by_cpu]


def measure(url: str, cases: Iterable[Case], options: argparse.Namespace, pids: tuple[int, ...] = ()) -> list[Case]:
    """Attack with each case and tell what it did. Needs Linux: any 127.x.x.x is the loopback."""
    address, done = urlsplit(url), []
    for case in cases:
        server = Server(
            address.hostname or "127.0.0.1",
            address.port or 80,
            attacking_addresses(options.addresses),
            own_addresses() if options.addresses != "same" else cycle(["127.0.0.1"]),
            pids,
        )
        case.is_by_cpu = bool(pids)
        case.counts = asyncio.run(
            attack(server, case.shape, clients=case.clients, seconds=options.seconds, rounds=options.rounds)
        )
        good, cpu = case.shares
        counts = case.counts
        print(f"{case.name}: good_share {good:.2f}, cpu_share {cpu:.2f}, good failed {counts.failed}, health lost "
              f"{counts.health_lost}/{counts.health_asked}, hung up on {counts.hung_up}",
              *sorted(counts.why), flush=True)  # fmt: skip
        done.append(case)
    return done


def own_addresses() -> Iterator[str]:
    """Addresses of readers, over and over: nginx lets each ask 50 times a second."""
    return cycle([f"127.8.{place // 250}.{place % 250 + 1}" for place in range(2_000)])


def attacking_addresses(addresses: str) -> Iterator[str]:
    if addresses == "many":
        while True:
            for number in range(256, 65_000):
                yield f"127.9.{number // 256}.{number % 256}"
    while True:
        yield "127.0.0.1" if addresses == "same" else "127.0.0.2"


def measure_both(options: argparse.Namespace) -> list[Case]:
    """gunicorn alone, then granian behind nginx."""
    import throwaway

    throwaway.start()
    from web_server import ALONE, WebServer

    from tests.nginx import nginx_before

    throwaway.import_largest(throwaway.ROOT.parent / "shared/data/documents.jsonl.gz", LAWS)
    folder = Path(tempfile.mkdtemp(prefix="luatmo-bench-slow-"))
    os.chmod(folder, 0o755)
    done = []
    server = WebServer(folder, ALONE)
    try:
        cases = [Case(f"alone, {clients} {shape}", shape, clients) for shape, clients in CASES]
        done += measure(f"http://127.0.0.1:{server.port}", cases, options, (server.process.pid,))
    finally:
        server.stop()
    server = WebServer(folder, proxy="127.0.0.1")
    try:
        with nginx_before(folder, server.port, health_port=server.health_port) as port:
            cases = [Case(f"behind nginx, {clients} {shape}", shape, clients) for shape, clients in CASES]
            nginx = int((folder / "pid").read_text())
            done += measure(f"http://127.0.0.1:{port}", cases, options, (server.process.pid, nginx))
    finally:
        server.stop()
    return done


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("url", nargs="?")
    parser.add_argument("--clients", type=int, default=200)
    parser.add_argument("--seconds", type=float, default=5)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--pid", type=int)
    parser.add_argument("--shapes", default=",".join(SHAPES))
    parser.add_argument("--same-address", dest="addresses", action="store_const", const="same", default="other")
    parser.add_argument("--many-addresses", dest="addresses", action="store_const", const="many")
    given = parser.parse_args()
    if given.url:
        cases = [Case(shape, shape, given.clients) for shape in given.shapes.split(",")]
        done = measure(given.url, cases, given, (given.pid,) if given.pid else ())
    else:
        done = measure_both(given)
    worst = min(done, key=lambda case: case.share)
    good, cpu = worst.shares
    failed, lost, asked = (
        sum(getattr(case.counts, name) for case in done) for name in ("failed", "health_lost", "health_asked")
    )
    print(f"slow: good_share={good:.2f} cpu_share={cpu:.2f} worst={worst.name!r} failed={failed} "
          f"health_lost={lost}/{asked}")  # fmt: skip
    return int(worst.share < GOAL or lost > 0 or failed > 0 or not all(case.attacked for case in done))


if __name__ == "__main__":
    sys.exit(main())
