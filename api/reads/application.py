"""The WSGI application in front of Django: answers public reads from memory, as long as nothing has changed."""

import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from functools import lru_cache
from typing import Any

from django.conf import settings

from api.caching import MAY_BE_OLD, NO_SLOT, NOT_STORED, REVALIDATES
from api.limits.counters import count_stored_read
from api.reads import forks
from api.reads.keys import CHANGES, Environ, ReadKey, read_key, same_for_all
from api.reads.listener import ChangeListener
from api.reads.store import AnswerStore, StoredAnswer
from api.replicas.services import REPLICAS

MEBIBYTE = 1024 * 1024
LONGEST_SECONDS = 60  # an answer is made again after this time, whatever was heard
FILL_SECONDS = 5  # that a request waits for another one that is making the same answer
# an answer from memory has its own of these; the web server adds Date and Connection
_OWN_HEADERS = frozenset({"x-request-id", "ratelimit", "ratelimit-policy", "cache-status", "retry-after"})
_HIT, _FOUND_UNCHANGED, _FOUND_CHANGED, _MADE = (
    ("Cache-Status", f"luat-mo; {how}") for how in ("hit", "fwd=stale; fwd-status=304", "fwd=stale", "fwd=miss")
)  # RFC 9211
_NEW_WITH_304 = _OWN_HEADERS | {"cache-control"}
_HEADERS_OF_BODY = frozenset({"content-length", "content-type", "content-encoding", "last-modified"})
_OF_ONE_ANSWER = frozenset({"content-length", "etag", "last-modified"})
WSGI = Callable[[Environ, Any], Iterable[bytes]]


class _DjangoAnswer:
    """What Django answered, held back."""

    def __init__(self, django: WSGI, environ: Environ) -> None:
        self.status, self.headers = "", list[tuple[str, str]]()
        answer = django(environ, self._start)
        try:
            self.body = b"".join(answer)
        finally:
            if close := getattr(answer, "close", None):
                close()

    def _start(self, status: str, headers: list[tuple[str, str]], _exception: Any = None) -> Callable[[bytes], object]:
        self.status, self.headers = status, headers
        return _refuse_to_write

    def header(self, name: str) -> str:
        return next((value for key, value in self.headers if key.lower() == name), "")


def _refuse_to_write(_data: bytes) -> object:
    raise NotImplementedError("Django returns its answers")


