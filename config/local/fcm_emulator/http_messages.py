"""HTTP requests and responses of the server, and errors in the form of Google's APIs."""

import functools
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs

FCM_ERROR = "type.googleapis.com/google.firebase.fcm.v1.FcmError"
BAD_REQUEST = "type.googleapis.com/google.rpc.BadRequest"

JsonObject = dict[str, Any]


@dataclass
class Request:
    """One HTTP request. `host` is the tunnel's host, or what a plain request named; header names are lower-case."""

    method: str
    host: str
    target: str
    headers: dict[str, str]
    body: bytes = b""
    tunnelled: bool = False  # came through CONNECT, so the caller believes this is Google

    @functools.cached_property
    def json(self) -> Any:
        """The body as strict JSON, parsed once. Raises ValueError as `read_json` does."""
        return read_json(self.body)

    @property
    def path(self) -> str:
        """Still percent-encoded, because a registration may hold an encoded slash."""
        return self.target.partition("?")[0]

    def query(self, *names: str) -> str | None:
        """First value of the first of `names` present: Google takes page_size and pageSize alike."""
        values = parse_qs(self.target.partition("?")[2], keep_blank_values=True)
        return next((values[name][0] for name in names if name in values), None)


@dataclass
class Response:
    """`body` is sent as JSON, or as an HTML page if it is bytes (as a proxy in between would answer)."""

    status: int
    body: JsonObject | list[Any] | bytes
    headers: dict[str, str] = field(default_factory=dict)


def google_error_response(
    code: int,
    status: str,
    message: str,
    *,
    fcm: str | None = None,
    field: str | None = None,
    headers: Mapping[str, str] | None = None,
) -> Response:
    """An error in the form of Google's APIs.

    `fcm` adds FCM's own error code, `field` names the wrong field (google.rpc.BadRequest).
    Source: firebase.google.com/docs/cloud-messaging/error-codes, both examples there.
    """
    details: list[JsonObject] = []
    if fcm:
        details.append({"@type": FCM_ERROR, "errorCode": fcm})
    if field:
        details.append({"@type": BAD_REQUEST, "fieldViolations": [{"field": field, "description": message}]})
    error: JsonObject = {"code": code, "message": message, "status": status}
    if details:
        error["details"] = details
    return Response(code, {"error": error}, dict(headers or {}))


def unregistered_response() -> Response:
    """FCM's answer for a dead registration."""
    return google_error_response(404, "NOT_FOUND", "Requested entity was not found.", fcm="UNREGISTERED")


def invalid_registration_response() -> Response:
    """FCM's answer for what cannot be a registration.

    It has no BadRequest detail, as Google really answers (firebase-admin-java issue 1064).
    """
    message = "The registration token is not a valid FCM registration token"
    return google_error_response(400, "INVALID_ARGUMENT", message, fcm="INVALID_ARGUMENT")


def read_json(body: bytes) -> Any:
    """Parse strict JSON. Raises ValueError, with a message for people, for what could not be encoded again."""
    try:
        value = json.loads(body.decode(), parse_constant=_refuse_constant)
        if b"\\ud" in body.lower():
            json.dumps(value, ensure_ascii=False).encode()  # half of a surrogate pair cannot be encoded as UTF-8
    except RecursionError:
        raise ValueError("nested too deeply") from None
    return value


def _refuse_constant(name: str) -> None:
    raise ValueError(f"{name} is not JSON")
