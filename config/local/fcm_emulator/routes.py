"""Which request is which operation, what the log says about it, and which fault hits it."""

import asyncio
import enum
import re
import sys
import time
import traceback
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from urllib.parse import unquote

from config.local.fcm_emulator import PROJECT, control, faults, google_api
from config.local.fcm_emulator.http_messages import Request, Response, google_error_response, read_json
from config.local.fcm_emulator.messages import TARGETS
from config.local.fcm_emulator.phones import VirtualPhones

LOG_LENGTH = 100_000
LOOPBACK = ("127.0.0.1", "localhost", "[::1]")

_SEND = re.compile(r"/v1/projects/([^/]+)/messages:send")
_TOPICS = re.compile(r"/v1/projects/([^/]+)/registrations/([^/]+)/topicSubscriptions(?:/([^/]+))?")


class ConnectionFault(enum.Enum):
    """What happens to a connection that gets no answer."""

    RESET = "reset"
    HANG = "hang"


@dataclass
class Operation:
    """`target` is for people, `key` the bare topic, condition or registration; a fault may name either."""

    op: str
    target: str
    key: str | None
    run: Callable[[], Response]


class Emulator:
    """The whole state of the server. Access tokens survive a reset: other processes keep theirs."""

    def __init__(self, folder: Path):
        self.folder = folder
        self.bearers = google_api.AccessTokens(folder)
        self.changes = 0  # requests that may have changed something, since the start
        self.reset()

    def reset(self) -> None:
        self.phones, self.faults = VirtualPhones(), faults.PlannedFaults()
        self.log: deque[dict] = deque(maxlen=LOG_LENGTH)

    async def respond(self, request: Request) -> Response | ConnectionFault:
        """The answer, also when we have a bug: then 500, and the traceback goes to stderr."""
        self.changes += request.method != "GET"
        try:
            if request.path.startswith("/_emu/") and not request.tunnelled:
                return control.control_response(self, request)
            return await self._act(request, _routed_call(self, request))
        except Exception:
            traceback.print_exc(file=sys.stderr)
            return google_error_response(500, "INTERNAL", "The local FCM server failed; see its stderr.")

    def refuse(self, request: Request, status: int, message: str) -> Response:
        """Note a request that is not for us and turn it away."""
        self._note(request, Operation("other", request.host, None, lambda: None))["status"] = status
        return Response(status, {"error": message})

    async def _act(self, request, call):
        entry = self._note(request, call)
        fault = self.faults.take(call.op, call.target, call.key)
        entry["fault"] = fault.kind if fault else None
        kind = fault.kind if fault else "none"
        if kind in ("reset", "hang"):
            return ConnectionFault(kind)
        if kind == "slow":
            await asyncio.sleep(fault.delay)
        elif kind in faults.RESPONSE_KINDS:
            result = faults.fault_response(fault)
            entry["status"] = result.status
            return result
        result = call.run()
        if kind == "accept_then_reset":
            return ConnectionFault.RESET
        entry["status"] = result.status
        return result

    def _note(self, request, call):
        """Append and return the log entry; `status` stays null when no answer is given. `at`: seconds since 1970."""
        where = {"method": request.method, "host": request.host, "path": request.target}
        what = {"op": call.op, "target": call.target, "key": call.key}
        entry = {**what, **where, "at": time.time(), "status": None, "fault": None}
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
    # google-auth asks in the background whether the account is bound to a region: 404 means it is not
    return _not_found_call(request)


def _direct_operation(emulator, request):
    if request.path == "/token" and request.method == "POST":
        return Operation("token", "token", None, partial(emulator.bearers.grant, request))
    return _not_found_call(request)


def _fcm_operation(emulator, request):
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


def _authorized(emulator, project, request, run):
    """`run` only for a good bearer of our own project."""
    if not emulator.bearers.knows(request):
        return partial(google_error_response, 401, "UNAUTHENTICATED", "Request had invalid authentication credentials.")
    if project != PROJECT:
        return partial(
            google_error_response, 403, "PERMISSION_DENIED", f"The caller has no permission on project {project}."
        )
    return run


def _send_target(request):
    """For the log, before anything is checked."""
    try:
        message = read_json(request.body)["message"]
        return next((kind, message[kind]) for kind in TARGETS if isinstance(message.get(kind), str))
    except (ValueError, KeyError, TypeError, AttributeError, StopIteration):
        return "none", None


def _not_found_call(request):
    where = f"{request.host}{request.path}"
    message = f"The local FCM server has no {request.method} {where}"
    return Operation("other", where, None, partial(google_error_response, 404, "NOT_FOUND", message))