class StoredReads:
    """WSGI application: public reads of the law come from memory, all else from `django`.

    An answer from memory counts for the quota of its caller, has a request id, and is logged, like any other. A HEAD
    and a matching If-None-Match are answered from it. `Cache-Status` (RFC 9211) says where an answer comes from. While
    changes cannot be heard, Django answers everything. Of the change log it keeps what says that nothing is new, and
    gives that also to who would wait for news and finds no slot.

    `client_address(environ)` names the caller. `log_request(environ, status, started_at)` writes the line of an
    answer and returns the id of the request. `count_hit(path, status)` counts what `answer_from_memory` gives.
    `most_bytes`: of the answers in memory; 0: none are kept. `note_change()` is called when a change is heard, before
    an answer is made that must have it; with it the application listens even if it keeps no answers.
    """

    def __init__(
        self,
        django: WSGI,
        *,
        most_bytes: int,
        client_address: Callable[[Environ], str],
        log_request: Callable[[Environ, int, float], str],
        count_hit: Callable[[str, int], None] | None = None,
        note_change: Callable[[], None] | None = None,
    ) -> None:
        self._django = django
        self._is_on = most_bytes > 0
        self._client_address, self._log_request, self._count_hit = client_address, log_request, count_hit
        self._store = AnswerStore(most_bytes)
        self._note_change = note_change or (lambda: None)
        self._listens = self._is_on or note_change is not None
        self.listener = ChangeListener(changed=self._data_changed, connected=self._begin_anew)
        self._forks = -1  # when it began in the process that has it now
        self._filling: dict[ReadKey, threading.Event] = {}
        self._lock = threading.Lock()

    def __call__(self, environ: Environ, start_response: Any) -> Iterable[bytes]:
        """Answer one request (PEP 3333)."""
        started_at = time.perf_counter()
        if self._listens and self._forks != forks.count:
            self._begin_in_this_process()
        key = read_key(environ) if self._is_on and self.listener.is_listening() else None
        if key is None:
            return self._django(environ, start_response)
        stored = self._store.get(key)
        if not self._is_current(stored):
            if self._store.is_refused(key):
                return self._django(environ, start_response)
            if environ["REQUEST_METHOD"] == "HEAD" or (stored is None and environ.get("HTTP_IF_NONE_MATCH")):
                return self._django(environ, start_response)  # its answer has no body to keep
            with self._one_at_a_time(key) as is_alone:
                stored = self._store.get(key)
                if not self._is_current(stored):
                    return self._make(key if is_alone else None, stored, environ, start_response)
        assert stored is not None  # noqa: S101 - what is current is there
        answer = self._answer(stored, environ, start_response, started_at)
        return self._django(environ, start_response) if answer is None else answer

    def answer_from_memory(self, environ: Environ, start_response: Any) -> list[bytes] | None:
        """Answer one request if its answer is in memory and current. None: nothing was counted or said, call this.

        Such an answer passes by all that is between the web server and this application. `count_hit` counts it.
        """
        if self._forks != forks.count or environ["PATH_INFO"] == CHANGES or not self.listener.is_listening():
            return None
        started_at = time.perf_counter()
        if not self._is_on or (key := read_key(environ)) is None:
            return None
        stored = self._store.get(key)
        if stored is None or not self._is_current(stored):
            return None
        return self._answer(stored, environ, start_response, started_at, count_hit=self._count_hit)

    def _data_changed(self) -> None:
        self._note_change()
        self._store.data_changed()

    def _begin_anew(self) -> None:
        self._note_change()
        self._store.clear()

    def _begin_in_this_process(self) -> None:
        with self._lock:  # the web server forks after it has imported the program
            if self._forks != forks.count:
                self.listener.start()
                self._forks = forks.count

    def _is_current(self, stored: StoredAnswer | None) -> bool:
        if stored is None or stored.state != self._store.state:
            return False
        return time.monotonic() - stored.stored_at < LONGEST_SECONDS

    @contextmanager
    def _one_at_a_time(self, key: ReadKey) -> Iterator[bool]:
        """Whether this thread is the one that makes the answer. Another one comes here when it is made."""
        with self._lock:
            made = self._filling.get(key)
            if made is None:
                self._filling[key] = threading.Event()
        if made is not None:
            made.wait(FILL_SECONDS)
            yield False
            return
        try:
            yield True
        finally:
            with self._lock:
                self._filling.pop(key).set()

    def _make(
        self, key: ReadKey | None, old: StoredAnswer | None, environ: Environ, start_response: Any
    ) -> Iterable[bytes]:
        """Let Django answer, and keep its answer under `key`. It may say that the old one is still right.

        An answer that may be old (api/replicas) is given, and neither kept nor a reason to keep the one of before.
        """
        asks_with_none = not environ.get("HTTP_IF_NONE_MATCH")
        if old is not None and asks_with_none:
            environ["HTTP_IF_NONE_MATCH"], environ[REVALIDATES] = old.etag, True
        state = self._store.state
        made = _DjangoAnswer(self._django, environ)
        if key is not None and not environ.get(MAY_BE_OLD):
            if environ.get(NOT_STORED):
                self._store.refuse(key, state)  # those who ask for the same do not wait for each other
            else:
                self._keep(key, made, old, state)
        if made.status.startswith("304") and asks_with_none and old is not None:
            headers = [*_updated(old.headers, made.headers), *_retry_headers(environ)]
            return self._send(environ, start_response, "200 OK", [*headers, _FOUND_UNCHANGED], old.body)
        where_from = _MADE if old is None else _FOUND_CHANGED
        return self._send(environ, start_response, made.status, [*made.headers, where_from], made.body)

    def _keep(self, key: ReadKey, made: _DjangoAnswer, old: StoredAnswer | None, state: int) -> None:
        if (stored := self._stored(made, old, state)) is not None:
            self._store.put(key, stored)
        elif not made.status.startswith("304"):
            self._store.refuse(key, state)

    def _stored(self, made: _DjangoAnswer, old: StoredAnswer | None, state: int) -> StoredAnswer | None:
        etag = made.header("etag")
        if made.status.startswith("304") and old is not None and etag == old.etag:
            return old._replace(state=state, stored_at=time.monotonic())
        if not made.status.startswith("200") or not etag or not same_for_all(made.headers):
            return None
        headers = [_kept_header(each) for each in made.headers if each[0].lower() not in _OWN_HEADERS]
        of_304 = [each for each in headers if each[0].lower() not in _HEADERS_OF_BODY]
        return StoredAnswer(headers, of_304, made.body, etag, state, time.monotonic())

    def _answer(
        self,
        stored: StoredAnswer,
        environ: Environ,
        start_response: Any,
        started_at: float,
        *,
        count_hit: Callable[[str, int], None] | None = None,
    ) -> list[bytes] | None:
        """Answer from memory. None: the quota of the caller is spent, and Django says so."""
        asked = environ.get("HTTP_IF_NONE_MATCH", "")
        is_unchanged = bool(asked) and _matches(asked, stored.etag)
        quota = count_stored_read(self._client_address(environ), is_free=is_unchanged and asked.strip() != "*")
        if quota is None:
            return None
        status = 304 if is_unchanged else 200
        own = [*quota, _HIT, ("X-Request-ID", self._log_request(environ, status, started_at))]
        if count_hit is not None:
            count_hit(environ["PATH_INFO"], status)
        if is_unchanged:
            return self._send(environ, start_response, "304 Not Modified", stored.headers_of_304 + own, b"")
        if NO_SLOT in environ:
            own += _retry_headers(environ)
        return self._send(environ, start_response, "200 OK", stored.headers + own, stored.body)

    def _send(
        self, environ: Environ, start_response: Any, status: str, headers: list[tuple[str, str]], body: bytes
    ) -> list[bytes]:
        start_response(status, headers)
        return [b"" if environ["REQUEST_METHOD"] == "HEAD" else body]


