"""Which operation a request is, what the log says about it, and which fault applies to it."""

import asyncio
import enum
import re
import sys
import time
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from urllib.parse import unquote

from config.local.fcm_emulator import PROJECT, control, faults, google_api
from config.local.fcm_emulator.http_messages import Request, Response, google_error_response
from config.local.fcm_emulator.messages import TARGETS
from config.local.fcm_emulator.state import EmulatorState, LogEntry

LOOPBACK = ("127.0.0.1", "localhost", "[::1]")

_SEND = re.compile(r"/v1/projects/([^/]+)/messages:send")
_TOPICS = re.compile(r"/v1/projects/([^/]+)/registrations/([^/]+)/topicSubscriptions(?:/([^/]+))?")


class ConnectionFault(enum.Enum):
    """What happens to a connection whose request gets no answer."""

    RESET = "reset"
    HANG = "hang"


@dataclass
class Operation:
    """`target` is for people, `key` the bare topic, condition or registration. A fault may name either."""

    op: str
    target: str
    key: str | None
    run: Callable[[], Response]


class Emulator(EmulatorState):
    """The server without its connections. Access tokens stay valid after a reset, because other processes hold some."""

    def __init__(self, folder: Path) -> None:
        super().__init__()
        self.folder = folder
        self.access_tokens = google_api.AccessTokens(folder)

    async def respond(self, request: Request) -> Response | ConnectionFault:
        """The answer to a request. If this server fails, it is 500, and the traceback goes to stderr."""
        self.changes += request.method != "GET"
        try:
            if request.path.startswith("/_emu/") and not request.tunnelled:
                return control.control_response(self, request)
            return await self._run_call(request, _routed_call(self, request))
        except Exception:
            traceback.print_exc(file=sys.stderr)
            return google_error_response(500, "INTERNAL", "The local FCM server failed; see its stderr.")

    def refuse(self, request: Request, status: int, message: str) -> Response:
        """Log and refuse a request that is not for this server."""
        refusal = Response(status, {"error": message})
        self._log_call(request, Operation("other", request.host, None, lambda: refusal)).status = status
        return refusal

    async def _run_call(self, request: Request, call: Operation) -> Response | ConnectionFault:
        entry = self._log_call(request, call)
        fault = self.faults.take(call.op, call.target, call.key)
        if fault is None:
            result = call.run()
            entry.status = result.status
            return result
        entry.fault = fault.kind
        if fault.kind in ("reset", "hang"):
            return ConnectionFault(fault.kind)
        if fault.kind in faults.RESPONSE_KINDS:
            result = faults.fault_response(fault)
            entry.status = result.status
            return result
        if fault.kind == "slow":
            await asyncio.sleep(fault.delay)
        result = call.run()
        if fault.kind == "accept_then_reset":
            return ConnectionFault.RESET
        result.body = faults.SPOILT_BODIES.get(fault.kind, result.body)
        entry.status = result.status
        return result

    def _log_call(self, request: Request, call: Operation) -> LogEntry:
        """Append the log entry and return it. The caller adds `status` and `fault`."""
        entry = LogEntry(call.op, call.target, call.key, request.method, request.host, request.target, time.time())
        self.log.append(entry)
        return entry


def _routed_call(emulator: Emulator, request: Request) -> Operation:
    path, host = request.path, request.host
    if not request.tunnelled:
        return _direct_operation(emulator, request)
    if host == "fcm.googleapis.com":
        return _fcm_operation(emulator, request)
    if host == "www.googleapis.com" and path.startswith("/robot/v1/metadata/x509/"):
        return Operation("certs", path, None, partial(google_api.id_token_certificates_response, emulator.folder))
    if host == "firebaseappcheck.googleapis.com" and path == "/v1/jwks":
        return Operation("jwks", path, None, partial(google_api.app_check_keys_response, emulator.folder))
    # google-auth asks in the background whether the account is restricted to a region: 404 means no
    return _not_found_call(request)


def _direct_operation(emulator: Emulator, request: Request) -> Operation:
    if request.path == "/token" and request.method == "POST":
        return Operation("token", "token", None, partial(emulator.access_tokens.grant, request))
    return _not_found_call(request)


def _fcm_operation(emulator: Emulator, request: Request) -> Operation:
    if (match := _SEND.fullmatch(request.path)) and request.method == "POST":
        kind, key = _send_target(request)
        run = partial(google_api.send_message, emulator.phones, match[1], request)
        return Operation("send", f"{kind}:{key}", key, _authorized(emulator, match[1], request, run))
    if match := _TOPICS.fullmatch(request.path):
        registration = unquote(match[2])
        topic = unquote(match[3]) if match[3] else None
        target = f"{registration} {topic or request.query('topic_name', 'topicName') or '*'}"
        run = partial(google_api.topic_subscriptions, emulator.phones, match[1], registration, topic, request)
        return Operation("topic", target, registration, _authorized(emulator, match[1], request, run))
    return _not_found_call(request)


def _authorized(
    emulator: Emulator, project: str, request: Request, run: Callable[[], Response]
) -> Callable[[], Response]:
    """`run` if the request has a valid access token and names our project, else a refusal."""
    if not emulator.access_tokens.is_valid(request):
        return partial(google_error_response, 401, "UNAUTHENTICATED", "Request had invalid authentication credentials.")
    if project != PROJECT:
        return partial(
            google_error_response, 403, "PERMISSION_DENIED", f"The caller has no permission on project {project}."
        )
    return run


def _send_target(request: Request) -> tuple[str, str | None]:
    """(kind, value) of the target for the log, before anything is checked. ("none", None) if there is none."""
    try:
        message = request.json["message"]
        return next((kind, message[kind]) for kind in TARGETS if isinstance(message.get(kind), str))
    except (ValueError, KeyError, TypeError, AttributeError, StopIteration):
        return "none", None


def _not_found_call(request: Request) -> Operation:
    where = f"{request.host}{request.path}"
    message = f"The local FCM server has no {request.method} {where}"
    return Operation("other", where, None, partial(google_error_response, 404, "NOT_FOUND", message))
