"""Asks another installation over HTTPS, within limits: whatever it answers, it cannot hold or fill us.

Public addresses only (loopback in a local installation), no redirects, three seconds to connect, ten to the next byte,
a bound on the whole answer, its head too, in seconds and in unpacked bytes, counted while unpacking.
"""

import hashlib
import json
import math
import re
import threading
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import IO, Any
from urllib.parse import urlsplit

import requests
from django.conf import settings
from django.utils.translation import gettext as _
from requests_hardened import Config, Manager
from urllib3.exceptions import HTTPError

from content.peer_client.deadlines import Deadline, Sockets, shut_in_time

MIB = 2**20
MOST_OF_A_PAGE = 4 * MIB
MOST_OF_A_RECORD = 64 * MIB
MOST_OF_A_FILE = 64 * 1024 * MIB
TIMEOUT = (3.0, 10.0)  # seconds: to connect, to the next byte
WHOLE_SECONDS = 60
LEAST_RATE = 64 * 1024  # bytes of a file each second, after the first minute
KEY = re.compile(r"[A-Za-z0-9_-]{1,200}")
KEY_WITH_OTHERS = re.compile(r"[a-z0-9-]{1,200}")  # each other makes an answer for several a refusal of all
PATH = re.compile(r"/[A-Za-z0-9._~/?=&,-]*")  # begins with «/»: nothing in it can name another host
CHUNK = 64 * 1024
MOST_AT_ONCE, MOST_KEY_LETTERS = 25, 4_000  # records of one answer, and what names them in an address
MAX_WAIT = 8  # seconds of a long poll
PAGE_SIZE = 100  # lines
UNSTORABLE = re.compile("[\0\ud800-\udfff]")  # NUL and halves of UTF-16: no database of an installation has them
MAY_BE_UNSTORABLE = re.compile(r"\\u(?:0000|[dD][89a-fA-F])")  # as JSON writes them


class PeerAway(Exception):
    """It does not answer, or says that it cannot now. `seconds`: how long it asked us to wait, 0 if it did not.

    `is_busy`: it answers, and says that we ask too often.
    """

    def __init__(self, message: str, seconds: float = 0, *, is_busy: bool = False) -> None:
        super().__init__(message)
        self.seconds, self.is_busy = seconds, is_busy


class PeerWrong(Exception):
    """It answers what no installation answers."""


class NotThere(Exception):
    """404 or 410: the object is not public there."""


class CursorAhead(Exception):
    """Our bookmark is ahead of its log: it is another history."""


def checked_url(address: str) -> str:
    """The address of an installation as it is stored: scheme, host, a port that is not the usual. Raises PeerWrong."""
    parts = urlsplit(address.strip())
    is_loopback = parts.hostname in ("127.0.0.1", "localhost", "::1")
    may_be_plain = settings.LOCAL and is_loopback
    try:
        port = parts.port
    except ValueError:
        port = -1
    wrong = parts.username or parts.password or parts.query or parts.fragment or parts.path not in ("", "/")
    if wrong or not parts.hostname or port == -1 or not (parts.scheme == "https" or may_be_plain):
        raise PeerWrong(_("Give an address like https://phapluat.example.gov.vn, without a path."))
    host = parts.hostname.rstrip(".")
    host = f"[{host}]" if ":" in host else host
    is_default = port is None or (parts.scheme, port) in (("https", 443), ("http", 80))
    return f"{parts.scheme}://{host}" + ("" if is_default else f":{port}")


def keys_at_once(keys: Iterable[str]) -> list[str]:
    """The first of these keys, as many as one answer may have. What is no key is left out: it is asked for alone."""
    found: list[str] = []
    letters = 0
    for key in filter(KEY_WITH_OTHERS.fullmatch, keys):
        letters += len(key) + 1
        if len(found) == MOST_AT_ONCE or letters > MOST_KEY_LETTERS:
            break
        found.append(key)
    return found


