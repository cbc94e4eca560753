"""Sends public reads to a replica."""

import re
from collections.abc import Callable
from typing import Any

from django.db import DatabaseError
from django.http import HttpRequest, HttpResponseBase

from api.caching import MAY_BE_OLD, PUBLIC_CACHE_CONTROL, public_cache_control
from api.problems import DatabaseBusy, DatabaseUnavailable
from api.replicas.services import REPLICAS, Choice, Replicas, reading_from
from api.replicas.watch import ReplicaWatch

# What people and apps read in large numbers. The change feed, a record (read right after its line of the feed),
# exports, files and what is streamed after the view has ended, health and all that a person has stay at the primary.
PUBLIC = re.compile(
    r"/api/v1/(?:documents|topics|organisations|provinces|questions|events|materials|contests|search|glossary|effects"
    r"|feeds|plans|programmes|indicators)(?:/(?!.*(?:/record|/files?/.*|\.gz)\Z).*)?"
    r"|/(?:van-ban|hoi-dap|su-kien|tai-lieu|cuoc-thi|akn|eli)/.*|/tim"
)
GetResponse = Callable[[HttpRequest], HttpResponseBase]
CONFLICTS = ("40001", "40P01")  # PostgreSQL ended a statement of a replica for what it has to replay
READ_ONLY = "25006"  # it was asked to write
MOST_REPLICAS = 2  # that one request tries before the primary
TOO_SLOW = (DatabaseUnavailable.default_code, DatabaseBusy.default_code, "search_too_slow")  # in its time
PROMPT = "prompt"  # the alias of the primary for reads that a replica answers where it does not do so at once


def replica_middleware(get_response: GetResponse, replicas: Replicas = REPLICAS, prompt: str = PROMPT) -> GetResponse:
    """A public read of somebody unknown goes to a replica that is current; all else to the primary.

    A request with a secret reads the primary: readers see what they wrote. Where a replica itself fails, another one
    answers the same request, else the primary; where the primary is away or slow, a replica that was current when it
    was last seen. Such an answer stays in caches for what is left of the minute that a public answer may be old, and
    nowhere in our memory. An answer 5xx that has another cause is not repeated.
    """

    def respond(request: HttpRequest) -> HttpResponseBase:
        if not is_public_read(request):
            return get_response(request)
        tried: list[ReplicaWatch] = []
        while len(tried) < MOST_REPLICAS and (choice := replicas.choose(without=tried)):
            tried.append(choice.watch)
            if (answer := read(choice, request)) is not None:
                return answer
        if (answer := promptly(request, tried)) is not None:
            return answer
        response = get_response(request)
        if not _is_unavailable(response) or (answer := in_its_place(request, tried)) is None:
            return response
        response.close()
        return answer

    def promptly(request: HttpRequest, tried: list[ReplicaWatch]) -> HttpResponseBase | None:
        """What the primary answers within seconds, or a replica in its place; None: neither, the primary has longer.

        In the first second of an outage nobody knows of it, and all threads would wait.
        """
        if replicas.choose(without=tried, primary_failed=True) is None:
            return None
        with reading_from(prompt):
            response = get_response(request)
        if _problem_code(response) not in TOO_SLOW:
            return response
        response.close()
        return in_its_place(request, tried)

    def in_its_place(request: HttpRequest, tried: list[ReplicaWatch]) -> HttpResponseBase | None:
        """What a replica answers that was current when the primary was last seen; None: there is none, or it failed."""
        if (choice := replicas.choose(without=tried, primary_failed=True)) is None:
            return None
        tried.append(choice.watch)
        return read(choice, request)

    def read(choice: Choice, request: HttpRequest) -> HttpResponseBase | None:
        """What this replica answers; None: it failed."""
        conflicts = _Conflicts()
        with reading_from(choice.watch.name) as connection, connection.execute_wrapper(conflicts):
            response = get_response(request)
        if response.status_code < 500 or not (conflicts.found or _is_unavailable(response)):
            return response if choice.is_current else _that_may_be_old(request, response, choice.behind_seconds)
        if not conflicts.found:
            choice.watch.set_aside()
        response.close()
        return None

    return respond


def _that_may_be_old(request: HttpRequest, response: HttpResponseBase, age: float) -> HttpResponseBase:
    """Mark the answer of a replica that may lack what was written in the last `age` seconds. Returns it.

    Also a 304: a cache that has a copy takes the lifetime from it.
    """
    request.META[MAY_BE_OLD] = True
    if response.get("Cache-Control") == PUBLIC_CACHE_CONTROL:
        response["Cache-Control"] = public_cache_control(age)
    return response


class _Conflicts:
    """Notes whether a statement was ended for what the replica has to replay.

    Raises RuntimeError where a read writes: the primary would do in its place what is a mistake.
    """

    found = False

    def __call__(self, execute: Callable[..., Any], *arguments: Any) -> Any:
        try:
            return execute(*arguments)
        except DatabaseError as error:
            state = getattr(error.__cause__, "sqlstate", None)
            if state == READ_ONLY:
                raise RuntimeError("A public read must not write.") from error
            self.found = self.found or state in CONFLICTS
            raise


def _is_unavailable(response: HttpResponseBase) -> bool:
    """Whether the answer says that the database is away."""
    return _problem_code(response) == DatabaseUnavailable.default_code


def _problem_code(response: HttpResponseBase) -> Any:
    """The code of the problem that the answer tells; None: it tells none."""
    told = getattr(response, "problem", None) or getattr(response, "data", None)
    return told.get("code") if response.status_code >= 500 and isinstance(told, dict) else None


def is_public_read(request: HttpRequest) -> bool:
    """Whether a replica may answer: nobody in particular asks, and for what is the same for all."""
    has_secret = any(request.META.get(name) for name in ("HTTP_AUTHORIZATION", "HTTP_COOKIE"))
    return request.method in ("GET", "HEAD") and not has_secret and bool(PUBLIC.fullmatch(request.path_info))
