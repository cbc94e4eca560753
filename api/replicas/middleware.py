"""Sends public reads to a replica."""

import re
from collections.abc import Callable
from typing import Any

from django.db import OperationalError
from django.http import HttpRequest, HttpResponseBase

from api.problems import DatabaseUnavailable
from api.replicas.services import REPLICAS, reading_from
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


def replica_middleware(get_response: GetResponse) -> GetResponse:
    """A public read of somebody unknown goes to a replica that is current; all else to the primary.

    A request with a secret reads the primary: readers see what they wrote. Where the replica itself fails, the primary
    answers the same request; where the primary is away, a replica that was current when it was last seen. An answer
    5xx that has another cause is not repeated.
    """

    def respond(request: HttpRequest) -> HttpResponseBase:
        if not is_public_read(request):
            return get_response(request)
        if replica := REPLICAS.choose():
            return read(replica, request)
        response = get_response(request)
        if _is_unavailable(response) and (replica := REPLICAS.choose(primary_failed=True)):
            response.close()
            return read(replica, request)
        return response

    def read(replica: ReplicaWatch, request: HttpRequest) -> HttpResponseBase:
        conflicts = _Conflicts()
        with reading_from(replica.name) as connection, connection.execute_wrapper(conflicts):
            response = get_response(request)
        if response.status_code < 500 or not (conflicts.found or _is_unavailable(response)):
            return response
        if not conflicts.found:
            replica.set_aside()
        response.close()
        return get_response(request)

    return respond


class _Conflicts:
    """Notes whether a statement was ended for what the replica has to replay."""

    found = False

    def __call__(self, execute: Callable[..., Any], *arguments: Any) -> Any:
        try:
            return execute(*arguments)
        except OperationalError as error:
            self.found = self.found or getattr(error.__cause__, "sqlstate", None) in CONFLICTS
            raise


def _is_unavailable(response: HttpResponseBase) -> bool:
    """Whether the answer says that the database is away."""
    told = getattr(response, "problem", None) or getattr(response, "data", None)
    return isinstance(told, dict) and told.get("code") == DatabaseUnavailable.default_code


def is_public_read(request: HttpRequest) -> bool:
    """Whether a replica may answer: nobody in particular asks, and for what is the same for all."""
    has_secret = any(request.META.get(name) for name in ("HTTP_AUTHORIZATION", "HTTP_COOKIE"))
    return request.method in ("GET", "HEAD") and not has_secret and bool(PUBLIC.fullmatch(request.path_info))