class PeerClient:
    """Asks one installation, one question at a time; who asks in another thread meanwhile waits.

    An answer may take so many seconds, a file longer by its size.
    """

    def __init__(self, url: str, *, seconds: float = WHOLE_SECONDS, least_rate: float = LEAST_RATE) -> None:
        self.url, self._seconds, self._least_rate = url, seconds, least_rate
        self.size_of_answer = 0  # bytes of JSON of the last one
        self.gives_many = False  # whether it gives several records in one answer
        config = Config(
            ip_filter_enable=True,
            ip_filter_allow_loopback_ips=settings.LOCAL,
            never_redirect=True,
            default_timeout=TIMEOUT,
            user_agent_override=f"luatmo-sync ({settings.PUBLIC_URL})",
        )
        self._session = Manager(config).get_session()
        self._asking = threading.RLock()
        self._sockets = Sockets()
        for adapter in self._session.adapters.values():
            shut_in_time(adapter, self._sockets)
        self._session.trust_env = False  # no proxy: it would be asked for addresses inside our network
        if settings.SYNC_CA_FILE:
            self._session.verify = settings.SYNC_CA_FILE

    def close(self) -> None:
        self._session.close()

    def break_off(self) -> None:
        """End the answer that another thread is reading, which raises PeerAway there."""
        self._sockets.shut()

    def page(self, after: int, wait: int) -> dict[str, Any]:
        """A page of its change log. Raises CursorAhead."""
        return self._object(f"/api/v1/changes?after={after}&wait={wait}&page_size={PAGE_SIZE}", MOST_OF_A_PAGE)

    def note_what_it_gives(self, page: Mapping[str, Any]) -> None:
        """Ask for several records at once, or for each alone, as this page says."""
        self.gives_many = isinstance(page.get("records_url"), str)

    def head(self) -> dict[str, Any]:
        """The sealed head of its change log."""
        return self._object("/api/v1/changes/head", MIB)

    def record(self, objects: str, key: str) -> dict[str, Any]:
        """The record of an object. Raises NotThere, PeerWrong for what is no key."""
        if not KEY.fullmatch(key):
            raise PeerWrong(_("A key of it is none."))
        return self._object(f"/api/v1/{objects}/{key}/record", MOST_OF_A_RECORD)

    def records(self, name: str, keys: Sequence[str]) -> tuple[dict[str, dict[str, Any]], set[str]]:
        """Records of objects of one type, and the keys that its answer leaves for the next one.

        `keys`: as `keys_at_once` gives them. Of what is in neither it says nothing: ask for the record alone.
        """
        answer = self._object(f"/api/v1/records?object={name}&keys={','.join(keys)}", MOST_OF_A_RECORD)
        results, left = answer.get("results"), answer.get("left")
        if not isinstance(results, list) or not isinstance(left, list):
            raise PeerWrong(_("Its answer has no records."))
        given = [each for each in results if isinstance(each, dict) and each.get("object") == name]
        named = {each["key"]: each for each in given if isinstance(each.get("key"), str)}
        return {key: named[key] for key in keys if key in named}, {each for each in left if isinstance(each, str)}

    def file(self, path: str, file: IO[bytes], most: int, on_chunk: Callable[[], object], seconds: float) -> str:
        """Write the file at that path, at most so many bytes, within so many seconds. Returns its SHA-256.

        Raises NotThere.
        """
        digest = hashlib.sha256()
        with self._asking, self._response(path, "identity", seconds) as response:
            for chunk in _within(response.chunks(), most):
                file.write(chunk)
                digest.update(chunk)
                on_chunk()
        return digest.hexdigest()

    def keys(self) -> dict[str, Any]:
        return self._object("/.well-known/jwks.json", MIB)

    def description(self) -> dict[str, Any]:
        """Who it is."""
        return self._object("/.well-known/luatmo.json", MIB)

    def newest_export(self) -> dict[str, Any] | None:
        """The manifest of its newest export, None without one."""
        exports = self._object("/api/v1/exports", MOST_OF_A_PAGE).get("results")
        if not isinstance(exports, list) or not all(isinstance(each, dict) for each in exports):
            raise PeerWrong(_("Its list of exports is none."))
        return exports[0] if exports else None

    def download(self, path: str, file: IO[bytes], most: int, on_chunk: Callable[[], object] = lambda: None) -> None:
        """Write a file of it, as it is sent, at most so many bytes, unless it comes slower than LEAST_RATE."""
        with self._asking, self._response(path, "identity", self._seconds + most / self._least_rate) as response:
            for chunk in _within(response.chunks(), most):
                file.write(chunk)
                on_chunk()

    def _object(self, path: str, most: int) -> dict[str, Any]:
        with self._asking, self._response(path, "gzip", self._seconds) as response:
            packed = response.headers.get("Content-Encoding", "identity")
            chunks = response.chunks()
            body = b"".join(_within(unpacked(chunks, most) if packed == "gzip" else chunks, most))
        try:
            value = storable_json(body)
        except (ValueError, RecursionError):
            raise PeerWrong(_("Its answer is no JSON.")) from None
        if not isinstance(value, dict):
            raise PeerWrong(_("Its answer is no object of JSON."))
        self.size_of_answer = len(body)
        return value

    def _response(self, path: str, encoding: str, seconds: float) -> "_Answer":
        if not PATH.fullmatch(path) or path.startswith("//") or ".." in path:
            raise PeerWrong(_("It names an address that is none of its own."))
        headers = {"Accept": "application/json", "Accept-Encoding": encoding, "Accept-Language": "vi"}
        timeout = (TIMEOUT[0], TIMEOUT[1] + MAX_WAIT)
        deadline = Deadline(self._sockets, seconds)
        try:
            response = self._session.get(self.url + path, headers=headers, stream=True, timeout=timeout)
        except (requests.RequestException, HTTPError, OSError, ValueError) as error:
            deadline.end()
            raise PeerAway(_("It does not answer: %s") % type(error).__name__) from error
        answer = _Answer(response, deadline)
        answer.refuse_status()
        return answer