def _kept_header(header: tuple[str, str]) -> tuple[str, str]:
    """The header, as one object for all answers that have it. What only one answer has is not looked for."""
    return header if header[0].lower() in _OF_ONE_ANSWER else _common_header(header)


@lru_cache(maxsize=200)
def _common_header(header: tuple[str, str]) -> tuple[str, str]:
    return header


def _retry_headers(environ: Environ) -> list[tuple[str, str]]:
    """What tells a follower to ask again in a second: it could not wait for news."""
    return [("Retry-After", "1")] if environ.get(NO_SLOT) else []


def _updated(headers: list[tuple[str, str]], of_304: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """Headers of an answer after a 304: what belongs to this request, and how long it may be kept, are of the 304."""
    new = [(name, value) for name, value in of_304 if name.lower() in _NEW_WITH_304]
    replaced = {name.lower() for name, _value in new}
    return [each for each in headers if each[0].lower() not in replaced] + new


def _matches(asked: str, etag: str) -> bool:
    """Whether If-None-Match names the answer, compared weakly (RFC 9110, 13.1.2)."""
    if asked.strip() == "*":
        return True
    return etag in [each.strip().removeprefix("W/") for each in asked.split(",")]


def with_stored_reads(
    django: WSGI,
    *,
    client_address: Callable[[Environ], str],
    log_request: Callable[[Environ, int, float], str],
    count_hit: Callable[[str, int], None],
) -> StoredReads:
    """`django` with an answer store of the size that the operator set."""
    most = settings.READ_CACHE_MEBIBYTES * MEBIBYTE
    reads = StoredReads(
        django,
        most_bytes=most,
        client_address=client_address,
        log_request=log_request,
        count_hit=count_hit,
        note_change=REPLICAS.note_change if REPLICAS.aliases else None,
    )
    REPLICAS.hear(reads.listener.is_listening)
    return reads
