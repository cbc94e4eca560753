"""Answers that are wrong on purpose. tests/config/fcm_emulator shows what the SDK makes of each."""

from collections.abc import Callable
from dataclasses import dataclass

from config.local.fcm_emulator.http_messages import (
    Response,
    google_error_response,
    invalid_registration_response,
    unregistered_response,
)

OPERATIONS = ("send", "topic", "token", "certs", "jwks", "other")
CONNECTION_KINDS = ("reset", "accept_then_reset", "hang", "slow")  # routes.py and connections.py carry these out
SPOILT_BODIES = {"accept_then_empty": b"{}", "accept_then_garbage": b'{"na', "accept_then_nul": b'{"name": "\\u0000"}'}


@dataclass
class Fault:
    """Applies to the next `times` calls of `op`; only to those to `target` if given (as the log names it, or its key).

    retry_after: whole seconds, for QUOTA_EXCEEDED and UNAVAILABLE. delay: seconds, for slow.
    """

    op: str
    kind: str
    times: int = 1
    target: str | None = None
    retry_after: int | None = None
    delay: float = 1.0


class PlannedFaults:
    """The faults that tests have planned, in order."""

    def __init__(self) -> None:
        self.planned: list[Fault] = []

    def take(self, op: str, *names: str | None) -> Fault | None:
        """The first planned fault for this call, or None. It counts as used once."""
        for fault in self.planned:
            if fault.times > 0 and fault.op == op and (fault.target is None or fault.target in names):
                fault.times -= 1
                return fault
        return None


def fault_response(fault: Fault) -> Response:
    """What the server says instead of doing the work."""
    if fault.kind in _HTML_STATUSES:
        status = _HTML_STATUSES[fault.kind]
        return Response(status, f"<html><body>{status}</body></html>".encode())
    return _RESPONSES[fault.kind](fault)


def _retry_after(fault: Fault, default: int | None) -> dict[str, str]:
    seconds = default if fault.retry_after is None else fault.retry_after
    return {} if seconds is None else {"Retry-After": str(seconds)}


def _invalid_message(_fault: Fault) -> Response:
    """Both details: an FCM error code alone must not be taken for a dead registration."""
    description = "Invalid value at 'message.data'"
    return google_error_response(400, "INVALID_ARGUMENT", description, fcm="INVALID_ARGUMENT", field="message.data")


def _quota_exceeded(fault: Fault) -> Response:
    headers = _retry_after(fault, 60)  # Google: without the header wait a minute at least
    return google_error_response(429, "RESOURCE_EXHAUSTED", "Quota exceeded.", fcm="QUOTA_EXCEEDED", headers=headers)


def _unavailable(fault: Fault) -> Response:
    message = "The service is currently unavailable."
    return google_error_response(503, "UNAVAILABLE", message, fcm="UNAVAILABLE", headers=_retry_after(fault, None))


def _third_party_auth(_fault: Fault) -> Response:
    message = "Auth error from APNS or Web Push Service"
    return google_error_response(401, "UNAUTHENTICATED", message, fcm="THIRD_PARTY_AUTH_ERROR")


_HTML_STATUSES = {f"PAGE_{status}": status for status in (400, 401, 403, 407, 429)}  # as a proxy answers
_HTML_STATUSES |= {"BAD_GATEWAY": 502, "NOT_JSON": 200, "NOT_FOUND_PLAIN": 404}
_RESPONSES: dict[str, Callable[[Fault], Response]] = {
    "UNREGISTERED": lambda _fault: unregistered_response(),
    "INVALID_ARGUMENT": lambda _fault: invalid_registration_response(),
    "INVALID_MESSAGE": _invalid_message,
    "SENDER_ID_MISMATCH": lambda _fault: google_error_response(
        403, "PERMISSION_DENIED", "SenderId mismatch", fcm="SENDER_ID_MISMATCH"
    ),
    "QUOTA_EXCEEDED": _quota_exceeded,
    "UNAVAILABLE": _unavailable,
    "INTERNAL": lambda _fault: google_error_response(500, "INTERNAL", "Internal error encountered.", fcm="INTERNAL"),
    "THIRD_PARTY_AUTH_ERROR": _third_party_auth,
    "INVALID_GRANT": lambda _fault: Response(
        400, {"error": "invalid_grant", "error_description": "Invalid grant: account not found"}
    ),
    "PROXY_JSON": lambda _fault: Response(403, {"error": "Forbidden"}),
}
RESPONSE_KINDS = (*_RESPONSES, *_HTML_STATUSES)
FAULT_KINDS = (*RESPONSE_KINDS, *CONNECTION_KINDS, *SPOILT_BODIES)