class _Answer:
    """A response that is being read; errors of the connection, and an answer that takes too long, are PeerAway."""

    def __init__(self, response: requests.Response, deadline: Deadline) -> None:
        self.headers, self._response, self._deadline = response.headers, response, deadline

    def chunks(self) -> Iterator[bytes]:
        """What arrives, as it arrives; packed if it was packed."""
        while chunk := self._response.raw.read1(CHUNK, decode_content=False):
            yield chunk
        if self._response.raw.length_remaining:
            raise PeerAway(_("Its answer broke off."))

    def refuse_status(self) -> None:
        """Close it and raise what its status means, unless that is 200."""
        if self._response.status_code != 200:
            with self:
                _refuse_status(self._response, self.chunks())

    def __enter__(self) -> "_Answer":
        return self

    def __exit__(self, kind: object, error: object, trace: object) -> None:
        is_late = self._deadline.is_over
        self._deadline.end()
        self._response.close()
        if is_late:
            raise PeerAway(_("Its answer took too long."))
        if isinstance(error, (HTTPError, requests.RequestException, OSError, ValueError)):
            raise PeerAway(_("Its answer broke off: %s") % type(error).__name__) from error


def _refuse_status(response: requests.Response, chunks: Iterator[bytes]) -> None:
    """Raise what a status other than 200 means."""
    status = response.status_code
    if status in (404, 410):
        raise NotThere
    if status == 400 and b"cursor_ahead" in b"".join(_within(chunks, MIB)):
        raise CursorAhead
    if status == 429 or status >= 500:
        asked = response.headers.get("Retry-After", "")
        seconds = float(asked) if asked.isdecimal() and len(asked) < 10 else 0
        raise PeerAway(_("It answers %d.") % status, seconds, is_busy=status == 429)
    raise PeerWrong(_("It answers %d, which is no answer of an installation.") % status)


def storable_json(body: bytes) -> Any:
    """The value of a text of JSON in UTF-8, if PostgreSQL can store it as it is. Raises ValueError, RecursionError.

    Python reads more: NaN, infinity, and texts with NUL or half a character. One of these in any place of a line or a
    head, also one that we do not read, would stop all that its installation says.
    """
    text = body.decode()
    value = json.loads(text, parse_constant=_refuse_constant, parse_float=_finite)
    if MAY_BE_UNSTORABLE.search(text) and any(map(UNSTORABLE.search, _texts_in(value))):
        raise ValueError("a character that cannot be stored")
    return value


def _refuse_constant(name: str) -> float:
    raise ValueError(name)


def _finite(digits: str) -> float:
    if not math.isfinite(found := float(digits)):
        raise ValueError("larger than a double")
    return found


def _texts_in(value: Any) -> Iterator[str]:
    left = [value]
    while left:
        each = left.pop()
        if isinstance(each, str):
            yield each
        elif isinstance(each, dict):
            yield from each
            left.extend(each.values())
        elif isinstance(each, list):
            left.extend(each)


def unpacked(chunks: Iterator[bytes], most: int) -> Iterator[bytes]:
    """The bytes that gzip packed, in pieces of a bounded size. Raises PeerWrong for more than `most`, or no gzip."""
    reader, total = zlib.decompressobj(wbits=31), 0
    for chunk in chunks:
        while chunk:
            try:
                piece = reader.decompress(chunk, 16 * CHUNK)
            except zlib.error:
                raise PeerWrong(_("Its answer is not packed as it says.")) from None
            total += len(piece)
            if total > most:
                raise PeerWrong(_("Its answer is longer than %d MiB.") % (most // MIB))
            yield piece
            if reader.eof:
                return
            chunk = reader.unconsumed_tail
    if not reader.eof:
        raise PeerAway(_("Its answer broke off."))


def _within(chunks: Iterator[bytes], most: int) -> Iterator[bytes]:
    total = 0
    for chunk in chunks:
        total += len(chunk)
        if total > most:
            raise PeerWrong(_("Its answer is longer than %d MiB.") % (most // MIB))
        yield chunk
